"""Lots of each arm one beside the other, against a range (quality range, tolerance interval) and the registered limits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .chart import Scale, area, drawn, left_axis, mark, number, scale_over, stroke, words
from .figure import Figure
from .point import Limit, Point, edges, placed

WIDTH, TOP, BOTTOM, LEFT, RIGHT = 760, 40, 270, 56, 740
SHAPES = ("circle", "diamond", "square")
COLUMNS = ("Arm", "Lot", "Reported", "Note")


@dataclass(frozen=True)
class Arm:
    """An arm with its results in order; a point with a note (left out, another unit) is drawn hollow."""

    title: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Band:
    """A range and what it is called; an open end is None."""

    name: str
    low: float | None
    high: float | None

    @property
    def said(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{self.name} {number(self.low)} to {number(self.high)}"
        return f"{self.name} from {number(self.low)}" if self.low is not None else f"{self.name} to {number(self.high or 0)}"


def lots_in_range(name: str, attribute: str, unit: str, arms: tuple[Arm, ...], band: Band | None = None, limits: tuple[Limit, ...] = ()) -> Figure | None:
    """The figure; None when no value can be placed."""
    values = [float(value) for arm in arms for _, value in placed(arm.points)]
    if not values:
        return None
    lines = edges(limits)
    ends = [end for end in (band.low, band.high) if end is not None] if band else []
    scale = scale_over([*values, *ends, *(float(value) for _, value in lines)], BOTTOM, TOP)
    parts = [*_band(band, scale), *left_axis(scale, LEFT, RIGHT, f"{attribute}, {unit}" if unit else attribute), *_edges(band, scale), *_limits(lines, scale)]
    parts += _arms(arms, scale)
    rows = tuple((arm.title, point.batch, f"{point.reported} {unit}".rstrip(), point.note) for arm in arms for point in arm.points)
    said = _said(attribute, unit, arms, band, [text for text, _ in lines])
    return Figure(name, f"{attribute} by lot", said, COLUMNS, rows, {"kind": "lots in range", "rows": [list(row) for row in rows]}, drawn(WIDTH, 312, parts))


def _band(band: Band | None, scale: Scale) -> list[str]:
    if band is None:
        return []
    top = scale.at(band.high) if band.high is not None else TOP
    bottom = scale.at(band.low) if band.low is not None else BOTTOM
    return [area(LEFT, top, RIGHT - LEFT, bottom - top)]


def _edges(band: Band | None, scale: Scale) -> list[str]:
    if band is None:
        return []
    ends = [end for end in (band.high, band.low) if end is not None]
    lines = [stroke([(LEFT, scale.at(end)), (RIGHT, scale.at(end))], "accent", 1.5) for end in ends]
    return [*lines, words(LEFT + 6, scale.at(ends[0]) - 6, band.said, "accent", "start", 12, 600)] if ends else []


def _limits(lines: list[tuple[str, Decimal]], scale: Scale) -> list[str]:
    parts = []
    for text, value in lines:
        y = scale.at(float(value))
        parts += [stroke([(LEFT, y), (RIGHT, y)], "unsure", 1.5, "5 4"), words(RIGHT, y - 6, text, "unsure", "end", 12, 600)]
    return parts


def _arms(arms: tuple[Arm, ...], scale: Scale) -> list[str]:
    """Lots at equal steps, a step free between two arms."""
    steps = sum(len(placed(arm.points)) for arm in arms) + len(arms)
    step, at, parts = (RIGHT - LEFT) / steps, 0.5, []
    for index, arm in enumerate(arms):
        marks = placed(arm.points)
        for order, (point, value) in enumerate(marks):
            is_hollow = point.is_censored or bool(point.note)
            x = LEFT + step * (at + order + 0.5)
            parts.append(mark(x, scale.at(float(value)), "accent" if index else "ink", SHAPES[index % len(SHAPES)], is_hollow))
        middle = LEFT + step * (at + len(marks) / 2)
        parts.append(words(middle, BOTTOM + 24, f"{arm.title} ({len(marks)})", "ink", "middle"))
        at += len(marks) + 1
    return parts


def _said(attribute: str, unit: str, arms: tuple[Arm, ...], band: Band | None, limits: list[str]) -> str:
    parts = []
    for arm in arms:
        values = [float(value) for _, value in placed(arm.points)]
        span = f"from {number(min(values))} to {number(max(values))} {unit}".rstrip() if values else "no value"
        parts.append(f"{arm.title}: {len(values)} values, {span}")
    said = f"{attribute}. {'; '.join(parts)}."
    said += f" {band.said[:1].upper()}{band.said[1:]}." if band else ""
    said += f" Registered limits: {'; '.join(limits)}." if limits else " No numeric limit is registered."
    hollow = sum(1 for arm in arms for point in arm.points if point.note or point.is_censored)
    return said + (f" Hollow marks ({hollow}) are left out or censored; the table says which." if hollow else "")
