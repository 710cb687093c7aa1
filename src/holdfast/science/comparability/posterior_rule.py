"""How often the rule "posterior probability of equivalence above a threshold" would pass, by quadrature."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from ..series import Numbers
from .operating import beta_nodes, legendre
from .posterior import t_nodes

ANGLES, ANGLES_UNBALANCED, RADII, T_SPACING, STEPS, TAIL = 12, 80, 18, 0.4, 60, 1e-9


def posterior_rule_passes(shift: Any, sd: tuple[float, float], n: tuple[int, int], lower: float, upper: float, threshold: float) -> Numbers:
    """Probability that P(lower < delta < upper | data) >= threshold under the reference prior, for true shifts (1-D) and SDs.

    For given standard errors the rule passes when the observed difference is within `reach` of the middle of the margins; the reach is
    solved for on a grid of (angle, radius) as in `tost_welch_power`, up to the radius at which no difference passes any more. Four to five
    digits; three when one group has many times as many values as the other.
    """
    shift = np.asarray(shift, float)
    middle, margin = (lower + upper) / 2, (upper - lower) / 2
    half_f = [(each - 1) / 2 for each in n]
    b, weight = beta_nodes(*half_f, ANGLES_UNBALANCED if min(n) < 3 or max(n) > 4 * min(n) else ANGLES)
    theta = [s**2 / (m * f) for s, m, f in zip(sd, n, half_f, strict=True)]
    unit = np.stack([np.sqrt(theta[0] * b), np.sqrt(theta[1] * (1 - b))])  # standard errors per root of S
    parts = (unit, [each - 1 for each in n])
    widest = margin / _smallest_margin(parts, threshold)  # root of S at which only a difference of exactly nothing passes
    total_df = sum(half_f)
    high = np.minimum(widest, np.sqrt(special.gammaincinv(total_df, 1 - TAIL)))
    low = np.minimum(np.sqrt(special.gammaincinv(total_df, TAIL)), high)
    x, w = legendre(RADII)
    if np.any(high >= widest):
        x, w = 1 - (1 - x) ** 2, 2 * (1 - x) * w  # the reach vanishes like a root at the widest radius
    radius = low[:, None] + (high - low)[:, None] * x
    reach = _reach(parts, radius, margin, threshold)
    density = np.exp((2 * total_df - 1) * np.log(radius) - radius**2 + np.log(2) - special.gammaln(total_df)) * w * (high - low)[:, None]
    spread = np.sqrt(sd[0] ** 2 / n[0] + sd[1] ** 2 / n[1])
    centred = (middle - shift)[:, None, None]
    passing = special.ndtr((centred + reach) / spread) - special.ndtr((centred - reach) / spread)
    total: Numbers = np.sum(passing * density * weight[:, None], axis=(1, 2))
    return np.minimum(total, 1.0)


Parts = tuple[Numbers, list[int]]


def _held(parts: Parts, radius: Numbers, centre: Numbers, margin: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """P(-margin < centre + radius·(u1 t1 + u2 t2) < margin) for each angle (first axis) and radius, with its slopes in centre and in margin."""
    unit, df = parts
    found = np.empty((3, *radius.shape))
    for wide, narrow in ((0, 1), (1, 0)):
        rows = unit[wide] > unit[narrow] if wide == 0 else unit[wide] >= unit[narrow]
        if not rows.any():
            continue
        t, weight = t_nodes(df[narrow], T_SPACING)
        kept = weight > 1e-11
        scale = (unit[wide][rows][:, None] * radius[rows])[..., None]
        centres = centre[rows][..., None] + (unit[narrow][rows][:, None] * radius[rows])[..., None] * t[kept]
        above, below = (margin[rows][..., None] - centres) / scale, (-margin[rows][..., None] - centres) / scale
        f = df[wide]
        peak = np.exp(special.gammaln((f + 1) / 2) - special.gammaln(f / 2)) / np.sqrt(np.pi * f)
        density = [peak * (1 + each**2 / f) ** (-(f + 1) / 2) / scale for each in (above, below)]
        found[0, rows] = (special.stdtr(f, above) - special.stdtr(f, below)) @ weight[kept]
        found[1, rows] = (density[1] - density[0]) @ weight[kept]
        found[2, rows] = (density[1] + density[0]) @ weight[kept]
    return found[0], found[1], found[2]


def _smallest_margin(parts: Parts, threshold: float) -> Numbers:
    """For each angle, at radius 1 and centre 0, the margin that holds exactly the threshold: Newton from below, where the function is concave."""
    one = np.ones((parts[0].shape[1], 1))
    margin: Numbers = one * special.ndtri((1 + threshold) / 2) * np.hypot(*parts[0])[:, None]
    for _ in range(STEPS):
        held, _, slope = _held(parts, one, 0 * one, margin)
        step = (threshold - held) / slope
        margin = margin + step
        if np.all(np.abs(step) < 1e-10 * margin):
            break
    smallest: Numbers = margin[:, 0]
    return smallest


def _reach(parts: Parts, radius: Numbers, margin: float, threshold: float) -> Numbers:
    """The largest centre at which the threshold is still held: Newton steps in its square, in which the probability is nearly linear near 0."""
    margins = np.full_like(radius, margin)
    low, high = np.zeros_like(radius), margins**2
    square: Numbers = np.maximum(margin - special.ndtri(threshold) * np.hypot(*parts[0])[:, None] * radius, margin / 10) ** 2
    for _ in range(STEPS):
        centre = np.sqrt(square)
        held, slope, _ = _held(parts, radius, centre, margins)
        low, high = np.where(held >= threshold, square, low), np.where(held < threshold, square, high)
        new = square + (threshold - held) * 2 * centre / slope
        new = np.where((new > low) & (new < high), new, (low + high) / 2)
        settled = np.abs(new - square) < 1e-4 * margin**2  # the step after it is of the order of its square
        square = new
        if np.all(settled):
            break
    reach: Numbers = np.sqrt(square)
    return reach
