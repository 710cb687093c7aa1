"""Difference of each pair against its mean, with the bias and the limits of agreement (Bland and Altman)."""

from __future__ import annotations

from .chart import bottom_axis, drawn, left_axis, mark, number, scale_over, stroke, words
from .figure import Figure

WIDTH, TOP, BOTTOM, LEFT, RIGHT = 760, 40, 270, 56, 640


def bland_altman(name: str, attribute: str, unit: str, pairs: tuple[tuple[str, float, float], ...], bias: float, limits: tuple[float, float]) -> Figure | None:
    """The figure of pairs (lot, mean, difference); None without a pair. The three lines are named at the right."""
    if not pairs:
        return None
    low, high = limits
    across = scale_over([mean for _, mean, _ in pairs], LEFT, RIGHT)
    up = scale_over([*(difference for _, _, difference in pairs), low, high, 0.0], BOTTOM, TOP)
    in_unit = f", {unit}" if unit else ""
    parts = [*left_axis(up, LEFT, RIGHT, f"Difference, test minus reference{in_unit}"), *bottom_axis(across, BOTTOM, f"Mean of the pair{in_unit}")]
    for value, said, dash in ((bias, "bias", ""), (low, "lower limit", "5 4"), (high, "upper limit", "5 4")):
        y = up.at(value)
        parts += [stroke([(LEFT, y), (RIGHT, y)], "unsure" if dash else "accent", 1.5, dash), words(RIGHT + 8, y + 4, f"{said} {number(value)}", "ink")]
    parts += [mark(across.at(mean), up.at(difference), "accent", "circle", not low <= difference <= high) for _, mean, difference in pairs]
    outside = sum(1 for _, _, difference in pairs if not low <= difference <= high)
    said = f"{len(pairs)} pairs of {attribute}: bias {number(bias)}, limits of agreement {number(low)} to {number(high)} {unit}".rstrip()
    rows = tuple((lot, number(mean), number(difference)) for lot, mean, difference in pairs)
    title = f"Agreement: {attribute}"
    said += f"; {outside} outside, drawn hollow."
    return Figure(
        name, title, said, ("Lot", "Mean", "Difference"), rows, {"kind": "bland-altman", "pairs": [list(row) for row in rows]}, drawn(WIDTH, 318, parts)
    )
