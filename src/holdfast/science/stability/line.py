"""One straight line by least squares, and what it predicts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..refusal import Degenerate, TooFew
from ..series import Numbers


@dataclass(frozen=True)
class Line:
    """value = intercept + slope · time, with residual SD `s` on `df` degrees of freedom; `centre` and `spread` of the times."""

    intercept: float
    slope: float
    s: float
    df: int
    n: int
    centre: float
    spread: float
    sse: float
    r_squared: float

    def at(self, time: float) -> float:
        """The line's value."""
        return self.intercept + self.slope * time

    def leverage(self, time: float) -> float:
        """Variance of the line's value at a time, over s²."""
        return 1 / self.n + (time - self.centre) ** 2 / self.spread

    def se_mean(self, time: float) -> float:
        """Standard error of the line's value."""
        return self.s * math.sqrt(self.leverage(time))

    def se_single(self, time: float) -> float:
        """Standard error of a single further result about the line."""
        return self.s * math.sqrt(1 + self.leverage(time))

    @property
    def se_slope(self) -> float:
        """Standard error of the slope."""
        return self.s / math.sqrt(self.spread)

    @property
    def se_intercept(self) -> float:
        """Standard error of the intercept."""
        return self.se_mean(0.0)

    def t(self, probability: float) -> float:
        """Quantile of t with the line's degrees of freedom."""
        return float(special.stdtrit(self.df, probability))


def line(time: Numbers, value: Numbers, *, error: bool = True) -> Line:
    """Fit a line. Raises `TooFew` or `Degenerate` when it, or (with `error`) its residual error, is not determined."""
    n = len(time)
    if n < (3 if error else 2):
        raise TooFew(f"{n} values do not determine a line{' and its error' if error else ''}. Wait for further time points.")
    centre = float(time.mean())
    spread = float(np.sum((time - centre) ** 2))
    if not spread > 1e-12 * (1 + float(np.max(np.abs(time))) ** 2):
        raise Degenerate(f"All {n} values are at one time: there is no slope. Wait for the next time point.")
    mean = float(value.mean())
    slope = float((time - centre) @ (value - mean)) / spread
    residual = value - mean - slope * (time - centre)
    sse, total = float(residual @ residual), float(np.sum((value - mean) ** 2))
    if error and not sse > 1e-24 * (total + mean**2 + 1e-300):
        raise Degenerate("The values lie on a straight line exactly: there is no error to judge by. Give unrounded values.")
    s = math.sqrt(sse / (n - 2)) if n > 2 else 0.0
    return Line(mean - slope * centre, slope, s, n - 2, n, centre, spread, sse, 1 - sse / total if total > 0 else 0.0)
