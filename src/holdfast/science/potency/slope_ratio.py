"""Relative potency by slope ratio: lines on dose with one intercept (Ph. Eur. 5.3)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..dimension import Y_PER_X, Y_SQUARED, Y
from ..fieller import UNBOUNDED, fieller_interval
from ..method import Example, method
from ..parameter import CONFIDENCE
from ..refusal import Degenerate, Unsuitable
from ..result import Assumption, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share
from .design import (
    COLUMNS,
    ERROR,
    FACTOR,
    FIELLER,
    PH_EUR,
    STANDARD,
    TRANSFORMATION,
    AnovaLine,
    anova_table,
    design_name,
    indicators,
    nested,
    nuisance,
    samples_of,
    transformed,
)
from .parallel_line import bounds, coefficients, error_variance


@dataclass(frozen=True)
class SlopePotency:
    """One sample against the standard."""

    ratio: float = reported("relative potency: slope of the sample over slope of the standard")
    interval: Interval = reported("Fieller interval of the relative potency")
    potency: float = reported("relative potency times the factor (assumed potency)")
    potency_interval: Interval = reported("Fieller interval of the potency")
    se_ratio: float = reported("standard error of the ratio by the delta method")
    g: float = reported("Fieller's g")
    slope: float = reported("slope of the sample", Y_PER_X)
    intercept: float = reported("intercept of the sample's own line", Y)


@dataclass(frozen=True, kw_only=True)
class SlopeRatioResult(Result):
    """Analysis of variance, common intercept, slopes, and the potency of every sample."""

    samples: dict[str, SlopePotency] = reported("potency of each sample")
    anova: dict[str, AnovaLine] = reported("analysis of variance")
    intercept: float = reported("common intercept", Y)
    se_intercept: float = reported("its standard error", Y)
    slope_standard: float = reported("slope of the standard", Y_PER_X)
    se_slope_standard: float = reported("its standard error", Y_PER_X)
    residual_variance: float = reported("error variance used for limits", Y_SQUARED)
    residual_df: int = reported("its degrees of freedom")
    p_regression: float = reported("p-value of regression")
    p_intersection: float = reported("p-value of intersection: small says that lines do not meet at dose zero")
    p_non_linearity: float | None = reported("p-value of non-linearity; none with two doses")
    p_blanks: float | None = reported("p-value of blanks against the common intercept; none without blanks")


@method(
    name="slope-ratio",
    title="Relative potency by slope ratio (Ph. Eur. 5.3)",
    family="potency",
    result=SlopeRatioResult,
    citations=[PH_EUR, FIELLER],
    columns=COLUMNS,
    parameters=[STANDARD, TRANSFORMATION, FACTOR, ERROR, CONFIDENCE],
    example=Example(
        {
            "dose": [1, 1, 2, 2, 3, 3] * 2,
            "response": [6.1, 6.4, 10.2, 9.7, 14.2, 13.8, 7.4, 7.0, 12.0, 12.4, 16.6, 17.1],
            "preparation": ["S"] * 6 + ["T"] * 6,
        },
        y_unit="mm",
        x_unit="IU",
    ),
)
def slope_ratio(
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
    confidence: float = 0.95,
) -> SlopeRatioResult:
    """Response = a + blocks + b(preparation) dose with one intercept; potency is the ratio of slopes, with Fieller's limits.

    Rows with dose 0 are blanks, whatever preparation they name. The analysis of variance tests regression, blanks, intersection and
    non-linearity, each after those before it.
    """
    x, blank = dose.array, dose.array == 0
    if np.min(x) < 0:
        raise Unsuitable("A dose is negative. Check the doses.")
    names, shown = indicators([name for name, none in zip(preparation, blank, strict=True) if not none])
    samples = samples_of(names, standard, factor)
    p = np.zeros((len(x), len(names)))
    p[~blank] = shown
    for name, each in zip(names, p.T > 0, strict=True):
        if np.ptp(x[each]) == 0:
            raise Degenerate(f"Preparation {name} has one dose only: its intercept cannot be told from its slope. Give at least two doses.")
    y, blocks = transformed(response.array, transformation), nuisance(len(x), block, row, column)
    treatment = indicators(["blank" if b else f"{name}\x1f{each!r}" for name, each, b in zip(preparation, x.tolist(), blank, strict=True)])[1]
    lines = [("regression", p * x[:, None]), *([("blanks", blank[:, None].astype(float))] if blank.any() else [])]
    steps = nested(y, [*blocks.items(), *lines, ("intersection", p), ("non_linearity", treatment)])
    table, (s2, df) = anova_table(steps), error_variance(steps, error)
    beta, inverse = coefficients(y, np.column_stack([np.ones(len(x)), p * x[:, None], *[each - each.mean(axis=0) for each in blocks.values()]]))
    own, _ = coefficients(y[~blank], np.column_stack([p, p * x[:, None], *[each - each.mean(axis=0) for each in blocks.values()]])[~blank])
    cov, at = inverse * float(s2), {name: i for i, name in enumerate(names, 1)}
    found = {name: _potency(beta, cov, at[standard], at[name], df, times, confidence, float(own[at[name] - 1])) for name, times in samples.items()}
    regression, crossing, curved, blanks = (table.get(each) for each in ("regression", "intersection", "non_linearity", "blanks"))
    tests = [None if each is None else each.p for each in (crossing, curved, blanks)]
    p_regression = 1.0 if regression is None or regression.p is None else regression.p
    valid = p_regression < 0.05 and all(each is None or each >= 0.05 for each in tests)
    each = "; ".join(f"{name} {say(one.potency)} ({share(confidence)} limits {bounds(one.potency_interval)})" for name, one in found.items())
    return SlopeRatioResult(
        samples=found,
        anova=table,
        intercept=float(beta[0]),
        se_intercept=math.sqrt(cov[0, 0]),
        slope_standard=float(beta[at[standard]]),
        se_slope_standard=math.sqrt(cov[at[standard], at[standard]]),
        residual_variance=float(s2),
        residual_df=df,
        p_regression=p_regression,
        p_intersection=1.0 if tests[0] is None else tests[0],
        p_non_linearity=tests[1],
        p_blanks=tests[2],
        decision="valid" if valid else "not valid",
        y_unit="" if transformation == "none" else "1",
        definitions={"design": design_name(blocks), "error": error, "limits": "Fieller", "sums of squares": "sequential"},
        assumptions=(
            Assumption("Replicates are independent, not repeated readings of one dilution."),
            Assumption("Lines meet at dose zero.", True, f"p = {tests[0] or 0:.2g}.", (tests[0] or 0) >= 0.05),
            Assumption("Responses are straight in dose.", tests[1] is not None, "", None if tests[1] is None else tests[1] >= 0.05),
        ),
        warnings=(UNBOUNDED,) if any(one.g >= 1 for one in found.values()) else (),
        sentence=f"Potency relative to the standard by slope ratio: {each}. "
        f"The assay is {'valid' if valid else 'not valid'} by regression, intersection and linearity.",
    )


def _potency(beta: Numbers, cov: Numbers, standard: int, sample: int, df: int, factor: float, confidence: float, intercept: float) -> SlopePotency:
    a, b = float(beta[sample]), float(beta[standard])
    v = (float(cov[sample, sample]), float(cov[sample, standard]), float(cov[standard, standard]))
    interval, g = fieller_interval(a, b, v, df, confidence)
    ratio = a / b
    scaled = interval if interval.lower is None or interval.upper is None else Interval(factor * interval.lower, factor * interval.upper, confidence)
    se = math.sqrt(max(v[0] + ratio**2 * v[2] - 2 * ratio * v[1], 0.0)) / abs(b)
    return SlopePotency(ratio, interval, factor * ratio, scaled, se, g, a, intercept)
