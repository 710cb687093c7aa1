"""Operating characteristic of a single plan by attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..method import Example, method
from ..parameter import Parameter
from ..result import Assumption, Result, reported
from ..series import Numbers
from ..words import say
from .acceptance import DISTRIBUTION, LOT, SCHILLING, OcPoint, accept, check_plan, check_shares, share_accepted_with

GRID = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2)


@dataclass(frozen=True, kw_only=True)
class AttributeOcResult(Result):
    """What a single plan accepts."""

    points: tuple[OcPoint, ...] = reported("operating characteristic")
    p_95: float = reported("share accepted with probability 0.95 (producer's risk quality)")
    p_50: float = reported("share accepted with probability 0.50 (indifference quality)")
    p_10: float = reported("share accepted with probability 0.10 (consumer's risk quality)")
    aoql: float = reported("average outgoing quality limit")
    p_aoql: float = reported("share at which it is reached")
    n: int = reported("sample size")
    c: int = reported("acceptance number")


@method(
    name="attribute-plan-oc",
    title="Operating characteristic of a single sampling plan by attributes",
    family="sampling",
    result=AttributeOcResult,
    citations=[SCHILLING],
    columns=[],
    parameters=[
        Parameter("n", "sample size", "count"),
        Parameter("c", "acceptance number", "count", 0, least=0),
        DISTRIBUTION,
        LOT,
        Parameter("p", "shares of nonconforming items to report", "numbers", GRID),
    ],
    example=Example({}, {"n": 80, "c": 2, "lot_size": 1000}),
)
def attribute_plan_oc(*, n: int, c: int = 0, distribution: str = "binomial", lot_size: int | None = None, p: Sequence[float] = GRID) -> AttributeOcResult:
    """Accept with at most c nonconforming items among n. AOQ = p Pa (1 - n/N), without the last factor where N is not given; ATI = n + (1 - Pa)(N - n)."""
    check_plan(n, c, lot_size, distribution)
    check_shares(p)
    rest = 1.0 if lot_size is None else 1 - n / lot_size

    def passed(share: Numbers) -> Numbers:
        return accept(c, n, share, distribution, lot_size)

    probabilities = passed(np.array(p, float)).tolist()
    points = tuple(
        OcPoint(float(each), pa, each * pa * rest, None if lot_size is None else n + (1 - pa) * (lot_size - n), float(n))
        for each, pa in zip(p, probabilities, strict=True)
    )
    best = limit_of_quality(lambda share: share * passed(share) * rest, lot_size if distribution == "hypergeometric" else None)
    found = [share_accepted_with(each, c, n, distribution, lot_size) for each in (0.95, 0.5, 0.1)]
    return AttributeOcResult(
        points=points,
        p_95=found[0],
        p_50=found[1],
        p_10=found[2],
        aoql=best[1],
        p_aoql=best[0],
        n=n,
        c=c,
        definitions={"distribution": distribution, "AOQ": "p Pa (1 - n/N)" if lot_size is not None else "p Pa (N large)"},
        assumptions=(
            Assumption("The sample is drawn at random."),
            Assumption("Rejected lots are inspected whole and nonconforming items replaced (AOQ, ATI)."),
        ),
        sentence=f"The plan n = {n}, c = {c} accepts lots with {say(100 * found[0])} % nonconforming items with probability 0.95 and with "
        f"{say(100 * found[2])} % with probability 0.10; AOQL {say(100 * best[1])} %.",
    )


def limit_of_quality(aoq: Callable[[Numbers], Numbers], lot: int | None) -> tuple[float, float]:
    """The share at which the outgoing quality is worst, and that quality: a grid narrowed, or every possible lot."""
    if lot is not None:
        step = max(1, lot // 4000)
        grid = np.arange(0, lot + 1, step) / lot
        values = aoq(grid)
        return float(grid[int(np.argmax(values))]), float(values.max())
    low, high = 0.0, 1.0
    for _ in range(14):
        grid = np.linspace(low, high, 201)
        at = int(np.argmax(aoq(grid)))
        low, high = float(grid[max(at - 1, 0)]), float(grid[min(at + 1, 200)])
    middle = (low + high) / 2
    return middle, float(aoq(np.array(middle)))
