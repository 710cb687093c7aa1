"""A control chart in a table row: limits as a band, signals as diamonds, censored results hollow. Drawn here, because a page holds forty of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .figure import Figure
from .theme import PALETTE

WIDTH, HEIGHT, EDGE = 168, 36, 6


@dataclass(frozen=True)
class SparkPoint:
    """A result of the row: its value, whether it is only a limit of measuring, and whether a rule fired there."""

    batch: str
    reported: str
    value: Decimal
    is_censored: bool = False
    is_signal: bool = False


def control_spark(name: str, attribute: str, points: tuple[SparkPoint, ...], band: tuple[float, float] | None) -> Figure | None:
    """The figure, points in order of manufacture; `band` are the control limits, None where there are none. None when there are fewer than two points."""
    if len(points) < 2:
        return None
    values = [float(point.value) for point in points]
    low, high = min([*values, *(band or ())]), max([*values, *(band or ())])
    across = [EDGE + index * (WIDTH - 2 * EDGE) / (len(points) - 1) for index in range(len(points))]
    up = [_height(value, low, high) for value in values]
    parts = [_band(band, low, high)] if band else []
    trace = "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(across, up, strict=True))
    parts.append(f'<path d="M{trace}" stroke="{PALETTE["quiet"]}" stroke-width="1.25" stroke-linejoin="round" fill="none"/>')
    parts += [_mark(point, x, y) for point, x, y in zip(points, across, up, strict=True)]
    drawing = f'<svg class="spark" xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
    return Figure(name, f"Trend of {attribute}", _said(points, values, band), ("Batch", "Reported"), tuple((p.batch, p.reported) for p in points), {}, drawing)


def _band(band: tuple[float, float], low: float, high: float) -> str:
    top, bottom = _height(band[1], low, high), _height(band[0], low, high)
    return f'<rect x="0" y="{top:.1f}" width="{WIDTH}" height="{max(bottom - top, 1):.1f}" fill="{PALETTE["band"]}"/>'


def _mark(point: SparkPoint, x: float, y: float) -> str:
    if point.is_signal:
        return f'<path d="M{x:.1f} {y - 4.5:.1f}l4.5 4.5-4.5 4.5-4.5-4.5z" fill="{PALETTE["bad"]}"/>'
    fill = PALETTE["paper"] if point.is_censored else PALETTE["quiet"]
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{fill}" stroke="{PALETTE["quiet"]}" stroke-width="1.1"/>'


def _said(points: tuple[SparkPoint, ...], values: list[float], band: tuple[float, float] | None) -> str:
    said = f"{len(points)} batches from {min(values):g} to {max(values):g}"
    censored, signals = sum(point.is_censored for point in points), sum(point.is_signal for point in points)
    said += f", {censored} of them beyond what could be measured" if censored else ""
    return said + (f"; control limits {band[0]:.4g} to {band[1]:.4g}, {signals} outside their pattern" if band else "; no control limits")


def _height(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)
