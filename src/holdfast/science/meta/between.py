"""The variance between sites: DerSimonian-Laird, Paule-Mandel, REML, and the Q-profile; arrays (..., k)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..series import Numbers

ROUNDS = 2000


def pooled(y: Numbers, v: Numbers, tau2: Any) -> tuple[Numbers, Numbers, Numbers]:
    """Weighted mean, its variance 1/sum(w), and Q about it, for w = 1/(v + tau²)."""
    w = 1 / (v + np.asarray(tau2, float)[..., None])
    total = w.sum(axis=-1)
    shift = y[..., :1]
    mean = shift[..., 0] + np.sum(w * (y - shift), axis=-1) / total
    return mean, 1 / total, np.sum(w * (y - mean[..., None]) ** 2, axis=-1)


def dersimonian_laird(y: Numbers, v: Numbers) -> tuple[Numbers, Numbers]:
    """The moment estimate, and the same before it is cut at 0 (DerSimonian and Laird 1986)."""
    w = 1 / v
    _, _, q = pooled(y, v, np.zeros(y.shape[:-1]))
    total = w.sum(axis=-1)
    raw = (q - (y.shape[-1] - 1)) / (total - np.sum(w**2, axis=-1) / total)
    return np.maximum(raw, 0), raw


def solve_q(y: Numbers, v: Numbers, target: Any) -> Numbers:
    """The tau² at which the generalised Q equals `target`, 0 where it is below it already. Q is convex and falling: Newton from 0."""
    target = np.broadcast_to(np.asarray(target, float), y.shape[:-1])
    tau2 = np.zeros(y.shape[:-1])
    for _ in range(200):
        mean, _, q = pooled(y, v, tau2)
        fall = np.sum(((y - mean[..., None]) / (v + tau2[..., None])) ** 2, axis=-1)
        step = np.where(fall > 0, (q - target) / np.where(fall > 0, fall, 1), 0.0)
        new = np.maximum(tau2 + step, 0)
        if np.all(np.abs(new - tau2) <= 1e-14 * (new + v.min(axis=-1))):
            return new
        tau2 = new
    return tau2


def reml(y: Numbers, v: Numbers) -> tuple[Numbers, Numbers]:
    """The restricted maximum likelihood estimate by Fisher scoring, not below 0, and its standard error (Viechtbauer 2005)."""
    tau2 = np.maximum(np.var(y, axis=-1, ddof=1) - v.mean(axis=-1), v.min(axis=-1) * 0.01)
    last, damp = np.zeros_like(tau2), np.ones_like(tau2)
    info = np.ones_like(tau2)
    for _ in range(ROUNDS):
        mean, _, _ = pooled(y, v, tau2)
        w = 1 / (v + tau2[..., None])
        w1, w2, w3 = (np.sum(w**power, axis=-1) for power in (1, 2, 3))
        info = w2 - 2 * w3 / w1 + (w2 / w1) ** 2
        step = (np.sum((w * (y - mean[..., None])) ** 2, axis=-1) - (w1 - w2 / w1)) / info
        damp = np.where(step * last < 0, np.maximum(damp / 2, 0.05), np.minimum(damp * 1.2, 1.0))
        new = np.maximum(tau2 + damp * step, 0)
        done = np.abs(new - tau2) <= 1e-13 * (new + v.min(axis=-1))
        tau2, last = new, step
        if np.all(done):
            break
    return tau2, np.sqrt(2 / info)


ESTIMATORS = ("REML", "DL", "PM", "fixed")


def between_variance(y: Numbers, v: Numbers, estimator: str) -> Numbers:
    """tau² by one of `ESTIMATORS`; fixed is 0."""
    if estimator == "fixed":
        return np.zeros(y.shape[:-1])
    if estimator == "DL":
        return dersimonian_laird(y, v)[0]
    return reml(y, v)[0] if estimator == "REML" else solve_q(y, v, y.shape[-1] - 1)
