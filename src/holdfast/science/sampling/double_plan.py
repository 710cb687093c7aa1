"""Operating characteristic and average sample number of a double plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..method import Example, method
from ..parameter import Parameter
from ..refusal import WrongParameter
from ..result import Assumption, Result, reported
from ..words import say
from .acceptance import DISTRIBUTION, LOT, SCHILLING, OcPoint, accept, check_shares, hypergeometric, mass
from .attribute_oc import GRID, limit_of_quality


@dataclass(frozen=True, kw_only=True)
class DoublePlanResult(Result):
    """What a double plan accepts and costs."""

    points: tuple[OcPoint, ...] = reported("operating characteristic with average sample number")
    decide_first: tuple[float, ...] = reported("probability that the first sample decides, for each share")
    aoql: float = reported("average outgoing quality limit")
    p_aoql: float = reported("share at which it is reached")
    largest_asn: float = reported("largest average sample number over the shares reported")


@method(
    name="double-plan-oc",
    title="Operating characteristic and ASN of a double sampling plan",
    family="sampling",
    result=DoublePlanResult,
    citations=[SCHILLING],
    columns=[],
    parameters=[
        Parameter("n1", "first sample size", "count"),
        Parameter("c1", "first acceptance number", "count", least=0),
        Parameter("r1", "first rejection number", "count"),
        Parameter("n2", "second sample size", "count"),
        Parameter("c2", "acceptance number of both samples together", "count", least=0),
        DISTRIBUTION,
        LOT,
        Parameter("p", "shares of nonconforming items to report", "numbers", GRID),
    ],
    example=Example({}, {"n1": 50, "c1": 0, "r1": 3, "n2": 50, "c2": 3}),
)
def double_plan_oc(
    *, n1: int, c1: int, r1: int, n2: int, c2: int, distribution: str = "binomial", lot_size: int | None = None, p: Sequence[float] = GRID
) -> DoublePlanResult:
    """Accept with at most c1 in the first sample, reject from r1 on, otherwise accept with at most c2 in both; ASN without curtailment."""
    check_shares(p)
    if not c1 < r1 <= c2 + 1:
        raise WrongParameter("The numbers must be c1 < r1 <= c2 + 1.")
    if distribution == "hypergeometric" and lot_size is None:
        raise WrongParameter("The parameter lot_size is missing: a hypergeometric plan needs it.")
    if lot_size is not None and n1 + n2 > lot_size:
        raise WrongParameter(f"The samples of {n1} and {n2} are larger than the lot of {lot_size}.")

    def at(share: float) -> tuple[float, float]:
        first = [mass(d, n1, share, distribution, lot_size) for d in range(r1)]
        later = [first[d] * _second(c2 - d, n2, share, distribution, lot_size, n1, d) for d in range(c1 + 1, r1)]
        return sum(first[: c1 + 1]) + sum(later), sum(first[c1 + 1 :])

    def outgoing(share: float, lot: int | None) -> float:
        pa, _ = at(share)
        if lot is None:
            return share * pa
        once = sum(mass(d, n1, share, distribution, lot) for d in range(c1 + 1))
        return share * (once * (lot - n1) + (pa - once) * (lot - n1 - n2)) / lot

    found = [at(each) for each in p]
    best = limit_of_quality(
        lambda share: np.array([outgoing(float(each), lot_size) for each in np.atleast_1d(share)]).reshape(np.shape(share)),
        lot_size if distribution == "hypergeometric" else None,
    )
    points = []
    for share, (pa, second) in zip(p, found, strict=True):
        once = sum(mass(d, n1, share, distribution, lot_size) for d in range(c1 + 1))
        ati = None if lot_size is None else n1 * once + (n1 + n2) * (pa - once) + lot_size * (1 - pa)
        points.append(OcPoint(share, pa, outgoing(share, lot_size), ati, n1 + n2 * second))
    largest = max(each.asn for each in points)
    return DoublePlanResult(
        points=tuple(points),
        decide_first=tuple(1 - second for _, second in found),
        aoql=best[1],
        p_aoql=best[0],
        largest_asn=largest,
        definitions={"distribution": distribution, "ASN": "without curtailment"},
        assumptions=(Assumption("Both samples are drawn at random."),),
        sentence=f"The double plan ({n1}, {c1}/{r1}; {n2}, {c2}/{c2 + 1}) needs at most {say(largest)} items on average; AOQL {say(100 * best[1])} %.",
    )


def _second(c: int, n: int, p: float, distribution: str, lot: int | None, n1: int, found: int) -> float:
    """The probability that the second sample passes; hypergeometric from what the first one left."""
    if distribution == "hypergeometric":
        return hypergeometric(c, n, max(round(p * (lot or 0)) - found, 0), (lot or 0) - n1)
    return float(accept(c, n, np.array(p), distribution))
