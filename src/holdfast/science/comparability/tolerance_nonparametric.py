"""Tolerance limits from order statistics, whatever the distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE
from ..result import Assumption, Citation, Interval, Result, Sides, reported
from ..series import Series
from ..words import say, share
from .tolerance_interval import CONTENT, ISO, SIDES
from .two_one_sided import INDEPENDENT

WILKS = Citation("Wilks SS (1941) Ann Math Stat 12:91-96")


@dataclass(frozen=True, kw_only=True)
class NonparametricToleranceResult(Result):
    """A tolerance interval between order statistics."""

    interval: Interval = reported("the narrowest symmetric interval between order statistics that reaches the confidence; open when none does", Y)
    rank: int = reported("how many values from each end in use the limits are taken (1: smallest and largest); 0 when none suffices")
    achieved_confidence: float = reported("confidence of that interval; of the widest one when none suffices")
    minimum: float = reported("smallest value", Y)
    maximum: float = reported("largest value", Y)
    min_max_confidence: float = reported("confidence that the widest interval (to the extremes, on the sides in use) holds the content")
    min_max_content: float = reported("content that the widest interval holds with the confidence")
    n_needed: int = reported("number of values with which the extremes reach content and confidence")
    n: int = reported("number of values")


def extremes_confidence(n: int, content: float, lost: int) -> float:
    """Confidence that an interval leaving out `lost` of the n + 1 gaps between order statistics holds the content: its coverage is
    Beta(n + 1 - lost, lost)."""
    return float(special.betaincc(n + 1 - lost, lost, content)) if n >= lost else 0.0


def wilks_number(content: float, confidence: float, sides: str) -> int:
    """The smallest number of values whose extremes hold the content with the confidence: 59 one-sided and 93 two-sided for 95/95."""
    lost = 2 if sides == "two" else 1
    low, high = 1, 2
    while extremes_confidence(high, content, lost) < confidence:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if extremes_confidence(middle, content, lost) >= confidence else (middle, high)
    return high


@method(
    name="tolerance-nonparametric",
    title="Nonparametric tolerance interval (order statistics)",
    family="comparability",
    result=NonparametricToleranceResult,
    citations=[WILKS, ISO],
    columns=[Column("values", "the values")],
    parameters=[CONTENT, CONFIDENCE, SIDES],
    example=Example({"values": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7, 99.0, 101.9, 97.4, 102.2]}, {"content": 0.6, "confidence": 0.9}, y_unit="%"),
)
def tolerance_nonparametric(*, values: Series, content: float = 0.99, confidence: float = 0.95, sides: str = "two") -> NonparametricToleranceResult:
    """Order statistics between which at least `content` of any continuous population lies with `confidence`, and how many values that takes.

    Assumptions: independent values of one continuous distribution.
    """
    x = np.sort(values.array)
    n, per_rank = len(x), 2 if sides == "two" else 1
    rank = 0
    while 2 * (rank + 1) <= n and extremes_confidence(n, content, per_rank * (rank + 1)) >= confidence:
        rank += 1
    at = max(rank, 1)
    reached = extremes_confidence(n, content, per_rank * at)
    needed = wilks_number(content, confidence, sides)
    kept: Sides = "two" if sides == "two" else "lower" if sides == "lower" else "upper"
    low = None if sides == "upper" or rank == 0 else float(x[at - 1])
    high = None if sides == "lower" or rank == 0 else float(x[n - at])
    note = "" if rank else f"{n} values do not suffice; {needed} are needed"
    where = f"between order statistics: {_ends(low, high)}" if rank else f"nowhere yet: {n} values do not suffice, {needed} are needed"
    return NonparametricToleranceResult(
        interval=Interval(low, high, confidence, kind="tolerance", sides=kept, note=note),
        rank=rank,
        achieved_confidence=reached,
        minimum=float(x[0]),
        maximum=float(x[-1]),
        min_max_confidence=extremes_confidence(n, content, per_rank),
        min_max_content=float(special.betaincinv(n + 1 - per_rank, per_rank, 1 - confidence)),
        n_needed=needed,
        n=n,
        decision=None if rank else "too few values",
        definitions={"limits": "the same number of values left out at each end in use", "coverage": "Beta(n + 1 - m, m), m gaps left out"},
        assumptions=(INDEPENDENT, Assumption("Values are from one continuous distribution.")),
        warnings=() if rank else (f"{n} values cannot give this content and confidence without a distribution: {needed} are needed.",),
        sentence=f"With {share(confidence)} confidence, {share(content)} of the population lies {where} (n = {n}, nonparametric).",
    )


def _ends(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"above {say(low)}" if low is not None else f"below {say(high or 0)}"
    return f"{say(low)} to {say(high)}"
