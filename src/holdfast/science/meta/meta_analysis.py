"""Meta-analysis of one estimate per site: pooled value, variance between sites, prediction for a new site."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y_SQUARED, Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Mismatch, Unsuitable
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share
from .between import ESTIMATORS, between_variance, dersimonian_laird, pooled, reml, solve_q

INTERVALS = ("Hartung-Knapp", "Hartung-Knapp, at least 1", "Wald")


@dataclass(frozen=True)
class Pooled:
    """The pooled value with one estimate of the variance between sites."""

    estimate: float = reported("pooled value", Y)
    se: float = reported("its standard error, 1/sqrt(sum of weights)", Y)
    z: float = reported("pooled value over standard error")
    p: float = reported("two-sided p-value of no effect, normal")
    tau_squared: float = reported("variance between sites", Y_SQUARED)
    wald: Interval = reported("Wald interval", Y)
    se_hk: float = reported("Hartung-Knapp standard error", Y)
    t_hk: float | None = reported("pooled value over the Hartung-Knapp standard error; none when that is 0")
    p_hk: float | None = reported("its two-sided p-value, k - 1 degrees of freedom")
    hartung_knapp: Interval = reported("Hartung-Knapp interval, k - 1 degrees of freedom", Y)
    hartung_knapp_at_least_1: Interval = reported("the same with the factor q not below 1", Y)
    q_hk: float = reported("the Hartung-Knapp factor: weighted residual mean square")
    prediction_hts: Interval = reported("prediction interval of a new site, Wald standard error, t with k - 2 degrees of freedom", Y)
    prediction_hk: Interval = reported("prediction interval of a new site, Hartung-Knapp standard error, t with k - 1 degrees of freedom", Y)
    prediction_normal: Interval = reported("prediction interval of a new site, Wald standard error, normal", Y)
    i_squared: float = reported("I² from tau² and the typical variance, percent")
    h_squared: float = reported("H² from tau² and the typical variance")


@dataclass(frozen=True)
class LeftOut:
    """The analysis without one site."""

    estimate: float = reported("pooled value", Y)
    se: float = reported("its standard error", Y)
    interval: Interval = reported("its interval, of the kind chosen", Y)
    tau_squared: float = reported("variance between sites", Y_SQUARED)
    q: float = reported("Cochran's Q")
    i_squared: float = reported("I² from Q, percent")


@dataclass(frozen=True)
class Site:
    """One site against the pooled value."""

    estimate: float = reported("estimate of the site", Y)
    se: float = reported("its standard error", Y)
    weight: float = reported("its weight, percent")
    fixed_weight: float = reported("its weight with tau² = 0, percent")
    equivalence: float = reported("degree of equivalence: estimate minus pooled value", Y)
    u_equivalence: float = reported("its standard uncertainty: sqrt(se² + tau² - se²(pooled))", Y)
    shrunken: float = reported("best linear unbiased prediction of the site's true value", Y)


@dataclass(frozen=True, kw_only=True)
class MetaAnalysisResult(Result):
    """The analysis chosen, the others beside it, heterogeneity, and what each site does to it."""

    estimate: float = reported("pooled value", Y)
    se: float = reported("its standard error (of the interval chosen)", Y)
    interval: Interval = reported("its interval, of the kind chosen", Y)
    prediction_interval: Interval = reported("where the true value of a new site lies", Y)
    tau_squared: float = reported("variance between sites", Y_SQUARED)
    tau: float = reported("standard deviation between sites", Y)
    se_tau_squared: float = reported("standard error of the REML tau², expected information", Y_SQUARED)
    tau_squared_interval: Interval = reported("Q-profile interval of tau²", Y_SQUARED)
    tau_interval: Interval = reported("its square root", Y)
    q: float = reported("Cochran's Q")
    df: int = reported("its degrees of freedom")
    p_q: float = reported("its p-value")
    i_squared: float = reported("I² from Q, percent: 100 max(0, (Q - df)/Q)")
    i_squared_tau: float = reported("I² from tau² and the typical variance, percent")
    i_squared_interval: Interval = reported("I² at the ends of the Q-profile interval, percent")
    h_squared: float = reported("H² = Q/df")
    birge: float = reported("Birge ratio sqrt(Q/df)")
    typical_variance: float = reported("typical variance within sites (Higgins and Thompson)", Y_SQUARED)
    models: dict[str, Pooled] = reported("each estimator of tau²: REML, DL, PM, and fixed")
    tau_squared_dl_raw: float = reported("the DerSimonian-Laird estimate before it is cut at 0", Y_SQUARED)
    leave_one_out: dict[str, LeftOut] = reported("the analysis without each site")
    sites: dict[str, Site] = reported("each site")
    probability_new_site: float | None = reported("probability that the true value of a new site lies within the margins; none without margins")
    k: int = reported("number of sites")


@dataclass(frozen=True)
class MetaCases:
    """Arrays over the cases."""

    estimate: Numbers
    tau_squared: Numbers
    se: Numbers
    q: Numbers


def meta_analysis_cases(
    *, estimate: Numbers, se: Numbers, site: Sequence[str] | None = None, estimator: str = "REML", intervals: str = INTERVALS[0]
) -> MetaCases:
    """Many analyses: both arrays (..., k). See `meta_analysis`."""
    y, v = np.asarray(estimate, float), np.asarray(se, float) ** 2
    tau2 = between_variance(y, v, estimator)
    mean, variance, q_hk = pooled(y, v, tau2)
    factor = _factor(q_hk / (y.shape[-1] - 1), intervals)
    return MetaCases(mean, tau2, np.sqrt(variance * factor), pooled(y, v, np.zeros_like(tau2))[2])


@method(
    name="meta-analysis",
    title="Meta-analysis across sites: fixed, DerSimonian-Laird, Paule-Mandel, REML, Hartung-Knapp",
    family="meta",
    result=MetaAnalysisResult,
    citations=[
        Citation("DerSimonian R, Laird N (1986) Control Clin Trials 7:177-188"),
        Citation("Viechtbauer W (2005) J Educ Behav Stat 30:261-293; (2010) J Stat Softw 36(3)"),
        Citation("Viechtbauer W (2007) Stat Med 26:37-52", "Q-profile"),
        Citation("IntHout J, Ioannidis JPA, Borm GF (2014) BMC Med Res Methodol 14:25"),
        Citation("Higgins JPT, Thompson SG, Spiegelhalter DJ (2009) J R Stat Soc A 172:137-159", "prediction interval"),
    ],
    columns=[
        Column("estimate", "estimate of one site", least=3, together=True),
        Column("se", "its standard error", least=3, together=True),
        Column("site", "name of the site", kind="label", axis=None, least=3, together=True, required=False),
    ],
    parameters=[
        Parameter("estimator", "of the variance between sites", "choice", "REML", choices=ESTIMATORS),
        Parameter("intervals", "of the pooled value", "choice", INTERVALS[0], choices=INTERVALS),
        Parameter("lower", "lower margin for the true value of a new site", dimension=Y, optional=True),
        Parameter("upper", "upper margin for the true value of a new site", dimension=Y, optional=True),
        CONFIDENCE,
    ],
    example=Example({"estimate": [98.2, 101.4, 99.1, 103.9, 100.6], "se": [0.8, 1.1, 0.7, 1.4, 0.9], "site": list("ABCDE")}, y_unit="%"),
    arrays=meta_analysis_cases,
)
def meta_analysis(
    *,
    estimate: Series,
    se: Series,
    site: Sequence[str] | None = None,
    estimator: str = "REML",
    intervals: str = "Hartung-Knapp",
    lower: float | None = None,
    upper: float | None = None,
    confidence: float = 0.95,
) -> MetaAnalysisResult:
    """Pool one estimate per site with weights 1/(se² + tau²); heterogeneity by Q, I², tau² with Q-profile limits; predict a new site.

    Assumptions: sites are independent, estimates normal, standard errors known. With "fixed" tau² is 0. The Hartung-Knapp interval can be
    shorter than Wald's with few sites: "at least 1" keeps its factor from falling below 1.
    """
    y, v = estimate.array, se.array**2
    names = [f"{i}" for i in range(1, len(y) + 1)] if site is None else list(site)
    if np.min(se.array) <= 0:
        raise Unsuitable("A standard error is zero or negative. Give the standard error of each site's estimate.")
    if len(set(names)) < len(names):
        raise Mismatch("A site is named twice. Give one estimate for each site: replicate errors do not compare sites.")
    k = len(y)
    models = {each: _model(y, v, each, confidence) for each in ESTIMATORS}
    chosen = models[estimator]
    kind = {"Wald": chosen.wald, INTERVALS[0]: chosen.hartung_knapp, INTERVALS[1]: chosen.hartung_knapp_at_least_1}[intervals]
    q = float(pooled(y, v, np.zeros(()))[2])
    typical = _typical(v)
    low, high = (float(solve_q(y, v, float(special.chdtri(k - 1, tail)))) for tail in ((1 - confidence) / 2, (1 + confidence) / 2))
    factor = float(_factor(np.array(chosen.q_hk), intervals))
    mean, spread = chosen.estimate, math.sqrt(chosen.tau_squared + chosen.se**2 * factor)
    prediction = chosen.prediction_hts if intervals == "Wald" else _t_interval(mean, spread, k - 1, confidence)
    new_df = k - 2 if intervals == "Wald" else k - 1
    inside = None
    if lower is not None or upper is not None:
        scale = math.sqrt(chosen.tau_squared + chosen.se**2) if intervals == "Wald" else spread
        ends = [1.0 if upper is None else _cdf(new_df, upper - mean, scale), 0.0 if lower is None else _cdf(new_df, lower - mean, scale)]
        inside = ends[0] - ends[1]
    return MetaAnalysisResult(
        estimate=mean,
        se=chosen.se * math.sqrt(factor),
        interval=kind,
        prediction_interval=prediction,
        tau_squared=chosen.tau_squared,
        tau=math.sqrt(chosen.tau_squared),
        se_tau_squared=float(reml(y, v)[1]),
        tau_squared_interval=Interval(low, high, confidence),
        tau_interval=Interval(math.sqrt(low), math.sqrt(high), confidence),
        q=q,
        df=k - 1,
        p_q=float(special.chdtrc(k - 1, q)),
        i_squared=100 * max(0.0, (q - k + 1) / q) if q > 0 else 0.0,
        i_squared_tau=chosen.i_squared,
        i_squared_interval=Interval(100 * low / (low + typical), 100 * high / (high + typical), confidence),
        h_squared=q / (k - 1),
        birge=math.sqrt(q / (k - 1)),
        typical_variance=typical,
        models=models,
        tau_squared_dl_raw=float(dersimonian_laird(y, v)[1]),
        leave_one_out=_without(y, v, names, estimator, intervals, confidence),
        sites=_sites(y, v, names, chosen),
        probability_new_site=inside,
        k=k,
        definitions={
            "tau²": estimator,
            "interval": intervals,
            "prediction": "t with k - 2 df, Wald standard error" if intervals == "Wald" else "t with k - 1 df, the interval's standard error",
            "I²": "from Q; from tau² beside it",
            "tau² interval": "Q-profile",
        },
        assumptions=(
            Assumption("Sites are independent and their standard errors known."),
            Assumption("Sites do not differ (homogeneity).", True, f"Q = {say(q)} on {k - 1} df, p = {float(special.chdtrc(k - 1, q)):.2g}.",
                       float(special.chdtrc(k - 1, q)) >= 0.05),
        ),
        warnings=_warnings(chosen, intervals, k),
        sentence=f"The pooled value of {k} sites was {say(mean)} ({share(confidence)} CI {say(kind.lower or 0)} to {say(kind.upper or 0)}, {intervals}; tau "
        f"{say(math.sqrt(chosen.tau_squared))}, {estimator}; I² {say(100 * max(0.0, (q - k + 1) / q) if q else 0.0, 3)} %). The true value of a new site is "
        f"expected between {say(prediction.lower or 0)} and {say(prediction.upper or 0)}.",
    )  # fmt: skip


def _factor(q: Numbers, intervals: str) -> Numbers:
    return np.ones_like(q) if intervals == "Wald" else np.maximum(q, 1.0) if intervals == INTERVALS[1] else q


def _cdf(df: int, distance: float, scale: float) -> float:
    return float(special.stdtr(df, distance / scale)) if scale > 0 else float(distance > 0)


def _t_interval(mean: float, se: float, df: int, confidence: float) -> Interval:
    half = float(special.stdtrit(df, (1 + confidence) / 2)) * se
    return Interval(mean - half, mean + half, confidence)


def _typical(v: Numbers) -> float:
    w = 1 / v
    return float((len(v) - 1) * w.sum() / (w.sum() ** 2 - np.sum(w**2)))


def _model(y: Numbers, v: Numbers, estimator: str, confidence: float) -> Pooled:
    tau2 = float(between_variance(y, v, estimator))
    mean, variance, q = (float(each) for each in pooled(y, v, np.array(tau2)))
    k, se = len(y), math.sqrt(variance)
    factor, z = q / (k - 1), float(special.ndtri((1 + confidence) / 2))
    hk = se * math.sqrt(factor)
    t = mean / hk if hk > 0 else None
    spread, typical = math.sqrt(tau2 + variance), _typical(v)
    return Pooled(
        estimate=mean,
        se=se,
        z=mean / se,
        p=float(2 * special.ndtr(-abs(mean / se))),
        tau_squared=tau2,
        wald=Interval(mean - z * se, mean + z * se, confidence),
        se_hk=hk,
        t_hk=t,
        p_hk=None if t is None else float(2 * special.stdtr(k - 1, -abs(t))),
        hartung_knapp=_t_interval(mean, hk, k - 1, confidence),
        hartung_knapp_at_least_1=_t_interval(mean, se * math.sqrt(max(factor, 1.0)), k - 1, confidence),
        q_hk=factor,
        prediction_hts=_prediction(_t_interval(mean, spread, k - 2, confidence)),
        prediction_hk=_prediction(_t_interval(mean, math.sqrt(tau2 + hk**2), k - 1, confidence)),
        prediction_normal=_prediction(Interval(mean - z * spread, mean + z * spread, confidence)),
        i_squared=100 * tau2 / (tau2 + typical),
        h_squared=tau2 / typical + 1,
    )


def _prediction(of: Interval) -> Interval:
    return Interval(of.lower, of.upper, of.confidence, "prediction")


def _without(y: Numbers, v: Numbers, names: Sequence[str], estimator: str, intervals: str, confidence: float) -> dict[str, LeftOut]:
    k = len(y)
    keep = np.array([[j for j in range(k) if j != i] for i in range(k)])
    rest, within = y[keep], v[keep]
    tau2 = between_variance(rest, within, estimator)
    mean, variance, q_hk = pooled(rest, within, tau2)
    se = np.sqrt(variance * _factor(q_hk / (k - 2), intervals))
    q = pooled(rest, within, np.zeros(k))[2]
    t = float(special.ndtri((1 + confidence) / 2) if intervals == "Wald" else special.stdtrit(k - 2, (1 + confidence) / 2))
    return {
        name: LeftOut(
            float(mean[i]),
            float(se[i]),
            Interval(float(mean[i] - t * se[i]), float(mean[i] + t * se[i]), confidence),
            float(tau2[i]),
            float(q[i]),
            100 * max(0.0, float((q[i] - k + 2) / q[i])) if q[i] > 0 else 0.0,
        )
        for i, name in enumerate(names)
    }


def _sites(y: Numbers, v: Numbers, names: Sequence[str], of: Pooled) -> dict[str, Site]:
    w, fixed = 1 / (v + of.tau_squared), 1 / v
    found = {}
    for i, name in enumerate(names):
        pull = of.tau_squared / (of.tau_squared + v[i])
        found[name] = Site(
            float(y[i]),
            math.sqrt(v[i]),
            float(100 * w[i] / w.sum()),
            float(100 * fixed[i] / fixed.sum()),
            float(y[i]) - of.estimate,
            math.sqrt(max(float(v[i]) + of.tau_squared - of.se**2, 0.0)),
            float(pull * y[i] + (1 - pull) * of.estimate),
        )
    return found


def _warnings(of: Pooled, intervals: str, k: int) -> tuple[str, ...]:
    found = []
    if intervals == INTERVALS[0] and of.q_hk < 1:
        found.append("The Hartung-Knapp factor is below 1: its standard error is smaller than Wald's. Report 'at least 1' beside it.")
    if k < 6:
        found.append(f"With {k} sites tau is known poorly: read its interval, not its estimate.")
    return tuple(found)
