"""A trend in a table row: earlier batches, this one, and the limits, small enough to stand beside a number.

Drawn here and not by Vega, because a page holds twenty of them: a twentieth of a millisecond each instead of fifty.
"""

from __future__ import annotations

from decimal import Decimal

from .figure import Figure
from .point import Limit, Point, edges, placed
from .theme import PALETTE

WIDTH, HEIGHT, EDGE = 136, 30, 5


def sparkline(name: str, attribute: str, points: tuple[Point, ...], limits: tuple[Limit, ...]) -> Figure | None:
    """The figure, with points in the order of manufacture; None when fewer than two values can be placed."""
    marks, lines = placed(points), edges(limits)
    if len(marks) < 2:
        return None
    values = [value for _, value in marks]
    low, high = min([*values, *(v for _, v in lines)]), max([*values, *(v for _, v in lines)])
    across = [EDGE + index * (WIDTH - 2 * EDGE) / (len(marks) - 1) for index in range(len(marks))]
    up = [_height(value, low, high) for value in values]
    parts = [
        f'<path d="M{EDGE - 3} {_height(v, low, high):.1f}H{WIDTH - EDGE + 3}" stroke="{PALETTE["unsure"]}" stroke-dasharray="3 2" fill="none"/>'
        for _, v in lines
    ]
    trace = "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(across, up, strict=True))
    parts.append(f'<path d="M{trace}" stroke="{PALETTE["quiet"]}" stroke-width="1.25" stroke-linejoin="round" fill="none"/>')
    for (point, _), x, y in zip(marks, across, up, strict=True):
        if point.is_this or point.is_censored:
            radius, colour = (3.4, PALETTE["accent"]) if point.is_this else (2.2, PALETTE["quiet"])
            fill = PALETTE["paper"] if point.is_censored else colour
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{colour}" stroke-width="1.25"/>')
    drawing = f'<svg class="spark" xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
    said = f"{len(marks)} batches from {min(values).normalize():f} to {max(values).normalize():f}"
    said += f"; limits: {'; '.join(text for text, _ in lines)}" if lines else "; no numeric limit"
    rows = tuple((p.batch, p.on.isoformat() if p.on else "", p.reported) for p in points)
    return Figure(name, f"Trend of {attribute}", said, ("Batch", "Manufactured", "Reported"), rows, {}, drawing)


def _height(value: Decimal, low: Decimal, high: Decimal) -> float:
    share = float((value - low) / (high - low)) if high > low else 0.5
    return HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)
