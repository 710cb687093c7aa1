"""Equivalence of one mean to a target."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dimension import Y
from ..method import Column, Example, method
from ..parameter import Parameter
from ..series import Numbers, Series
from .one_mean import TostOneMeanResult, one_mean_cases, one_mean_result
from .two_one_sided import MARGINS, SCHUIRMANN
from .two_sample import TostCases


def tost_one_sample_cases(*, values: Numbers, target: Any = 0.0, lower: Any, upper: Any) -> TostCases:
    """Many series at once: `values` (..., n); target and margins broadcast over the cases."""
    return one_mean_cases(values - np.asarray(target, float)[..., None], lower, upper)


@method(
    name="tost-one-sample",
    title="Equivalence of a mean to a target (one-sample TOST)",
    family="comparability",
    result=TostOneMeanResult,
    citations=[SCHUIRMANN],
    columns=[Column("values", "the values")],
    parameters=[Parameter("target", "what the mean is held against", default=0.0, dimension=Y), *MARGINS],
    example=Example({"values": [98.2, 101.4, 95.9, 104.1, 99.8]}, {"target": 100, "lower": -5, "upper": 5}, y_unit="%"),
    arrays=tost_one_sample_cases,
)
def tost_one_sample(*, values: Series, target: float = 0.0, lower: float, upper: float, alpha: float = 0.05) -> TostOneMeanResult:
    """Whether the mean of `values` is equivalent to `target`; the margins are differences from the target; n - 1 degrees of freedom.

    Assumptions: independent values, normal; margins fixed before the data.
    """
    return one_mean_result(values.array, target, values.unit, "mean difference from the target", "one-sample TOST", lower=lower, upper=upper, alpha=alpha)
