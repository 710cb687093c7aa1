"""Equivalence of two means with unequal variances: two one-sided Welch tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..dimension import Y
from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..refusal import Degenerate
from ..result import Citation, reported
from ..series import Numbers, Series
from .operating import characteristic, tost_welch_power
from .two_one_sided import (
    INDEPENDENT,
    MARGIN_FIXED,
    MARGINS,
    SCHUIRMANN,
    TostResult,
    check_margins,
    tost_quantities,
    tost_sentence,
    two_one_sided,
    weakness,
)


@dataclass(frozen=True, kw_only=True)
class TostTwoSampleResult(TostResult):
    """Equivalence of two independent means."""

    mean_reference: float = reported("mean of the reference values", Y)
    mean_test: float = reported("mean of the test values", Y)
    sd_reference: float = reported("standard deviation of the reference values (n-1)", Y)
    sd_test: float = reported("standard deviation of the test values (n-1)", Y)
    n_reference: int = reported("number of reference values")
    n_test: int = reported("number of test values")


@dataclass(frozen=True)
class TostWelchCases:
    """Arrays over cases."""

    difference: Numbers
    se: Numbers
    df: Numbers
    t_lower: Numbers
    t_upper: Numbers
    p_lower: Numbers
    p_upper: Numbers
    p: Numbers


def tost_welch_cases(*, reference: Numbers, test: Numbers, lower: float, upper: float, alpha: float = 0.05) -> TostWelchCases:
    """Many comparisons at once: `reference` (..., n1) and `test` (..., n2), finite and not constant; margins broadcast over the cases."""
    means, parts, n = zip(*(_parts(each) for each in (reference, test)), strict=True)
    variance = parts[0] + parts[1]
    df = variance**2 / (parts[0] ** 2 / (n[0] - 1) + parts[1] ** 2 / (n[1] - 1))
    difference, se = means[1] - means[0], np.sqrt(variance)
    tests = two_one_sided(difference, se, df, lower, upper, alpha)
    return TostWelchCases(difference, se, df, tests.t_lower, tests.t_upper, tests.p_lower, tests.p_upper, tests.p)


def _parts(values: Numbers) -> tuple[Numbers, Numbers, int]:
    """Mean, squared standard error of the mean, and number, over the last axis."""
    mean, sd = mean_and_sd(values)
    return mean, sd**2 / values.shape[-1], values.shape[-1]


def welch_df(sd: tuple[float, float], n: tuple[int, int]) -> float:
    """Welch-Satterthwaite degrees of freedom."""
    parts = [s**2 / m for s, m in zip(sd, n, strict=True)]
    return sum(parts) ** 2 / sum(part**2 / (m - 1) for part, m in zip(parts, n, strict=True))


@method(
    name="tost-welch",
    title="Equivalence of two means, unequal variances (Welch TOST)",
    family="comparability",
    result=TostTwoSampleResult,
    citations=[SCHUIRMANN, Citation("Welch BL (1947) Biometrika 34:28-35")],
    columns=[
        Column("reference", "values before the change, or of the reference"),
        Column("test", "values after the change, or of the test material"),
    ],
    parameters=MARGINS,
    example=Example(
        {"reference": [98.2, 101.4, 95.9, 104.1, 99.8], "test": [103.0, 99.1, 106.2, 102.6]},
        {"lower": -12, "upper": 12},
        y_unit="%",
    ),
    arrays=tost_welch_cases,
)
def tost_welch(*, reference: Series, test: Series, lower: float, upper: float, alpha: float = 0.05) -> TostTwoSampleResult:
    """Whether the mean of `test` is equivalent to that of `reference`: both one-sided Welch tests significant at `alpha`.

    SE = sqrt(s1²/n1 + s2²/n2) with Welch-Satterthwaite degrees of freedom. Equivalent when the larger p-value is below alpha, which is
    the same as the 100(1-2 alpha) % interval lying inside (lower, upper).

    Assumptions: independent batches, normal values; margins fixed before the data.
    """
    check_margins(lower, upper)
    n = (len(reference), len(test))
    means, sds = zip(*(tuple(float(each) for each in mean_and_sd(series.array)) for series in (reference, test)), strict=True)
    if max(sds) == 0:
        raise Degenerate("Neither reference nor test varies: there is no error to hold the difference against. Give unrounded values.")
    se, df = float(np.sqrt(sum(s**2 / m for s, m in zip(sds, n, strict=True)))), welch_df(sds, n)
    found = tost_quantities(means[1] - means[0], se, df, lower, upper, alpha)
    operating = characteristic("the observed SDs", sds[0] or sds[1], (lower, upper), lambda shifts: tost_welch_power(shifts, sds, n, lower, upper, alpha))
    basis = f"Welch TOST, n = {n[0]} and {n[1]}"
    return TostTwoSampleResult(
        **found,
        mean_reference=means[0],
        mean_test=means[1],
        sd_reference=sds[0],
        sd_test=sds[1],
        n_reference=n[0],
        n_test=n[1],
        operating=operating,
        definitions={"standard error": "Welch, variances not pooled", "degrees of freedom": "Welch-Satterthwaite", "sd divisor": "n - 1"},
        assumptions=(INDEPENDENT, MARGIN_FIXED),
        warnings=weakness(operating, (lower, upper)) + _small_group_warning(n, sds),
        sentence=tost_sentence("mean difference (test minus reference)", found, reference.unit, alpha, basis, operating),
    )


def _small_group_warning(n: tuple[int, ...], sd: tuple[float, ...]) -> tuple[str, ...]:
    small, large = (0, 1) if n[0] < n[1] else (1, 0)
    if n[small] * 2 > n[large] or sd[small] < sd[large]:
        return ()
    return ("The smaller group has the larger SD: the Welch test is then slightly liberal (exact size up to about 0.06 for alpha 0.05).",)
