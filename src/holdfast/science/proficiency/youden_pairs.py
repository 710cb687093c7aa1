"""Youden pairs: two similar items measured by every laboratory."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE
from ..refusal import Degenerate
from ..result import Assumption, Citation, Result, reported
from ..series import Series
from ..words import say
from .consensus import source


@dataclass(frozen=True, kw_only=True)
class YoudenResult(Result):
    """Random and systematic parts of the scatter, and the ellipse."""

    median_a: float = reported("median of the first item", Y)
    median_b: float = reported("median of the second item", Y)
    mean_a: float = reported("mean of the first item", Y)
    mean_b: float = reported("mean of the second item", Y)
    sd_a: float = reported("standard deviation of the first item (n-1)", Y)
    sd_b: float = reported("standard deviation of the second item (n-1)", Y)
    sd_random: float = reported("random (repeatability) standard deviation, from differences", Y)
    sd_total: float = reported("standard deviation of a result, from sums", Y)
    sd_systematic: float = reported("systematic (between-laboratory) standard deviation, 0 where its square is negative", Y)
    f: float = reported("ratio of the variances of sums and differences")
    p_systematic: float = reported("its p-value: small says that systematic errors dominate")
    correlation: float = reported("Pearson's correlation")
    rank_correlation: float = reported("Spearman's rank correlation")
    quadrants: dict[str, int] = reported("laboratories above or below each median: ++, +-, -+, --")
    circle_radius: float = reported("radius about the medians that random errors stay in with the confidence", Y)
    ellipse_axes: tuple[float, float] = reported("half axes of the confidence ellipse (Hotelling)", Y)
    ellipse_angle: float = reported("angle of its long axis to the first item, degrees")
    outside: tuple[bool, ...] = reported("whether each laboratory lies outside the ellipse, in the order given", per_row=True)
    p: int = reported("number of laboratories")


@method(
    name="youden-pairs",
    title="Youden pairs: random and systematic errors of laboratories",
    family="proficiency",
    result=YoudenResult,
    citations=[Citation("Youden WJ (1959) Ind Qual Control 15:24-28"), source("10.5")],
    columns=[Column("a", "result of the first item", least=4, together=True), Column("b", "result of the second item", least=4, together=True)],
    parameters=[CONFIDENCE],
    example=Example({"a": [9.8, 10.3, 11.2, 10.1, 8.9, 10.6], "b": [10.4, 10.9, 11.7, 10.4, 9.6, 11.4]}, y_unit="mg/L"),
)
def youden_pairs(*, a: Series, b: Series, confidence: float = 0.95) -> YoudenResult:
    """Differences a - b carry random error only, sums a + b both: s_r² = var(a - b)/2, s² = var(a + b)/2, s_L² = (s² - s_r²)/2."""
    x, y = a.array, b.array
    p = len(x)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise Degenerate("The results of an item do not vary. Give unrounded values.")
    s_r2, s_t2 = float(np.var(x - y, ddof=1)) / 2, float(np.var(x + y, ddof=1)) / 2
    if s_r2 <= 1e-20 * s_t2:
        raise Degenerate("The differences do not vary: there is no random error to compare with. Give unrounded values.")
    cov = np.cov(x, y)
    values, vectors = np.linalg.eigh(cov)
    t2 = 2 * (p - 1) / (p - 2) * float(special.fdtri(2, p - 2, confidence)) * (p + 1) / p
    centred = np.vstack([x - x.mean(), y - y.mean()])
    singular = values[0] <= 1e-12 * values[1]
    distance = np.zeros(p) if singular else np.sum(centred * np.linalg.solve(cov, centred), axis=0)
    above = [(bool(i), bool(j)) for i, j in zip(x > np.median(x), y > np.median(y), strict=True)]
    systematic = math.sqrt(max((s_t2 - s_r2) / 2, 0.0))
    f = s_t2 / s_r2
    return YoudenResult(
        median_a=float(np.median(x)),
        median_b=float(np.median(y)),
        mean_a=float(x.mean()),
        mean_b=float(y.mean()),
        sd_a=float(x.std(ddof=1)),
        sd_b=float(y.std(ddof=1)),
        sd_random=math.sqrt(s_r2),
        sd_total=math.sqrt(s_t2),
        sd_systematic=systematic,
        f=f,
        p_systematic=float(special.fdtrc(p - 1, p - 1, f)),
        correlation=float(cov[0, 1] / math.sqrt(cov[0, 0] * cov[1, 1])),
        rank_correlation=float(np.corrcoef(_ranks(x), _ranks(y))[0, 1]),
        quadrants={name: above.count(where) for name, where in (("++", (True, True)), ("+-", (True, False)), ("-+", (False, True)), ("--", (False, False)))},
        circle_radius=math.sqrt(s_r2) * math.sqrt(float(special.chdtri(2, 1 - confidence))),
        ellipse_axes=(math.sqrt(t2 * float(values[1])), math.sqrt(max(t2 * float(values[0]), 0.0))),
        ellipse_angle=math.degrees(math.atan2(float(vectors[1, 1]), float(vectors[0, 1]))) % 180,
        outside=tuple((distance > t2).tolist()),
        p=p,
        definitions={"ellipse": "Hotelling T², for a new laboratory", "components": "Youden (1959)"},
        assumptions=(Assumption("Both items are alike enough that a laboratory errs on both in the same way."),),
        sentence=f"The random standard deviation of {p} laboratories was {say(math.sqrt(s_r2))}, the systematic one {say(systematic)}.",
    )


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks, ties sharing the middle one."""
    _, of, n = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(n) - (n - 1) / 2)[of])
