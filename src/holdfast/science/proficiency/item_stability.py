"""Stability of proficiency test items (ISO 13528)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..dimension import Y
from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..parameter import Parameter
from ..result import Assumption, Result, reported
from ..series import Series
from ..words import say
from .consensus import source


@dataclass(frozen=True, kw_only=True)
class ItemStabilityResult(Result):
    """The difference of two means against 0.3 sigma."""

    difference: float = reported("mean after minus mean before", Y)
    absolute_difference: float = reported("its size", Y)
    mean_before: float = reported("mean before", Y)
    mean_after: float = reported("mean after", Y)
    u_before: float = reported("standard uncertainty of the mean before", Y)
    u_after: float = reported("standard uncertainty of the mean after", Y)
    criterion: float = reported("0.3 sigma", Y)
    stable: bool = reported("whether the difference is at most 0.3 sigma")
    expanded_criterion: float = reported("0.3 sigma + 2 sqrt(u_before² + u_after²)", Y)
    stable_expanded: bool = reported("whether the difference is at most the expanded criterion")
    n_before: int = reported("results before")
    n_after: int = reported("results after")


@method(
    name="item-stability",
    title="Stability of items (ISO 13528)",
    family="proficiency",
    result=ItemStabilityResult,
    citations=[source("Annex B.4 and B.5")],
    columns=[Column("before", "result before (homogeneity check)"), Column("after", "result after")],
    parameters=[Parameter("sigma_pt", "standard deviation for proficiency assessment", "positive", dimension=Y)],
    example=Example({"before": [10.1, 10.3, 9.9, 10.0, 10.4, 10.2], "after": [10.0, 10.2, 9.9, 10.1]}, {"sigma_pt": 0.6}, y_unit="mg/L"),
)
def item_stability(*, before: Series, after: Series, sigma_pt: float) -> ItemStabilityResult:
    """Stable where |mean after - mean before| <= 0.3 sigma; the expanded criterion adds twice the uncertainty of the difference."""
    (m1, s1), (m2, s2) = (mean_and_sd(each.array) for each in (before, after))
    u1, u2 = float(s1) / math.sqrt(len(before)), float(s2) / math.sqrt(len(after))
    size, limit = abs(float(m2 - m1)), 0.3 * sigma_pt
    expanded = limit + 2 * math.hypot(u1, u2)
    return ItemStabilityResult(
        difference=float(m2 - m1),
        absolute_difference=size,
        mean_before=float(m1),
        mean_after=float(m2),
        u_before=u1,
        u_after=u2,
        criterion=limit,
        stable=size <= limit,
        expanded_criterion=expanded,
        stable_expanded=size <= expanded,
        n_before=len(before),
        n_after=len(after),
        decision="stable" if size <= limit else "stable by the expanded criterion" if size <= expanded else "not demonstrated",
        definitions={"criterion": "|difference| <= 0.3 sigma"},
        assumptions=(Assumption("Both were measured by one laboratory and method under repeatability conditions."),),
        sentence=f"The means differed by {say(size)}, {'within' if size <= limit else 'more than'} 0.3 sigma = {say(limit)}; the expanded criterion is {say(expanded)}.",
    )
