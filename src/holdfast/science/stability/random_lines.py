"""Batches as a sample of all batches: random intercepts and slopes by restricted maximum likelihood."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize

from ..refusal import Degenerate, NoConvergence, TooFew
from ..series import Numbers
from .batch_lines import Design

BOTH, UNCORRELATED, INTERCEPT = "intercept-and-slope", "uncorrelated", "intercept"


@dataclass(frozen=True)
class RandomLines:
    """`fixed` (intercept, slope) with `covariance` (2, 2); `between` (2, 2) the covariance of batch lines about it; residual `sigma`.

    `blups` (k, 2) are the batches' lines: fixed plus predicted deviation. `log_likelihood` is the restricted one.
    """

    fixed: Numbers
    covariance: Numbers
    between: Numbers
    sigma: float
    log_likelihood: float
    blups: Numbers
    at_boundary: bool


def fit_random(values: Numbers, of: Design, structure: str) -> RandomLines:
    """Maximise the restricted likelihood over the Cholesky factor of between/sigma²; fixed effects and sigma are profiled out.

    Source: Patterson & Thompson (1971) Biometrika 58:545-554; Pinheiro & Bates (2000), 2.2.
    """
    if of.k < 3:
        raise TooFew(f"{of.k} batches are no sample of all batches. Three are the least, and tell little of their spread.")
    centre, width = float(of.time.mean()), float(of.time.std())
    x = np.stack([np.ones_like(of.time), (of.time - centre) / width], axis=1)  # a scale on which the factor is of the order of one
    groups = [(x[of.of == number], values[of.of == number]) for number in range(of.k)]
    sums = _Sums.of(groups)
    theta = _factor(_maximum(sums, structure), structure)
    best = sums.profile(theta)
    fixed, covariance, sigma2 = best.fixed, best.covariance, best.sigma2
    relative = theta @ theta.T
    relative[np.abs(relative) < 1e-14] = 0.0  # a component that vanished, not a finding
    if not sigma2 > 1e-18 * float(np.var(values)):
        raise Degenerate("The values lie on straight lines exactly: variance between batches cannot be told from error.")
    deviations = np.stack([sums.deviation(number, relative, fixed) for number in range(of.k)])
    back = np.array([[1.0, -centre / width], [0.0, 1 / width]])  # from the working scale to intercept at time 0 and slope per unit of time
    log_likelihood = -best.deviance / 2 + float(np.log(abs(np.linalg.det(back))))
    return RandomLines(
        back @ fixed,
        back @ covariance @ back.T,
        sigma2 * back @ relative @ back.T,
        math.sqrt(sigma2),
        log_likelihood,
        (fixed + deviations) @ back.T,
        bool(np.linalg.eigvalsh(relative)[0 if structure != INTERCEPT else 1] < 1e-8),
    )


@dataclass(frozen=True)
class _Sums:
    """Cross-products of each batch: everything the likelihood needs."""

    xx: Numbers  # (k, 2, 2)
    xy: Numbers  # (k, 2)
    yy: Numbers  # (k,)
    n: int

    @classmethod
    def of(cls, groups: list[tuple[Numbers, Numbers]]) -> _Sums:
        return cls(
            np.stack([x.T @ x for x, _ in groups]),
            np.stack([x.T @ y for x, y in groups]),
            np.array([float(y @ y) for _, y in groups]),
            sum(len(y) for _, y in groups),
        )

    def moments(self) -> Numbers:
        """Covariance of the batches' own lines over the pooled residual variance: where to start."""
        own = np.linalg.solve(self.xx, self.xy[..., None])[..., 0]
        residual = float((self.yy - np.einsum("ki,ki->k", own, self.xy)).sum()) / max(self.n - 2 * len(own), 1)
        covariance: Numbers = np.cov(own.T) / max(residual, 1e-300)
        return covariance

    def profile(self, theta: Numbers) -> Profile:
        """-2 restricted log-likelihood at a factor, profiled over fixed effects and sigma², with its gradient in the factor.

        V⁻¹ by Woodbury: X'V⁻¹X = A - A T (I + T'A T)⁻¹ T'A with A = X'X of a batch. For a change E of G = T T' the deviance changes by the
        trace of E with S = sum(M - M P M - u u'/sigma²), M = X'V⁻¹X and u = X'V⁻¹r of a batch, P the inverse of the sum of M.
        """
        inner = np.eye(2) + theta.T @ self.xx @ theta
        core = theta @ np.linalg.inv(inner) @ theta.T
        m = self.xx - self.xx @ core @ self.xx
        v = self.xy - np.einsum("kij,kj->ki", self.xx @ core, self.xy)
        yvy = float((self.yy - np.einsum("ki,kij,kj->k", self.xy, core, self.xy)).sum())
        total = m.sum(axis=0)
        inverse = np.linalg.inv(total)
        fixed = inverse @ v.sum(axis=0)
        df = self.n - 2
        sigma2 = max(yvy - float(v.sum(axis=0) @ fixed), 1e-300) / df
        log_det = float(np.log(np.linalg.det(inner)).sum()) + float(np.log(np.linalg.det(total)))
        u = v - m @ fixed
        slope = total - (m @ inverse @ m).sum(axis=0) - u.T @ u / sigma2
        return Profile(float(df * (np.log(2 * np.pi * sigma2) + 1) + log_det), 2 * slope @ theta, fixed, sigma2 * inverse, float(sigma2))

    def deviation(self, number: int, relative: Numbers, fixed: Numbers) -> Numbers:
        """Best linear unbiased prediction of a batch's deviation from the fixed line."""
        residual = self.xy[number] - self.xx[number] @ fixed
        predicted: Numbers = relative @ np.linalg.solve(np.eye(2) + self.xx[number] @ relative, residual)
        return predicted


@dataclass(frozen=True)
class Profile:
    """The restricted likelihood at one factor."""

    deviance: float
    gradient: Numbers  # (2, 2), in the entries of the factor
    fixed: Numbers
    covariance: Numbers
    sigma2: float


ENTRIES = {BOTH: ((0, 1, 1), (0, 0, 1)), UNCORRELATED: ((0, 1), (0, 1)), INTERCEPT: ((0,), (0,))}


def _factor(entries: Any, structure: str) -> Numbers:
    theta: Numbers = np.zeros((2, 2))
    theta[ENTRIES[structure]] = entries
    return theta


def _factor_of(relative: Numbers) -> Numbers:
    """A lower triangular factor of a covariance, kept away from a singular one."""
    factor: Numbers = np.linalg.cholesky(relative + 1e-3 * (np.trace(relative) + 1e-3) * np.eye(2))
    return factor


def _maximum(sums: _Sums, structure: str) -> Numbers:
    """The entries of the factor at the best of several starts, polished until the gradient vanishes to rounding.

    A component that vanishes is a factor entry of 0, where the gradient in the entry vanishes as well: no bounds are needed.
    """

    def with_gradient(entries: Numbers) -> tuple[float, Numbers]:
        found = sums.profile(_factor(entries, structure))
        return found.deviance, found.gradient[ENTRIES[structure]]

    starts = [_factor_of(sums.moments())[ENTRIES[structure]], _factor_of(0.1 * np.eye(2))[ENTRIES[structure]]]
    found = [optimize.minimize(with_gradient, start, jac=True, method="BFGS", options={"gtol": 1e-4}) for start in starts]
    best = min(found, key=lambda each: float(each.fun))
    return _polished(best.x, lambda entries: with_gradient(entries)[1])


def _polished(x: Numbers, gradient: Callable[[Numbers], Numbers]) -> Numbers:
    """Newton's steps with a Jacobian by central differences. Raises `NoConvergence` when the gradient does not vanish."""
    smallest, kept = np.inf, x
    for _ in range(20):
        g = gradient(x)
        size = float(np.abs(g).max())
        if size >= smallest:
            break
        smallest, kept = size, x
        if size < 1e-10:
            break
        steps = 1e-5 * np.maximum(np.abs(x), 1e-2)
        jacobian = np.stack([(gradient(x + step) - gradient(x - step)) / (2 * h) for h, step in zip(steps, np.diag(steps), strict=True)], axis=1)
        x = x - np.linalg.lstsq(jacobian, g, rcond=1e-12)[0]
    if smallest > 1e-4:
        raise NoConvergence("The restricted likelihood has no maximum that could be found: the data hardly determine the variances.")
    return kept
