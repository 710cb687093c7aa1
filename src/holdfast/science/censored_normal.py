"""Maximum likelihood of a normal mean and standard deviation when some values are only known to lie beyond limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from .refusal import Degenerate, NoConvergence
from .series import Flags, Numbers

STEPS = 100
LOG_ROOT_2PI = float(np.log(2 * np.pi) / 2)


@dataclass(frozen=True)
class CensoredFit:
    """Arrays over cases: estimates, their covariance (observed information), and the log-likelihood."""

    mean: Numbers
    sd: Numbers
    var_mean: Numbers
    var_sd: Numbers
    covariance: Numbers
    log_likelihood: Numbers


def fit_censored(limits: Numbers, below: Flags, above: Flags) -> CensoredFit:
    """Newton's method in (mean/sd, 1/sd), in which the log-likelihood is concave (Olsen 1978); cases on the leading axes.

    `limits` (..., n) hold the value, or the limit where `below` or `above` is set. Raises `Degenerate` when a case has fewer than two
    different uncensored values.
    """
    limits, below, above = np.atleast_2d(limits), np.atleast_2d(below), np.atleast_2d(above)
    seen = ~(below | above)
    known = np.where(seen, limits, np.nan)
    counts = seen.sum(axis=-1)
    if np.any(counts < 2) or np.any(np.nanmax(known, axis=-1) <= np.nanmin(known, axis=-1)):
        raise Degenerate("Fewer than two different values are above the limit: mean and spread cannot be estimated. Report the share below the limit.")
    centre, scale = limits.mean(axis=-1, keepdims=True), limits.std(axis=-1, keepdims=True)
    y = (limits - centre) / scale
    gamma, delta = np.zeros(len(y)), np.ones(len(y))
    value, gradient, hessian = _likelihood(y, seen, below, gamma, delta)
    for _ in range(STEPS):
        det = hessian[0] * hessian[2] - hessian[1] ** 2
        step_gamma = -(hessian[2] * gradient[0] - hessian[1] * gradient[1]) / det
        step_delta = -(hessian[0] * gradient[1] - hessian[1] * gradient[0]) / det
        size = np.where(step_delta < 0, np.minimum(1.0, -0.9 * delta / np.minimum(step_delta, -1e-300)), 1.0)
        size, value, gradient, hessian = _advanced(y, seen, below, (gamma, delta), (step_gamma, step_delta), size, value)
        gamma, delta = gamma + size * step_gamma, delta + size * step_delta
        if np.all(np.abs(step_gamma) + np.abs(step_delta) < 1e-12 * (1 + np.abs(gamma) + delta)):
            break
    else:
        if np.any(np.abs(gradient) > 1e-6 * y.shape[-1]):
            raise NoConvergence("The maximum of the likelihood was not found: the data hardly determine mean and spread.")
    return _on_original_scale(gamma, delta, hessian, value, centre[:, 0], scale[:, 0], counts)


def _advanced(
    y: Numbers, seen: Flags, below: Flags, at: tuple[Numbers, Numbers], step: tuple[Numbers, Numbers], size: Numbers, value: Numbers
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Step lengths, halved until no case loses likelihood, and the likelihood with its derivatives there."""
    for _ in range(30):
        new, gradient, hessian = _likelihood(y, seen, below, at[0] + size * step[0], at[1] + size * step[1])
        worse = new < value - 1e-9 * np.abs(value)
        if not worse.any():
            break
        size = np.where(worse, size / 2, size)
    return size, new, gradient, hessian


def _likelihood(y: Numbers, seen: Flags, below: Flags, gamma: Numbers, delta: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Log-likelihood, gradient (gamma, delta) and Hessian (gamma-gamma, gamma-delta, delta-delta)."""
    u = delta[:, None] * y - gamma[:, None]
    slope, curve, n = -u, np.full_like(u, -1.0), seen.sum(axis=-1)
    beyond = ~seen
    sign = np.where(below[beyond], 1.0, -1.0)
    v = sign * u[beyond]
    log_share = special.log_ndtr(v)
    hazard = np.exp(-(v**2) / 2 - LOG_ROOT_2PI - log_share)
    contribution = -(u**2) / 2
    contribution[beyond], slope[beyond], curve[beyond] = log_share, sign * hazard, -hazard * (v + hazard)
    gradient = np.stack([-slope.sum(axis=-1), (y * slope).sum(axis=-1) + n / delta])
    hessian = np.stack([curve.sum(axis=-1), -(y * curve).sum(axis=-1), (y**2 * curve).sum(axis=-1) - n / delta**2])
    return contribution.sum(axis=-1) + n * (np.log(delta) - LOG_ROOT_2PI), gradient, hessian


def _on_original_scale(gamma: Numbers, delta: Numbers, hessian: Numbers, value: Numbers, centre: Numbers, scale: Numbers, seen: Numbers) -> CensoredFit:
    det = hessian[0] * hessian[2] - hessian[1] ** 2
    v_gg, v_gd, v_dd = -hessian[2] / det, hessian[1] / det, -hessian[0] / det
    mean, sd = gamma / delta, 1 / delta
    # mean = gamma/delta, sd = 1/delta: the delta method with the exact Jacobian, which at the maximum is the observed information itself
    var_mean = (v_gg - 2 * mean * v_gd + mean**2 * v_dd) / delta**2
    var_sd = v_dd / delta**4
    covariance = (-v_gd + mean * v_dd) / delta**3
    return CensoredFit(centre + scale * mean, scale * sd, scale**2 * var_mean, scale**2 * var_sd, scale**2 * covariance, value - seen * np.log(scale))
