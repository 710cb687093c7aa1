"""Results over time with the fitted line, its bound, the limit, and where the bound meets it (ICH Q1E)."""

from __future__ import annotations

from dataclasses import dataclass

from .chart import bottom_axis, drawn, left_axis, mark, number, scale_over, stroke, words
from .figure import Figure

WIDTH, TOP, BOTTOM, LEFT, RIGHT = 760, 40, 270, 56, 740
SHAPES = ("circle", "diamond", "square")


@dataclass(frozen=True)
class Pull:
    """A result at a time."""

    batch: str
    time: float
    value: float
    reported: str


@dataclass(frozen=True)
class Fit:
    """The line that decides: points (time, line, bound), what it is called, and when the bound meets the limit (None: it does not)."""

    name: str
    course: tuple[tuple[float, float, float], ...]
    meets: float | None


def stability_lines(name: str, attribute: str, units: tuple[str, str], pulls: tuple[Pull, ...], fit: Fit, limits: tuple[float, ...]) -> Figure | None:
    """The figure; `units` are those of the value and of the time. None without a result."""
    if not pulls:
        return None
    times = [pull.time for pull in pulls] + [t for t, _, _ in fit.course] + ([fit.meets] if fit.meets is not None else [])
    values = [pull.value for pull in pulls] + [each for _, line, bound in fit.course for each in (line, bound)] + list(limits)
    across, up = scale_over([0, *times], LEFT, RIGHT, 0.03), scale_over(values, BOTTOM, TOP)
    parts = [*left_axis(up, LEFT, RIGHT, f"{attribute}, {units[0]}".rstrip(", ")), *bottom_axis(across, BOTTOM, f"Time, {units[1]}")]
    for limit in limits:
        said = f"limit {number(limit)}"
        parts += [stroke([(LEFT, up.at(limit)), (RIGHT, up.at(limit))], "unsure", 1.5, "5 4"), words(RIGHT, up.at(limit) - 6, said, "unsure", "end", 12, 600)]
    parts.append(stroke([(across.at(t), up.at(line)) for t, line, _ in fit.course], "ink", 2))
    parts.append(stroke([(across.at(t), up.at(bound)) for t, _, bound in fit.course], "accent", 1.5, "2 3"))
    if fit.meets is not None:
        x = across.at(fit.meets)
        parts += [stroke([(x, TOP), (x, BOTTOM)], "accent", 1.5), words(x - 6, TOP + 10, f"{number(fit.meets)} {units[1]}", "accent", "end", 12, 600)]
    batches = list(dict.fromkeys(pull.batch for pull in pulls))
    parts += [mark(across.at(p.time), up.at(p.value), "accent", SHAPES[batches.index(p.batch) % 3], batches.index(p.batch) >= 3) for p in pulls]
    ends = f"The bound meets the limit at {number(fit.meets)} {units[1]}." if fit.meets is not None else "The bound does not meet a limit."
    said = f"{attribute} of {len(batches)} batches over time, {len(pulls)} results. Solid: {fit.name}; dotted: its bound. {ends}"
    rows = tuple((p.batch, number(p.time), p.reported) for p in pulls)
    columns = ("Batch", f"Time, {units[1]}", "Reported")
    return Figure(name, f"{attribute} over time", said, columns, rows, {"kind": "stability", "course": [list(c) for c in fit.course]}, drawn(WIDTH, 318, parts))
