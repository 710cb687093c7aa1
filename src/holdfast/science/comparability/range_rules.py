"""How often a range rule would pass: reference batches make a range, enough test batches must lie inside. By quadrature."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from ..series import Numbers
from .operating import legendre
from .tolerance_factor import half_normal

NODES = 64


def needed(share: float, n: int) -> int:
    """The fewest of n test batches that make at least `share`."""
    return math.ceil(share * n - 1e-9)


def range_passes(shift: Any, k: Any, n: tuple[int, int], share: float = 1.0, sd_ratio: float = 1.0, sides: str = "two") -> Numbers:
    """Probability that at least `share` of the test batches lie in mean ± k s of the reference batches (closed), shift in reference SDs.

    `shift` and `k` broadcast. E over mean (|Z|, trapezoidal) and s (chi, Gauss-Legendre) of the binomial tail, each test batch being inside
    with probability Phi((m + k s - shift)/r) - Phi((m - k s - shift)/r). With sides "lower" or "upper" only that end holds.
    """
    shift, k = (each[..., None, None] for each in np.broadcast_arrays(np.asarray(shift, float), np.asarray(k, float)))
    f, least = n[0] - 1, needed(share, n[1])
    x, weight = legendre(NODES)
    low, high = (np.sqrt(2 * special.gammaincinv(f / 2, each)) for each in (1e-15, 1 - 1e-15))
    chi = low + (high - low) * x
    density = np.exp((f - 1) * np.log(chi) - chi**2 / 2 - (f / 2 - 1) * np.log(2) - special.gammaln(f / 2)) * weight * (high - low)
    z, z_weight = half_normal()
    s = (chi / np.sqrt(f))[:, None]
    total: Numbers = np.zeros(np.broadcast_shapes(shift.shape, k.shape)[:-2])
    for sign in (-1, 1):
        mean = sign * z / np.sqrt(n[0])
        below = special.ndtr((mean - k * s - shift) / sd_ratio) if sides != "upper" else 0.0
        inside = (special.ndtr((mean + k * s - shift) / sd_ratio) if sides != "lower" else 1.0) - below
        passing = inside**least if least == n[1] else special.betainc(least, n[1] - least + 1, np.clip(inside, 0, 1)) if least else np.ones_like(inside)
        total = total + ((passing @ z_weight) @ density) / 2
    return np.minimum(total, 1.0)


def min_max_passes(shift: Any, n: tuple[int, int], share: float = 1.0, sd_ratio: float = 1.0) -> Numbers:
    """Probability that at least `share` of the test batches lie between the smallest and largest of the reference batches (closed).

    With U the smallest and V the largest on the probability scale, (V - U) ~ Beta(n-1, 2) and U is uniform on (0, 1 - (V - U)).
    """
    shift = np.asarray(shift, float)[..., None, None]
    least = needed(share, n[1])
    x, weight = legendre(NODES)
    width, at = x**2 * (3 - 2 * x), x**2 * (3 - 2 * x)  # nodes drawn towards the ends, where the normal quantile is steep
    stretch = weight * 6 * x * (1 - x)
    density = n[0] * (n[0] - 1) * width ** (n[0] - 2) * (1 - width) * stretch
    lowest = at[None, :] * (1 - width[:, None])
    a, b = special.ndtri(lowest), -special.ndtri((1 - width[:, None]) * (1 - at[None, :]))
    inside = special.ndtr((b - shift) / sd_ratio) - special.ndtr((a - shift) / sd_ratio)
    passing = inside**least if least == n[1] else special.betainc(least, n[1] - least + 1, np.clip(inside, 0, 1))
    total: Numbers = np.minimum((passing @ stretch) @ density, 1.0)
    return total
