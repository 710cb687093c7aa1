"""Fieller's limits of a ratio of two correlated normal estimates."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from .result import Interval
from .series import Numbers

UNBOUNDED = "g is 1 or more: the denominator cannot be told from zero and the set of ratios is unbounded"


def fieller_limits(a: Any, b: Any, v_aa: Any, v_ab: Any, v_bb: Any, t: Any) -> tuple[Numbers, Numbers, Numbers]:
    """Lower and upper limit of a/b and g = t² Var(b)/b²; arrays broadcast. Both limits are NaN where g >= 1 (Fieller 1954)."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    g = t**2 * v_bb / b**2
    p, q, r = b**2 - t**2 * v_bb, a * b - t**2 * v_ab, a**2 - t**2 * v_aa
    with np.errstate(invalid="ignore", divide="ignore"):
        root = np.sqrt(np.maximum(q**2 - p * r, 0.0))
        low, high = np.where(g < 1, (q - root) / p, np.nan), np.where(g < 1, (q + root) / p, np.nan)
    return low, high, g


def fieller_interval(a: float, b: float, v: tuple[float, float, float], df: float, confidence: float) -> tuple[Interval, float]:
    """The interval of a/b with variances `v` = (aa, ab, bb) and t of `df` degrees of freedom (infinity: normal), and g."""
    t = float(special.ndtri((1 + confidence) / 2) if np.isinf(df) else special.stdtrit(df, (1 + confidence) / 2))
    low, high, g = fieller_limits(a, b, *v, t)
    if g >= 1:
        return Interval(None, None, confidence, note=UNBOUNDED), float(g)
    return Interval(float(low), float(high), confidence), float(g)
