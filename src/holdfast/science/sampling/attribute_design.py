"""The smallest single plan by attributes through two risk points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..method import Example, method
from ..parameter import Parameter
from ..refusal import NoConvergence, WrongParameter
from ..result import Assumption, Result, reported
from ..words import say
from .acceptance import DISTRIBUTION, LOT, SCHILLING, accept

LARGEST = 100_000


@dataclass(frozen=True, kw_only=True)
class AttributeDesignResult(Result):
    """A plan and what it achieves."""

    n: int = reported("sample size")
    c: int = reported("acceptance number")
    r: int = reported("rejection number, c + 1")
    accept_good: float = reported("probability to accept at the producer's risk quality")
    accept_bad: float = reported("probability to accept at the consumer's risk quality")
    producer_risk: float = reported("producer's risk achieved")
    consumer_risk: float = reported("consumer's risk achieved")


RISKS = [
    Parameter("good", "producer's risk quality: share that should be accepted", "probability"),
    Parameter("producer_risk", "largest probability to reject it", "probability", 0.05),
    Parameter("bad", "consumer's risk quality: share that should be rejected", "probability"),
    Parameter("consumer_risk", "largest probability to accept it", "probability", 0.1),
]


@method(
    name="attribute-plan-design",
    title="Single sampling plan by attributes from two risk points",
    family="sampling",
    result=AttributeDesignResult,
    citations=[SCHILLING],
    columns=[],
    parameters=[*RISKS, DISTRIBUTION, LOT],
    example=Example({}, {"good": 0.01, "bad": 0.05}),
)
def attribute_plan_design(
    *, good: float, producer_risk: float = 0.05, bad: float, consumer_risk: float = 0.1, distribution: str = "binomial", lot_size: int | None = None
) -> AttributeDesignResult:
    """The smallest c, and for it the smallest n, with Pa(bad) <= consumer's risk and Pa(good) >= 1 - producer's risk."""
    if good >= bad:
        raise WrongParameter(f"The good share {good:g} is not below the bad share {bad:g}.")
    if distribution == "hypergeometric" and lot_size is None:
        raise WrongParameter("The parameter lot_size is missing: a hypergeometric plan needs it.")

    def passed(c: int, n: int, p: float) -> float:
        return float(accept(c, n, np.array(p), distribution, lot_size))

    most = lot_size or LARGEST
    for c in range(most):
        low, high = c + 1, most
        if passed(c, high, bad) > consumer_risk:
            break
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if passed(c, middle, bad) <= consumer_risk else (middle + 1, high)
        if passed(c, low, good) >= 1 - producer_risk:
            a, b = passed(c, low, good), passed(c, low, bad)
            return AttributeDesignResult(
                n=low,
                c=c,
                r=c + 1,
                accept_good=a,
                accept_bad=b,
                producer_risk=1 - a,
                consumer_risk=b,
                definitions={"distribution": distribution, "smallest": "c first, then n"},
                assumptions=(Assumption("The sample is drawn at random."),),
                sentence=f"n = {low}, c = {c}: accepts {say(100 * good)} % nonconforming with probability {say(a)} and {say(100 * bad)} % with {say(b)}.",
            )
    raise NoConvergence(f"No plan of up to {most} items holds both risks. Move the qualities apart, or allow larger risks.")
