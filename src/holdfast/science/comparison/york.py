"""The line through points whose errors are known in both directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE, Parameter
from ..refusal import NoConvergence, Unsuitable, WrongParameter
from ..result import Assumption, Citation, Interval, reported
from ..series import Numbers, Series
from .pairs import COLUMNS, POINTS, SPECIMENS, STRAIGHT, Jackknife, LineCases, LineResult, biases, check_varied, common, line_sentence

YORK = Citation("York D, Evensen NM, Lopez Martinez M, De Basabe Delgado J (2004) Am J Phys 72:367-375")
RIPLEY = Citation("Ripley BD, Thompson M (1987) Analyst 112:377-383")
STEPS = 1000


@dataclass(frozen=True, kw_only=True)
class YorkResult(LineResult):
    """York's line. Errors follow from the stated SDs; the scaled ones from the scatter seen."""

    se_slope: float = reported("standard error of the slope from the stated SDs")
    se_intercept: float = reported("standard error of the intercept from the stated SDs", Y)
    covariance: float = reported("covariance of slope and intercept", Y)
    se_slope_scaled: float = reported("standard error of the slope times the root of the reduced chi-square")
    se_intercept_scaled: float = reported("standard error of the intercept times the root of the reduced chi-square", Y)
    chi_square: float = reported("weighted sum of squares about the line")
    reduced_chi_square: float = reported("weighted sum of squares over its degrees of freedom: near 1 when the SDs are right")
    p_fit: float = reported("probability of a larger sum of squares when line and SDs are right")
    df: int = reported("degrees of freedom, n - 2")


def york_cases(*, reference: Numbers, test: Numbers, sd_reference: Numbers, sd_test: Numbers, correlation: float = 0.0) -> LineCases:
    """Many comparisons at once: all arrays (..., n); SDs above 0."""
    slope, intercept, *_ = _fit(np.asarray(reference, float), np.asarray(test, float), np.asarray(sd_reference, float), np.asarray(sd_test, float), correlation)
    return LineCases(slope, intercept)


def _fit(x: Numbers, y: Numbers, sx: Numbers, sy: Numbers, r: float) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """Slope, intercept, weights, fitted x, and mean of x, by York's iteration."""
    u, v = x - x.mean(-1, keepdims=True), y - y.mean(-1, keepdims=True)
    b = (np.sum(u * v, -1) / np.sum(u * u, -1))[..., None]
    wx, wy = sx**-2, sy**-2
    alpha = np.sqrt(wx * wy)
    for _ in range(STEPS):
        w = wx * wy / (wx + b**2 * wy - 2 * b * r * alpha)
        mx, my = (np.sum(w * each, -1, keepdims=True) / w.sum(-1, keepdims=True) for each in (x, y))
        u, v = x - mx, y - my
        beta = w * (u / wy + b * v / wx - (b * u + v) * r / alpha)
        new = np.sum(w * beta * v, -1, keepdims=True) / np.sum(w * beta * u, -1, keepdims=True)
        settled, b = np.all(np.abs(new - b) <= 1e-15 * (np.abs(new))), new
        if settled or not np.all(np.isfinite(b)):
            break
    if not np.all(np.isfinite(b)) or not np.all(np.abs(np.sum(w * beta * (v - b * u), -1)) <= 1e-9 * np.sum(np.abs(w * beta * v), -1)):
        raise NoConvergence("York's iteration did not settle. Check the standard deviations.")
    return b[..., 0], (my - b * mx)[..., 0], w, mx + beta, mx[..., 0]


@method(
    name="york",
    title="Line with known errors in both procedures (York)",
    family="comparison",
    result=YorkResult,
    citations=[YORK, RIPLEY],
    columns=[
        *COLUMNS,
        Column("sd_reference", "standard deviation of the reference result", least=3, together=True),
        Column("sd_test", "standard deviation of the test result", least=3, together=True),
    ],
    parameters=[Parameter("correlation", "correlation of the errors of a sample's two results", default=0.0), POINTS, CONFIDENCE],
    example=Example(
        {"reference": [1.0, 2.1, 3.0, 4.2, 5.0, 6.1], "test": [1.2, 2.0, 3.3, 4.0, 5.4, 6.0],
         "sd_reference": [0.1, 0.1, 0.15, 0.2, 0.2, 0.3], "sd_test": [0.2, 0.2, 0.2, 0.25, 0.3, 0.3]},
        {"points": [2, 5]}, y_unit="mg/L"),
    arrays=york_cases,
)  # fmt: skip
def york(
    *, reference: Series, test: Series, sd_reference: Series, sd_test: Series, correlation: float = 0.0, points: Any = None, confidence: float = 0.95
) -> YorkResult:
    """The maximum likelihood line when the standard deviation of every result is known; chi-square says whether line and SDs fit the data.

    Intervals use the stated SDs (normal quantile); the scaled errors allow for an SD that is wrong by a common factor.
    Assumptions: straight line, normal errors with the stated standard deviations.
    """
    x, y, sx, sy = (each.array for each in (reference, test, sd_reference, sd_test))
    check_varied(x, y)
    if min(sx.min(), sy.min()) <= 0:
        raise Unsuitable("A standard deviation is not above 0. Give that of each result.")
    if not -1 < correlation < 1:
        raise WrongParameter(f"correlation is {correlation:g}. It must lie between -1 and 1.")
    slope, intercept, w, fitted, _ = _fit(x, y, sx, sy, correlation)
    b, a, df = float(slope), float(intercept), len(x) - 2
    mean = float(np.sum(w * fitted) / w.sum())
    se_b = float(np.sum(w * (fitted - mean) ** 2)) ** -0.5
    se_a = float(np.sqrt(1 / w.sum() + (mean * se_b) ** 2))
    chi = float(np.sum(w * (y - a - b * x) ** 2))
    errors = Jackknife(se_b, se_a, -mean * se_b**2, b, a, 10**9)
    ends = (_z_ends(b, se_b, confidence), _z_ends(a, se_a, confidence))
    p = float(special.chdtrc(df, chi))
    return YorkResult(
        **common(x, y, b, a, ends),
        bias=biases(points, b, a, errors, confidence),
        se_slope=se_b,
        se_intercept=se_a,
        covariance=errors.covariance,
        se_slope_scaled=se_b * (chi / df) ** 0.5,
        se_intercept_scaled=se_a * (chi / df) ** 0.5,
        chi_square=chi,
        reduced_chi_square=chi / df,
        p_fit=p,
        df=df,
        definitions={"standard error": "from the stated SDs at the adjusted points (York 2004, eq. 13), normal quantile"},
        assumptions=(
            SPECIMENS,
            STRAIGHT,
            Assumption("Errors are normal with the stated SDs.", True, f"reduced chi-square {chi / df:.3g}, p = {p:.2g}", p >= 0.05),
        ),
        warnings=("The scatter is larger than the stated SDs explain: use the scaled errors, or doubt the line.",) if p < 0.05 else (),
        sentence=line_sentence("York", b, a, ends, reference.unit, len(x)),
    )


def _z_ends(estimate: float, se: float, confidence: float) -> Interval:
    half = float(special.ndtri((1 + confidence) / 2)) * se
    return Interval(estimate - half, estimate + half, confidence)
