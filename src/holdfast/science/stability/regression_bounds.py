"""Bounds about one batch's line at a time: for its mean, for a single result, and for a share of results with confidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..comparability.tolerance_factor import one_sided_factor, two_sided_factor
from ..dimension import Y_PER_X, Y_SQUARED, X, Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE, Parameter
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share
from .crossing import Crossing, first_crossing
from .line import Line, line


@dataclass(frozen=True, kw_only=True)
class RegressionToleranceResult(Result):
    """A line and its bounds at one time."""

    predicted: float = reported("value of the line at the time", Y)
    confidence_interval: Interval = reported("two-sided confidence interval of the mean line there", Y)
    prediction_interval: Interval = reported("two-sided prediction interval of a single result there", Y)
    tolerance_interval: Interval = reported("two-sided tolerance interval of results there", Y)
    tolerance_lower: float = reported("one-sided lower tolerance bound", Y)
    tolerance_upper: float = reported("one-sided upper tolerance bound", Y)
    confidence_lower: float = reported("one-sided lower confidence bound of the mean line", Y)
    confidence_upper: float = reported("one-sided upper confidence bound of the mean line", Y)
    k_two_sided: float = reported("two-sided factor of the residual SD, for 1/leverage values and the residual df")
    k_one_sided: float = reported("one-sided factor of the residual SD")
    intercept: float = reported("intercept", Y)
    slope: float = reported("slope", Y_PER_X)
    se_intercept: float = reported("standard error of the intercept", Y)
    se_slope: float = reported("standard error of the slope", Y_PER_X)
    s: float = reported("residual standard deviation", Y)
    sse: float = reported("residual sum of squares", Y_SQUARED)
    df: int = reported("residual degrees of freedom")
    r_squared: float = reported("share of variance explained")
    confidence_crossing: Crossing | None = reported("when the one-sided confidence bound meets the limit; none without a limit", X)
    prediction_crossing: Crossing | None = reported("when the one-sided prediction bound meets the limit", X)
    tolerance_crossing: Crossing | None = reported("when the one-sided tolerance bound meets the limit", X)


@method(
    name="regression-bounds",
    title="Confidence, prediction and tolerance bounds about a line at a time",
    family="stability",
    result=RegressionToleranceResult,
    citations=[Citation("Krishnamoorthy K, Mathew T (2009) Statistical Tolerance Regions", "3.2-3.3")],
    columns=[
        Column("time", "times of the results", axis="x", least=3, together=True),
        Column("value", "the results", least=3, together=True),
    ],
    parameters=[
        Parameter("at", "time at which the bounds are wanted", dimension=X),
        Parameter("limit", "limit that the bounds may meet", optional=True, dimension=Y),
        Parameter("side", "whether it is a lower or an upper limit", "choice", "lower", choices=("lower", "upper")),
        Parameter("content", "share of results that the tolerance bounds must hold", "probability", 0.95),
        CONFIDENCE,
    ],
    example=Example({"time": [0, 3, 6, 9, 12, 18], "value": [101.2, 100.4, 100.1, 99.2, 98.9, 97.8]}, {"at": 24, "limit": 90}, y_unit="%", x_unit="month"),
)
def regression_bounds(
    *,
    time: Series,
    value: Series,
    at: float,
    limit: float | None = None,
    side: str = "lower",
    content: float = 0.95,
    confidence: float = 0.95,
) -> RegressionToleranceResult:
    """What a batch's line says at a time: bounds of the mean, of a single result, and of a share of results with confidence.

    The tolerance factor is that of a sample of 1/leverage values with the residual degrees of freedom: one-sided by noncentral t, two-sided
    exactly by quadrature. Assumptions: a straight line, independent normal errors of one variance.
    """
    fitted = line(time.array, value.array)
    effective, y = 1 / fitted.leverage(at), fitted.at(at)
    k1 = float(one_sided_factor(effective, content, confidence, fitted.df))
    k2 = float(two_sided_factor(effective, content, confidence, fitted.df))
    crossings = _crossings(fitted, float(time.array.max()), limit, side, content, confidence)
    t2, t1 = fitted.t((1 + confidence) / 2), fitted.t(confidence)
    mean, single = fitted.se_mean(at), fitted.se_single(at)
    tolerance = Interval(y - k2 * fitted.s, y + k2 * fitted.s, confidence, kind="tolerance")
    return RegressionToleranceResult(
        predicted=y,
        confidence_interval=Interval(y - t2 * mean, y + t2 * mean, confidence),
        prediction_interval=Interval(y - t2 * single, y + t2 * single, confidence, kind="prediction"),
        tolerance_interval=tolerance,
        tolerance_lower=y - k1 * fitted.s,
        tolerance_upper=y + k1 * fitted.s,
        confidence_lower=y - t1 * mean,
        confidence_upper=y + t1 * mean,
        k_two_sided=k2,
        k_one_sided=k1,
        intercept=fitted.intercept,
        slope=fitted.slope,
        se_intercept=fitted.se_intercept,
        se_slope=fitted.se_slope,
        s=fitted.s,
        sse=fitted.sse,
        df=fitted.df,
        r_squared=fitted.r_squared,
        confidence_crossing=crossings["confidence"],
        prediction_crossing=crossings["prediction"],
        tolerance_crossing=crossings["tolerance"],
        definitions={"tolerance factor": "1/leverage effective values, residual degrees of freedom"},
        assumptions=(Assumption("The batch changes in a straight line; errors are independent, normal and of one variance."),),
        sentence=f"At {say(at)} the line is at {say(y)}; with {share(confidence)} confidence {share(content)} of results lie between "
        f"{say(tolerance.lower or 0)} and {say(tolerance.upper or 0)} (n = {fitted.n}).",
    )


def _crossings(fitted: Line, last: float, limit: float | None, side: str, content: float, confidence: float) -> dict[str, Crossing | None]:
    """When each one-sided bound first meets the limit."""
    sign = 1.0 if side == "lower" else -1.0
    t = fitted.t(confidence)

    def leverage(at: Numbers) -> Numbers:
        found: Numbers = 1 / fitted.n + (at - fitted.centre) ** 2 / fitted.spread
        return found

    widths: dict[str, Callable[[Numbers], Numbers]] = {
        "confidence": lambda at: t * np.sqrt(leverage(at)),
        "prediction": lambda at: t * np.sqrt(1 + leverage(at)),
        "tolerance": lambda at: one_sided_factor(1 / leverage(at), content, confidence, fitted.df),
    }
    if limit is None:
        return dict.fromkeys(widths)

    def distance(width: Callable[[Numbers], Numbers]) -> Callable[[Numbers], Numbers]:
        return lambda at: sign * (fitted.intercept + fitted.slope * at - limit) - fitted.s * width(at)

    return {name: first_crossing(distance(width), last) for name, width in widths.items()}
