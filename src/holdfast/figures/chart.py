"""What the drawings of studies are made of: a scale from values to places, and marks. Places are in pixels, to a tenth."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from .theme import FONT, PALETTE


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` on places from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, most: int = 6) -> list[float]:
        """Round values on the scale, at most so many: 1, 2 or 5 times a power of ten apart."""
        raw = (self.high - self.low) / most
        power = 10.0 ** math.floor(math.log10(raw))
        step = next(power * each for each in (1, 2, 5, 10) if power * each >= raw * (1 - 1e-9))
        first = math.ceil(self.low / step - 1e-9)
        return [round(number * step, 12) for number in range(first, math.floor(self.high / step + 1e-9) + 1)]


def scale_over(values: Iterable[float], start: float, end: float, margin: float = 0.06) -> Scale:
    """A scale that holds every value, with a margin on both sides."""
    found = list(values)
    low, high = min(found), max(found)
    room = (high - low or abs(high) or 1.0) * margin
    return Scale(low - room, high + room, start, end)


def number(value: float) -> str:
    """A value as an axis or a label says it: to four digits."""
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"


def words(x: float, y: float, text: str, colour: str = "ink", anchor: str = "start", size: int = 12, weight: int = 400) -> str:
    """Words at a place."""
    heavy = f' font-weight="{weight}"' if weight != 400 else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}"{heavy} text-anchor="{anchor}" fill="{PALETTE[colour]}">{escape(text)}</text>'


def stroke(points: Sequence[tuple[float, float]], colour: str, width: float = 1.5, dash: str = "") -> str:
    """A line through places."""
    course = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="M{course}" fill="none" stroke="{PALETTE[colour]}" stroke-width="{width}"{dashed}/>'


def area(x: float, y: float, wide: float, tall: float, colour: str = "band") -> str:
    """A filled rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="{PALETTE[colour]}"/>'


def mark(x: float, y: float, colour: str = "accent", shape: str = "circle", is_hollow: bool = False) -> str:
    """A mark at a place: groups differ by shape, what is censored or left out is hollow, so that colour says nothing alone."""
    look = f'fill="{PALETTE["paper" if is_hollow else colour]}" stroke="{PALETTE[colour]}" stroke-width="1.5"'
    if shape == "diamond":
        return f'<path d="M{x:.1f} {y - 5.5:.1f}l5.5 5.5l-5.5 5.5l-5.5 -5.5z" {look}/>'
    if shape == "square":
        return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" {look}/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.2" {look}/>'


def left_axis(scale: Scale, left: float, right: float, title: str) -> list[str]:
    """Grid lines with their values at the left, and the title above them."""
    top = min(scale.start, scale.end)
    found = [words(0, top - 24, title, "quiet", "start", 12)] if title else []
    for tick in scale.ticks():
        y = scale.at(tick)
        found += [stroke([(left, y), (right, y)], "line", 1), words(left - 8, y + 4, number(tick), "quiet", "end")]
    return found


def bottom_axis(scale: Scale, y: float, title: str) -> list[str]:
    """Ticks with their values along the bottom, and the title below."""
    found = [stroke([(scale.start, y), (scale.end, y)], "line", 1)]
    for tick in scale.ticks():
        x = scale.at(tick)
        found += [stroke([(x, y), (x, y + 5)], "line", 1), words(x, y + 19, number(tick), "quiet", "middle")]
    return [*found, words((scale.start + scale.end) / 2, y + 38, title, "quiet", "middle")]


def drawn(width: int, height: int, parts: Iterable[str]) -> str:
    """The parts as one drawing."""
    head = f'<svg class="diagram" xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f"{head} font-family={quoteattr(FONT)}>{''.join(parts)}</svg>"
