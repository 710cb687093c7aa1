"""Constants of control charts from their definitions, and estimates of the standard deviation within subgroups."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy import special

from ..refusal import Degenerate, TooFew, WrongParameter
from ..series import Numbers

MOVING_RANGE, RBAR, SBAR, POOLED = "moving-range", "rbar", "sbar", "pooled"
ESTIMATORS = ("auto", MOVING_RANGE, RBAR, SBAR, POOLED)


def c4(n: float) -> float:
    """Expected standard deviation (n-1) of n values over sigma."""
    return float(np.sqrt(2 / (n - 1)) * np.exp(special.gammaln(n / 2) - special.gammaln((n - 1) / 2)))


@lru_cache(maxsize=256)
def d2_d3(n: int) -> tuple[float, float]:
    """Mean and standard deviation of the range of n standard normal values, by quadrature over the smallest value and the range.

    d2 = ∫ (1 - (1-Φ)^n - Φ^n); E[R²] = 2 ∫∫_{x<y} [1 - Φ(y)^n - (1-Φ(x))^n + (Φ(y)-Φ(x))^n].
    """
    if n == 2:
        d2 = 2 / np.sqrt(np.pi)
        return float(d2), float(np.sqrt(2 - d2**2))
    x = np.linspace(-9, 9, 1201)
    step, cdf = x[1] - x[0], special.ndtr(x)
    d2 = step * np.sum(1 - (1 - cdf) ** n - cdf**n)
    low, high = np.minimum.outer(cdf, cdf), np.maximum.outer(cdf, cdf)
    inside = 1 - high**n - (1 - low) ** n + (high - low) ** n
    square = step**2 * np.sum(inside)
    return float(d2), float(np.sqrt(square - d2**2))


def within_sigma(groups: Sequence[Numbers], estimator: str) -> tuple[float, float, str]:
    """Sigma within subgroups, its effective degrees of freedom, and the estimator in words; one group of single values gives the moving range.

    Unequal subgroups: each range or standard deviation over its own constant, weighted equally. Raises `Unsuitable` kinds for what cannot be.
    """
    if len(groups) == 1 or max(len(each) for each in groups) == 1:
        if estimator not in ("auto", MOVING_RANGE):
            raise WrongParameter(f"{estimator} needs subgroups of two values or more. Give a subgroup column, or use {MOVING_RANGE}.")
        values = np.concatenate(list(groups))
        moves = np.abs(np.diff(values))
        sigma = float(moves.mean()) / d2_d3(2)[0]
        return _varied(sigma, values), 0.62 * (len(values) - 1), "average moving range / 1.128"
    if estimator == MOVING_RANGE:
        raise WrongParameter("The moving range is for single values. With subgroups use pooled, rbar or sbar.")
    groups = [each for each in groups if len(each) > 1]
    if not groups:
        raise TooFew("No subgroup holds two values.")
    sizes = np.array([len(each) for each in groups], float)
    df = float((sizes - 1).sum())
    everything = np.concatenate(groups)
    if estimator == RBAR:
        constants = [d2_d3(int(n)) for n in sizes]
        sigma = float(np.mean([np.ptp(each) / d2 for each, (d2, _) in zip(groups, constants, strict=True)]))
        relative = float(np.mean([(d3 / d2) ** 2 for d2, d3 in constants])) / len(groups)
        return _varied(sigma, everything), 1 / (2 * relative), "average range / d2"
    if estimator == SBAR:
        sigma = float(np.mean([each.std(ddof=1) / c4(len(each)) for each in groups]))
        relative = float(np.mean([1 / c4(n) ** 2 - 1 for n in sizes])) / len(groups)
        return _varied(sigma, everything), 1 / (2 * relative), "average standard deviation / c4"
    variance = sum(float(((each - each.mean()) ** 2).sum()) for each in groups) / df
    return _varied(variance**0.5, everything), df, "pooled standard deviation (without c4)"


def _varied(sigma: float, values: Numbers) -> float:
    if sigma <= 1e-12 * float(np.abs(values).max()):
        raise Degenerate("Values within subgroups do not vary: no sigma can be estimated. Give unrounded values.")
    return sigma


def by_subgroup(values: Numbers, subgroup: Sequence[str] | None) -> tuple[list[Numbers], list[str]]:
    """Values of each subgroup in order of first appearance, and their names; without subgroups one group of all values."""
    if subgroup is None:
        return [values], ["all"]
    labels, names = np.array(subgroup), list(dict.fromkeys(subgroup))
    return [values[labels == name] for name in names], names
