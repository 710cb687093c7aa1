"""Deming regression, plain and weighted, with Linnet's jackknife."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Example, method
from ..parameter import CONFIDENCE
from ..refusal import Degenerate, NoConvergence
from ..result import Assumption, Citation, reported
from ..series import Numbers, Series
from .pairs import COLUMNS, POINTS, RATIO, SPECIMENS, STRAIGHT, LineCases, LineResult, biases, check_varied, common, jackknife, line_sentence, t_ends

LINNET = Citation("Linnet K (1990) Stat Med 9:1463-1473")
LINNET_1993 = Citation("Linnet K (1993) Clin Chem 39:424-432")
EP09 = Citation("CLSI EP09 Measurement Procedure Comparison and Bias Estimation")
STEPS = 500
DATA = {
    "reference": [7.0, 8.3, 10.5, 9.0, 5.1, 8.2, 10.2, 10.3, 7.1, 5.9],
    "test": [7.9, 8.2, 9.6, 9.0, 6.5, 7.3, 10.2, 10.6, 6.3, 5.2],
}


@dataclass(frozen=True, kw_only=True)
class DemingResult(LineResult):
    """Deming's line with jackknife errors."""

    se_slope: float = reported("jackknife standard error of the slope")
    se_intercept: float = reported("jackknife standard error of the intercept", Y)
    covariance: float = reported("jackknife covariance of slope and intercept", Y)
    slope_jackknife: float = reported("mean of the pseudo-values of the slope (bias-corrected), for information")
    intercept_jackknife: float = reported("mean of the pseudo-values of the intercept (bias-corrected), for information", Y)
    df: int = reported("degrees of freedom of the intervals, n - 2")
    p_slope: float = reported("two-sided p-value against a slope of 1")
    p_intercept: float = reported("two-sided p-value against an intercept of 0")
    ratio: float = reported("variance of the error of the test procedure over that of the reference")
    error_sd: float = reported("standard deviation of the error of the reference procedure that the scatter about the line implies (relative when weighted)", Y)
    slope_least_squares: float = reported("slope by ordinary least squares, for information")
    intercept_least_squares: float = reported("intercept by ordinary least squares, for information", Y)


@dataclass(frozen=True, kw_only=True)
class WeightedDemingResult(DemingResult):
    """Weighted Deming's line: errors proportional to concentration."""

    error_sd: float = reported("coefficient of variation of the reference procedure that the scatter about the line implies")
    iterations: int = reported("iterations until slope and intercept settled", unit_bound=True)


def deming_cases(*, reference: Numbers, test: Numbers, ratio: Any = 1.0) -> LineCases:
    """Many comparisons at once: `reference` and `test` (..., n), finite; `ratio` a number or one a case."""
    return _line(np.asarray(reference, float), np.asarray(test, float), 1.0, np.asarray(ratio, float))


def weighted_deming_cases(*, reference: Numbers, test: Numbers, ratio: Any = 1.0) -> LineCases:
    """Many comparisons at once, errors proportional to concentration: `reference` and `test` (..., n)."""
    return _weighted(np.asarray(reference, float), np.asarray(test, float), np.asarray(ratio, float))[0]


def _line(x: Numbers, y: Numbers, w: Any, d: Numbers) -> LineCases:
    w = np.broadcast_to(w, x.shape)
    total = w.sum(axis=-1)
    mx, my = (np.sum(w * each, axis=-1) / total for each in (x, y))
    u, v = x - mx[..., None], y - my[..., None]
    sxx, syy, sxy = np.sum(w * u * u, axis=-1), np.sum(w * v * v, axis=-1), np.sum(w * u * v, axis=-1)
    if np.any(sxy == 0):
        raise Degenerate("The two procedures are not correlated at all: no line can be fitted.")
    half = syy - d * sxx
    root = np.sqrt(half**2 + 4 * d * sxy**2)
    slope = np.where(half >= 0, (half + root) / (2 * sxy), 2 * d * sxy / np.where(half < 0, root - half, 1.0))
    return LineCases(slope, my - slope * mx)


def _weighted(x: Numbers, y: Numbers, d: Numbers) -> tuple[LineCases, int, Numbers]:
    """Linnet's iteration: weights 1/level², the level being the mean of both fitted values, weighted as their errors are."""
    line = _line(x, y, 1.0, d)
    for step in range(1, STEPS + 1):
        a, b = line.intercept[..., None], line.slope[..., None]
        residual, e = y - a - b * x, d[..., None] if d.ndim else d
        level = (e * (x + b * residual / (e + b**2)) + y - e * residual / (e + b**2)) / (e + 1)
        if np.any(level <= 0):
            raise Degenerate("A fitted concentration is not above 0: errors cannot be proportional to it. Use plain Deming regression.")
        new = _line(x, y, 1 / level**2, d)
        settled = np.all(np.abs(new.slope - line.slope) <= 1e-13 * np.abs(new.slope)) and np.all(
            np.abs(new.intercept - line.intercept) <= 1e-13 * np.abs(y).max()
        )
        line = new
        if settled:
            return line, step, 1 / level**2
    raise NoConvergence("Weighted Deming regression did not settle. Use plain Deming or Passing-Bablok regression.")


@method(
    name="deming",
    title="Deming regression",
    family="comparison",
    result=DemingResult,
    citations=[EP09, LINNET],
    columns=COLUMNS,
    parameters=[RATIO, POINTS, CONFIDENCE],
    example=Example(DATA, {"points": [6, 10]}, y_unit="g/L"),
    arrays=deming_cases,
)
def deming(*, reference: Series, test: Series, ratio: float = 1.0, points: Any = None, confidence: float = 0.95) -> DemingResult:
    """The line of test on reference when both have error of constant variance, in the ratio var(error of test)/var(error of reference).

    slope = [Syy - d Sxx + sqrt((Syy - d Sxx)² + 4 d Sxy²)]/(2 Sxy); jackknife errors with t on n - 2 degrees of freedom.
    Assumptions: straight line, independent samples, constant error variances in the stated ratio.
    """
    x, y = reference.array, test.array
    check_varied(x, y)
    fixed = Assumption(f"Error variances are constant over the range, test over reference {ratio:g}.")
    return DemingResult(**_quantities(x, y, ratio, points, confidence, "Deming", reference.unit, np.ones_like(x), fixed))


@method(
    name="weighted-deming",
    title="Weighted Deming regression",
    family="comparison",
    result=WeightedDemingResult,
    citations=[EP09, LINNET, LINNET_1993],
    columns=COLUMNS,
    parameters=[RATIO, POINTS, CONFIDENCE],
    example=Example(DATA, {"points": [6, 10]}, y_unit="g/L"),
    arrays=weighted_deming_cases,
)
def weighted_deming(*, reference: Series, test: Series, ratio: float = 1.0, points: Any = None, confidence: float = 0.95) -> WeightedDemingResult:
    """The line of test on reference when both errors grow in proportion to concentration (Linnet's weights, jackknife errors).

    Weights are 1/level², level = (d x̂ + ŷ)/(d + 1) with fitted values, iterated until slope and intercept settle.
    Assumptions: straight line, independent samples, constant coefficients of variation; every fitted level above 0.
    """
    x, y = reference.array, test.array
    check_varied(x, y)
    _, steps, weights = _weighted(x, y, np.asarray(ratio))
    fixed = Assumption(f"Coefficients of variation are constant over the range, their squares in the ratio {ratio:g} (test over reference).")
    return WeightedDemingResult(**_quantities(x, y, ratio, points, confidence, "weighted Deming", reference.unit, weights, fixed), iterations=steps)


def _quantities(
    x: Numbers, y: Numbers, ratio: float, points: Any, confidence: float, name: str, unit: str, weights: Numbers, fixed: Assumption
) -> dict[str, Any]:
    cases = deming_cases if name == "Deming" else weighted_deming_cases
    line = cases(reference=x, test=y, ratio=ratio)
    errors = jackknife(x, y, lambda u, v: cases(reference=u, test=v, ratio=ratio))
    if errors.slope <= 1e-12 * abs(float(line.slope)):
        raise Degenerate("The results lie on a straight line exactly: there is no error to judge by. Give unrounded values.")
    b, a = float(line.slope), float(line.intercept)
    ends = (t_ends(b, errors.slope, errors.df, confidence), t_ends(a, errors.intercept, errors.df, confidence))
    plain = np.polyfit(x - x.mean(), y, 1)
    scatter = float(np.sum(weights * (y - a - b * x) ** 2) / (len(x) - 2) / (ratio + b**2))
    return {
        **common(x, y, b, a, ends),
        "se_slope": errors.slope,
        "se_intercept": errors.intercept,
        "covariance": errors.covariance,
        "slope_jackknife": errors.mean_slope,
        "intercept_jackknife": errors.mean_intercept,
        "df": errors.df,
        "p_slope": float(2 * special.stdtr(errors.df, -abs(b - 1) / errors.slope)),
        "p_intercept": float(2 * special.stdtr(errors.df, -abs(a) / errors.intercept)),
        "ratio": ratio,
        "error_sd": scatter**0.5,
        "slope_least_squares": float(plain[0]),
        "intercept_least_squares": float(y.mean() - plain[0] * x.mean()),
        "bias": biases(points, b, a, errors, confidence),
        "definitions": {
            "ratio": "variance of the error of test over that of reference (the inverse of mcr's error.ratio)",
            "standard error": "jackknife (Linnet), t with n - 2 degrees of freedom, centred on the estimate from all samples",
        },
        "assumptions": (SPECIMENS, STRAIGHT, fixed),
        "sentence": line_sentence(name, b, a, ends, unit, len(x)),
    }
