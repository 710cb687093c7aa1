"""Passing and Bablok's line, exactly as defined."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Example, method
from ..parameter import CONFIDENCE
from ..refusal import Degenerate, TooFew
from ..result import Assumption, Citation, Interval, reported
from ..series import Numbers, Series
from .deming import DATA
from .pairs import COLUMNS, POINTS, SPECIMENS, TINY, Bias, LineResult, check_varied, common, line_sentence

PASSING = Citation("Passing H, Bablok W (1983) J Clin Chem Clin Biochem 21:709-720")


@dataclass(frozen=True, kw_only=True)
class PassingBablokResult(LineResult):
    """Passing and Bablok's line with rank intervals and the Cusum test of linearity."""

    slopes: int = reported("number of pairwise slopes used, N")
    below_minus_one: int = reported("number of slopes below -1, K: the offset of the median")
    dropped_minus_one: int = reported("slopes of exactly -1, dropped")
    dropped_identical: int = reported("pairs of identical points, dropped")
    rank_lower: int = reported("rank of the lower limit of the slope, M1, before the offset")
    rank_upper: int = reported("rank of the upper limit, M2 = N - M1 + 1")
    above: int = reported("points above the line")
    below: int = reported("points below the line")
    cusum: float = reported("largest absolute cumulative sum of the linearity test")
    cusum_statistic: float = reported("Cusum statistic H, the largest cumulative sum over sqrt(points below + 1)")
    cusum_p: float = reported("p-value of the Cusum test (Kolmogorov distribution); 10, 5 and 1 % critical values are 1.22, 1.36, 1.63")
    linear: bool = reported("whether the Cusum test finds no departure from a line at the 5 % level (critical value 1.36)")
    kendall: float = reported("Kendall's tau-b, for information")
    residual_mad: float = reported("1.4826 times the median absolute deviation of residuals from the line", Y)


@dataclass(frozen=True)
class _Slopes:
    sorted: Numbers
    k: int
    minus_one: int
    identical: int


def _slopes(x: Numbers, y: Numbers) -> _Slopes:
    i, j = np.triu_indices(len(x), 1)
    scale = TINY * max(np.abs(x).max(), np.abs(y).max())
    dx, dy = x[j] - x[i], y[j] - y[i]
    dx, dy = np.where(np.abs(dx) <= scale, 0.0, dx), np.where(np.abs(dy) <= scale, 0.0, dy)
    same = (dx == 0) & (dy == 0)
    minus = ~same & (np.abs(dx + dy) <= scale)
    dx, dy = dx[~same & ~minus], dy[~same & ~minus]
    slopes = np.sort(np.where(dx == 0, np.inf, dy / np.where(dx == 0, 1.0, dx)))
    return _Slopes(slopes, int(np.sum(slopes < -1)), int(minus.sum()), int(same.sum()))


@method(
    name="passing-bablok",
    title="Passing-Bablok regression",
    family="comparison",
    result=PassingBablokResult,
    citations=[PASSING, Citation("CLSI EP09 Measurement Procedure Comparison and Bias Estimation")],
    columns=COLUMNS,
    parameters=[POINTS, CONFIDENCE],
    example=Example(DATA, {"points": [6, 10]}, y_unit="g/L"),
)
def passing_bablok(*, reference: Series, test: Series, points: Any = None, confidence: float = 0.95) -> PassingBablokResult:
    """The shifted median of pairwise slopes, with rank limits and the Cusum test of linearity: no assumption on error distributions.

    Identical points and slopes of exactly -1 are dropped; the median is shifted by K, the number of slopes below -1. With
    C = z sqrt(n(n-1)(2n+5)/18): M1 = round((N-C)/2), M2 = N - M1 + 1. Intercept: median of y - slope x; its limits from those of the slope.
    Assumptions: straight line, positive association, slope near 1, same unit.
    """
    x, y = reference.array, test.array
    check_varied(x, y)
    found, n = _slopes(x, y), len(x)
    s, count, k = found.sorted, len(found.sorted), found.k
    if count < 2:
        raise Degenerate("Fewer than two pairwise slopes are defined. Measure samples that differ.")
    b = _finite((s[_at((count + 1) // 2 + k, count)] + s[_at(count // 2 + 1 + k, count)]) / 2)
    c = float(special.ndtri((1 + confidence) / 2)) * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    m1 = math.floor((count - c) / 2 + 0.5)
    if m1 < 1:
        raise TooFew(f"{n} samples give too few slopes for a {100 * confidence:g} % interval. Measure more samples.")
    m2 = count - m1 + 1
    low, high = (None if not 0 <= m + k - 1 < count or math.isinf(s[m + k - 1]) else float(s[m + k - 1]) for m in (m1, m2))
    a, note = float(np.median(y - b * x)), "too many slopes are unbounded"
    a_low, a_high = (None if each is None else float(np.median(y - each * x)) for each in (high, low))
    ends = (
        Interval(low, high, confidence, note="" if None not in (low, high) else note),
        Interval(a_low, a_high, confidence, note="" if None not in (low, high) else note),
    )
    linearity = _cusum(x, y, b, a)
    return PassingBablokResult(
        **common(x, y, b, a, ends),
        bias=tuple(_bias(at, a, b, ends) for at in points or ()),
        slopes=count,
        below_minus_one=k,
        dropped_minus_one=found.minus_one,
        dropped_identical=found.identical,
        rank_lower=m1,
        rank_upper=m2,
        **linearity,
        kendall=_kendall(x, y),
        residual_mad=1.4826 * float(np.median(np.abs(y - a - b * x - np.median(y - a - b * x)))),
        definitions={
            "slope": "tangent: arithmetic mean of the two middle slopes when their number is even",
            "rank rounding": "half up",
            "equal reference values": "slope plus infinity",
            "cusum": "H = max|cusum|/sqrt(number below + 1)",
        },
        assumptions=(SPECIMENS, Assumption("Linear relation.", True, f"Cusum H = {linearity['cusum_statistic']:.3g}", linearity["linear"])),
        warnings=(() if linearity["linear"] else ("The Cusum test finds a departure from a straight line: slope and intercept do not describe the relation.",))
        + (("Fewer than 30 samples: the method was meant for 30 or more (CLSI EP09: 40).",) if n < 30 else ()),
        sentence=line_sentence("Passing-Bablok", b, a, ends, reference.unit, n),
    )  # fmt: skip


def _at(rank: int, count: int) -> int:
    if not 1 <= rank <= count:
        raise Degenerate("Most pairwise slopes lie below -1: the procedures are not positively related. Passing-Bablok does not apply.")
    return rank - 1


def _finite(slope: float) -> float:
    if not math.isfinite(slope):
        raise Degenerate("The median slope is unbounded: too many reference results are equal. Measure samples over the whole range.")
    return float(slope)


def _bias(at: float, a: float, b: float, ends: tuple[Interval, Interval]) -> Bias:
    """Bias at a point; its limits from the paired limits of slope and intercept."""
    (slope, intercept), bias = ends, a + (b - 1) * at
    each = [None if i is None or s is None else i + (s - 1) * at for s, i in ((slope.lower, intercept.upper), (slope.upper, intercept.lower))]
    known = [value for value in each if value is not None]
    whole = len(known) == 2
    interval = Interval(min(known), max(known), slope.confidence) if whole else Interval(None, None, slope.confidence, note=slope.note)
    return Bias(at, bias + at, bias, interval, None, 100 * bias / at if at else None)


def _cusum(x: Numbers, y: Numbers, b: float, a: float) -> dict[str, Any]:
    residual = y - a - b * x
    residual = np.where(np.abs(residual) <= TINY * np.abs(y).max(), 0.0, residual)
    above, below = int(np.sum(residual > 0)), int(np.sum(residual < 0))
    if not above or not below:
        raise Degenerate("All samples lie on one side of the line or on it: linearity cannot be tested. Give unrounded values.")
    score = np.where(residual > 0, math.sqrt(below / above), np.where(residual < 0, -math.sqrt(above / below), 0.0))
    place = y + x / b
    largest = float(np.max(np.abs(np.cumsum(score[np.lexsort((residual, np.round(place / np.ptp(place), 12)))]))))
    h = largest / math.sqrt(below + 1)
    return {"above": above, "below": below, "cusum": largest, "cusum_statistic": h, "cusum_p": float(special.kolmogorov(h)), "linear": h < 1.36}


def _kendall(x: Numbers, y: Numbers) -> float:
    i, j = np.triu_indices(len(x), 1)
    u, v = np.sign(x[j] - x[i]), np.sign(y[j] - y[i])
    return float(np.sum(u * v) / math.sqrt(np.sum(u * u) * np.sum(v * v)))
