"""Logistic curves of four or five parameters fitted to many assays at once by Levenberg-Marquardt.

f(x) = d + (a - d)/(1 + exp(b (x - c)))^g, x = ln dose. A curve has the parameters (a, d, b, c, ln g); a linear map takes the parameters
that are fitted to those of the curve of each response, so that common and separate curves are one problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..series import Numbers

CURVE = ("a", "d", "b", "c", "ln_g")
ROUNDS = 300


@dataclass(frozen=True)
class Fit:
    """Parameters (..., p), residual sum of squares (...), Jacobian (..., n, p), residuals (..., n), and where the iteration settled."""

    parameters: Numbers
    rss: Numbers
    jacobian: Numbers
    residual: Numbers
    settled: Any


def curve(x: Numbers, p: Numbers) -> tuple[Numbers, Numbers]:
    """Response and its derivatives by the five parameters; `p` has shape (..., n, 5)."""
    a, d, b, c, ln_g = np.moveaxis(p, -1, 0)
    z = b * (x - c)
    softplus = np.logaddexp(0.0, z)
    g = np.exp(np.clip(ln_g, -20, 20))
    s = np.exp(-g * softplus)
    sigma = np.exp(z - softplus)
    slope = -(a - d) * g * s * sigma
    return d + (a - d) * s, np.stack([s, 1 - s, slope * (x - c), -slope * b, -(a - d) * s * g * softplus], axis=-1)


def fitted(x: Numbers, y: Numbers, w: Numbers, maps: Numbers, start: Numbers) -> Fit:
    """Weighted least squares: x and y (..., n), weights (n,), `maps` (n, 5, p) and starting parameters (..., p), with one leading shape."""
    theta, root = np.array(start, float), np.sqrt(w)

    def at(values: Numbers) -> tuple[Numbers, Numbers]:
        response, by = curve(x, np.einsum("nkp,...p->...nk", maps, values))
        return root * (y - response), np.einsum("...nk,nkp->...np", by, maps) * root[:, None]

    residual, jacobian = at(theta)
    rss = np.sum(residual**2, axis=-1)
    damping, settled, quiet = np.full(rss.shape, 1e-3), np.zeros(rss.shape, bool), np.zeros(rss.shape, int)
    for _ in range(ROUNDS):
        cross = np.einsum("...np,...nq->...pq", jacobian, jacobian)
        diagonal = np.einsum("...pp->...p", cross)
        damped = cross + np.eye(cross.shape[-1]) * (damping[..., None] * diagonal + 1e-14)[..., None, :]
        step = np.linalg.solve(damped, np.einsum("...np,...n->...p", jacobian, residual)[..., None])[..., 0]
        step = np.clip(step, -3.0, 3.0)
        with np.errstate(over="ignore", invalid="ignore"):
            new_residual, new_jacobian = at(theta + step)
            new_rss = np.sum(new_residual**2, axis=-1)
        better = np.isfinite(new_rss) & (new_rss <= rss)
        small = (np.abs(step) <= 1e-9 * (np.abs(theta) + 1e-3)).all(axis=-1)
        quiet = np.where(small | (better & (rss - new_rss <= 1e-15 * rss)), quiet + 1, 0)
        settled |= quiet >= 3
        theta, residual = np.where(better[..., None], theta + step, theta), np.where(better[..., None], new_residual, residual)
        jacobian, rss = np.where(better[..., None, None], new_jacobian, jacobian), np.where(better, new_rss, rss)
        damping = np.clip(np.where(better, damping / 10, damping * 8), 1e-14, 1e10)
        if settled.all():
            break
    return Fit(theta, rss, jacobian, residual, settled)


def best_of(starts: Numbers, x: Numbers, y: Numbers, w: Numbers, maps: Numbers) -> Fit:
    """The best of several starts, shape (starts, ..., p): the smallest residual sum of squares."""
    lead = np.broadcast_shapes(starts.shape[:-1], y.shape[:-1])
    many = fitted(
        np.broadcast_to(x, (*lead, x.shape[-1])), np.broadcast_to(y, (*lead, y.shape[-1])), w, maps, np.broadcast_to(starts, (*lead, starts.shape[-1]))
    )
    which = np.argmin(np.where(np.isfinite(many.rss), many.rss, np.inf), axis=0)

    def pick(values: Any) -> Any:
        return np.asarray(np.take_along_axis(values, which.reshape((1, *which.shape, *([1] * (values.ndim - 1 - which.ndim)))), axis=0)[0])

    return Fit(*(pick(each) for each in (many.parameters, many.rss, many.jacobian, many.residual, many.settled)))


def hessian(fit: Fit, x: Numbers, y: Numbers, w: Numbers, maps: Numbers) -> Numbers:
    """Half the matrix of second derivatives of the residual sum of squares, by central differences of its gradient; one case."""
    root = np.sqrt(w)

    def gradient(values: Numbers) -> Numbers:
        response, by = curve(x, np.einsum("nkp,p->nk", maps, values))
        return -np.einsum("nk,nkp,n->p", by, maps, w * (y - response)) + 0 * root[0]

    rows = []
    for i, value in enumerate(fit.parameters):
        step = np.zeros(len(fit.parameters))
        step[i] = 1e-4 * max(abs(float(value)), 0.1)
        fine = (gradient(fit.parameters + step) - gradient(fit.parameters - step)) / (2 * step[i])
        coarse = (gradient(fit.parameters + 2 * step) - gradient(fit.parameters - 2 * step)) / (4 * step[i])
        rows.append((4 * fine - coarse) / 3)
    found = np.array(rows)
    return np.asarray((found + found.T) / 2)
