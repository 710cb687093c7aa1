"""Robust standard deviation by the Q method and robust mean by Hampel's estimator (ISO 13528)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Column, Example, method
from ..refusal import Degenerate, TooFew
from ..result import Assumption, Result, reported
from ..series import Numbers, Series
from ..words import say
from .consensus import SIGMA, consensus_uncertainty, few, source

TIE = 1e-10  # of the largest value: differences nearer than that are one difference


@dataclass(frozen=True, kw_only=True)
class QHampelResult(Result):
    """Robust mean and standard deviation without iteration."""

    mean: float = reported("Hampel's robust mean x*", Y)
    sd: float = reported("robust standard deviation s* by the Q method", Y)
    u: float = reported("standard uncertainty of the robust mean, 1.25 s*/sqrt(p)", Y)
    median: float = reported("median of laboratory means", Y)
    h1_zero: float = reported("share of pairs that do not differ, H1(0)")
    quantile: float = reported("0.25 + 0.75 H1(0)")
    pair_distance: float = reported("distance at that quantile, G1⁻¹", Y)
    weights_zero: int = reported("number of laboratories beyond 4.5 s*, which do not count")
    sd_repeatability: float | None = reported("robust repeatability standard deviation by the Q method; none without replicates", Y)
    u_negligible: bool | None = reported("whether u is at most 0.3 sigma; none without sigma")
    p: int = reported("number of laboratories")


@method(
    name="q-hampel",
    title="Robust standard deviation (Q method) and mean (Hampel) of ISO 13528",
    family="proficiency",
    result=QHampelResult,
    citations=[source("Annex C.5.2 and C.5.3")],
    columns=[
        Column("value", "result", least=3, together=True),
        Column("laboratory", "laboratory, when it reports replicates", kind="label", axis=None, least=3, together=True, required=False),
    ],
    parameters=[SIGMA],
    example=Example({"value": [25.05, 26.29, 27.64, 29.01, 27.1, 26.8, 26.5, 31.9]}, {"sigma_pt": 1.5}, y_unit="%"),
)
def q_hampel(*, value: Series, laboratory: Sequence[str] | None = None, sigma_pt: float | None = None) -> QHampelResult:
    """s* from a quantile of the differences between laboratories; x* where the sum of Hampel's psi is nothing, nearest the median.

    Differences equal but for binary rounding are one: floating point would split ties. With replicates every pair of results of two
    laboratories counts with weight 1/(n_i n_j).
    """
    x = value.array
    groups = [np.array([each]) for each in x] if laboratory is None else [x[np.array(laboratory) == name] for name in sorted(set(laboratory))]
    if len(groups) < 3:
        raise TooFew(f"{len(groups)} laboratories are too few for a robust value.")
    scale = float(np.max(np.abs(x))) or 1.0
    d, w = _pairs(groups)
    h0, q, distance, sd = q_scale(d, w, scale)
    if sd <= TIE * scale:
        raise Degenerate("So many results are equal that the robust standard deviation is 0. Give unrounded values.")
    means = np.array([each.mean() for each in groups])
    mean = hampel(means, sd)
    p, u = len(groups), consensus_uncertainty(sd, len(groups))
    return QHampelResult(
        mean=mean,
        sd=sd,
        u=u,
        median=float(np.median(means)),
        h1_zero=h0,
        quantile=q,
        pair_distance=distance,
        weights_zero=int(np.sum(np.abs(means - mean) >= 4.5 * sd)),
        sd_repeatability=_repeatability(groups, scale),
        u_negligible=None if sigma_pt is None else u <= 0.3 * sigma_pt,
        p=p,
        definitions={"ties": "differences within 1e-10 of the largest value are one", "mean": "finite-step Hampel, the root nearest the median"},
        assumptions=(Assumption("Most laboratories measure one value (one mode)."),),
        warnings=few(p, u, sigma_pt),
        sentence=f"The robust mean of {p} laboratories was {say(mean)} (u = {say(u)}; Hampel), the robust standard deviation {say(sd)} (Q method).",
    )


def _pairs(groups: Sequence[Numbers]) -> tuple[Numbers, Numbers]:
    d, w = [], []
    for i, one in enumerate(groups):
        for other in groups[i + 1 :]:
            each = np.abs(one[:, None] - other[None, :]).ravel()
            d.append(each)
            w.append(np.full(each.shape, 1 / each.size))
    weights = np.concatenate(w)
    return np.concatenate(d), weights / weights.sum()


def q_scale(d: Numbers, w: Numbers, scale: float) -> tuple[float, float, float, float]:
    """H1(0), the quantile, G1⁻¹ of it and s*, from differences `d` with weights `w` that sum to 1."""
    order = np.argsort(d, kind="stable")
    d, h = d[order], np.cumsum(w[order])
    last = np.append(np.diff(d) > TIE * scale, True)
    steps, heights = d[last], h[last]
    steps = np.where(steps <= TIE * scale, 0.0, steps)
    h0 = float(heights[0]) if steps[0] == 0 else 0.0
    before = np.concatenate([[0.0], heights[:-1]])
    g = np.where(steps > 0, (heights + before) / 2, 0.0)
    if steps[0] > 0:
        steps, g = np.concatenate([[0.0], steps]), np.concatenate([[0.0], g])
    q = 0.25 + 0.75 * h0
    distance = float(np.interp(q, g, steps))
    return h0, q, distance, distance / (math.sqrt(2) * float(special.ndtri(0.625 + 0.375 * h0))) if h0 < 1 else 0.0


def hampel(y: Numbers, s: float) -> float:
    """The finite-step root of sum psi((y - x)/s) nearest the median (ISO 13528 C.5.3)."""
    median = float(np.median(y))
    centred = (y - median) / s
    nodes = np.sort((centred[:, None] + np.array([-4.5, -3.0, -1.5, 1.5, 3.0, 4.5])).ravel())
    q = centred[:, None] - nodes
    size = np.abs(q)
    psi = np.sign(q) * np.where(size >= 4.5, 0.0, np.where(size > 3, 4.5 - size, np.minimum(size, 1.5)))
    total = psi.sum(axis=0)
    total = np.where(np.abs(total) <= 1e-11, 0.0, total)
    roots = list(nodes[total == 0])
    for i in np.flatnonzero(total[:-1] * total[1:] < 0):
        roots.append(nodes[i] - total[i] * (nodes[i + 1] - nodes[i]) / (total[i + 1] - total[i]))
    for i in np.flatnonzero((total[:-1] == 0) & (total[1:] == 0)):
        if nodes[i] < 0 < nodes[i + 1]:
            roots.append(0.0)
    return median + s * float(min(roots, key=abs))


def _repeatability(groups: Sequence[Numbers], scale: float) -> float | None:
    d, w = [], []
    for each in groups:
        i, j = np.triu_indices(len(each), 1)
        if len(i):
            d.append(np.abs(each[i] - each[j]))
            w.append(np.full(len(i), 1 / len(i)))
    if len(d) < 3:
        return None
    weights = np.concatenate(w)
    return q_scale(np.concatenate(d), weights / weights.sum(), scale)[3]
