"""Relative accuracy and intermediate precision of a bioassay over its range (USP <1033>)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..comparability.two_one_sided import check_margins, two_one_sided
from ..dimension import Y
from ..method import Column, Example, method
from ..parameter import ALPHA, CONFIDENCE, Parameter
from ..refusal import Degenerate, TooFew, Unsuitable
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share
from .pairs import t_ends
from .variance import chi_interval, mls_interval, satterthwaite

USP_1033 = Citation("USP <1033> Biological Assay Validation")


@dataclass(frozen=True)
class PotencyLevel:
    """Relative bias at one level, from means of runs of ln(measured/nominal)."""

    nominal: float = reported("target potency", Y)
    geometric_mean: float = reported("geometric mean of measured potency", Y)
    log_bias: float = reported("mean over runs of ln(measured/nominal)")
    se: float = reported("its standard error")
    df: int = reported("degrees of freedom, runs - 1")
    log_interval: Interval = reported("its interval")
    relative_bias: float = reported("relative bias, percent")
    relative_bias_interval: Interval = reported("its interval, percent")
    p_lower: float = reported("p-value against the lower margin")
    p_upper: float = reported("p-value against the upper margin")
    equivalent: bool = reported("whether bias lies within the margins")
    sd_runs: float = reported("standard deviation of run means (logarithms)")
    gcv_runs: float = reported("the same as 100 (exp(s) - 1)")
    runs: int = reported("number of runs")


@dataclass(frozen=True)
class Format:
    """A reportable value of k runs × n replicates: its variability and how often it would lie outside the limits."""

    runs: int
    replicates: int
    sd: float
    gcv: float
    gcv_lognormal: float
    outside: float


@dataclass(frozen=True, kw_only=True)
class BioassayValidationResult(Result):
    """Validation of relative accuracy and intermediate precision on the logarithmic scale."""

    levels: tuple[PotencyLevel, ...] = reported("each level, lowest first; biases in percent, standard deviations of natural logarithms")
    slope: float | None = reported("slope of ln measured on ln nominal; none with one level")
    slope_se: float | None = reported("its standard error, over means of runs")
    slope_interval: Interval | None = reported("its 100(1-2 alpha) % confidence interval")
    intercept: float | None = reported("intercept of that line", unit_bound=True)
    variance_run: float = reported("variance between runs of natural logarithms, nothing where negative")
    variance_run_estimate: float = reported("variance between runs as estimated")
    variance_replicate: float = reported("variance of replicates of natural logarithms")
    sd_intermediate: float = reported("intermediate precision standard deviation of natural logarithms")
    gcv: float = reported("intermediate precision as 100 (exp(s) - 1), the formula of USP <1033>")
    gcv_lognormal: float = reported("intermediate precision as 100 sqrt(exp(s²) - 1)")
    gcv_interval: Interval = reported("confidence interval of gcv, Satterthwaite")
    gcv_interval_mls: Interval = reported("confidence interval of gcv, MLS")
    df_intermediate: float = reported("Satterthwaite degrees of freedom of the intermediate precision")
    formats: tuple[Format, ...] = reported("reportable value of k runs × n replicates")
    overall_bias: float = reported("relative bias over all levels, percent")
    n: int = reported("number of results")


@method(
    name="bioassay-validation",
    title="Bioassay validation: relative accuracy and precision (USP <1033>)",
    family="comparison",
    result=BioassayValidationResult,
    citations=[USP_1033],
    columns=[
        Column("value", "measured relative potency", least=6, together=True),
        Column("nominal", "target potency of the sample, in the same unit", least=6, together=True),
        Column("run", "independent run of the assay", kind="label", axis=None, least=6, together=True),
    ],
    parameters=[
        Parameter("lower", "lowest acceptable relative bias, percent", default=-12.0),
        Parameter("upper", "highest acceptable relative bias, percent", default=12.0),
        Parameter("low_limit", "lower limit of a product at nominal 1, as ratio to nominal, for the probability outside", "positive", 0.71),
        Parameter("high_limit", "upper limit of a product at nominal 1, as ratio to nominal", "positive", 1.41),
        ALPHA,
        CONFIDENCE,
    ],
    example=Example(
        {"value": [0.52, 0.49, 0.47, 0.51, 0.53, 0.50, 1.04, 0.97, 0.98, 1.02, 1.05, 1.01], "nominal": [0.5] * 6 + [1.0] * 6, "run": list("112233112233")}, {}
    ),
)
def bioassay_validation(
    *,
    value: Series,
    nominal: Series,
    run: Sequence[str],
    lower: float = -12.0,
    upper: float = 12.0,
    low_limit: float = 0.71,
    high_limit: float = 1.41,
    alpha: float = 0.05,
    confidence: float = 0.95,
) -> BioassayValidationResult:
    """Equivalence of relative bias at each level, slope of found on nominal, precision pooled over levels, and formats of the reportable value.

    All on natural logarithms; runs are the independent units, replicates within a run are averaged for the bias. Variance of a reportable
    value: s_run²/k + s_rep²/(kn). Assumptions: log-normal results, one precision at all levels, as many replicates in each run.
    """
    check_margins(lower, upper, -100)
    if min(value.array.min(), nominal.array.min()) <= 0:
        raise Unsuitable("A potency is not above 0: it has no logarithm.")
    log, at = np.log(value.array / nominal.array), nominal.array
    cells: dict[tuple[float, str], list[float]] = {}
    for t, name, each in sorted(zip(at.tolist(), run, log.tolist(), strict=True)):
        cells.setdefault((t, name), []).append(each)
    size = {len(each) for each in cells.values()}
    if len(size) != 1:
        raise Unsuitable("Runs hold different numbers of replicates. The formulas need as many in each run and level.")
    n = size.pop()
    means = {t: np.array([np.mean(each) for (level, _), each in cells.items() if level == t]) for t in np.unique(at)}
    if min(len(each) for each in means.values()) < 2:
        raise TooFew("A level has one run only: its bias has no error. Measure each level in at least two runs.")
    levels = tuple(_level(float(t), each, (lower, upper), alpha) for t, each in means.items())
    run_ss, run_df = sum(float(np.sum((each - each.mean()) ** 2)) for each in means.values()), sum(len(each) - 1 for each in means.values())
    rep_ss, rep_df = sum(float(np.var(each) * n) for each in cells.values()), len(cells) * (n - 1)
    ms_run, ms_rep = n * run_ss / run_df, rep_ss / rep_df if rep_df else 0.0
    parts, df = (np.array([ms_run / n, (1 - 1 / n) * ms_rep]), np.array([run_df, rep_df], float)) if rep_df else (np.array([ms_run]), np.array([run_df], float))
    estimate = (ms_run - ms_rep) / n
    variance_run = max(0.0, estimate)
    total, freedom = variance_run + ms_rep, float(satterthwaite(parts, df))
    bias = float(log.mean())
    line = _slope(means, alpha) if len(means) > 1 else (None, None, None, None)
    shown = all(each.equivalent for each in levels)
    root = total**0.5
    return BioassayValidationResult(
        levels=levels,
        slope=line[0],
        slope_se=line[1],
        slope_interval=line[2],
        intercept=line[3],
        variance_run=variance_run,
        variance_run_estimate=estimate,
        variance_replicate=ms_rep,
        sd_intermediate=root,
        gcv=_gcv(total),
        gcv_lognormal=100 * math.sqrt(math.expm1(total)),
        gcv_interval=_gcvs(chi_interval(total, freedom, confidence)),
        gcv_interval_mls=_gcvs(mls_interval(parts, df, confidence)),
        df_intermediate=freedom,
        formats=tuple(_format(k, m, variance_run, ms_rep, bias, (low_limit, high_limit)) for k in (1, 2, 3, 4, 6) for m in (1, 2, 3)),
        overall_bias=100 * math.expm1(bias),
        n=len(log),
        decision="accurate at all levels" if shown else "not demonstrated",
        definitions={"gcv": "100 (exp(s) - 1) as in USP <1033>; 100 sqrt(exp(s²) - 1) beside it", "bias": "means of runs, t with runs - 1 degrees of freedom"},
        assumptions=(Assumption("Results are log-normal with one precision at all levels."), Assumption("Runs are independent.")),
        warnings=() if n > 1 else ("No replicates within runs: run and replicate variance cannot be told apart.",),
        sentence=f"The relative bias lay between {say(min(each.relative_bias for each in levels), 3)} % "
        f"and {say(max(each.relative_bias for each in levels), 3)} %; "
        f"{'at every level' if shown else 'not at every level'} its {share(1 - 2 * alpha)} interval lies "
        f"inside {lower:g} % to {upper:g} %; intermediate precision was "
        f"{say(_gcv(total), 3)} % GCV ({len(levels)} levels, {len(cells)} runs, n = {len(log)}).",
    )


def _level(at: float, means: Numbers, margins: tuple[float, float], alpha: float) -> PotencyLevel:
    runs, bias, sd = len(means), float(means.mean()), float(means.std(ddof=1))
    if sd <= 1e-14:
        raise Degenerate(f"Runs at level {at:g} agree exactly: the bias has no error. Give unrounded values.")
    se, low, high = sd / runs**0.5, math.log1p(margins[0] / 100), math.log1p(margins[1] / 100)
    tests, ends = two_one_sided(bias, se, runs - 1, low, high), t_ends(bias, se, runs - 1, 1 - 2 * alpha)
    percent = Interval(100 * math.expm1(ends.lower or 0), 100 * math.expm1(ends.upper or 0), ends.confidence)
    return PotencyLevel(at, at * math.exp(bias), bias, se, runs - 1, ends, 100 * math.expm1(bias), percent, float(tests.p_lower), float(tests.p_upper),
                        bool(tests.p < alpha), sd, _gcv(sd**2), runs)  # fmt: skip


def _slope(means: dict[float, Numbers], alpha: float) -> tuple[float, float, Interval, float]:
    x = np.concatenate([np.full(len(each), math.log(t)) for t, each in means.items()])
    y = x + np.concatenate(list(means.values()))
    u = x - x.mean()
    b = float(u @ y / (u @ u))
    a = float(y.mean() - b * x.mean())
    se = float(np.sqrt(np.sum((y - a - b * x) ** 2) / (len(x) - 2) / (u @ u)))
    return b, se, t_ends(b, se, len(x) - 2, 1 - 2 * alpha), a


def _format(k: int, n: int, run: float, replicate: float, bias: float, limits: tuple[float, float]) -> Format:
    variance = run / k + replicate / (k * n)
    low, high = ((math.log(each) - bias) / variance**0.5 for each in limits)
    return Format(k, n, variance**0.5, _gcv(variance), 100 * math.sqrt(math.expm1(variance)), float(special.ndtr(low) + special.ndtr(-high)))


def _gcv(variance: float) -> float:
    return 100 * math.expm1(variance**0.5)


def _gcvs(of: Interval) -> Interval:
    low, high = (None if each is None else _gcv(max(0.0, each)) for each in (of.lower, of.upper))
    return Interval(low, high, of.confidence, note=of.note)
