"""When a bound about a straight line first meets a limit: a quadratic, no search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..dimension import X
from ..result import reported
from ..series import Flags, Numbers

HORIZON = 50.0  # times the last time point, up to which a crossing is searched for
MET, NEVER, BEFORE = "crosses", "does not cross", "outside at time 0"


@dataclass(frozen=True)
class Crossing:
    """A time, or why there is none: the bound never meets the limit, or lies outside it from the beginning."""

    time: float | None = reported("time at which the bound meets the limit", X)
    status: str = reported("crosses, does not cross, or outside at time 0")


def crossing_times(intercept: Any, slope: Any, limit: Any, side: str, half: Any, variance: Any) -> tuple[Numbers, Flags, Flags]:
    """First time from 0 at which line -/+ half·sqrt(v0 + v1 t + v2 t²) meets the limit; arrays broadcast.

    `half` is the critical value times the residual SD and `variance` the three coefficients. Gives the time (NaN where there is none),
    where the bound is outside already at time 0, and where it never crosses. The distance from the limit is concave in time, so that
    from inside it crosses at most once: at the larger root of distance² = half² (v0 + v1 t + v2 t²) on the branch where distance >= 0.
    """
    sign = 1.0 if side == "lower" else -1.0
    a, b = sign * (np.asarray(intercept, float) - limit), sign * np.asarray(slope, float)
    h2 = np.asarray(half, float) ** 2
    v0, v1, v2 = variance
    outside = a - np.sqrt(h2 * v0) <= 0
    q2, q1, q0 = b**2 - h2 * v2, 2 * a * b - h2 * v1, a**2 - h2 * v0
    with np.errstate(invalid="ignore", divide="ignore"):
        root = np.sqrt(q1**2 - 4 * q2 * q0)
        r = -(q1 + np.where(q1 >= 0, root, -root)) / 2
        both = np.stack(np.broadcast_arrays(r / q2, q0 / r))
        reached = np.where((both > 0) & (a + b * both >= -1e-9 * np.abs(a)) & np.isfinite(both), both, np.inf).min(axis=0)
    never = ~outside & ~np.isfinite(reached)
    return np.where(outside | never, np.nan, reached), outside, never


def crossing(time: Numbers, outside: Flags, never: Flags) -> Crossing:
    """One crossing as a value."""
    if bool(outside):
        return Crossing(None, BEFORE)
    return Crossing(None, NEVER) if bool(never) else Crossing(float(time), MET)


def earliest(crossings: dict[str, Crossing]) -> tuple[str, Crossing]:
    """The name and crossing of the first that fails; outside at time 0 comes before everything, never comes last."""
    order = {BEFORE: -1.0, NEVER: float("inf")}
    return min(crossings.items(), key=lambda pair: pair[1].time if pair[1].time is not None else order[pair[1].status])


def first_crossing(distance: Callable[[Numbers], Numbers], last: float) -> Crossing:
    """First time from 0 at which a distance falls to zero: a grid of 1/50 of the last time point and coarser beyond it, then bisection."""
    grid = last * np.concatenate([np.arange(50) / 50, np.geomspace(1, HORIZON, 100)])
    outside = distance(grid) <= 0
    if outside[0]:
        return Crossing(None, BEFORE)
    if not outside.any():
        return Crossing(None, NEVER)
    first = int(np.argmax(outside))
    low, high = float(grid[first - 1]), float(grid[first])
    while high - low > 1e-14 * last:
        points = np.linspace(low, high, 17)
        first = int(np.argmax(distance(points[1:]) <= 0))
        low, high = float(points[first]), float(points[first + 1])
        if first == 0 and high <= np.nextafter(low, np.inf):
            break
    return Crossing((low + high) / 2, MET)
