"""A result on a control chart, and the lines it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class ControlPoint:
    """One result of one batch, with the rules whose pattern it completes (`1`, `MR`); blank: none."""

    batch: str
    on: date | None
    reported: str
    value: Decimal
    rules: tuple[str, ...] = ()

    @property
    def run_rules(self) -> tuple[str, ...]:
        """The rules of the chart of single values: without that of the moving range."""
        return tuple(rule for rule in self.rules if rule != "MR")

    @property
    def jumps(self) -> bool:
        return "MR" in self.rules


@dataclass(frozen=True)
class ControlLines:
    """Limits of single values and of their moving ranges, in the unit of the points; `baseline`: how many points they come from."""

    centre: float
    lower: float
    upper: float
    average_range: float
    upper_range: float
    baseline: int
