"""A reportable result as a figure needs it, and a limit it is drawn against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True)
class Point:
    """One result of one batch. `value` is None for a result in words, which a chart cannot place but its table still shows.

    A censored value stands at its limit and is drawn hollow: `<10` is not 10.
    """

    batch: str
    on: date | None
    reported: str
    value: Decimal | None
    censoring: Literal["none", "less_than", "greater_than"] = "none"
    is_this: bool = False  # the batch that the reader looks at
    note: str = ""

    @property
    def is_censored(self) -> bool:
        return self.censoring != "none"


@dataclass(frozen=True)
class Limit:
    """A limit of a registered specification, with what it is called (`US`, `EU`) and its edges."""

    name: str
    low: Decimal | None = None
    high: Decimal | None = None


def placed(points: tuple[Point, ...]) -> list[tuple[Point, Decimal]]:
    """The points that a chart can place, with their values."""
    return [(point, point.value) for point in points if point.value is not None]


def edges(limits: tuple[Limit, ...]) -> list[tuple[str, Decimal]]:
    """Every edge of the limits once, with the names of those that share it, and whether it is the lower or the upper one."""
    found: dict[tuple[str, Decimal], list[str]] = {}
    for limit in limits:
        for side, value in (("≥", limit.low), ("≤", limit.high)):
            if value is not None:
                found.setdefault((side, value), []).append(limit.name)
    return [(f"{' and '.join(dict.fromkeys(names))} {side} {value}", value) for (side, value), names in found.items()]
