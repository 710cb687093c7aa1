"""Relative potency by parallel lines on the logarithm of dose, with the analysis of variance of Ph. Eur. 5.3."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..dimension import Y_SQUARED, Y
from ..fieller import UNBOUNDED, fieller_interval
from ..method import Example, method
from ..parameter import ALPHA, CONFIDENCE, Parameter
from ..refusal import Degenerate, Mismatch, Unsuitable
from ..result import Assumption, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share
from .design import (
    COLUMNS,
    ERROR,
    FACTOR,
    FIELLER,
    PARALLELISM,
    PH_EUR,
    STANDARD,
    TRANSFORMATION,
    AnovaLine,
    Departure,
    Steps,
    anova_table,
    basis,
    design_name,
    indicators,
    line,
    nested,
    nuisance,
    samples_of,
    transformed,
)


@dataclass(frozen=True)
class LinePotency:
    """One sample against the standard."""

    ratio: float = reported("relative potency, sample over standard, on the doses given")
    interval: Interval = reported("Fieller interval of the relative potency")
    potency: float = reported("relative potency times the factor (assumed potency)")
    potency_interval: Interval = reported("Fieller interval of the potency")
    relative_limits: Interval = reported("limits as a percentage of the estimate")
    log_ratio: float = reported("natural logarithm of the relative potency")
    se_log_ratio: float = reported("its standard error by the delta method")
    g: float = reported("Fieller's g: above about 0.1 the interval is skew, from 1 it is unbounded")
    slope: float = reported("slope of the sample's own line against ln dose", Y)
    slope_ratio: float = reported("own slope of the sample over that of the standard")
    slope_ratio_interval: Interval = reported("100(1 - 2 alpha) % Fieller interval of the ratio of slopes")
    slope_difference: float = reported("own slope of the sample minus that of the standard", Y)
    slope_difference_interval: Interval = reported("100(1 - 2 alpha) % interval of the difference of slopes", Y)
    parallel_by_equivalence: bool = reported("whether the interval of the ratio of slopes lies inside the margins")


@dataclass(frozen=True, kw_only=True)
class ParallelLineResult(Result):
    """Analysis of variance, common slope, and the potency of every sample."""

    samples: dict[str, LinePotency] = reported("potency of each sample")
    anova: dict[str, AnovaLine] = reported("analysis of variance")
    non_linearity: dict[str, Departure] = reported("departure of each preparation from its own line")
    slope: float = reported("common slope against ln dose", Y)
    se_slope: float = reported("its standard error", Y)
    residual_variance: float = reported("error variance used for limits", Y_SQUARED)
    residual_df: int = reported("its degrees of freedom")
    f_regression: float = reported("F ratio of regression")
    p_regression: float = reported("its p-value")
    f_non_parallelism: float = reported("F ratio of non-parallelism")
    p_non_parallelism: float = reported("its p-value")
    f_non_linearity: float | None = reported("F ratio of non-linearity; none with two doses")
    p_non_linearity: float | None = reported("its p-value")
    correlation: float = reported("square root of the share of the total sum of squares that design, preparations and regression explain")
    slope_standard: float = reported("slope of the standard's own line against ln dose", Y)
    parallel_by_difference: bool = reported("whether the F test does not reject parallelism")
    parallel_by_equivalence: bool = reported("whether the ratio of slopes of every sample is shown to be inside the margins")
    g: float = reported("Fieller's g of the common slope")


@dataclass(frozen=True)
class ParallelLineCases:
    """The same for many assays of one design: arrays over the cases."""

    slope: Numbers
    se_slope: Numbers
    residual_variance: Numbers
    f_regression: Numbers
    f_non_parallelism: Numbers
    log_ratios: Numbers  # (..., samples)


def parallel_line_cases(
    *, dose: Numbers, response: Numbers, preparation: Sequence[str], standard: str = "S", transformation: str = "none", error: str = "pure"
) -> ParallelLineCases:
    """Many completely randomised assays of one layout: `response` has shape (..., n). See `parallel_line`."""
    x, names, p = _layout(dose, preparation)
    y = transformed(np.asarray(response, float), transformation)
    steps = nested(y, _steps(x, dose, preparation, p, {}))
    s2, _ = error_variance(steps, error)
    beta, inverse = coefficients(y, np.column_stack([p, x]))
    k = names.index(standard)
    rest = [i for i in range(len(names)) if i != k]
    pure, at = steps.residual_ss / steps.residual_df, steps.names.index
    ms = steps.ss / np.maximum(np.array(steps.df), 1)
    return ParallelLineCases(
        slope=beta[..., -1],
        se_slope=np.sqrt(s2 * inverse[-1, -1]),
        residual_variance=s2,
        f_regression=ms[..., at("regression")] / pure,
        f_non_parallelism=ms[..., at("non_parallelism")] / pure,
        log_ratios=(beta[..., rest] - beta[..., [k]]) / beta[..., [-1]],
    )


@method(
    name="parallel-line",
    title="Relative potency by parallel lines (Ph. Eur. 5.3)",
    family="potency",
    result=ParallelLineResult,
    citations=[PH_EUR, FIELLER],
    columns=COLUMNS,
    parameters=[
        STANDARD,
        TRANSFORMATION,
        FACTOR,
        ERROR,
        PARALLELISM,
        Parameter("slope_lower", "lower margin of the ratio of slopes", "positive", 0.8),
        Parameter("slope_upper", "upper margin of the ratio of slopes", "positive", 1.25),
        ALPHA,
        CONFIDENCE,
    ],
    example=Example(
        {
            "dose": [1, 1, 2, 2, 4, 4] * 2,
            "response": [10.1, 10.8, 20.3, 19.1, 30.2, 29.8, 12.4, 13.1, 22.0, 22.9, 32.6, 31.7],
            "preparation": ["S"] * 6 + ["T"] * 6,
        },
        y_unit="mm",
        x_unit="IU",
    ),
    arrays=parallel_line_cases,
)
def parallel_line(
    *,
    dose: Series,
    response: Series,
    preparation: Sequence[str],
    block: Sequence[str] | None = None,
    row: Sequence[str] | None = None,
    column: Sequence[str] | None = None,
    standard: str = "S",
    transformation: str = "none",
    factor: Sequence[float] = (1.0,),
    error: str = "pure",
    parallelism: str = "difference",
    slope_lower: float = 0.8,
    slope_upper: float = 1.25,
    alpha: float = 0.05,
    confidence: float = 0.95,
) -> ParallelLineResult:
    """Response = preparation + blocks + b ln(dose); the ratio of potencies is exp(difference of intercepts / b), with Fieller's limits.

    Completely randomised, in randomised blocks (`block`) or a Latin square (`row`, `column`); responses may be missing. The analysis of
    variance is sequential: blocks, preparations, regression, non-parallelism, non-linearity. Parallelism is judged both as a difference
    (F test) and as equivalence (Fieller interval of each ratio of slopes inside the margins).
    """
    x, names, p = _layout(dose.array, preparation)
    samples = samples_of(names, standard, factor)
    y, blocks = transformed(response.array, transformation), nuisance(len(x), block, row, column)
    steps = nested(y, _steps(x, dose.array, preparation, p, blocks))
    table = anova_table(steps)
    s2, df = error_variance(steps, error)
    common, own = fit(y, p, [x[:, None]], blocks), fit(y, p, [p * x[:, None]], blocks)
    places = {name: i for i, name in enumerate(names)}
    limits = (slope_lower, slope_upper)
    found = {
        name: _potency(common, own, places[standard], places[name], len(names), (float(s2), df), times, limits, (alpha, confidence))
        for name, times in samples.items()
    }
    regression, crossing, curved = (table[each] for each in ("regression", "non_parallelism", "non_linearity"))
    by_difference = bool((crossing.p or 0.0) >= 0.05)
    by_equivalence = all(each.parallel_by_equivalence for each in found.values())
    valid = bool((regression.p or 0.0) < 0.05) and (curved.p is None or curved.p >= 0.05) and (by_difference if parallelism == "difference" else by_equivalence)
    g = max(each.g for each in found.values())
    explained = sum(each.ss for name, each in table.items() if name in {*blocks, "preparations", "regression"})
    pure = (float(steps.residual_ss) / steps.residual_df, steps.residual_df)
    return ParallelLineResult(
        samples=found,
        anova=table | {"treatments": _treatments(table, pure)},
        non_linearity=_departures(y, x, dose.array, p, names, pure),
        slope=float(common[0][len(names)]),
        se_slope=math.sqrt(float(s2) * common[1][len(names), len(names)]),
        residual_variance=float(s2),
        residual_df=df,
        f_regression=regression.f or 0.0,
        p_regression=1.0 if regression.p is None else regression.p,
        f_non_parallelism=crossing.f or 0.0,
        p_non_parallelism=1.0 if crossing.p is None else crossing.p,
        f_non_linearity=curved.f,
        p_non_linearity=curved.p,
        correlation=math.sqrt(explained / table["total"].ss),
        slope_standard=float(own[0][len(names) + places[standard]]),
        parallel_by_difference=by_difference,
        parallel_by_equivalence=by_equivalence,
        g=g,
        decision="valid" if valid else "not valid",
        y_unit="" if transformation == "none" else "1",
        definitions={
            "design": design_name(blocks),
            "error": "residual of treatments" if error == "pure" else "residual of the parallel lines, pooled with departures",
            "sums of squares": "sequential: blocks, preparations, regression, non-parallelism, non-linearity",
            "limits": "Fieller",
            "slope": "per natural logarithm of dose",
            "parallelism": parallelism,
        },
        assumptions=(
            Assumption("Replicates are independent, not repeated readings of one dilution."),
            Assumption("The slope differs from zero.", True, f"p = {regression.p:.2g}.", (regression.p or 0.0) < 0.05),
            Assumption("Lines are parallel (difference test).", True, f"p = {crossing.p:.2g}.", by_difference),
            Assumption("Lines are parallel (equivalence of slopes).", True, _ratios(found), by_equivalence),
            Assumption("Responses are straight in ln dose.", curved.p is not None, f"p = {curved.p:.2g}." if curved.p is not None else "", _kept(curved.p)),
        ),
        warnings=(*((UNBOUNDED,) if g >= 1 else ()), *_precision(by_difference, by_equivalence)),
        sentence=_sentence(found, confidence, valid),
    )


def _layout(dose: Numbers, preparation: Sequence[str]) -> tuple[Numbers, list[str], Numbers]:
    if np.min(dose) <= 0:
        raise Unsuitable("A dose is zero or negative: it has no logarithm. Leave blanks out, or use the slope-ratio method.")
    names, p = indicators(preparation)
    x = np.log(dose)
    for name, each in zip(names, p.T, strict=True):
        if np.ptp(x[each > 0]) <= 1e-12:
            raise Degenerate(f"Preparation {name} has one dose only: it has no slope. Give at least two doses.")
    return x - x.mean(), names, p


def _steps(x: Numbers, dose: Numbers, preparation: Sequence[str], p: Numbers, blocks: dict[str, Numbers]) -> list[tuple[str, Numbers]]:
    treatment = indicators([f"{name}\x1f{each!r}" for name, each in zip(preparation, dose.tolist(), strict=True)])[1]
    lines = [("preparations", p), ("regression", x[:, None]), ("non_parallelism", p * x[:, None]), ("non_linearity", treatment)]
    return [*blocks.items(), *lines]


def error_variance(steps: Steps, error: str) -> tuple[Any, int]:
    """The error variance for limits and its degrees of freedom: of treatments alone, or pooled with departures from the model."""
    ss, df = steps.residual_ss, steps.residual_df
    if error == "model":
        departures = [i for i, name in enumerate(steps.names) if name in {"non_parallelism", "non_linearity", "intersection", "blanks"}]
        ss, df = ss + steps.ss[..., departures].sum(axis=-1), df + sum(steps.df[i] for i in departures)
    return ss / df, df


def coefficients(y: Numbers, x: Numbers) -> tuple[Numbers, Numbers]:
    """Least squares by QR: coefficients (..., p) and (X'X)⁻¹. Raises `Mismatch` when the design cannot tell columns apart."""
    if basis(x).shape[1] < x.shape[1]:
        raise Mismatch("The design does not tell preparations, doses and blocks apart. Check that every block holds several preparations.")
    q, r = np.linalg.qr(x)
    inverse = np.linalg.inv(r)
    return (y @ q) @ inverse.T, inverse @ inverse.T


def fit(y: Numbers, p: Numbers, slopes: list[Numbers], blocks: dict[str, Numbers]) -> tuple[Numbers, Numbers]:
    """Coefficients in the order preparations, slopes, blocks."""
    return coefficients(y, np.column_stack([p, *slopes, *blocks.values()]))


def _potency(
    common: tuple[Numbers, Numbers],
    own: tuple[Numbers, Numbers],
    standard: int,
    sample: int,
    k: int,
    error: tuple[float, int],
    factor: float,
    margins: tuple[float, float],
    levels: tuple[float, float],
) -> LinePotency:
    (s2, df), (alpha, confidence) = error, levels
    contrast = np.zeros(len(common[0]))
    contrast[sample], contrast[standard] = 1.0, -1.0
    a, b = float(contrast @ common[0]), float(common[0][k])
    v = (float(contrast @ common[1] @ contrast) * s2, float(contrast @ common[1][:, k]) * s2, float(common[1][k, k]) * s2)
    logs, g = fieller_interval(a, b, v, df, confidence)
    m = a / b
    slopes, cov = own[0][k : 2 * k], own[1][k : 2 * k, k : 2 * k] * s2
    b_s, b_t = float(slopes[standard]), float(slopes[sample])
    v_b = (float(cov[sample, sample]), float(cov[sample, standard]), float(cov[standard, standard]))
    ratios, _ = fieller_interval(b_t, b_s, v_b, df, 1 - 2 * alpha)
    half = float(special.stdtrit(df, 1 - alpha)) * math.sqrt(v_b[0] + v_b[2] - 2 * v_b[1])
    return LinePotency(
        ratio=math.exp(m),
        interval=exponential(logs),
        potency=factor * math.exp(m),
        potency_interval=exponential(logs, factor),
        relative_limits=exponential(logs, 100 / math.exp(m)),
        log_ratio=m,
        se_log_ratio=math.sqrt(max(v[0] + m**2 * v[2] - 2 * m * v[1], 0.0)) / abs(b),
        g=g,
        slope=b_t,
        slope_ratio=b_t / b_s,
        slope_ratio_interval=ratios,
        slope_difference=b_t - b_s,
        slope_difference_interval=Interval(b_t - b_s - half, b_t - b_s + half, 1 - 2 * alpha),
        parallel_by_equivalence=ratios.lower is not None and ratios.upper is not None and margins[0] < ratios.lower and ratios.upper < margins[1],
    )


def exponential(logs: Interval, factor: float = 1.0) -> Interval:
    """An interval of logarithms as one of ratios, times a factor."""
    if logs.lower is None or logs.upper is None:
        return logs
    return Interval(factor * math.exp(logs.lower), factor * math.exp(logs.upper), logs.confidence)


def _treatments(table: dict[str, AnovaLine], pure: tuple[float, int]) -> AnovaLine:
    parts = [table[each] for each in ("preparations", "regression", "non_parallelism", "non_linearity")]
    return line(sum(each.df for each in parts), sum(each.ss for each in parts), *pure)


def _departures(y: Numbers, x: Numbers, dose: Numbers, p: Numbers, names: list[str], pure: tuple[float, int]) -> dict[str, Departure]:
    found = {}
    for name, each in zip(names, p.T > 0, strict=True):
        own = y[each] - y[each].mean()
        q, full = basis(np.ones((each.sum(), 1)), x[each, None]), indicators(dose[each])[1]
        means = full @ (own @ full / full.sum(axis=0))
        ss, df = float(np.sum((means - q @ (q.T @ means)) ** 2)), full.shape[1] - 2
        tested = line(df, ss, *pure)
        found[name] = Departure(df, tested.ss, tested.p, float(y[each].mean()))
    return found


def _kept(p: float | None) -> bool | None:
    return None if p is None else p >= 0.05


def _ratios(found: dict[str, LinePotency]) -> str:
    return "; ".join(f"{name}: {bounds(each.slope_ratio_interval)}" for name, each in found.items()) + "."


def bounds(interval: Interval, digits: int = 4) -> str:
    """Both ends in words, or that there are none."""
    if interval.lower is None or interval.upper is None:
        return "unbounded"
    return f"{say(interval.lower, digits)} to {say(interval.upper, digits)}"


def _precision(difference: bool, equivalence: bool) -> tuple[str, ...]:
    if difference and not equivalence:
        return ("The F test does not reject parallelism, but equivalence of slopes is not shown: the assay is too imprecise to show that lines are parallel.",)
    return (
        ("The F test rejects parallelism although slopes are equivalent: the difference is small, the assay precise.",)
        if equivalence and not difference
        else ()
    )


def _sentence(found: dict[str, LinePotency], confidence: float, valid: bool) -> str:
    each = "; ".join(f"{name} {say(one.potency)} ({share(confidence)} limits {bounds(one.potency_interval)})" for name, one in found.items())
    return f"Potency relative to the standard by parallel lines: {each}. The assay is {'valid' if valid else 'not valid'} by regression, linearity and parallelism."
