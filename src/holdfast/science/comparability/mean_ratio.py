"""Equivalence of the ratio of two arithmetic means: Fieller's interval and the Sasabuchi tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Example, method
from ..parameter import ALPHA
from ..refusal import Degenerate
from ..result import Assumption, Citation, Interval, OperatingCharacteristic, Result, reported
from ..series import Series
from ..words import say, share
from .geometric_mean_ratio import RATIO_MARGINS
from .operating import WEAK, ratio_power
from .two_one_sided import EQUIVALENT, INDEPENDENT, MARGIN_FIXED, NOT_SHOWN, check_margins, operating_sentence, weakness
from .two_sample import COLUMNS, summary

UNBOUNDED = "g is 1 or more: the confidence set of the ratio is unbounded, the data do not determine it."


@dataclass(frozen=True, kw_only=True)
class MeanRatioResult(Result):
    """Equivalence of a ratio of arithmetic means."""

    ratio: float = reported("ratio of means, test over reference")
    interval: Interval = reported("Fieller's 100(1-2 alpha) % confidence set of the ratio; open when g is 1 or more")
    interval_95: Interval = reported("Fieller's 95 % confidence set of the ratio")
    g: float = reported("Fieller's g: squared critical t times the squared coefficient of variation of the reference mean; bounded below 1")
    t_lower: float = reported("statistic against the lower margin")
    t_upper: float = reported("statistic against the upper margin")
    p_lower: float = reported("one-sided p-value against the lower margin")
    p_upper: float = reported("one-sided p-value against the upper margin")
    p: float = reported("the larger of the two one-sided p-values")
    df: float = reported("degrees of freedom")
    mean_reference: float = reported("mean of the reference values", Y)
    mean_test: float = reported("mean of the test values", Y)
    sd_reference: float = reported("standard deviation of the reference values (n-1)", Y)
    sd_test: float = reported("standard deviation of the test values (n-1)", Y)
    sd_pooled: float = reported("pooled standard deviation", Y)
    n_reference: int = reported("number of reference values")
    n_test: int = reported("number of test values")


@method(
    name="mean-ratio",
    title="Equivalence of the ratio of two arithmetic means (Fieller, Sasabuchi)",
    family="comparability",
    result=MeanRatioResult,
    citations=[
        Citation("Fieller EC (1954) J R Stat Soc B 16:175-185"),
        Citation("Hauschke D, Kieser M, Diletti E, Burke M (1999) Stat Med 18:93-105"),
    ],
    columns=COLUMNS,
    parameters=[*RATIO_MARGINS, ALPHA],
    example=Example({"reference": [98.2, 101.4, 95.9, 104.1, 99.8], "test": [103.0, 99.1, 106.2, 102.6]}, {"lower": 0.9, "upper": 1.1}, y_unit="%"),
)
def mean_ratio(*, reference: Series, test: Series, lower: float = 0.8, upper: float = 1.25, alpha: float = 0.05) -> MeanRatioResult:
    """Whether the ratio of arithmetic means lies within margins, with equal variances: T = (ybar_T - theta ybar_R)/(s sqrt(1/n_T + theta²/n_R)).

    Fieller's interval holds every theta that neither test rejects. Assumptions: normal values, the same variance in both groups, a
    reference mean clearly away from zero (g below 1).
    """
    check_margins(lower, upper, 0)
    means, sds, n = summary((reference, test))
    if max(sds) == 0:
        raise Degenerate("Neither reference nor test varies: there is no error to hold the ratio against. Give unrounded values.")
    if means[0] <= 0:
        raise Degenerate(f"The reference mean is {means[0]:g}: a ratio to it has no meaning. Compare differences instead.")
    df = sum(n) - 2
    pooled = float(np.sqrt(sum((m - 1) * s**2 for s, m in zip(sds, n, strict=True)) / df))
    t = [(means[1] - theta * means[0]) / (pooled * np.sqrt(1 / n[1] + theta**2 / n[0])) for theta in (lower, upper)]
    p = (float(special.stdtr(df, -t[0])), float(special.stdtr(df, t[1])))
    interval, g = fieller(means, pooled, n, df, 1 - 2 * alpha)
    shown = max(p) < alpha
    ratio = means[1] / means[0]
    bounds = f"{say(interval.lower)} to {say(interval.upper)}" if interval.lower is not None and interval.upper is not None else "unbounded"
    worth = ratio_power(np.array([1.0, lower, upper]), means[0], pooled, n, (lower, upper), alpha)
    operating = OperatingCharacteristic("quadrature", "the observed reference mean and SD", float(worth[0]), float(worth[1:].max()), weak=worth[0] < WEAK)
    return MeanRatioResult(
        ratio=ratio,
        interval=interval,
        interval_95=fieller(means, pooled, n, df, 0.95)[0],
        g=g,
        t_lower=t[0],
        t_upper=t[1],
        p_lower=p[0],
        p_upper=p[1],
        p=max(p),
        df=df,
        mean_reference=means[0],
        mean_test=means[1],
        sd_reference=sds[0],
        sd_test=sds[1],
        sd_pooled=pooled,
        n_reference=n[0],
        n_test=n[1],
        operating=operating,
        decision=EQUIVALENT if shown else NOT_SHOWN,
        definitions={"interval": "Fieller, equal variances", "degrees of freedom": "n1 + n2 - 2"},
        assumptions=(INDEPENDENT, MARGIN_FIXED, Assumption("The reference mean is clearly away from zero.", True, f"g = {g:.3g}.", g < 1)),
        warnings=weakness(operating, (lower - 1, upper - 1)) + (() if g < 1 else (UNBOUNDED,)),
        sentence=f"The ratio of means (test over reference) was {say(ratio)} ({share(1 - 2 * alpha)} Fieller CI {bounds}), "
        f"{'inside' if shown else 'not inside'} the margins {say(lower)} to {say(upper)}; equivalence "
        f"{'is concluded' if shown else 'is not demonstrated'} at alpha = {alpha:g} (n = {n[0]} and {n[1]}). {operating_sentence(operating)}",
    )


def fieller(means: tuple[float, float], sd: float, n: tuple[int, int], df: float, confidence: float) -> tuple[Interval, float]:
    """Fieller's interval of means[1]/means[0] with independent means and common `sd`, and g. With g >= 1 both ends are open."""
    t = float(special.stdtrit(df, (1 + confidence) / 2))
    a = means[0] ** 2 - t**2 * sd**2 / n[0]
    b = means[0] * means[1]
    c = means[1] ** 2 - t**2 * sd**2 / n[1]
    g = t**2 * sd**2 / n[0] / means[0] ** 2
    if g >= 1:
        return Interval(None, None, confidence, note="g is 1 or more: the set is unbounded"), g
    root = float(np.sqrt(b**2 - a * c))
    return Interval((b - root) / a, (b + root) / a, confidence), g
