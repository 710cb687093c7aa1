"""Limits of agreement of two procedures (Bland and Altman)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Example, method
from ..moments import mean_and_sd
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate, WrongParameter
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share, with_unit
from .deming import DATA
from .pairs import COLUMNS, SPECIMENS, TINY, t_ends


@dataclass(frozen=True)
class Agreement:
    """Bias and limits of agreement on one scale, with the intervals of the limits by three formulas."""

    bias: float
    sd: float
    se_bias: float
    bias_interval: Interval
    lower: float
    upper: float
    lower_exact: Interval
    upper_exact: Interval
    se_limit: float
    lower_approximate: Interval
    upper_approximate: Interval
    se_limit_1999: float
    lower_1999: Interval
    upper_1999: Interval
    outer: Interval


@dataclass(frozen=True)
class Trend:
    """Regression of the difference on the mean of the pair: proportional bias."""

    slope: float = reported("change of the difference per unit of the mean")
    intercept: float = reported("difference at a mean of 0", Y)
    se_slope: float = reported("standard error of the slope")
    se_intercept: float = reported("standard error of the intercept", Y)
    slope_interval: Interval = reported("confidence interval of the slope")
    t: float = reported("t statistic of the slope")
    p: float = reported("two-sided p-value of the slope")
    correlation: float = reported("correlation of difference and mean")
    residual_sd: float = reported("residual standard deviation", Y)
    df: int = reported("residual degrees of freedom")


@dataclass(frozen=True, kw_only=True)
class BlandAltmanResult(Result):
    """Limits of agreement, test minus reference."""

    bias: float = reported("mean difference, test minus reference", Y)
    sd: float = reported("standard deviation of the differences (n-1)", Y)
    lower: float = reported("lower limit of agreement", Y)
    upper: float = reported("upper limit of agreement", Y)
    absolute: Agreement = reported("bias, limits and intervals of the limits", Y)
    percent: Agreement | None = reported("the same of differences in percent of the mean of the pair; none unless all means are above 0")
    ratio: Agreement | None = reported("the same of the ratios test/reference (logarithms, taken back); none unless all results are above 0")
    trend: Trend = reported("regression of the difference on the mean")
    t: float = reported("t statistic of no bias")
    p: float = reported("two-sided p-value of no bias: large is not agreement")
    outside: int = reported("pairs outside the limits of agreement")
    differences: tuple[float, ...] = reported("difference of each pair", Y, per_row=True)
    means: tuple[float, ...] = reported("mean of each pair", Y, per_row=True)
    n: int = reported("number of pairs")
    df: int = reported("degrees of freedom, n - 1")


@dataclass(frozen=True)
class AgreementCases:
    """Arrays over cases."""

    bias: Numbers
    sd: Numbers
    lower: Numbers
    upper: Numbers


def bland_altman_cases(*, reference: Numbers, test: Numbers, multiplier: float = 1.96) -> AgreementCases:
    """Many comparisons at once: `reference` and `test` (..., n), finite."""
    bias, sd = mean_and_sd(np.asarray(test, float) - np.asarray(reference, float))
    return AgreementCases(bias, sd, bias - multiplier * sd, bias + multiplier * sd)


@method(
    name="bland-altman",
    title="Limits of agreement (Bland-Altman)",
    family="comparison",
    result=BlandAltmanResult,
    citations=[
        Citation("Bland JM, Altman DG (1986) Lancet i:307-310"),
        Citation("Bland JM, Altman DG (1999) Stat Methods Med Res 8:135-160"),
        Citation("Carkeet A (2015) Optom Vis Sci 92:e71-e80"),
    ],
    columns=COLUMNS,
    parameters=[
        Parameter("multiplier", "standard deviations from the mean to a limit of agreement", "positive", 1.96),
        Parameter("largest", "largest acceptable difference, fixed before the data", "positive", optional=True, dimension=Y),
        CONFIDENCE,
    ],
    example=Example(DATA, {"largest": 3}, y_unit="g/L"),
    arrays=bland_altman_cases,
)
def bland_altman(*, reference: Series, test: Series, multiplier: float = 1.96, largest: float | None = None, confidence: float = 0.95) -> BlandAltmanResult:
    """Bias and limits within which most differences between two procedures lie, on the plain, percent and ratio scale.

    Intervals of the limits: exact by the noncentral t (Carkeet), and the approximations s sqrt(3/n) and s sqrt(1/n + k²/(2(n-1))). With
    `largest`, agreement is acceptable when the outer exact confidence limits lie within it. Assumptions: normal differences whose size
    does not depend on the concentration.
    """
    x, y = reference.array, test.array
    d, m, n = y - x, (y + x) / 2, len(x)
    if np.ptp(d) <= TINY * max(np.abs(x).max(), np.abs(y).max()):
        raise Degenerate("All differences are equal: limits of agreement have no width. Give unrounded values.")
    if np.ptp(m) <= TINY * np.abs(m).max():
        raise Degenerate("All pairs have the same mean: a proportional bias cannot be looked for. Measure samples over the range.")
    whole = agreement(d, multiplier, confidence)
    trend = _trend(d, m, confidence)
    t = whole.bias / whole.se_bias
    positive = min(x.min(), y.min()) > 0
    acceptable = None if largest is None else abs(whole.outer.lower or 0) <= largest and abs(whole.outer.upper or 0) <= largest
    return BlandAltmanResult(
        bias=whole.bias,
        sd=whole.sd,
        lower=whole.lower,
        upper=whole.upper,
        absolute=whole,
        percent=agreement(100 * d / m, multiplier, confidence) if m.min() > 0 else None,
        ratio=_exponential(agreement(np.log(y / x), multiplier, confidence)) if positive else None,
        trend=trend,
        t=t,
        p=float(2 * special.stdtr(n - 1, -abs(t))),
        outside=int(np.sum((d < whole.lower) | (d > whole.upper))),
        differences=tuple(d),
        means=tuple(m),
        n=n,
        df=n - 1,
        decision=None if acceptable is None else "agreement acceptable" if acceptable else "not demonstrated",
        definitions={
            "limits": f"mean ± {multiplier:g} standard deviations (n-1)",
            "interval of a limit": "exact noncentral t (Carkeet); approximate: s sqrt(3/n) (1986), s sqrt(1/n + k²/(2(n-1))) (1999), t with n-1",
            "difference": "test minus reference; percent of the mean of the pair",
        },
        assumptions=(
            SPECIMENS,
            Assumption("Differences are normal."),
            Assumption("Differences do not depend on concentration.", True, f"slope {trend.slope:.3g}, p = {trend.p:.2g}", trend.p >= 0.05),
        ),
        warnings=("The difference changes with the concentration: use percent or ratio limits, or a regression.",) if trend.p < 0.05 else (),
        sentence=f"The mean difference (test minus reference) was {with_unit(whole.bias, reference.unit)} "
        f"({share(confidence)} CI {_ends(whole.bias_interval)}); "
        f"the limits of agreement were {say(whole.lower)} (exact {share(confidence)} CI {_ends(whole.lower_exact)}) and {say(whole.upper)} "
        f"({_ends(whole.upper_exact)}) (n = {n}).",
    )


def agreement(d: Numbers, k: float, confidence: float) -> Agreement:
    """Bias, limits and their intervals of differences d."""
    n, mean, sd = len(d), float(d.mean()), float(d.std(ddof=1))
    if sd == 0:
        raise Degenerate("All differences are equal on one of the scales: limits of agreement have no width.")
    tail, root = (1 - confidence) / 2, math.sqrt(n)
    near, far = (float(special.nctdtrit(n - 1, k * root, p)) * sd / root for p in (tail, 1 - tail))
    if not math.isfinite(near + far):
        raise WrongParameter(f"A multiplier of {k:g} with {n} pairs is beyond what the noncentral t can be computed for.")
    half = [float(special.stdtrit(n - 1, 1 - tail)) * se for se in (sd * math.sqrt(3 / n), sd * math.sqrt(1 / n + k**2 / (2 * (n - 1))))]
    low, high = mean - k * sd, mean + k * sd
    first = [(Interval(low - h, low + h, confidence), Interval(high - h, high + h, confidence)) for h in half]
    exact = Interval(mean - far, mean - near, confidence), Interval(mean + near, mean + far, confidence)
    return Agreement(
        mean,
        sd,
        sd / root,
        t_ends(mean, sd / root, n - 1, confidence),
        low,
        high,
        *exact,
        sd * math.sqrt(3 / n),
        *first[0],
        sd * math.sqrt(1 / n + k**2 / (2 * (n - 1))),
        *first[1],
        Interval(mean - far, mean + far, confidence),
    )


def _exponential(of: Agreement) -> Agreement:
    """Logarithms taken back; standard deviations and errors become factors."""
    return Agreement(**{name: _exp(value) for name, value in vars(of).items()})


def _exp(value: Any) -> Any:
    if isinstance(value, Interval):
        return Interval(math.exp(value.lower or 0), math.exp(value.upper or 0), value.confidence)
    return math.exp(value)


def _trend(d: Numbers, m: Numbers, confidence: float) -> Trend:
    u = m - m.mean()
    df, sxx = len(d) - 2, float(u @ u)
    slope = float(u @ d) / sxx
    intercept = float(d.mean() - slope * m.mean())
    residual = d - intercept - slope * m
    s2 = float(residual @ residual) / df
    if s2 <= 1e-24 * float(d @ d):
        raise Degenerate("Differences are an exact linear function of the mean: there is no error to judge by. Give unrounded values.")
    se = math.sqrt(s2 / sxx)
    t = slope / se
    return Trend(slope, intercept, se, math.sqrt(s2 * (1 / len(d) + m.mean() ** 2 / sxx)), t_ends(slope, se, df, confidence), t,
                 float(2 * special.stdtr(df, -abs(t))), float(np.corrcoef(d, m)[0, 1]), math.sqrt(s2), df)  # fmt: skip


def _ends(of: Interval) -> str:
    return f"{say(of.lower or 0)} to {say(of.upper or 0)}"
