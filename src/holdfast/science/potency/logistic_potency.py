"""Relative potency by parallel logistic curves of four or five parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..dimension import Y_SQUARED, X, Y
from ..fieller import UNBOUNDED, fieller_interval
from ..method import Column, Example, method
from ..parameter import ALPHA, CONFIDENCE, Parameter
from ..refusal import Degenerate, NoConvergence, TooFew, Unsuitable
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share
from .design import COLUMNS, FACTOR, STANDARD, indicators, samples_of
from .logistic import Fit, best_of, fitted, hessian
from .parallel_line import bounds, exponential

COVARIANCES = ("J'J", "Hessian")


@dataclass(frozen=True)
class Curve:
    """One curve: the response at dose zero and at infinite dose, slope factor, place, asymmetry."""

    at_zero: float = reported("asymptote towards dose zero", Y)
    at_infinity: float = reported("asymptote towards infinite dose", Y)
    span: float = reported("asymptote at infinite dose minus asymptote at dose zero", Y)
    slope_factor: float = reported("slope factor b of ln dose")
    c: float = reported("place parameter c: the EC50 of a four-parameter curve", X)
    asymmetry: float = reported("asymmetry g; 1 for four parameters")
    ec50: float = reported("dose of half the span", X)


@dataclass(frozen=True)
class CurvePotency:
    """One sample against the standard."""

    ratio: float = reported("relative potency, sample over standard")
    interval: Interval = reported("profile-likelihood interval of the relative potency")
    wald_interval: Interval = reported("Wald interval of the relative potency, on the logarithm")
    potency: float = reported("relative potency times the factor")
    potency_interval: Interval = reported("profile-likelihood interval of the potency")
    log_ratio: float = reported("natural logarithm of the relative potency")
    se_log_ratio: float = reported("its standard error")
    slope_ratio: float = reported("slope factor of the sample's own curve over that of the standard")
    slope_ratio_interval: Interval = reported("100(1 - 2 alpha) % Fieller interval of the ratio of slope factors")
    span_ratio: float = reported("span of the sample's own curve over that of the standard")
    span_ratio_interval: Interval = reported("100(1 - 2 alpha) % Fieller interval of the ratio of spans")
    at_zero_ratio: float | None = reported("ratio of the asymptotes at dose zero; none where that of the standard is 0")
    at_infinity_ratio: float | None = reported("ratio of the asymptotes at infinite dose; none where that of the standard is 0")
    unconstrained_ratio: float = reported("ratio of EC50, standard over sample, of separate curves")


@dataclass(frozen=True, kw_only=True)
class LogisticPotencyResult(Result):
    """The common curve, the potency of every sample, and how parallel the curves are."""

    samples: dict[str, CurvePotency] = reported("potency of each sample")
    common: Curve = reported("the common curve at the standard's place")
    se: Curve = reported("standard errors of the common curve; those of c and EC50 by the delta method")
    own: dict[str, Curve] = reported("the curve of each preparation fitted by itself")
    rss: float = reported("residual sum of squares of the common curve", Y_SQUARED)
    df: int = reported("its degrees of freedom")
    residual_sd: float = reported("residual standard deviation of the common curve", Y)
    rss_separate: float = reported("residual sum of squares of separate curves", Y_SQUARED)
    df_separate: int = reported("its degrees of freedom")
    rss_non_parallelism: float = reported("their difference", Y_SQUARED)
    df_non_parallelism: int = reported("its degrees of freedom")
    f_non_parallelism: float = reported("F of the extra sum of squares")
    p_non_parallelism: float = reported("its p-value")
    rss_pure: float | None = reported("sum of squares within doses; none without replicates", Y_SQUARED)
    f_lack_of_fit: float | None = reported("F of separate curves against the error within doses; none without replicates")
    p_lack_of_fit: float | None = reported("its p-value")
    parallel_by_difference: bool = reported("whether the F test does not reject parallelism")
    parallel_by_equivalence: bool = reported("whether ratios of slope and span of every sample are shown to be inside the margins")
    parallel_by_limit: bool | None = reported("whether the sum of squares of non-parallelism is within the limit; none without one")


@dataclass(frozen=True)
class LogisticCases:
    """The same for many assays of one layout: arrays over the cases."""

    rss: Numbers
    log_ratios: Numbers  # (..., samples)
    settled: Any


def logistic_potency_cases(
    *, dose: Numbers, response: Numbers, preparation: Sequence[str], weight: Numbers | None = None, standard: str = "S", curve_parameters: str = "4"
) -> LogisticCases:
    """Common curves for many assays: `response` has shape (..., n). See `logistic_potency`."""
    names, p = indicators(preparation)
    x, y, low, span = _scaled(np.asarray(dose, float), np.asarray(response, float))
    w = np.ones(len(x)) if weight is None else np.asarray(weight, float)
    k = names.index(standard)
    maps = _common_maps(p, k, curve_parameters == "5")
    fit = best_of(_starts(x, y, p, k, curve_parameters == "5"), x, y, w, maps)
    return LogisticCases(fit.rss * span[..., 0] ** 2, fit.parameters[..., _free(curve_parameters) :], fit.settled)


@method(
    name="logistic-potency",
    title="Relative potency by parallel four- or five-parameter logistic curves",
    family="potency",
    result=LogisticPotencyResult,
    citations=[
        Citation("USP <1032> Design and Development of Biological Assays"),
        Citation("USP <1034> Analysis of Biological Assays"),
        Citation("Gottschalk PG, Dunn JR (2005) Anal Biochem 343:54-65"),
    ],
    columns=[
        *COLUMNS[:3],
        Column("weight", "weight of the response, proportional to 1/variance", axis=None, least=4, together=True, required=False),
    ],
    parameters=[
        Parameter("curve_parameters", "of the curve", "choice", "4", choices=("4", "5")),
        STANDARD,
        FACTOR,
        Parameter(
            "covariance",
            "of the estimates: residual variance times the inverse of J'J, or of the observed Hessian",
            "choice",
            "J'J",
            choices=("J'J", "Hessian"),
        ),
        Parameter("parallelism", "criterion the decision uses", "choice", "equivalence", choices=("difference", "equivalence", "limit")),
        Parameter("ratio_lower", "lower margin of the ratios of slope and of span", "positive", 0.8),
        Parameter("ratio_upper", "upper margin of the ratios of slope and of span", "positive", 1.25),
        Parameter("non_parallelism_limit", "largest acceptable sum of squares of non-parallelism", "positive", dimension=Y_SQUARED, optional=True),
        ALPHA,
        CONFIDENCE,
    ],
    example=Example(
        {
            "dose": [0.1, 0.1, 0.3, 0.3, 1, 1, 3, 3, 10, 10, 30, 30] * 2,
            "response": [
                *(0.11, 0.13, 0.21, 0.24, 0.62, 0.58, 1.31, 1.36, 1.82, 1.79, 1.97, 2.01),
                *(0.12, 0.10, 0.29, 0.27, 0.74, 0.79, 1.49, 1.45, 1.86, 1.90, 2.02, 1.98),
            ],
            "preparation": ["S"] * 12 + ["T"] * 12,
        },
        y_unit="OD",
        x_unit="ng/mL",
    ),
    arrays=logistic_potency_cases,
)
def logistic_potency(
    *,
    dose: Series,
    response: Series,
    preparation: Sequence[str],
    weight: Series | None = None,
    curve_parameters: str = "4",
    standard: str = "S",
    factor: Sequence[float] = (1.0,),
    covariance: str = "J'J",
    parallelism: str = "equivalence",
    ratio_lower: float = 0.8,
    ratio_upper: float = 1.25,
    non_parallelism_limit: float | None = None,
    alpha: float = 0.05,
    confidence: float = 0.95,
) -> LogisticPotencyResult:
    """y = d + (a - d)/(1 + (dose/c)^b)^g with a, d, b, g common and c of each preparation; the ratio of potencies is c(standard)/c(sample).

    a is the response towards dose zero when b is positive; a four-parameter curve (g = 1) is always written so. Limits by profile
    likelihood, F(1, df), and by Wald on ln ratio. Parallelism as a difference (extra sum of squares F), as equivalence (ratios of slope and
    span of separate curves, Fieller) and as a limit on the extra sum of squares.
    """
    if parallelism == "limit" and non_parallelism_limit is None:
        raise Unsuitable("The criterion is a limit, but non_parallelism_limit is not given. Give it, or choose another criterion.")
    names, p = indicators(preparation)
    samples, five = samples_of(names, standard, factor), curve_parameters == "5"
    x, y, low, span = _scaled(dose.array, response.array)
    w = np.ones(len(x)) if weight is None else weight.array
    if np.min(w) <= 0:
        raise Unsuitable("A weight is zero or negative. Weights are proportional to 1/variance.")
    _enough(x, p, names, 5 if five else 4)
    k, free = names.index(standard), _free(curve_parameters)
    maps = _common_maps(p, k, five)
    fit = best_of(_starts(x, y, p, k, five), x, y, w, maps)
    separate = {name: best_of(_starts(x, y, p[:, [i]], 0, five, p[:, i] > 0), x[p[:, i] > 0], y[p[:, i] > 0], w[p[:, i] > 0],
                              _common_maps(p[p[:, i] > 0][:, [i]], 0, five)) for i, name in enumerate(names)}  # fmt: skip
    for name, one in (("the common curve", fit), *separate.items()):
        if not np.all(one.settled):
            raise NoConvergence(f"The fit of {name} did not settle: the doses do not show both asymptotes. Widen the range of doses, or fit fewer parameters.")
    df, df_separate = len(x) - maps.shape[-1], len(x) - len(names) * free - len(names)
    if df_separate < 1 or float(fit.rss) <= 1e-20:
        raise TooFew("There is no error left to test against. Replicate the doses, and give unrounded values.")
    s2, rss_separate = float(fit.rss) / df, float(sum(each.rss for each in separate.values()))
    cov = s2 * _inverse(fit, x, y, w, maps, covariance)
    extra, df_extra = max(float(fit.rss) - rss_separate, 0.0), df_separate and df - df_separate
    f = extra / df_extra / (rss_separate / df_separate)
    p_value = float(special.fdtrc(df_extra, df_separate, f))
    profile = _profiles(fit, x, y, w, maps, p, k, s2 * special.stdtrit(df, (1 + confidence) / 2) ** 2, np.sqrt(np.diag(cov)[free:]))
    scale = (float(low[0]), float(span[0]))
    own = {name: _curve(each.parameters, scale, five) for name, each in separate.items()}
    errors = {name: rss_separate / df_separate * _inverse(each, x[p[:, i] > 0], y[p[:, i] > 0], w[p[:, i] > 0],
                                                          _common_maps(p[p[:, i] > 0][:, [i]], 0, five), covariance)
              for i, (name, each) in enumerate(separate.items())}  # fmt: skip
    found = {}
    for j, (name, times) in enumerate(samples.items()):
        found[name] = _potency(
            float(fit.parameters[free + j]), math.sqrt(cov[free + j, free + j]), df, profile[j], times, confidence,
            own[standard], own[name], separate[standard].parameters, separate[name].parameters, errors[standard], errors[name], df_separate, alpha,
        )  # fmt: skip
    by_difference = p_value >= 0.05
    by_equivalence = all(
        each.lower is not None and each.upper is not None and ratio_lower < each.lower and each.upper < ratio_upper
        for one in found.values()
        for each in (one.slope_ratio_interval, one.span_ratio_interval)
    )
    by_limit = None if non_parallelism_limit is None else extra * scale[1] ** 2 <= non_parallelism_limit
    valid = {"difference": by_difference, "equivalence": by_equivalence, "limit": bool(by_limit)}[parallelism]
    pure, f_fit, p_fit = _lack_of_fit(x, y, w, p, rss_separate, df_separate)
    said = "; ".join(f"{name} {say(of.potency)} ({share(confidence)} profile limits {bounds(of.potency_interval)})" for name, of in found.items())
    return LogisticPotencyResult(
        samples=found,
        common=_curve(fit.parameters, scale, five),
        se=_curve_errors(fit.parameters, cov, scale, five),
        own=own,
        rss=float(fit.rss) * scale[1] ** 2,
        df=df,
        residual_sd=math.sqrt(s2) * scale[1],
        rss_separate=rss_separate * scale[1] ** 2,
        df_separate=df_separate,
        rss_non_parallelism=extra * scale[1] ** 2,
        df_non_parallelism=df_extra,
        f_non_parallelism=f,
        p_non_parallelism=p_value,
        rss_pure=None if pure is None else pure * scale[1] ** 2,
        f_lack_of_fit=f_fit,
        p_lack_of_fit=p_fit,
        parallel_by_difference=by_difference,
        parallel_by_equivalence=by_equivalence,
        parallel_by_limit=by_limit,
        decision="valid" if valid else "not valid",
        definitions={
            "curve": "d + (a - d)/(1 + (dose/c)^b)^g" if five else "d + (a - d)/(1 + (dose/c)^b)",
            "covariance": covariance,
            "limits": "profile likelihood, F(1, df) of the common curve",
            "parallelism": parallelism,
        },
        assumptions=(
            Assumption("Replicates are independent, not repeated readings of one dilution."),
            Assumption("Curves are parallel (difference test).", True, f"p = {p_value:.2g}.", by_difference),
            Assumption("Curves are parallel (equivalence).", True, "ratios of slope and of span", by_equivalence),
            Assumption("The curve fits.", p_fit is not None, "" if p_fit is None else f"p = {p_fit:.2g}.", None if p_fit is None else p_fit >= 0.05),
        ),
        warnings=(UNBOUNDED,) if any(of.slope_ratio_interval.lower is None for of in found.values()) else (),
        sentence=f"Potency relative to the standard by parallel {curve_parameters}-parameter logistic curves: {said}. "
        f"Parallelism by {parallelism} is {'shown' if valid else 'not shown'}.",
    )


def _free(curve_parameters: str) -> int:
    """Parameters of one curve."""
    return 5 if curve_parameters == "5" else 4


def _scaled(dose: Numbers, y: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """ln dose about its mean, and responses from 0 to 1, case by case; the lowest response and the span bring them back."""
    if np.min(dose) <= 0:
        raise Unsuitable("A dose is zero or negative: it has no logarithm. Leave blanks out.")
    low = y.min(axis=-1, keepdims=True)
    span = y.max(axis=-1, keepdims=True) - low
    if np.any(span <= 0):
        raise Degenerate("The responses do not vary: there is no curve. Give unrounded values.")
    return np.log(dose), (y - low) / span, low, span


def _enough(x: Numbers, p: Numbers, names: Sequence[str], least: int) -> None:
    for name, each in zip(names, p.T, strict=True):
        if len(np.unique(x[each > 0])) < least:
            raise TooFew(f"Preparation {name} has fewer than {least} doses: a curve of {least} parameters is not determined. Add doses, or use straight lines.")


def _common_maps(p: Numbers, standard: int, five: bool) -> Numbers:
    """From (a, d, b, c of the standard, [ln g], ln ratio of each sample) to the curve of each response, shape (n, 5, p)."""
    rest = [i for i in range(p.shape[1]) if i != standard]
    free = 5 if five else 4
    maps = np.zeros((len(p), 5, free + len(rest)))
    for i in range(free):
        maps[:, i, i] = 1.0
    for j, i in enumerate(rest):
        maps[:, 3, free + j] = -p[:, i]
    return maps


def _starts(x: Numbers, y: Numbers, p: Numbers, standard: int, five: bool, of: Any = slice(None)) -> Numbers:
    """Starting parameters (starts, ..., p): asymptotes from the extreme doses, several slopes and places; both directions for five."""
    x, y = x[of], y[..., of]
    first, last = y[..., x <= x.min() + 1e-12].mean(axis=-1), y[..., x >= x.max() - 1e-12].mean(axis=-1)
    middle, width = (x.min() + x.max()) / 2, x.max() - x.min()
    found = []
    for b in (4 / width, 10 / width):
        for c in (middle, middle - width / 5, middle + width / 5):
            for sign in (1.0, -1.0) if five else (1.0,):
                a, d = (first, last) if sign > 0 else (last, first)
                parts = [a, d, np.full_like(a, sign * b), np.full_like(a, c), *([np.zeros_like(a)] if five else [])]
                found.append(np.stack([*parts, *[np.zeros_like(a)] * (p.shape[1] - 1)], axis=-1))
    return np.stack(found)


def _inverse(fit: Fit, x: Numbers, y: Numbers, w: Numbers, maps: Numbers, covariance: str) -> Numbers:
    matrix = fit.jacobian.T @ fit.jacobian if covariance == "J'J" else hessian(fit, x, y, w, maps)
    if not np.all(np.linalg.eigvalsh(matrix) > 1e-14 * np.trace(matrix)):
        raise NoConvergence("The doses do not determine every parameter of the curve. Widen the range of doses, or fit fewer parameters.")
    return np.asarray(np.linalg.inv(matrix), float)


def _curve(theta: Numbers, scale: tuple[float, float], five: bool) -> Curve:
    a, d, b, c = (float(each) for each in theta[:4])
    g = math.exp(float(theta[4])) if five else 1.0
    if b < 0 and not five:
        a, d, b = d, a, -b
    low, span = scale
    ends = (low + span * a, low + span * d) if b > 0 else (low + span * d, low + span * a)
    ec50 = math.exp(c + math.log(2 ** (1 / g) - 1) / b)
    return Curve(ends[0], ends[1], ends[1] - ends[0], b, math.exp(c), g, ec50)


def _curve_errors(theta: Numbers, cov: Numbers, scale: tuple[float, float], five: bool) -> Curve:
    """Standard errors by the delta method, with derivatives by central differences of the reported quantities."""
    rows = []
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = 1e-5
        high, low = (_curve(theta + sign * step, scale, five) for sign in (1, -1))
        rows.append([(getattr(high, key) - getattr(low, key)) / 2e-5 for key in Curve.__dataclass_fields__])
    by = np.array(rows)
    return Curve(*np.sqrt(np.maximum(np.einsum("pk,pq,qk->k", by, cov, by), 0)).tolist())


def _profiles(
    fit: Fit, x: Numbers, y: Numbers, w: Numbers, maps: Numbers, p: Numbers, standard: int, rise: float, se: Numbers
) -> list[tuple[float | None, float | None]]:
    """For each sample the ln ratios at which the residual sum of squares has risen by `rise`, None where it never does."""
    samples = [i for i in range(p.shape[1]) if i != standard]
    return [_profile(fit, x, y, w, maps, p[:, i], maps.shape[-1] - len(samples) + j, rise, float(se[j])) for j, i in enumerate(samples)]


def _profile(fit: Fit, x: Numbers, y: Numbers, w: Numbers, maps: Numbers, of: Numbers, place: int, rise: float, se: float) -> tuple[float | None, float | None]:
    centre, rest = float(fit.parameters[place]), np.delete(maps, place, axis=-1)
    start = np.broadcast_to(np.delete(fit.parameters, place), (2, maps.shape[-1] - 1))
    sign, many = np.array([-1.0, 1.0]), np.broadcast_to(y, (2, len(y)))

    def height(distance: Numbers) -> Numbers:
        return fitted(x + of * (centre + sign * distance)[:, None], many, w, rest, start).rss - float(fit.rss) - rise

    low, high = np.zeros(2), np.full(2, 2.0 * se)
    f_low, f_high = np.full(2, -rise), height(high)
    for _ in range(8):
        if (f_high > 0).all():
            break
        low, f_low = np.where(f_high > 0, low, high), np.where(f_high > 0, f_low, f_high)
        high = np.where(f_high > 0, high, 2 * high)
        f_high = height(high)
    ends = _root(height, low, high, f_low, f_high)
    return (None if f_high[0] <= 0 else centre - float(ends[0]), None if f_high[1] <= 0 else centre + float(ends[1]))


def _root(height: Any, low: Numbers, high: Numbers, f_low: Numbers, f_high: Numbers) -> Numbers:
    """Both ends at once by the Illinois rule on the square root of the rise."""
    for _ in range(40):
        middle = high - f_high * (high - low) / np.where(f_high == f_low, 1.0, f_high - f_low)
        middle = np.where((middle > np.minimum(low, high)) & (middle < np.maximum(low, high)), middle, (low + high) / 2)
        f = height(middle)
        crossed = f * f_high < 0
        low, f_low = np.where(crossed, high, low), np.where(crossed, f_high, f_low / 2)
        moved, high, f_high = np.abs(middle - high), middle, f
        if (moved <= 1e-11 * np.abs(high)).all():
            break
    return high


def _potency(
    m: float,
    se: float,
    df: int,
    ends: tuple[float | None, float | None],
    factor: float,
    confidence: float,
    standard: Curve,
    sample: Curve,
    theta_s: Numbers,
    theta_t: Numbers,
    cov_s: Numbers,
    cov_t: Numbers,
    df_separate: int,
    alpha: float,
) -> CurvePotency:
    half = float(special.stdtrit(df, (1 + confidence) / 2)) * se
    level = 1 - 2 * alpha
    slopes = fieller_interval(float(theta_t[2]), float(theta_s[2]), (float(cov_t[2, 2]), 0.0, float(cov_s[2, 2])), df_separate, level)[0]
    contrast = np.zeros(len(theta_s))
    contrast[:2] = -1.0, 1.0
    v = [float(contrast @ cov @ contrast) for cov in (cov_t, cov_s)]
    spans = fieller_interval(float(contrast @ theta_t), float(contrast @ theta_s), (v[0], 0.0, v[1]), df_separate, level)[0]
    open_end = "" if None not in ends else "the sum of squares never rises far enough: the end is open"
    profile = [None if end is None else math.exp(end) for end in ends]
    scaled = [None if end is None else factor * end for end in profile]
    return CurvePotency(
        ratio=math.exp(m),
        interval=Interval(profile[0], profile[1], confidence, note=open_end),
        wald_interval=exponential(Interval(m - half, m + half, confidence)),
        potency=factor * math.exp(m),
        potency_interval=Interval(scaled[0], scaled[1], confidence, note=open_end),
        log_ratio=m,
        se_log_ratio=se,
        slope_ratio=sample.slope_factor / standard.slope_factor,
        slope_ratio_interval=slopes,
        span_ratio=sample.span / standard.span,
        span_ratio_interval=spans,
        at_zero_ratio=sample.at_zero / standard.at_zero if standard.at_zero else None,
        at_infinity_ratio=sample.at_infinity / standard.at_infinity if standard.at_infinity else None,
        unconstrained_ratio=standard.ec50 / sample.ec50,
    )


def _lack_of_fit(x: Numbers, y: Numbers, w: Numbers, p: Numbers, rss: float, df: int) -> tuple[float | None, float | None, float | None]:
    keys = np.unique(np.column_stack([x, p]), axis=0, return_inverse=True)[1].reshape(-1)
    total = np.bincount(keys, w)
    pure = float(np.sum(w * (y - (np.bincount(keys, w * y) / total)[keys]) ** 2))
    pure_df = len(x) - len(total)
    if pure_df < 1 or df <= pure_df or pure <= 1e-20:
        return None, None, None
    f = max(rss - pure, 0.0) / (df - pure_df) / (pure / pure_df)
    return pure, f, float(special.fdtrc(df - pure_df, pure_df, f))
