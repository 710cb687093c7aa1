"""Linearity of a procedure: straight line, lack of fit, curvature, detection and quantitation limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y_PER_X, Y_SQUARED, Dimension, X, Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate, TooFew
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share
from .pairs import t_ends

Q2 = Citation("ICH Q2(R2) Validation of Analytical Procedures", "3.2")
Y_PER_X_SQUARED = Dimension(y=1, x=-2)


@dataclass(frozen=True)
class Test:
    """An F test."""

    f: float
    df: int
    df_error: int
    p: float


@dataclass(frozen=True, kw_only=True)
class LinearityResult(Result):
    """A calibration or linearity line."""

    slope: float = reported("slope", Y_PER_X)
    intercept: float = reported("intercept", Y)
    se_slope: float = reported("standard error of the slope", Y_PER_X)
    se_intercept: float = reported("standard error of the intercept", Y)
    slope_interval: Interval = reported("confidence interval of the slope", Y_PER_X)
    intercept_interval: Interval = reported("confidence interval of the intercept", Y)
    p_intercept: float = reported("two-sided p-value against an intercept of 0")
    residual_sd: float = reported("residual standard deviation", Y)
    residual_ss: float = reported("residual sum of squares", Y_SQUARED)
    regression_ss: float = reported("sum of squares of the regression", Y_SQUARED)
    df: int = reported("residual degrees of freedom")
    f: float = reported("F of the regression")
    p_slope: float = reported("p-value of the regression")
    correlation: float = reported("correlation coefficient r: it does not show linearity")
    r_squared: float = reported("coefficient of determination")
    pure_error_ss: float | None = reported("sum of squares within levels; none without replicates", Y_SQUARED)
    lack_of_fit_ss: float | None = reported("sum of squares of level means about the line; none without replicates", Y_SQUARED)
    lack_of_fit: Test | None = reported("test of lack of fit against pure error; none without replicates or more than two levels")
    quadratic: float = reported("coefficient of a squared term added to the line", Y_PER_X_SQUARED)
    curvature: Test = reported("test of the squared term (Mandel)")
    detection_limit: float = reported("detection limit 3.3 s/b, s the residual standard deviation", X)
    quantitation_limit: float = reported("quantitation limit 10 s/b, s the residual standard deviation", X)
    detection_limit_intercept: float = reported("detection limit 3.3 SE(intercept)/b", X)
    quantitation_limit_intercept: float = reported("quantitation limit 10 SE(intercept)/b", X)
    detection_limit_blank: float | None = reported("detection limit 3.3 SD(blank)/b; none without that SD", X)
    quantitation_limit_blank: float | None = reported("quantitation limit 10 SD(blank)/b; none without that SD", X)
    residuals: tuple[float, ...] = reported("residual of each result", Y, per_row=True)
    n: int = reported("number of results")
    levels: int = reported("number of levels")


@dataclass(frozen=True)
class LinearityCases:
    """Arrays over cases."""

    slope: Numbers
    intercept: Numbers
    residual_sd: Numbers


def linearity_cases(*, level: Numbers, response: Numbers) -> LinearityCases:
    """Many lines on the same levels: `level` (n,), `response` (..., n)."""
    u = level - level.mean()
    mean = response.mean(-1)
    v = response - mean[..., None]
    slope = v @ u / (u @ u)
    residual = v - slope[..., None] * u
    return LinearityCases(slope, mean - slope * level.mean(), np.sqrt(np.sum(residual**2, -1) / (len(level) - 2)))


@method(
    name="linearity",
    title="Linearity with lack of fit, detection and quantitation limits",
    family="comparison",
    result=LinearityResult,
    citations=[Q2, Citation("Draper NR, Smith H (1998) Applied Regression Analysis", "2.1")],
    columns=[
        Column("level", "concentration", axis="x", least=4, together=True),
        Column("response", "response, or concentration found", least=4, together=True),
    ],
    parameters=[
        Parameter("sd_blank", "standard deviation of blank responses", "positive", optional=True, dimension=Y),
        CONFIDENCE,
    ],
    example=Example(
        {"level": [1, 1, 2, 2, 4, 4, 8, 8], "response": [10.3, 10.0, 19.6, 20.2, 40.7, 39.9, 79.3, 80.4]}, {"sd_blank": 0.2}, y_unit="mAU", x_unit="mg/L"
    ),
    arrays=linearity_cases,
)
def linearity(*, level: Series, response: Series, sd_blank: float | None = None, confidence: float = 0.95) -> LinearityResult:
    """Least squares line with its errors, lack of fit against pure error, curvature, and limits 3.3 s/b and 10 s/b.

    Assumptions: constant error variance, levels without error. A high r is no evidence of linearity; look at residuals and lack of fit.
    """
    x, y, n = level.array, response.array, len(level)
    groups = np.unique(x)
    if len(groups) < 3:
        raise TooFew(f"There are {len(groups)} different levels: a line and its curvature need at least three.")
    line = linearity_cases(level=x, response=y)
    b, a, s = float(line.slope), float(line.intercept), float(line.residual_sd)
    u, df = x - x.mean(), n - 2
    sxx, total = float(u @ u), float(((y - y.mean()) ** 2).sum())
    rss = df * s**2
    if rss <= 1e-24 * float(np.abs(y).max()) ** 2 * n or total <= 0:
        raise Degenerate("The responses lie on a line exactly, or do not vary: there is no error to judge by. Give unrounded values.")
    se_b, se_a = s / math.sqrt(sxx), s * math.sqrt(1 / n + x.mean() ** 2 / sxx)
    ends = t_ends(b, se_b, df, confidence), t_ends(a, se_a, df, confidence)
    pure = _pure(x, y, groups)
    lack = _lack(rss, pure, n, len(groups))
    quadratic, curvature = _curvature(u, y, rss, df)
    r = b * sxx / math.sqrt(sxx * total)
    return LinearityResult(
        slope=b,
        intercept=a,
        se_slope=se_b,
        se_intercept=se_a,
        slope_interval=ends[0],
        intercept_interval=ends[1],
        p_intercept=float(2 * special.stdtr(df, -abs(a) / se_a)),
        residual_sd=s,
        residual_ss=rss,
        regression_ss=total - rss,
        df=df,
        f=(b / se_b) ** 2,
        p_slope=float(special.fdtrc(1, df, (b / se_b) ** 2)),
        correlation=r,
        r_squared=1 - rss / total,
        pure_error_ss=pure,
        lack_of_fit_ss=None if pure is None else rss - pure,
        lack_of_fit=lack,
        quadratic=quadratic,
        curvature=curvature,
        detection_limit=3.3 * s / abs(b),
        quantitation_limit=10 * s / abs(b),
        detection_limit_intercept=3.3 * se_a / abs(b),
        quantitation_limit_intercept=10 * se_a / abs(b),
        detection_limit_blank=None if sd_blank is None else 3.3 * sd_blank / abs(b),
        quantitation_limit_blank=None if sd_blank is None else 10 * sd_blank / abs(b),
        residuals=tuple(y - a - b * x),
        n=n,
        levels=len(groups),
        decision=None if lack is None else "no lack of fit shown" if lack.p >= 1 - confidence else "lack of fit",
        definitions={"detection and quantitation limit": "3.3 and 10 standard deviations over the slope; the SD is named with each"},
        assumptions=(
            Assumption("Straight line.", lack is not None, "" if lack is None else f"lack of fit p = {lack.p:.2g}", None if lack is None else lack.p >= 0.05),
            Assumption("Error variance is constant over the levels."),
        ),
        warnings=() if lack is not None else ("No level is replicated: lack of fit cannot be tested.",),
        sentence=f"The line has slope {say(b)} ({share(confidence)} CI {say(ends[0].lower or 0)} to {say(ends[0].upper or 0)}) and intercept {say(a)} "
        f"({say(ends[1].lower or 0)} to {say(ends[1].upper or 0)}), r² = {1 - rss / total:.6g}"
        + ("" if lack is None else f"; lack of fit p = {say(lack.p, 2)}")
        + f"; detection limit {say(3.3 * s / abs(b))} and quantitation limit {say(10 * s / abs(b))} {level.unit} from the residual SD (n = {n}).",
    )


def _pure(x: Numbers, y: Numbers, groups: Numbers) -> float | None:
    if len(groups) == len(x):
        return None
    return float(sum(np.sum((y[x == at] - y[x == at].mean()) ** 2) for at in groups))


def _lack(rss: float, pure: float | None, n: int, levels: int) -> Test | None:
    if pure is None or pure <= 1e-20 * rss:
        return None
    df, error = levels - 2, n - levels
    f = max(0.0, (rss - pure) / df / (pure / error))
    return Test(f, df, error, float(special.fdtrc(df, error, f)))


def _curvature(u: Numbers, y: Numbers, rss: float, df: int) -> tuple[float, Test]:
    """The squared term about the line, from its part orthogonal to constant and slope."""
    square = u**2 - (u**2).mean()
    square = square - u * float(square @ u) / float(u @ u)
    c = float(square @ y) / float(square @ square)
    gain = c**2 * float(square @ square)
    left = max(rss - gain, 0.0)
    if df < 2 or left <= 1e-20 * rss:
        raise TooFew("The squared term leaves no error: curvature cannot be judged. Measure more levels or replicates.")
    f = gain / (left / (df - 1))
    return c, Test(f, 1, df - 1, float(special.fdtrc(1, df - 1, f)))
