"""How many batches an equivalence test needs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..method import Example, method
from ..parameter import ALPHA, Parameter
from ..refusal import WrongParameter
from ..result import Assumption, Result, reported
from ..words import say
from .tost_power import ATTRIBUTES, DESIGN, OWEN, PHILLIPS, POOLED, SD, SD_TEST, SHIFT, WELCH, power
from .two_one_sided import LOWER, MARGIN_FIXED, UPPER, check_margins

LARGEST = 100_000


@dataclass(frozen=True, kw_only=True)
class TostSampleSizeResult(Result):
    """The smallest design that reaches a power."""

    n_reference: int = reported("smallest number of reference values (of pairs, of values)")
    n_test: int = reported("number of test values at that design; 0 for one sample or pairs")
    n_total: int = reported("both together")
    power: float = reported("power reached, each attribute")
    joint_power: float = reported("probability that all attributes pass")
    power_one_fewer: float | None = reported("power with one value fewer in the reference; none at the smallest design possible")
    target: float = reported("power asked for, of all attributes together")


@method(
    name="tost-sample-size",
    title="Sample size of an equivalence test of means (exact)",
    family="comparability",
    result=TostSampleSizeResult,
    citations=[OWEN, PHILLIPS],
    columns=[],
    parameters=[
        DESIGN,
        Parameter("target", "probability with which all attributes must pass at the assumed shift", "probability", 0.8),
        Parameter("ratio", "test values for each reference value", "positive", 1.0),
        SD,
        SD_TEST,
        LOWER,
        UPPER,
        SHIFT,
        ATTRIBUTES,
        ALPHA,
    ],
    example=Example({}, {"sd": 1.0, "lower": -1.5, "upper": 1.5}),
)
def tost_sample_size(
    *,
    design: str = POOLED,
    target: float = 0.8,
    ratio: float = 1.0,
    sd: float,
    sd_test: float | None = None,
    lower: float,
    upper: float,
    shift: float = 0.0,
    attributes: int = 1,
    alpha: float = 0.05,
) -> TostSampleSizeResult:
    """The smallest number of values with which equivalence is concluded at the target probability, when the true shift is as assumed.

    Assumptions: normal values, the standard deviations as given; attributes independent of each other.
    """
    check_margins(lower, upper)
    if not lower < shift < upper:
        raise WrongParameter(f"The assumed shift {shift:g} is not inside the margins: no number of batches reaches a power. Assume a smaller one.")

    def at(n: int) -> float:
        return float(power(design, _both(design, n, ratio), (sd, sd_test or sd), np.array([shift]), lower, upper, alpha)[0])

    found = smallest(lambda n: at(n) ** attributes >= target)
    n = _both(design, found, ratio)
    reached = at(found)
    return TostSampleSizeResult(
        n_reference=n[0],
        n_test=n[1],
        n_total=sum(n),
        power=reached,
        joint_power=reached**attributes,
        power_one_fewer=at(found - 1) if found > 2 else None,
        target=target,
        definitions={"power": "exact by quadrature", "design": design},
        assumptions=(MARGIN_FIXED, Assumption("Values are normal with the standard deviations assumed.")),
        sentence=f"A {design} TOST with margins {say(lower)} to {say(upper)} needs {n[0]}{f' reference and {n[1]} test' if n[1] else ''} values to conclude "
        f"equivalence of {attributes if attributes > 1 else 'one'} attribute{'s' if attributes > 1 else ''} with probability {say(target)} "
        f"(reached: {say(reached**attributes, 3)}) at a true difference of {say(shift)}.",
    )


def _both(design: str, n: int, ratio: float) -> tuple[int, int]:
    return (n, max(2, math.ceil(n * ratio - 1e-9))) if design in {POOLED, WELCH} else (n, 0)


def smallest(reached: Callable[[int], bool]) -> int:
    """The smallest n of at least 2 for which `reached(n)`, which once true stays true: doubling, then halving. Raises `WrongParameter` beyond 100 000."""
    high = 2
    while not reached(high):
        if high >= LARGEST:
            raise WrongParameter("More than 100 000 values would be needed. Widen the margins, or lower the power asked for.")
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
