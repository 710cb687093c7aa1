"""Standard curve of quantitative PCR: slope, efficiency and intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..method import Column, Example, method
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate, Unsuitable
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Series
from ..words import say, share


@dataclass(frozen=True)
class Inverse:
    """An unknown read from the curve."""

    log10_quantity: float = reported("decimal logarithm of the quantity")
    quantity: float = reported("quantity")
    interval: Interval = reported("Fieller interval of the quantity")


@dataclass(frozen=True, kw_only=True)
class StandardCurveResult(Result):
    """The line Cq = intercept + slope log10(quantity)."""

    slope: float = reported("slope per decade")
    se_slope: float = reported("its standard error")
    slope_interval: Interval = reported("its confidence interval")
    intercept: float = reported("Cq at quantity 1")
    se_intercept: float = reported("its standard error")
    efficiency: float = reported("amplification efficiency 10^(-1/slope) - 1; 1 is doubling")
    efficiency_percent: float = reported("the same, percent")
    efficiency_interval: Interval = reported("interval of the efficiency, from that of the slope")
    amplification_factor: float = reported("10^(-1/slope)")
    se_efficiency: float = reported("delta-method standard error of the efficiency")
    r_squared: float = reported("coefficient of determination")
    residual_sd: float = reported("residual standard deviation, cycles")
    df: int = reported("degrees of freedom")
    f_lack_of_fit: float | None = reported("F of lack of fit; none without replicates")
    p_lack_of_fit: float | None = reported("its p-value")
    unknown: Inverse | None = reported("the unknown read from the curve; none without its Cq")


@method(
    name="qpcr-standard-curve",
    title="Quantitative PCR: standard curve and amplification efficiency with interval",
    family="molecular",
    result=StandardCurveResult,
    citations=[
        Citation("Bustin SA et al. (2009) MIQE guidelines, Clin Chem 55:611-622"),
        Citation("Draper NR, Smith H (1998) Applied Regression Analysis", "1.7 and 3.2"),
    ],
    columns=[
        Column("quantity", "quantity of the standard, copies", axis=None, least=3, together=True),
        Column("cq", "quantification cycle", axis=None, least=3, together=True),
    ],
    parameters=[
        Parameter("unknown_cq", "mean Cq of an unknown to read from the curve", optional=True),
        Parameter("unknown_replicates", "number of replicates it is the mean of", "count", 1),
        CONFIDENCE,
    ],
    example=Example(
        {"quantity": [1e2, 1e2, 1e3, 1e3, 1e4, 1e4, 1e5, 1e5, 1e6, 1e6], "cq": [31.9, 32.1, 28.6, 28.4, 25.2, 25.3, 21.8, 21.9, 18.5, 18.4]},
        {"unknown_cq": 24.0, "unknown_replicates": 2},
    ),
)
def qpcr_standard_curve(
    *, quantity: Series, cq: Series, unknown_cq: float | None = None, unknown_replicates: int = 1, confidence: float = 0.95
) -> StandardCurveResult:
    """Least squares of Cq on log10(quantity); efficiency is 10^(-1/slope) - 1 with the interval that the slope's t interval maps to.

    Assumptions: independent dilutions, errors of one size in Cq over the range.
    """
    if np.min(quantity.array) <= 0:
        raise Unsuitable("A quantity is zero or negative: it has no logarithm. Leave blanks out of the curve.")
    x, y = np.log10(quantity.array), cq.array
    mx, my = x.mean(), y.mean()
    sxx, syy, sxy = float(np.sum((x - mx) ** 2)), float(np.sum((y - my) ** 2)), float(np.sum((x - mx) * (y - my)))
    if sxx <= 1e-12 or syy <= 0 or len(x) < 3:
        raise Degenerate("Quantities or cycles do not vary: there is no curve. Give at least three levels.")
    b, df = sxy / sxx, len(x) - 2
    a = float(my - b * mx)
    sse = float(np.sum((y - my - b * (x - mx)) ** 2))
    if sse <= 1e-20 * syy:
        raise Degenerate("The cycles lie on a line exactly: there is no error. Give unrounded values.")
    s, t = math.sqrt(sse / df), float(special.stdtrit(df, (1 + confidence) / 2))
    se = s / math.sqrt(sxx)
    slopes = Interval(b - t * se, b + t * se, confidence)
    efficiency = 10 ** (-1 / b) - 1
    certain = b + t * se < 0
    ends = (
        Interval(10 ** (-1 / (b - t * se)) - 1, 10 ** (-1 / (b + t * se)) - 1, confidence)
        if certain
        else Interval(None, None, confidence, note="the slope may be zero")
    )
    lack = _lack_of_fit(x, y, sse, df)
    return StandardCurveResult(
        slope=b,
        se_slope=se,
        slope_interval=slopes,
        intercept=a,
        se_intercept=s * math.sqrt(1 / len(x) + float(mx) ** 2 / sxx),
        efficiency=efficiency,
        efficiency_percent=100 * efficiency,
        efficiency_interval=ends,
        amplification_factor=10 ** (-1 / b),
        se_efficiency=10 ** (-1 / b) * math.log(10) / b**2 * se,
        r_squared=1 - sse / syy,
        residual_sd=s,
        df=df,
        f_lack_of_fit=lack[0],
        p_lack_of_fit=lack[1],
        unknown=None if unknown_cq is None else _read(unknown_cq, unknown_replicates, (float(mx), float(my), b, s, sxx, len(x)), t, confidence),
        definitions={"efficiency": "10^(-1/slope) - 1", "interval": "t interval of the slope, mapped"},
        assumptions=(
            Assumption("Dilutions are independent."),
            Assumption("The curve is straight.", lack[1] is not None, "", None if lack[1] is None else lack[1] >= 0.05),
        ),
        warnings=() if certain else ("The slope cannot be told from zero: the efficiency is unbounded.",),
        sentence=f"The slope was {say(b)} cycles per decade, an efficiency of {say(100 * efficiency)} % ({share(confidence)} CI "
        f"{'unbounded' if ends.lower is None or ends.upper is None else f'{say(100 * ends.lower)} to {say(100 * ends.upper)} %'}), R² {say(1 - sse / syy)}.",
    )


def _lack_of_fit(x: np.ndarray, y: np.ndarray, sse: float, df: int) -> tuple[float | None, float | None]:
    of = np.unique(np.round(x, 12), return_inverse=True)[1].reshape(-1)
    n = np.bincount(of)
    pure, pure_df = float(np.sum((y - (np.bincount(of, y) / n)[of]) ** 2)), len(x) - len(n)
    if pure_df < 1 or df <= pure_df or pure <= 1e-20:
        return None, None
    f = max(sse - pure, 0.0) / (df - pure_df) / (pure / pure_df)
    return f, float(special.fdtrc(df - pure_df, pure_df, f))


def _read(cq: float, m: int, line: tuple[float, float, float, float, float, int], t: float, confidence: float) -> Inverse:
    """Inverse prediction with Fieller's limits: the quantities whose prediction interval holds the Cq."""
    mx, my, b, s, sxx, n = line
    d = cq - my
    x = mx + d / b
    g = t**2 * s**2 / sxx / b**2
    if g >= 1:
        return Inverse(x, 10**x, Interval(None, None, confidence, note="the slope may be zero"))
    half = t * s / abs(b) * math.sqrt((1 / m + 1 / n) * (1 - g) + (d / b) ** 2 / sxx)
    centre = mx + (d / b) / (1 - g)
    return Inverse(x, 10**x, Interval(10 ** (centre - half / (1 - g)), 10 ** (centre + half / (1 - g)), confidence))
