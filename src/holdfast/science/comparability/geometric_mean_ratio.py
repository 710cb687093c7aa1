"""Equivalence of two geometric means: TOST on logarithms, reported as a ratio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..dimension import Y
from ..method import Example, method
from ..parameter import ALPHA, Parameter
from ..refusal import Degenerate
from ..result import Assumption, Interval, reported
from ..series import Series
from ..words import say, share
from .tost_welch import WELCH
from .two_one_sided import EQUIVALENT, INDEPENDENT, MARGIN_FIXED, SCHUIRMANN, USP_1033, TostResult, check_margins, operating_sentence
from .two_sample import COLUMNS, EQUAL, UNEQUAL, summary, two_sample_result

RATIO_MARGINS = (
    Parameter("lower", "lower equivalence margin of the ratio, fixed before the data", "positive", 0.8),
    Parameter("upper", "upper equivalence margin of the ratio, fixed before the data", "positive", 1.25),
)
GCV = "100 sqrt(exp(s²) - 1), s the SD of natural logarithms"


@dataclass(frozen=True, kw_only=True)
class GeometricMeanRatioResult(TostResult):
    """Equivalence of a ratio; `difference`, `se`, `interval`, `lower` and `upper` are on natural logarithms and have no unit."""

    difference: float = reported("difference of mean logarithms, test minus reference")
    se: float = reported("standard error of the difference of mean logarithms")
    interval: Interval = reported("the 100(1-2 alpha) % confidence interval of the difference of mean logarithms")
    interval_95: Interval = reported("the 95 % two-sided confidence interval of the difference of mean logarithms")
    lower: float = reported("logarithm of the lower margin")
    upper: float = reported("logarithm of the upper margin")
    smallest_margin: float = reported("the smallest symmetric margin of the logarithm at which equivalence would have been concluded")
    ratio: float = reported("ratio of geometric means, test over reference")
    ratio_interval: Interval = reported("the 100(1-2 alpha) % confidence interval of the ratio")
    ratio_interval_95: Interval = reported("the 95 % two-sided confidence interval of the ratio")
    ratio_lower: float = reported("lower margin of the ratio")
    ratio_upper: float = reported("upper margin of the ratio")
    geometric_mean_reference: float = reported("geometric mean of the reference values", Y)
    geometric_mean_test: float = reported("geometric mean of the test values", Y)
    gsd_reference: float = reported("geometric standard deviation of the reference values, exp(s)")
    gsd_test: float = reported("geometric standard deviation of the test values, exp(s)")
    gcv_reference: float = reported("geometric coefficient of variation of the reference values, in percent")
    gcv_test: float = reported("geometric coefficient of variation of the test values, in percent")
    sd_log_reference: float = reported("standard deviation of the logarithms of the reference values")
    sd_log_test: float = reported("standard deviation of the logarithms of the test values")
    n_reference: int = reported("number of reference values")
    n_test: int = reported("number of test values")


def logarithms(series: Series) -> Series:
    """Natural logarithms. Raises `Degenerate` naming a value that has none."""
    for position, value in enumerate(series.array, 1):
        if value <= 0:
            raise Degenerate(f"{series.name}, value {position}, is {value:g}: it has no logarithm. Use a method on the original scale.")
    return Series(tuple(float(each) for each in np.log(series.array)), unit="", name=series.name)


def gcv(sd: float) -> float:
    """Geometric coefficient of variation in percent: 100 sqrt(exp(s²) - 1)."""
    return float(100 * np.sqrt(np.expm1(sd**2)))


@method(
    name="geometric-mean-ratio",
    title="Equivalence of two geometric means (TOST on logarithms)",
    family="comparability",
    result=GeometricMeanRatioResult,
    citations=[SCHUIRMANN, WELCH, USP_1033],
    columns=COLUMNS,
    parameters=[*RATIO_MARGINS, Parameter("variances", "whether the variances of logarithms are pooled", "choice", UNEQUAL, choices=(UNEQUAL, EQUAL)), ALPHA],
    example=Example({"reference": [1.02, 0.95, 1.11, 0.99, 1.05, 0.93], "test": [1.08, 0.97, 1.15, 1.04]}, {"lower": 0.8, "upper": 1.25}, y_unit="IU/mL"),
)
def geometric_mean_ratio(
    *, reference: Series, test: Series, lower: float = 0.8, upper: float = 1.25, variances: str = UNEQUAL, alpha: float = 0.05
) -> GeometricMeanRatioResult:
    """Whether the ratio of geometric means lies within margins: TOST on natural logarithms with margins ln(lower) and ln(upper).

    For potency, titres, cell counts and whatever spans a decade. Assumptions: independent batches, log-normal values; margins fixed before.
    """
    check_margins(lower, upper, 0)
    means, sds, n = summary((logarithms(reference), logarithms(test)))
    logs = two_sample_result(means, sds, n, "", lower=float(np.log(lower)), upper=float(np.log(upper)), alpha=alpha, variances=variances)
    ratio, found = float(np.exp(logs.difference)), _exponential(logs.interval)
    shown = logs.decision == EQUIVALENT
    assert logs.operating is not None
    inside, conclusion = ("inside", "is concluded") if shown else ("not inside", "is not demonstrated")
    sentence = (
        f"The ratio of geometric means (test over reference) was {say(ratio)} ({share(found.confidence)} CI {say(found.lower or 0)} to "
        f"{say(found.upper or 0)}), {inside} the margins {say(lower)} to {say(upper)}; equivalence {conclusion} at alpha = {alpha:g} "
        f"(TOST on logarithms, n = {n[0]} and {n[1]}). {operating_sentence(logs.operating)}"
    )
    kept: dict[str, Any] = {name: getattr(logs, name) for name in _SHARED}
    return GeometricMeanRatioResult(
        **kept,
        ratio=ratio,
        ratio_interval=found,
        ratio_interval_95=_exponential(logs.interval_95),
        ratio_lower=lower,
        ratio_upper=upper,
        geometric_mean_reference=float(np.exp(means[0])),
        geometric_mean_test=float(np.exp(means[1])),
        gsd_reference=float(np.exp(sds[0])),
        gsd_test=float(np.exp(sds[1])),
        gcv_reference=gcv(sds[0]),
        gcv_test=gcv(sds[1]),
        sd_log_reference=sds[0],
        sd_log_test=sds[1],
        n_reference=n[0],
        n_test=n[1],
        definitions={**logs.definitions, "logarithm": "natural", "geometric coefficient of variation": GCV},
        assumptions=(INDEPENDENT, MARGIN_FIXED, Assumption("Values are log-normal.")),
        sentence=sentence,
    )


_SHARED = [each.name for each in TostResult.quantities()] + ["decision", "operating", "warnings"]


def _exponential(interval: Interval) -> Interval:
    assert interval.lower is not None and interval.upper is not None
    return Interval(float(np.exp(interval.lower)), float(np.exp(interval.upper)), interval.confidence)
