"""Equivalence of two means with equal variances: two one-sided pooled t tests."""

from __future__ import annotations

from typing import Any

from ..method import Example, method
from ..series import Numbers, Series
from .two_one_sided import MARGINS, SCHUIRMANN
from .two_sample import COLUMNS, EQUAL, TostCases, TostTwoSampleResult, summary, two_sample_cases, two_sample_result


def tost_pooled_cases(*, reference: Numbers, test: Numbers, lower: Any, upper: Any) -> TostCases:
    """Many comparisons at once: `reference` (..., n1) and `test` (..., n2), finite; margins broadcast over the cases."""
    return two_sample_cases(reference, test, lower, upper, EQUAL)


@method(
    name="tost-pooled",
    title="Equivalence of two means, equal variances (pooled TOST)",
    family="comparability",
    result=TostTwoSampleResult,
    citations=[SCHUIRMANN],
    columns=COLUMNS,
    parameters=MARGINS,
    example=Example(
        {"reference": [98.2, 101.4, 95.9, 104.1, 99.8], "test": [103.0, 99.1, 106.2, 102.6]},
        {"lower": -12, "upper": 12},
        y_unit="%",
    ),
    arrays=tost_pooled_cases,
)
def tost_pooled(*, reference: Series, test: Series, lower: float, upper: float, alpha: float = 0.05) -> TostTwoSampleResult:
    """Whether the mean of `test` is equivalent to that of `reference`, with one pooled variance and n1 + n2 - 2 degrees of freedom.

    Assumptions: independent batches, normal values, the same variance in both groups; margins fixed before the data.
    """
    return two_sample_result(*summary((reference, test)), reference.unit, lower=lower, upper=upper, alpha=alpha, variances=EQUAL)
