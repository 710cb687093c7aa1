"""An attribute over batches in the order they were made, against every registered limit."""

from __future__ import annotations

from typing import Any

from .figure import Figure
from .point import Limit, Point, edges, placed
from .theme import PALETTE, specification

COLUMNS = ("Batch", "Manufactured", "Reported", "Note")


def trend(attribute: str, unit: str, points: tuple[Point, ...], limits: tuple[Limit, ...], width: int = 760, height: int = 300) -> Figure | None:
    """The figure with points in the order given; None when no value can be placed. Hollow marks are censored, a large one is the reader's batch."""
    marks, lines = placed(points), edges(limits)
    if not marks:
        return None
    values: list[dict[str, Any]] = [
        {
            "order": index + 1,
            "batch": point.batch,
            "made": point.on.isoformat() if point.on else "not recorded",
            "value": float(value),
            "reported": f"{point.reported} {unit}".strip(),
            "censored": point.is_censored,
            "this": point.is_this,
        }
        for index, (point, value) in enumerate(marks)
    ]
    numbers = [v["value"] for v in values] + [float(v) for _, v in lines]
    margin = (max(numbers) - min(numbers) or 1) * 0.08
    x = {"field": "batch", "type": "ordinal", "sort": None, "title": None, "axis": {"labelAngle": -60 if len(marks) > 8 else 0, "grid": False}}
    y: dict[str, Any] = {
        "field": "value",
        "type": "quantitative",
        "title": f"{attribute}, {unit}" if unit else attribute,
        "scale": {"domain": [min(numbers) - margin, max(numbers) + margin], "zero": False, "nice": True},
    }
    spec = specification(title=None, width=width, height=height, padding=8, data={"values": values}, layer=[*_limits(lines, width, y["scale"]), *_marks(x, y)])
    return Figure("trend", f"{attribute} by batch", _said(attribute, unit, points, lines), COLUMNS, _rows(points), spec)


def _limits(lines: list[tuple[str, Any]], width: int, scale: dict[str, Any]) -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = []
    for text, value in lines:
        data = {"values": [{"limit": float(value), "text": text}]}
        y = {"field": "limit", "type": "quantitative", "scale": scale}
        layers.append({"data": data, "mark": {"type": "rule", "color": PALETTE["unsure"], "strokeDash": [5, 4], "strokeWidth": 1.5}, "encoding": {"y": y}})
        mark = {"type": "text", "align": "right", "dy": -7, "color": PALETTE["unsure"], "fontWeight": 600}
        layers.append({"data": data, "mark": mark, "encoding": {"y": y, "x": {"value": width}, "text": {"field": "text"}}})
    return layers


def _marks(x: dict[str, Any], y: dict[str, Any]) -> list[dict[str, Any]]:
    fill = {"condition": {"test": "datum.censored", "value": PALETTE["paper"]}, "value": PALETTE["accent"]}
    tooltip = [{"field": "batch", "title": "Batch"}, {"field": "reported", "title": "Reported"}, {"field": "made", "title": "Manufactured"}]
    point = {
        "params": [{"name": "zoom", "select": {"type": "interval", "encodings": ["y"]}, "bind": "scales"}],
        "mark": {"type": "point", "filled": False, "strokeWidth": 1.75, "stroke": PALETTE["accent"], "opacity": 1},
        "encoding": {"x": x, "y": y, "fill": fill, "size": {"condition": {"test": "datum.this", "value": 190}, "value": 55}, "tooltip": tooltip},
    }
    return [{"mark": {"type": "line", "color": PALETTE["quiet"], "strokeWidth": 1.25}, "encoding": {"x": x, "y": y}}, point]


def _said(attribute: str, unit: str, points: tuple[Point, ...], lines: list[tuple[str, Any]]) -> str:
    values = [value for _, value in placed(points)]
    said = (
        f"{attribute} of {len(values)} batches in the order they were made: from {min(values).normalize():f} to {max(values).normalize():f} {unit}".strip()
        + "."
    )
    this = next((p for p in points if p.is_this), None)
    said += f" {this.batch}: {this.reported} {unit}".rstrip() + "." if this else ""
    said += f" Limits: {'; '.join(text for text, _ in lines)}." if lines else " No numeric limit is registered."
    words = sum(1 for point in points if point.value is None)
    return said + (f" {words} reported in words stand in the table only." if words else "")


def _rows(points: tuple[Point, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple((p.batch, p.on.isoformat() if p.on else "not recorded", p.reported, p.note) for p in points)
