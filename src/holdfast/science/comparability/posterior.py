"""Normal means when little is known before: posterior of a mean and of a difference of two, by quadrature."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import special

from ..series import Numbers

SPACING, REACH = 0.02, 40.0


@dataclass(frozen=True)
class ScaledT:
    """centre + scale · t(df): the posterior of a mean."""

    centre: float
    scale: float
    df: float


@lru_cache(maxsize=128)
def t_nodes(df: float, spacing: float = SPACING) -> tuple[Numbers, Numbers]:
    """Nodes and probabilities of a Student t: the trapezoidal rule in asinh(t), which is exact to rounding for smooth functions."""
    reach = REACH / min(df, 40.0) + 4
    y = spacing * np.arange(-int(reach / spacing), int(reach / spacing) + 1)
    t = np.sinh(y)
    weight = np.exp(-(df + 1) / 2 * np.log1p(t**2 / df)) * np.cosh(y)
    return t, weight / weight.sum()


def mean_posterior(mean: float, sd: float, n: int) -> ScaledT:
    """Posterior of a normal mean under the reference prior 1/sigma²: mean + sd/sqrt(n) t(n-1) (Box & Tiao 1973, 2.4)."""
    return ScaledT(mean, sd / float(np.sqrt(n)), n - 1)


def informed_posterior(mean: float, sd: float, n: int, prior: tuple[float, float, float, float]) -> ScaledT:
    """Posterior of a normal mean under a normal-inverse-gamma prior (mean, n, sd, df), in closed form (Gelman, BDA 3.3).

    The prior counts as `n` values for the mean and `df` degrees of freedom for the variance.
    """
    prior_mean, prior_n, prior_sd, prior_df = prior
    total, df = prior_n + n, prior_df + n
    squares = prior_df * prior_sd**2 + (n - 1) * sd**2 + prior_n * n / total * (mean - prior_mean) ** 2
    return ScaledT((prior_n * prior_mean + n * mean) / total, float(np.sqrt(squares / df / total)), df)


def difference_below(x: Any, first: ScaledT, second: ScaledT, spacing: float = SPACING) -> Numbers:
    """P(second - first < x) for independent scaled t variables; `x` broadcasts."""
    x = np.asarray(x, float)[..., None] - (second.centre - first.centre)
    wide, narrow = (second, first) if second.scale >= first.scale else (first, second)  # the t nodes go to the narrower: a smooth integrand
    t, weight = t_nodes(narrow.df, spacing)
    below: Numbers = special.stdtr(wide.df, (x - narrow.scale * t) / wide.scale) @ weight
    return below


def difference_quantile(probability: float, first: ScaledT, second: ScaledT) -> float:
    """The quantile of second - first: Newton steps kept in a bracket, from the normal quantile."""
    wide, narrow = (second, first) if second.scale >= first.scale else (first, second)
    t, weight = t_nodes(narrow.df)
    peak = np.exp(special.gammaln((wide.df + 1) / 2) - special.gammaln(wide.df / 2)) / np.sqrt(np.pi * wide.df) / wide.scale
    x, low, high = wide.scale * float(special.stdtrit(wide.df, probability)), -np.inf, np.inf
    for _ in range(200):
        u = (x - narrow.scale * t) / wide.scale
        missing = float(special.stdtr(wide.df, u) @ weight) - probability
        low, high = (x, high) if missing < 0 else (low, x)
        step = missing / float(peak * (1 + u**2 / wide.df) ** (-(wide.df + 1) / 2) @ weight)
        new = x - step
        if not low <= new <= high:
            new = (low + high) / 2 if np.isfinite(low + high) else x - np.sign(missing) * 2 * (abs(x) + wide.scale)
        if abs(new - x) <= 1e-14 * (abs(new) + wide.scale):
            break
        x = new
    return second.centre - first.centre + float(x)
