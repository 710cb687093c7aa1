"""How often an equivalence test would pass, exactly, by quadrature: power of TOST with pooled and with Welch standard errors."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from scipy import special

from ..result import OperatingCharacteristic, Passing
from ..series import Numbers
from .tolerance_factor import half_normal

RADIAL, ANGULAR = 80, 40
WEAK = 0.8
TAIL = 1e-16


@lru_cache(maxsize=64)
def legendre(nodes: int) -> tuple[Numbers, Numbers]:
    """Gauss-Legendre nodes and weights on (0, 1)."""
    x, w = special.roots_legendre(nodes)
    return (x + 1) / 2, w / 2


@lru_cache(maxsize=256)
def beta_nodes(a: float, b: float, nodes: int = ANGULAR) -> tuple[Numbers, Numbers]:
    """Nodes in (0, 1) and probabilities of a Beta(a, b) variable (Gauss-Jacobi): exact for polynomials."""
    x, w = special.roots_jacobi(nodes, b - 1, a - 1)
    return (1 + x) / 2, w / w.sum()


def tost_power(shift: Any, spread: Any, df: Any, lower: Any, upper: Any, alpha: float) -> Numbers:
    """Probability that TOST concludes equivalence, pooled, paired or one-sample: estimate ~ N(shift, spread²), s²/sigma² ~ chi²(df)/df.

    Arguments broadcast; `spread` is the true standard error. The integral over the chi distribution of s (Owen's Q) stops where the
    interval can no longer fit between the margins, so that the integrand is smooth.
    Source: Owen DB (1965) Biometrika 52:437-446; Phillips KF (1990) J Pharmacokinet Biopharm 18:137-144.
    """
    shift, spread, df, lower, upper = np.broadcast_arrays(*(np.asarray(each, float)[..., None] for each in (shift, spread, df, lower, upper)))
    critical = special.stdtrit(df[..., 0], 1 - alpha)[..., None]
    widest = (upper - lower) / (2 * critical * spread) * np.sqrt(df)  # largest chi at which the interval still fits
    return _passing_given_chi(df, widest, critical * spread / np.sqrt(df), shift, spread, lower, upper)


def _passing_given_chi(df: Any, widest: Any, half_per_chi: Any, shift: Any, spread: Any, lower: Any, upper: Any) -> Numbers:
    """Integral over chi(df) from 0 to `widest` of P(lower + h·chi < N(shift, spread²) < upper - h·chi); the last axis is integrated."""
    x, w = legendre(RADIAL)
    high = np.minimum(widest, np.sqrt(special.chdtri(df, TAIL)))
    low = np.minimum(np.sqrt(2 * special.gammaincinv(df / 2, TAIL)), high)
    chi = low + (high - low) * x
    log_density = (df - 1) * np.log(chi) - chi**2 / 2 - (df / 2 - 1) * np.log(2) - special.gammaln(df / 2)
    half = half_per_chi * chi
    passing = special.ndtr((upper - half - shift) / spread) - special.ndtr((lower + half - shift) / spread)
    total: Numbers = np.minimum(np.sum(w * (high - low) * np.exp(log_density) * np.maximum(passing, 0), axis=-1), 1.0)
    return total


def tost_welch_power(shift: Any, sd: tuple[Any, Any], n: tuple[Any, Any], lower: Any, upper: Any, alpha: float) -> Numbers:
    """Probability that the Welch TOST concludes equivalence; `sd` and `n` of reference and test. `shift` and `sd` broadcast, `n` is a pair.

    Write v_i = s_i²/n_i = theta_i G_i with G_i ~ Gamma(f_i/2). Then b = G_1/(G_1 + G_2) ~ Beta and S = G_1 + G_2 ~ Gamma are independent,
    the Welch degrees of freedom depend on b alone, and the standard error is the root of S (b theta_1 + (1 - b) theta_2): a smooth integral
    over b (Gauss-Jacobi) and over the chi variable root(2 S) (Gauss-Legendre, stopped where the interval no longer fits).
    """
    half_f = [(each - 1) / 2 for each in n]
    b, weight = beta_nodes(*half_f)
    shift, sd_1, sd_2, lower, upper = np.broadcast_arrays(*(np.asarray(each, float) for each in (shift, *sd, lower, upper)))
    theta = [sd_i[..., None] ** 2 / (n_i * f_i) for sd_i, n_i, f_i in zip((sd_1, sd_2), n, half_f, strict=True)]
    v = [theta[0] * b, theta[1] * (1 - b)]  # each standard-error part, per unit of S
    df = (v[0] + v[1]) ** 2 / (v[0] ** 2 / (n[0] - 1) + v[1] ** 2 / (n[1] - 1))
    half_per_chi = (special.stdtrit(df, 1 - alpha) * np.sqrt((v[0] + v[1]) / 2))[..., None]
    spread = np.sqrt(sd_1**2 / n[0] + sd_2**2 / n[1])[..., None, None]
    shift, lower, upper = (each[..., None, None] for each in (shift, lower, upper))
    total_df = np.full_like(half_per_chi, sum(n) - 2)
    inner = _passing_given_chi(total_df, (upper - lower) / (2 * half_per_chi), half_per_chi, shift, spread, lower, upper)
    total: Numbers = np.minimum(np.sum(weight * inner, axis=-1), 1.0)
    return total


def ratio_power(ratio: Any, mean: float, sd: float, n: tuple[int, int], margins: tuple[float, float], alpha: float) -> Numbers:
    """Probability that both tests of a ratio of means (equal variances) reject, for true ratios (1-D), a reference mean and a standard deviation.

    Given the reference mean seen and the pooled SD, the test mean must lie between lower·ybar + t s c_L and upper·ybar - t s c_U: an integral
    over the first (trapezoidal rule in |Z|, both signs) and over chi (Gauss-Legendre, stopped where the two bounds meet).
    """
    df = n[0] + n[1] - 2
    critical = float(special.stdtrit(df, 1 - alpha)) * sd / np.sqrt(df)
    c = [critical * np.sqrt(1 / n[1] + theta**2 / n[0]) for theta in margins]
    x, w = legendre(RADIAL)
    z, z_weight = half_normal()
    start, end = np.sqrt(2 * special.gammaincinv(df / 2, TAIL)), np.sqrt(special.chdtri(df, TAIL))
    spread, centre = sd / np.sqrt(n[1]), np.asarray(ratio, float)[:, None, None] * mean
    total: Numbers = np.zeros(centre.shape[0])
    for sign in (-1, 1):
        seen = (mean + sign * sd * z / np.sqrt(n[0]))[:, None]
        high = np.clip((margins[1] - margins[0]) * seen / (c[0] + c[1]), start, end)
        chi = start + (high - start) * x
        density = np.exp((df - 1) * np.log(chi) - chi**2 / 2 - (df / 2 - 1) * np.log(2) - special.gammaln(df / 2)) * w * (high - start)
        inside = special.ndtr((margins[1] * seen - c[1] * chi - centre) / spread) - special.ndtr((margins[0] * seen + c[0] * chi - centre) / spread)
        total = total + (np.maximum(inside, 0) * density).sum(axis=-1) @ z_weight / 2
    return np.minimum(total, 1.0)


def characteristic(sd: str, scale: float, margins: tuple[float, float], passing: Any) -> OperatingCharacteristic:
    """The characteristic from `passing`, a function of an array of shifts; the row is at 0, 1, 2 and 3 times `scale` (a standard deviation)."""
    lower, upper = margins
    shifts = np.array([0.0, lower, upper, 0.0, scale, 2 * scale, 3 * scale])
    found = [float(each) for each in passing(shifts)]
    row = tuple(Passing(float(shift), float(number), each) for number, (shift, each) in enumerate(zip(shifts[3:], found[3:], strict=True)))
    return OperatingCharacteristic("quadrature", sd, found[0], max(found[1:3]), row, weak=found[0] < WEAK)
