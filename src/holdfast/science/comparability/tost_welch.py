"""Equivalence of two means with unequal variances: two one-sided Welch tests."""

from __future__ import annotations

from typing import Any

from ..method import Example, method
from ..result import Citation
from ..series import Numbers, Series
from .two_one_sided import MARGINS, SCHUIRMANN
from .two_sample import COLUMNS, UNEQUAL, TostCases, TostTwoSampleResult, summary, two_sample_cases, two_sample_result

WELCH = Citation("Welch BL (1947) Biometrika 34:28-35")


def tost_welch_cases(*, reference: Numbers, test: Numbers, lower: Any, upper: Any) -> TostCases:
    """Many comparisons at once: `reference` (..., n1) and `test` (..., n2), finite; margins broadcast over the cases."""
    return two_sample_cases(reference, test, lower, upper, UNEQUAL)


@method(
    name="tost-welch",
    title="Equivalence of two means, unequal variances (Welch TOST)",
    family="comparability",
    result=TostTwoSampleResult,
    citations=[SCHUIRMANN, WELCH],
    columns=COLUMNS,
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
    return two_sample_result(*summary((reference, test)), reference.unit, lower=lower, upper=upper, alpha=alpha, variances=UNEQUAL)
