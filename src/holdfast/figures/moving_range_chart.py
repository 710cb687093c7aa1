"""Moving ranges between one batch and the next, with their upper limit; a range beyond it is a diamond with its word."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from .control_point import ControlLines, ControlPoint
from .figure import Figure
from .theme import PALETTE, specification

COLUMNS = ("Batch", "Moving range", "Beyond its limit")


def moving_range_chart(name: str, attribute: str, unit: str, points: tuple[ControlPoint, ...], lines: ControlLines, digits: int, width: int = 720) -> Figure:
    """The lower half of an I-MR chart: each range stands at the later of its two batches. Written to `digits` after the decimal point."""
    values = [
        {
            "batch": point.batch, "range": float(abs(point.value - before.value)), "fired": point.jumps, "mark": "beyond" if point.jumps else "",
            "said": f"{abs(point.value - before.value)} {unit}".strip(), "from": before.batch,
        }
        for before, point in pairwise(points)
    ]  # fmt: skip
    y = {
        "field": "range", "type": "quantitative", "title": f"Moving range, {unit}" if unit else "Moving range",
        "scale": {"domain": [0, max([lines.upper_range, *(float(v["range"]) for v in values)]) * 1.15]}, "axis": {"tickCount": 4},
    }  # fmt: skip
    layer = [
        *_line(f"upper limit {lines.upper_range:.{digits}f}", lines.upper_range, y, width, 1.5),
        *_line(f"average {lines.average_range:.{digits}f}", lines.average_range, y, width, 1),
        *_marks(len(points), y),
    ]
    spec = specification(title=None, width=width, height=130, padding=8, data={"values": values}, layer=layer)
    beyond = [point.batch for point in points if point.jumps]
    said = f"Difference between each batch and the one before; upper limit {lines.upper_range:.{digits}f} {unit}".rstrip() + "."
    said += f" Beyond it: {', '.join(beyond)}." if beyond else " None is beyond it."
    rows = tuple((str(v["batch"]), str(v["said"]), "yes" if v["fired"] else "no") for v in values)
    return Figure(name, f"{attribute}: moving ranges", said, COLUMNS, rows, spec)


def _line(text: str, value: float, y: dict[str, Any], width: int, thick: float) -> list[dict[str, Any]]:
    data, place = {"values": [{"range": value, "text": text}]}, y
    mark = {"type": "text", "align": "left", "baseline": "middle", "color": PALETTE["quiet"]}
    return [
        {"data": data, "mark": {"type": "rule", "color": PALETTE["quiet"], "strokeWidth": thick}, "encoding": {"y": place}},
        {"data": data, "mark": mark, "encoding": {"y": place, "x": {"value": width + 6}, "text": {"field": "text"}}},
    ]


def _marks(batches: int, y: dict[str, Any]) -> list[dict[str, Any]]:
    x = {"field": "batch", "type": "ordinal", "sort": None, "title": None, "axis": {"labelAngle": -60 if batches > 6 else 0, "grid": False}}
    tooltip = [{"field": "from", "title": "From"}, {"field": "batch", "title": "To"}, {"field": "said", "title": "Moving range"}]
    shape = {"condition": {"test": "datum.fired", "value": "diamond"}, "value": "circle"}
    colour = {"condition": {"test": "datum.fired", "value": PALETTE["bad"]}, "value": PALETTE["accent"]}
    size = {"condition": {"test": "datum.fired", "value": 150}, "value": 40}
    return [
        {"mark": {"type": "line", "color": PALETTE["quiet"], "strokeWidth": 1.25}, "encoding": {"x": x, "y": y}},
        {
            "mark": {"type": "point", "filled": True, "opacity": 1},
            "encoding": {"x": x, "y": y, "shape": shape, "fill": colour, "size": size, "tooltip": tooltip},
        },
        {"mark": {"type": "text", "dy": -12, "fontWeight": 700, "color": PALETTE["bad"]}, "encoding": {"x": x, "y": y, "text": {"field": "mark"}}},
    ]
