"""Demonstrating a Ppk: the observed value that is needed, and how often it will be reached."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from ..method import Example, method
from ..parameter import CONFIDENCE, Parameter
from ..result import Assumption, Result, reported
from ..words import say, share
from .capability import CHOU


@dataclass(frozen=True)
class PowerAt:
    """Probability of demonstrating at one true value."""

    true_ppk: float
    power: float


@dataclass(frozen=True, kw_only=True)
class DemonstrationResult(Result):
    """What it takes to show, one limit deciding, that Ppk is at least the one required."""

    required: float = reported("Ppk to be demonstrated")
    observed_needed: float = reported("smallest observed Ppk whose exact lower bound reaches the one required")
    k: float = reported("the same in standard deviations, 3 times that")
    power: tuple[PowerAt, ...] = reported("probability of demonstrating it, by true Ppk")
    power_at_true: float | None = reported("the same at the true Ppk asked about; none without one")
    n_needed: int | None = reported("smallest number of values for 80 % power at that true Ppk; none without one, or beyond 2000")
    n: int = reported("number of values")


def observed_needed(required: float, n: int, confidence: float) -> float:
    """t'(n-1, 3 Ppk sqrt n) at the confidence over 3 sqrt n."""
    return float(special.nctdtrit(n - 1, 3 * required * math.sqrt(n), confidence)) / (3 * math.sqrt(n))


def power(true: float, needed: float, n: int) -> float:
    """P(observed Ppk >= needed) at a true Ppk, one limit deciding."""
    return 1 - float(special.nctdtr(n - 1, 3 * true * math.sqrt(n), 3 * needed * math.sqrt(n)))


@method(
    name="capability-demonstration",
    title="Observed Ppk needed to demonstrate one, with power",
    family="capability",
    result=DemonstrationResult,
    citations=[CHOU],
    columns=[],
    parameters=[
        Parameter("required", "Ppk to be demonstrated", "positive", 1.33),
        Parameter("n", "number of values", "count", 30, least=3),
        Parameter("true", "true Ppk at which the power is wanted", "positive", optional=True),
        CONFIDENCE,
    ],
    example=Example({}, {"required": 1.33, "n": 30, "true": 2.0}),
)
def capability_demonstration(*, required: float = 1.33, n: int = 30, true: float | None = None, confidence: float = 0.95) -> DemonstrationResult:
    """The observed Ppk whose exact lower bound is the one required, and the probability of reaching it. Few values ask for a very high one.

    Noncentral t, one limit deciding. Assumptions: stable process, normal values.
    """
    needed = observed_needed(required, n, confidence)
    at = None if true is None else power(true, needed, n)
    rows = tuple(PowerAt(required * factor, power(required * factor, needed, n)) for factor in (1, 1.1, 1.25, 1.5, 2, 2.5, 3))
    return DemonstrationResult(
        required=required,
        observed_needed=needed,
        k=3 * needed,
        power=rows,
        power_at_true=at,
        n_needed=None if true is None else _smallest(required, true, confidence),
        n=n,
        definitions={"bound": "exact one-sided by the noncentral t"},
        assumptions=(Assumption("The process is stable and values are normal."), Assumption("One limit decides.")),
        warnings=(f"With {n} values a process of Ppk {true:g} demonstrates {required:g} with probability {say(at, 2)} only.",)
        if true is not None and at is not None and at < 0.8
        else (),
        sentence=f"To demonstrate a Ppk of {required:g} at {share(confidence)} with {n} values, {say(needed)} must be observed"
        + ("." if at is None or true is None else f"; a process of true Ppk {true:g} does so with probability {say(at, 3)}."),
    )


def _smallest(required: float, true: float, confidence: float) -> int | None:
    if true <= required:
        return None
    low, high = 2, 2000

    def enough(n: int) -> bool:
        return power(true, observed_needed(required, n, confidence), n) >= 0.8

    if not enough(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
