"""How often a planned test would pass a product that moved by so much: its operating characteristic."""

from __future__ import annotations

from .chart import Scale, bottom_axis, drawn, left_axis, mark, number, stroke, words
from .figure import Figure

WIDTH, TOP, BOTTOM, LEFT, RIGHT = 560, 48, 208, 56, 540


def operating_curve(name: str, attribute: str, unit: str, curve: tuple[tuple[float, float], ...], margins: tuple[float, ...]) -> Figure | None:
    """The figure of pairs (true shift, probability of passing); None with fewer than two. Dashed lines stand at the margins."""
    if len(curve) < 2:
        return None
    points = sorted(curve)
    across = Scale(points[0][0], points[-1][0], LEFT, RIGHT)
    up = Scale(0.0, 1.0, BOTTOM, TOP)
    parts = [*left_axis(up, LEFT, RIGHT, "Probability of passing"), *bottom_axis(across, BOTTOM, f"True shift, {unit}" if unit else "True shift")]
    for margin in margins:
        x = across.at(margin)
        parts += [stroke([(x, TOP), (x, BOTTOM)], "unsure", 1.5, "5 4"), words(x, TOP - 6, number(margin), "unsure", "middle", 12, 600)]
    parts.append(stroke([(across.at(x), up.at(p)) for x, p in points], "accent", 2))
    parts += [mark(across.at(x), up.at(p)) for x, p in points if x == 0 or x in margins]
    told = dict(points)
    at_margin = "; ".join(f"{told[margin]:.2f} at {number(margin)}" for margin in margins if margin in told)
    said = f"Probability that the planned test of {attribute} passes: {told.get(0.0, 0):.2f} with no shift" + (f"; {at_margin}" if at_margin else "") + "."
    rows = tuple((number(x), f"{p:.4f}") for x, p in points)
    title = f"Operating characteristic: {attribute}"
    return Figure(
        name, title, said, ("True shift", "Passes"), rows, {"kind": "operating characteristic", "curve": [list(p) for p in points]}, drawn(WIDTH, 250, parts)
    )
