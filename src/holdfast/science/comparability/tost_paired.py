"""Equivalence of two means measured in pairs."""

from __future__ import annotations

from typing import Any

from ..method import Column, Example, method
from ..series import Numbers, Series
from .one_mean import TostOneMeanResult, one_mean_cases, one_mean_result
from .two_one_sided import MARGINS, SCHUIRMANN
from .two_sample import TostCases


def tost_paired_cases(*, reference: Numbers, test: Numbers, lower: Any, upper: Any) -> TostCases:
    """Many comparisons at once: `reference` and `test` (..., n), pair by pair."""
    return one_mean_cases(test - reference, lower, upper)


@method(
    name="tost-paired",
    title="Equivalence of paired means (paired TOST)",
    family="comparability",
    result=TostOneMeanResult,
    citations=[SCHUIRMANN],
    columns=[
        Column("reference", "value by the reference, one a pair", together=True),
        Column("test", "value by the test, of the same sample", together=True),
    ],
    parameters=MARGINS,
    example=Example({"reference": [98.2, 101.4, 95.9, 104.1, 99.8], "test": [99.0, 102.1, 97.2, 103.6, 101.1]}, {"lower": -3, "upper": 3}, y_unit="%"),
    arrays=tost_paired_cases,
)
def tost_paired(*, reference: Series, test: Series, lower: float, upper: float, alpha: float = 0.05) -> TostOneMeanResult:
    """Whether the mean difference within pairs (same sample by two laboratories, split lots) is equivalent to none; n - 1 degrees of freedom.

    Assumptions: pairs independent of each other, normal differences; margins fixed before the data.
    """
    values = test.array - reference.array
    what = "mean difference within pairs (test minus reference)"
    return one_mean_result(values, 0.0, reference.unit, what, "paired TOST", lower=lower, upper=upper, alpha=alpha)
