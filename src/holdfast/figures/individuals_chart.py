"""Single values over batches with control limits, registered limits, and each signal as a diamond with its rule's number."""

from __future__ import annotations

from typing import Any

from .control_point import ControlLines, ControlPoint
from .figure import Figure
from .point import Limit, edges
from .theme import PALETTE, specification

COLUMNS = ("Batch", "Manufactured", "Reported", "Rules fired")


def individuals_chart(
    name: str, attribute: str, unit: str, points: tuple[ControlPoint, ...], lines: ControlLines, limits: tuple[Limit, ...], digits: int, width: int = 720
) -> Figure:
    """The upper half of an I-MR chart, points in order of manufacture. Control limits are written to `digits` after the decimal point."""
    registered = edges(limits)
    reach = [float(point.value) for point in points] + [lines.lower, lines.upper] + [float(value) for _, value in registered]
    margin = (max(reach) - min(reach) or 1) * 0.1
    y = {
        "field": "value", "type": "quantitative", "title": f"{attribute}, {unit}" if unit else attribute,
        "scale": {"domain": [min(reach) - margin, max(reach) + margin], "zero": False, "nice": False},
    }  # fmt: skip
    control = [("upper limit", lines.upper), ("centre", lines.centre), ("lower limit", lines.lower)]
    layer = [
        *(layer for text, value in control for layer in _control(f"{text} {value:.{digits}f}", value, y, width, text == "centre")),
        *(layer for text, edge in registered for layer in _registered(text, float(edge), y)),
        *_marks(points, unit, y),
    ]
    spec = specification(title=None, width=width, height=280, padding=8, data={"values": _values(points, unit)}, layer=layer)
    return Figure(name, f"{attribute} by batch, single values", _said(attribute, unit, points, lines, registered, digits), COLUMNS, _rows(points), spec)


def _values(points: tuple[ControlPoint, ...], unit: str) -> list[dict[str, Any]]:
    return [
        {
            "batch": point.batch, "made": point.on.isoformat() if point.on else "not recorded", "value": float(point.value),
            "reported": f"{point.reported} {unit}".strip(), "rules": ", ".join(point.run_rules), "fired": bool(point.run_rules),
            "mark": f"rule {', '.join(point.run_rules)}" if point.run_rules else "",
        }
        for point in points
    ]  # fmt: skip


def _control(text: str, value: float, y: dict[str, Any], width: int, is_centre: bool) -> list[dict[str, Any]]:
    data, place = {"values": [{"value": value, "text": text}]}, y
    rule = {"type": "rule", "color": PALETTE["quiet"], "strokeWidth": 1 if is_centre else 1.5}
    mark = {"type": "text", "align": "left", "baseline": "middle", "color": PALETTE["quiet"]}
    return [
        {"data": data, "mark": rule, "encoding": {"y": place}},
        {"data": data, "mark": mark, "encoding": {"y": place, "x": {"value": width + 6}, "text": {"field": "text"}}},
    ]


def _registered(text: str, value: float, y: dict[str, Any]) -> list[dict[str, Any]]:
    data, place = {"values": [{"value": value, "text": text}]}, y
    mark = {"type": "text", "align": "left", "dy": -7, "color": PALETTE["unsure"], "fontWeight": 600}
    return [
        {"data": data, "mark": {"type": "rule", "color": PALETTE["unsure"], "strokeDash": [5, 4], "strokeWidth": 1.5}, "encoding": {"y": place}},
        {"data": data, "mark": mark, "encoding": {"y": place, "x": {"value": 4}, "text": {"field": "text"}}},
    ]


def _marks(points: tuple[ControlPoint, ...], unit: str, y: dict[str, Any]) -> list[dict[str, Any]]:
    x = {"field": "batch", "type": "ordinal", "sort": None, "title": None, "axis": {"labelAngle": -60 if len(points) > 6 else 0, "grid": False}}
    tooltip = [{"field": name, "title": title} for name, title in (("batch", "Batch"), ("reported", "Reported"), ("made", "Manufactured"), ("rules", "Rules"))]
    shape = {"condition": {"test": "datum.fired", "value": "diamond"}, "value": "circle"}
    colour = {"condition": {"test": "datum.fired", "value": PALETTE["bad"]}, "value": PALETTE["accent"]}
    size = {"condition": {"test": "datum.fired", "value": 170}, "value": 55}
    return [
        {"mark": {"type": "line", "color": PALETTE["quiet"], "strokeWidth": 1.25}, "encoding": {"x": x, "y": y}},
        {
            "mark": {"type": "point", "filled": True, "opacity": 1},
            "encoding": {"x": x, "y": y, "shape": shape, "fill": colour, "size": size, "tooltip": tooltip},
        },
        {
            "mark": {"type": "text", "dy": -14, "fontWeight": 700, "color": PALETTE["bad"]},
            "encoding": {"x": x, "y": y, "text": {"field": "mark"}},
        },
    ]  # fmt: skip


def _said(attribute: str, unit: str, points: tuple[ControlPoint, ...], lines: ControlLines, registered: list[tuple[str, Any]], digits: int) -> str:
    said = (
        f"{attribute} of {len(points)} batches in the order they were made. Control limits {lines.lower:.{digits}f} to {lines.upper:.{digits}f} {unit}".rstrip()
        + f" about {lines.centre:.{digits}f}, from {'all of them' if lines.baseline == len(points) else f'the first {lines.baseline}'}."
    )
    said += f" Registered: {'; '.join(text for text, _ in registered)}." if registered else " No numeric limit is registered."
    fired = [f"{point.batch} (rule {', '.join(point.run_rules)})" for point in points if point.run_rules]
    return said + (f" Signals: {', '.join(fired)}." if fired else " No run rule fired.")


def _rows(points: tuple[ControlPoint, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple((p.batch, p.on.isoformat() if p.on else "not recorded", p.reported, ", ".join(p.run_rules) or "none") for p in points)
