"""One mean against margins: what the one-sample and the paired test have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..dimension import Y
from ..moments import mean_and_sd
from ..refusal import Degenerate
from ..result import reported
from ..series import Numbers
from .operating import characteristic, tost_power
from .two_one_sided import INDEPENDENT, MARGIN_FIXED, TostResult, check_margins, tost_quantities, tost_sentence, two_one_sided, weakness
from .two_sample import TostCases


@dataclass(frozen=True, kw_only=True)
class TostOneMeanResult(TostResult):
    """Equivalence of one mean of values or of differences."""

    mean: float = reported("mean of the values, or of the differences", Y)
    sd: float = reported("standard deviation of the values, or of the differences (n-1)", Y)
    n: int = reported("number of values, or of pairs")


def one_mean_cases(values: Numbers, lower: Any, upper: Any) -> TostCases:
    """Many series at once: `values` (..., n) are differences from what they are held against."""
    mean, sd = mean_and_sd(values)
    if not np.all(sd > 0):
        raise Degenerate("In some cases the values do not vary: there is no error to hold the mean against. Leave those cases out.")
    n = values.shape[-1]
    se, df = sd / np.sqrt(n), np.full_like(sd, n - 1)
    tests = two_one_sided(mean, se, df, lower, upper)
    return TostCases(mean, se, df, tests.t_lower, tests.t_upper, tests.p_lower, tests.p_upper, tests.p)


def one_mean_result(values: Numbers, origin: float, unit: str, what: str, name: str, *, lower: float, upper: float, alpha: float) -> TostOneMeanResult:
    """The whole result; `origin` is what the mean is held against, `what` the estimate in words and `name` the test."""
    check_margins(lower, upper)
    mean, sd = (float(each) for each in mean_and_sd(values))
    if sd == 0:
        raise Degenerate(f"All {len(values)} values are equal: there is no error to hold the mean against. Give unrounded values.")
    n = len(values)
    se = sd / float(np.sqrt(n))
    found = tost_quantities(mean - origin, se, n - 1, lower, upper, alpha)
    operating = characteristic("the observed SD", sd, (lower, upper), lambda shifts: tost_power(shifts, se, n - 1, lower, upper, alpha))
    return TostOneMeanResult(
        **found,
        mean=mean,
        sd=sd,
        n=n,
        operating=operating,
        definitions={"degrees of freedom": "n - 1", "sd divisor": "n - 1"},
        assumptions=(INDEPENDENT, MARGIN_FIXED),
        warnings=weakness(operating, (lower, upper)),
        sentence=tost_sentence(what, found, unit, alpha, f"{name}, n = {n}", operating),
    )
