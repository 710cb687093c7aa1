"""Where a mean changed: exact least-squares segmentation (PELT)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y_SQUARED, Y
from ..method import Column, Example, method
from ..parameter import Parameter
from ..refusal import Degenerate
from ..result import Assumption, Citation, Result, reported
from ..series import Numbers, Series
from ..words import say

KILLICK = Citation("Killick R, Fearnhead P, Eckley IA (2012) J Am Stat Assoc 107:1590-1598")


@dataclass(frozen=True)
class Segment:
    """Points first to last (from 1) with one mean."""

    first: int
    last: int
    mean: float = reported("mean", Y)
    sd: float = reported("standard deviation (n-1); nothing of one point", Y)


@dataclass(frozen=True, kw_only=True)
class ChangePointsResult(Result):
    """Segments of constant mean."""

    changes: tuple[int, ...] = reported("last point (from 1) of each segment but the last")
    segments: tuple[Segment, ...] = reported("each segment")
    cost: float = reported("sum of squares within segments", Y_SQUARED)
    penalised: float = reported("cost plus penalties", Y_SQUARED)
    cost_none: float = reported("sum of squares about one mean", Y_SQUARED)
    penalty: float = reported("penalty of a change", Y_SQUARED)
    sigma: float = reported("sigma of the penalty", Y)
    n: int = reported("number of points")


def segment(y: Numbers, penalty: float, least: int) -> list[int]:
    """First points (from 0) of the segments that minimise sum of squares + penalty × changes, each of at least `least` points."""
    n = len(y)
    sums, squares = np.concatenate([[0.0], np.cumsum(y)]), np.concatenate([[0.0], np.cumsum(y * y)])
    best, last = np.full(n + 1, np.inf), np.zeros(n + 1, int)
    best[0] = -penalty
    starts, until = np.array([0]), np.array([n + 1])
    for end in range(least, n + 1):
        kept = until > end
        starts, until = starts[kept], until[kept]
        cost = squares[end] - squares[starts] - (sums[end] - sums[starts]) ** 2 / (end - starts)
        total = best[starts] + cost
        i = int(np.argmin(total))
        best[end], last[end] = total[i] + penalty, starts[i]
        # a start beaten by `end` can win only until a segment from `end` may close
        until = np.where(total > best[end] + 1e-12 * squares[n], np.minimum(until, end + least), until)
        if end - least + 1 >= least:
            starts, until = np.append(starts, end - least + 1), np.append(until, n + 1)
    found = []
    at = n
    while at > 0:
        at = int(last[at])
        found.append(at)
    return sorted(found)


@method(
    name="change-points",
    title="Changes of the mean (PELT)",
    family="control",
    result=ChangePointsResult,
    citations=[KILLICK],
    columns=[Column("values", "the values, in order of production", least=4)],
    parameters=[
        Parameter(
            "sigma",
            "standard deviation between changes; from the median absolute difference of neighbours unless given",
            "positive",
            optional=True,
            dimension=Y,
        ),
        Parameter("penalty", "penalty of a change in sigma²; 2 ln n unless given", "positive", optional=True),
        Parameter("least", "smallest number of points of a segment", "count", 2),
    ],
    example=Example({"values": [10.1, 9.8, 10.3, 9.9, 10.2, 10.0, 11.6, 11.9, 11.4, 11.7, 12.0, 11.5]}, {}, y_unit="g/L"),
    order=True,
)
def change_points(*, values: Series, sigma: float | None = None, penalty: float | None = None, least: int = 2) -> ChangePointsResult:
    """The segments of constant mean that minimise the sum of squares plus a penalty for each change: exact, not greedy.

    Penalty 2 sigma² ln n (an SIC for mean and place of a change). Assumptions: independent normal values of one variance between changes.
    """
    y = values.array
    n = len(y)
    centre = float(y.mean())
    s = sigma if sigma is not None else float(np.median(np.abs(np.diff(y)))) / (math.sqrt(2) * float(special.ndtri(0.75)))
    if s <= 1e-12 * float(np.abs(y).max()):
        raise Degenerate("Neighbouring values do not differ: sigma cannot be estimated. Give sigma.")
    each = (2 * math.log(n) if penalty is None else penalty) * s**2
    starts = segment((y - centre) / s, each / s**2, least)
    parts = [y[a:b] for a, b in zip(starts, [*starts[1:], n], strict=True)]
    segments = tuple(
        Segment(a + 1, a + len(part), float(part.mean()), float(part.std(ddof=1)) if len(part) > 1 else 0.0) for a, part in zip(starts, parts, strict=True)
    )
    cost = float(sum(np.sum((part - part.mean()) ** 2) for part in parts))
    changes = tuple(starts[1:])
    return ChangePointsResult(
        changes=changes,
        segments=segments,
        cost=cost,
        penalised=cost + each * len(changes),
        cost_none=float(np.sum((y - centre) ** 2)),
        penalty=each,
        sigma=s,
        n=n,
        decision="change" if changes else "no change found",
        definitions={
            "cost": "sum of squares about segment means",
            "penalty": f"{each / s**2:.4g} sigma² a change",
            "change": "last point of the earlier segment",
            "sigma": "given" if sigma is not None else "median absolute difference of neighbours / (0.6745 sqrt 2)",
        },
        assumptions=(Assumption("Between changes values are independent, normal and of one variance."),),
        warnings=("A change found by its data needs a cause: look at what happened there.",) if changes else (),
        sentence=(
            f"The mean changed after point{'s' if len(changes) > 1 else ''} "
            f"{', '.join(map(str, changes))}: segment means {', '.join(say(each.mean) for each in segments)} "
            f"{values.unit}"
            if changes
            else "No change of the mean was found"
        )
        + f" (n = {n}).",
    )
