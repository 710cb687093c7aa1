"""Two independent means: what Welch's test, the pooled test and both from summary statistics have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Column
from ..moments import mean_and_sd
from ..refusal import Degenerate
from ..result import Assumption, reported
from ..series import Numbers, Series
from .operating import characteristic, tost_power, tost_welch_power
from .two_one_sided import INDEPENDENT, MARGIN_FIXED, TostResult, check_margins, tost_quantities, tost_sentence, two_one_sided, weakness

COLUMNS = (
    Column("reference", "values before the change, or of the reference"),
    Column("test", "values after the change, or of the test material"),
)
Pair = tuple[float, float]
UNEQUAL, EQUAL = "unequal", "equal"


@dataclass(frozen=True, kw_only=True)
class TostTwoSampleResult(TostResult):
    """Equivalence of two independent means."""

    mean_reference: float = reported("mean of the reference values", Y)
    mean_test: float = reported("mean of the test values", Y)
    sd_reference: float = reported("standard deviation of the reference values (n-1)", Y)
    sd_test: float = reported("standard deviation of the test values (n-1)", Y)
    sd_pooled: float = reported("pooled standard deviation", Y)
    n_reference: int = reported("number of reference values")
    n_test: int = reported("number of test values")
    variance_ratio: float | None = reported("variance of test over variance of reference; none when the reference does not vary")
    p_variances: float | None = reported("two-sided p-value of the F test of equal variances, for information")


@dataclass(frozen=True)
class TostCases:
    """Arrays over cases."""

    difference: Numbers
    se: Numbers
    df: Numbers
    t_lower: Numbers
    t_upper: Numbers
    p_lower: Numbers
    p_upper: Numbers
    p: Numbers


def standard_error(sd: Any, n: tuple[int, int], variances: str) -> tuple[Any, Any]:
    """Standard error of the difference of means and its degrees of freedom, for a pair of standard deviations (numbers or arrays)."""
    squares = [np.asarray(s, float) ** 2 for s in sd]
    if variances == EQUAL:
        df = n[0] + n[1] - 2
        pooled = ((n[0] - 1) * squares[0] + (n[1] - 1) * squares[1]) / df
        return np.sqrt(pooled * (1 / n[0] + 1 / n[1])), np.full_like(pooled, df)
    parts = [square / m for square, m in zip(squares, n, strict=True)]
    total = parts[0] + parts[1]
    with np.errstate(invalid="ignore"):
        return np.sqrt(total), total**2 / (parts[0] ** 2 / (n[0] - 1) + parts[1] ** 2 / (n[1] - 1))


def two_sample_cases(reference: Numbers, test: Numbers, lower: Any, upper: Any, variances: str) -> TostCases:
    """Many comparisons at once: `reference` (..., n1) and `test` (..., n2) finite; margins broadcast over the cases."""
    (mean_1, sd_1), (mean_2, sd_2) = mean_and_sd(reference), mean_and_sd(test)
    se, df = standard_error((sd_1, sd_2), (reference.shape[-1], test.shape[-1]), variances)
    if not np.all(se > 0):
        raise Degenerate("In some cases neither reference nor test varies: there is no error to hold the difference against. Leave those cases out.")
    difference = mean_2 - mean_1
    tests = two_one_sided(difference, se, df, lower, upper)
    return TostCases(difference, se, df, tests.t_lower, tests.t_upper, tests.p_lower, tests.p_upper, tests.p)


def two_sample_result(
    means: Pair, sds: Pair, n: tuple[int, int], unit: str, *, lower: float, upper: float, alpha: float, variances: str
) -> TostTwoSampleResult:
    """The whole result from means, standard deviations (n-1) and numbers of reference and test."""
    check_margins(lower, upper)
    if max(sds) == 0:
        raise Degenerate("Neither reference nor test varies: there is no error to hold the difference against. Give unrounded values.")
    se, df = (float(each) for each in standard_error(sds, n, variances))
    found = tost_quantities(means[1] - means[0], se, df, lower, upper, alpha)
    pooled = float(np.sqrt(sum((m - 1) * s**2 for s, m in zip(sds, n, strict=True)) / (sum(n) - 2)))
    operating = characteristic("the observed SDs", pooled, (lower, upper), _power(sds, pooled, n, (lower, upper), alpha, variances))
    ratio, p_ratio = _variance_ratio(sds, n)
    name = "Welch TOST" if variances == UNEQUAL else "pooled TOST"
    return TostTwoSampleResult(
        **found,
        mean_reference=means[0],
        mean_test=means[1],
        sd_reference=sds[0],
        sd_test=sds[1],
        sd_pooled=pooled,
        n_reference=n[0],
        n_test=n[1],
        variance_ratio=ratio,
        p_variances=p_ratio,
        operating=operating,
        definitions=DEFINITIONS[variances],
        assumptions=(INDEPENDENT, MARGIN_FIXED, *_equal_variances(p_ratio, variances)),
        warnings=weakness(operating, (lower, upper)) + (_small_group_warning(n, sds) if variances == UNEQUAL else ()),
        sentence=tost_sentence("mean difference (test minus reference)", found, unit, alpha, f"{name}, n = {n[0]} and {n[1]}", operating),
    )


DEFINITIONS = {
    UNEQUAL: {"standard error": "Welch, variances not pooled", "degrees of freedom": "Welch-Satterthwaite", "sd divisor": "n - 1"},
    EQUAL: {"standard error": "variances pooled", "degrees of freedom": "n1 + n2 - 2", "sd divisor": "n - 1"},
}


def summary(series: tuple[Series, Series]) -> tuple[Pair, Pair, tuple[int, int]]:
    """Means, standard deviations and numbers of a pair of series."""
    (mean_1, sd_1), (mean_2, sd_2) = (mean_and_sd(each.array) for each in series)
    return (float(mean_1), float(mean_2)), (float(sd_1), float(sd_2)), (len(series[0]), len(series[1]))


def _power(sds: Pair, pooled: float, n: tuple[int, int], margins: Pair, alpha: float, variances: str) -> Callable[[Numbers], Numbers]:
    if variances == UNEQUAL:
        return lambda shifts: tost_welch_power(shifts, sds, n, *margins, alpha)
    return lambda shifts: tost_power(shifts, pooled * np.sqrt(1 / n[0] + 1 / n[1]), n[0] + n[1] - 2, *margins, alpha)


def _variance_ratio(sds: Pair, n: tuple[int, int]) -> tuple[float | None, float | None]:
    if sds[0] == 0:
        return None, None
    ratio = (sds[1] / sds[0]) ** 2
    tail = float(special.fdtr(n[1] - 1, n[0] - 1, ratio))
    return ratio, 2 * min(tail, 1 - tail)


def _equal_variances(p: float | None, variances: str) -> tuple[Assumption, ...]:
    if variances == UNEQUAL:
        return ()
    found = "The F test cannot be made." if p is None else f"F test of equal variances: p = {p:.2g} (weak at small n)."
    return (Assumption("Both groups have the same variance.", checked=p is not None, found=found, holds=None if p is None else p >= 0.05),)


def _small_group_warning(n: tuple[int, int], sd: Pair) -> tuple[str, ...]:
    small, large = (0, 1) if n[0] < n[1] else (1, 0)
    if n[small] * 2 > n[large] or sd[small] < sd[large]:
        return ()
    return ("The smaller group has the larger SD: the Welch test is then slightly liberal (exact size up to about 0.06 for alpha 0.05).",)
