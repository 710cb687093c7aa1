"""Exact bounds of a distance to a limit in standard deviations, by the noncentral t."""

from __future__ import annotations

import math

from scipy import optimize, special


def distance_bound(q: float, n: int, probability: float) -> float:
    """δ/sqrt(n) with P(t'(n-1, δ) <= q sqrt n) = probability: for 0.95 the exact lower 95 % bound of (mean - limit)/sigma, for 0.05 the upper.

    Source: Owen & Hua (1977); Chou, Owen & Borrego (1990).
    """
    t, root = q * math.sqrt(n), math.sqrt(n)

    def missing(d: float) -> float:
        return float(special.nctdtr(n - 1, d, t)) - probability

    width = 2.0 + abs(t) * 0.5
    low, high = t - width, t + width
    while missing(low) < 0:
        low -= width
    while missing(high) > 0:
        high += width
    return float(optimize.brentq(missing, low, high, xtol=1e-13, rtol=1e-14)) / root
