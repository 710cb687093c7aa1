"""Factors of normal tolerance limits: exact one-sided (noncentral t), exact two-sided (quadrature), and Howe's approximation."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from scipy import special

from ..refusal import NoConvergence
from ..series import Numbers

STEPS = 100


@lru_cache(maxsize=1)
def half_normal() -> tuple[Numbers, Numbers]:
    """Nodes from 0 and probabilities of |Z| (trapezoidal rule, which is exact to rounding for a function as smooth as the normal density)."""
    z: Numbers = 0.15 * np.arange(60.0)
    weight: Numbers = np.exp(-(z**2) / 2)
    weight[0] /= 2
    return z, weight / weight.sum()


def one_sided_factor(n: Any, content: Any, confidence: Any, df: Any = None) -> Numbers:
    """k of mean + k s: t'(df, z_P sqrt n) at the confidence level, over sqrt n. Arguments broadcast; `df` is n - 1 unless s has another.

    Source: Odeh & Owen (1980) Tables for Normal Tolerance Limits; ISO 16269-6.
    """
    n = np.asarray(n, float)
    df = n - 1 if df is None else np.asarray(df, float)
    k: Numbers = special.nctdtrit(df, special.ndtri(np.asarray(content, float)) * np.sqrt(n), np.asarray(confidence, float)) / np.sqrt(n)
    return k


def two_sided_factor(n: Any, content: Any, confidence: Any, df: Any = None) -> Numbers:
    """k of mean ± k s that holds at least `content` with `confidence`, exactly: E_Z[P(chi² > f q(Z)/k²)] = confidence.

    Z ~ N(0, 1/n), and q(z) the content-quantile of a noncentral chi-square with one degree of freedom and noncentrality z². Trapezoidal
    rule over |Z| with 60 nodes, then Newton steps kept in a bracket. Arguments broadcast. Source: ISO 16269-6; Krishnamoorthy & Mathew (2009), 2.3.2.
    """
    n, content, confidence = np.broadcast_arrays(*(np.asarray(each, float) for each in (n, content, confidence)))
    f = (n - 1 if df is None else np.broadcast_to(np.asarray(df, float), n.shape))[..., None]
    z, weight = half_normal()
    half = half_width(z / np.sqrt(n)[..., None], content[..., None])
    k = howe_factor(n, content, confidence, f[..., 0])
    low, high = np.zeros_like(k), np.full_like(k, np.inf)
    for _ in range(STEPS):
        x = f * (half / k[..., None]) ** 2
        missing = special.chdtrc(f, x) @ weight - confidence
        slope = np.exp(special.xlogy(f / 2, x / 2) - x / 2 - special.gammaln(f / 2)) @ weight * 2 / k
        low, high = np.where(missing < 0, k, low), np.where(missing >= 0, k, high)
        new = k - missing / np.maximum(slope, 1e-300)
        inside = (new > low) & (new < high)
        new = np.where(inside, new, np.where(np.isinf(high), 2 * k, (low + high) / 2))
        if np.all(np.abs(new - k) <= 1e-14 * k):
            return new
        k = new
    if np.all(np.abs(missing) < 1e-11):
        return k
    raise NoConvergence("The exact tolerance factor did not settle. Use fewer digits of confidence or content.")


def half_width(centre: Any, content: Any) -> Numbers:
    """r with P(centre - r < Z < centre + r) = content for a standard normal Z: Newton steps from above, where the function is concave."""
    centre, content = np.broadcast_arrays(np.abs(np.asarray(centre, float)), np.asarray(content, float))
    r: Numbers = centre + special.ndtri((1 + content) / 2)
    for _ in range(STEPS):
        missing = special.ndtr(centre + r) - special.ndtr(centre - r) - content
        slope = (np.exp(-((centre + r) ** 2) / 2) + np.exp(-((centre - r) ** 2) / 2)) / np.sqrt(2 * np.pi)
        new = np.maximum(r - missing / slope, r / 2)
        settled, r = np.all(np.abs(new - r) <= 1e-15 * (1 + r)), new
        if settled:
            break
    return r


def howe_factor(n: Any, content: Any, confidence: Any, df: Any = None) -> Numbers:
    """Howe's approximation to the two-sided factor: z sqrt(df (1 + 1/n) / chi²_{1-confidence}(df))."""
    n = np.asarray(n, float)
    df = n - 1 if df is None else np.asarray(df, float)
    k: Numbers = special.ndtri((1 + np.asarray(content, float)) / 2) * np.sqrt(df * (1 + 1 / n) / (2 * special.gammaincinv(df / 2, 1 - np.asarray(confidence))))
    return k
