"""Estimates with their intervals against their margins, one row an attribute. Each row has its own unit, so margins are drawn one above the other."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .chart import area, drawn, mark, number, stroke, words
from .figure import Figure

WIDTH, HEAD, ROW, LEFT, RIGHT = 640, 40, 52, 0, 320
AT_LOW, AT_HIGH = LEFT + 80, RIGHT - 80  # where every row's margins lie
COLUMNS = ("Attribute", "Estimate", "Interval from", "Interval to", "Level", "Lower margin", "Upper margin", "Unit", "Answer")


@dataclass(frozen=True)
class Estimate:
    """An estimate with its interval and margins. `is_log` draws a ratio on a logarithmic scale; `is_aside` is a second look, drawn hollow."""

    name: str
    unit: str
    estimate: float
    low: float
    high: float
    confidence: float
    margin_low: float
    margin_high: float
    answer: str
    is_log: bool = False
    is_aside: bool = False

    def place(self, value: float) -> float:
        """Where a value lies, with the lower margin at `AT_LOW` and the upper at `AT_HIGH`."""
        value, low, high = (math.log(each) if self.is_log else each for each in (value, self.margin_low, self.margin_high))
        return AT_LOW + (value - low) / (high - low) * (AT_HIGH - AT_LOW)


def equivalence_forest(estimates: tuple[Estimate, ...]) -> Figure | None:
    """The figure, rows in the order given; None without a row. An interval that leaves the drawing ends in an arrow."""
    if not estimates:
        return None
    height = HEAD + ROW * len(estimates) + 30
    bottom = HEAD + ROW * len(estimates)
    parts = [words(x, HEAD - 4, said, "unsure", "middle", 12, 600) for x, said in ((AT_LOW, "lower margin"), (AT_HIGH, "upper margin"))]
    for index, each in enumerate(estimates):
        parts += _row(each, HEAD + ROW * index + 32)
    parts.append(words((AT_LOW + AT_HIGH) / 2, bottom + 20, "each row in its own unit", "quiet", "middle"))
    title = "Estimates and intervals against their margins"
    rows = tuple(_cells(each) for each in estimates)
    return Figure("forest", title, " ".join(_said(each) for each in estimates), COLUMNS, rows, _specification(estimates), drawn(WIDTH, height, parts))


def _row(each: Estimate, y: float) -> list[str]:
    start, end = (each.place(value) for value in (each.low, each.high))
    inside = (max(start, LEFT), min(end, RIGHT))
    colour = "quiet" if each.is_aside else "ink"
    margin = [stroke([(x, y - 10), (x, y + 10)], "unsure", 2, "4 2") for x in (AT_LOW, AT_HIGH)]
    parts = [
        area(AT_LOW, y - 10, AT_HIGH - AT_LOW, 20),
        *margin,
        words(LEFT, y - 14, f"{each.name[:40]}: {each.answer}", "ink", "start", 12, 400 if each.is_aside else 650),
    ]
    parts.append(stroke([(inside[0], y), (inside[1], y)], colour, 2))
    parts.append(stroke([(LEFT + 7, y - 5), (LEFT, y), (LEFT + 7, y + 5)] if start < LEFT else [(start, y - 5), (start, y + 5)], colour, 2))
    parts.append(stroke([(RIGHT - 7, y - 5), (RIGHT, y), (RIGHT - 7, y + 5)] if end > RIGHT else [(end, y - 5), (end, y + 5)], colour, 2))
    if LEFT <= each.place(each.estimate) <= RIGHT:
        parts.append(mark(each.place(each.estimate), y, "quiet" if each.is_aside else "accent", "diamond", each.is_aside))
    text = f"{number(each.estimate)} ({number(each.low)} to {number(each.high)}) {each.unit}".rstrip()
    margins = f"margins {number(each.margin_low)} to {number(each.margin_high)}"
    return [*parts, words(RIGHT + 18, y - 2, text), words(RIGHT + 18, y + 14, margins, "quiet")]


def _said(each: Estimate) -> str:
    level = f"{100 * each.confidence:.4g} %"
    return (
        f"{each.name}: {number(each.estimate)} {each.unit}".rstrip()
        + f", {level} interval {number(each.low)} to {number(each.high)}, margins {number(each.margin_low)} to {number(each.margin_high)}: {each.answer}."
    )


def _cells(each: Estimate) -> tuple[str, ...]:
    numbers = (each.estimate, each.low, each.high)
    return (
        each.name,
        *(number(value) for value in numbers),
        f"{100 * each.confidence:.4g} %",
        number(each.margin_low),
        number(each.margin_high),
        each.unit,
        each.answer,
    )


def _specification(estimates: tuple[Estimate, ...]) -> dict[str, object]:
    return {"kind": "equivalence forest", "rows": [vars(each) for each in estimates]}
