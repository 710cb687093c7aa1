"""Normal and log-normal tolerance intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..dimension import LOG_Y, Y
from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate
from ..result import Assumption, Citation, Interval, Result, Sides, reported
from ..series import Numbers, Series
from ..words import say, share
from .tolerance_factor import howe_factor, one_sided_factor, two_sided_factor
from .two_one_sided import INDEPENDENT

ISO = Citation("ISO 16269-6:2014 Determination of statistical tolerance intervals")
ODEH = Citation("Odeh RE, Owen DB (1980) Tables for Normal Tolerance Limits")
KRISHNAMOORTHY = Citation("Krishnamoorthy K, Mathew T (2009) Statistical Tolerance Regions", "2.2-2.3")
CONTENT = Parameter("content", "share of the population that the interval must hold", "probability", 0.99)
SIDES = Parameter("sides", "both ends, or only the lower or the upper", "choice", "two", choices=("two", "lower", "upper"))
EXACT, HOWE = "exact", "howe"


@dataclass(frozen=True, kw_only=True)
class ToleranceIntervalResult(Result):
    """A tolerance interval from a normal or log-normal sample."""

    interval: Interval = reported("the tolerance interval", Y)
    k: float = reported("the factor of the standard deviation in use")
    k_one_sided: float = reported("the exact one-sided factor at this content and confidence, for information")
    k_two_sided: float = reported("the exact two-sided factor, for information")
    k_howe: float = reported("Howe's approximate two-sided factor, for information")
    content: float = reported("share of the population that the interval holds, with the confidence")
    mean: float = reported("mean", Y)
    sd: float = reported("standard deviation (n-1)", Y)
    n: int = reported("number of values")
    df: int = reported("degrees of freedom")


@dataclass(frozen=True, kw_only=True)
class LognormalToleranceResult(ToleranceIntervalResult):
    """A log-normal tolerance interval: `mean` and `sd` are those of natural logarithms."""

    mean: float = reported("mean of natural logarithms", LOG_Y)
    sd: float = reported("standard deviation of natural logarithms (n-1)")
    geometric_mean: float = reported("geometric mean", Y)
    gsd: float = reported("geometric standard deviation, exp(sd)")


@dataclass(frozen=True)
class ToleranceCases:
    """Arrays over cases; an end that does not exist is minus or plus infinity here."""

    low: Numbers
    high: Numbers
    k: Numbers
    mean: Numbers
    sd: Numbers


def factor(n: Any, content: Any, confidence: Any, sides: str, two_sided: str) -> Numbers:
    """The factor in use. Arguments broadcast."""
    if sides != "two":
        return one_sided_factor(n, content, confidence)
    return (two_sided_factor if two_sided == EXACT else howe_factor)(n, content, confidence)


def tolerance_interval_cases(*, values: Numbers, content: Any = 0.99, confidence: Any = 0.95, sides: str = "two", two_sided: str = EXACT) -> ToleranceCases:
    """Many series at once: `values` (..., n); one factor serves all when content and confidence are numbers."""
    mean, sd = mean_and_sd(values)
    k = np.broadcast_to(factor(values.shape[-1], content, confidence, sides, two_sided), mean.shape)
    if not np.all(np.isfinite(mean)):
        raise Degenerate("Some values are not finite. Leave those cases out.")
    low = mean - k * sd if sides != "upper" else np.full_like(mean, -np.inf)
    high = mean + k * sd if sides != "lower" else np.full_like(mean, np.inf)
    return ToleranceCases(low, high, k, mean, sd)


PARAMETERS = (CONTENT, CONFIDENCE, SIDES, Parameter("two_sided", "exact factor, or Howe's approximation", "choice", EXACT, choices=(EXACT, HOWE)))


@method(
    name="tolerance-interval",
    title="Normal tolerance interval (exact)",
    family="comparability",
    result=ToleranceIntervalResult,
    citations=[ISO, ODEH, KRISHNAMOORTHY],
    columns=[Column("values", "the values")],
    parameters=PARAMETERS,
    example=Example({"values": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7]}, {}, y_unit="%"),
    arrays=tolerance_interval_cases,
)
def tolerance_interval(
    *, values: Series, content: float = 0.99, confidence: float = 0.95, sides: str = "two", two_sided: str = EXACT
) -> ToleranceIntervalResult:
    """mean ± k s that holds at least `content` of a normal population with `confidence`.

    One-sided: noncentral t. Two-sided: the exact factor by quadrature, or Howe's, labelled. Assumptions: independent values, normal.
    """
    mean, sd = (float(each) for each in mean_and_sd(values.array))
    found = quantities(mean, sd, len(values), content, confidence, sides, two_sided)
    return ToleranceIntervalResult(
        **found,
        interval=interval(mean, sd, found["k"], confidence, sides),
        assumptions=(INDEPENDENT, Assumption("Values are normal.")),
        sentence=sentence(interval(mean, sd, found["k"], confidence, sides), found, values.unit, "normal"),
    )


def quantities(mean: float, sd: float, n: int, content: float, confidence: float, sides: str, two_sided: str) -> dict[str, Any]:
    """Fields that do not depend on the scale. Raises `Degenerate` when nothing varies."""
    if sd == 0:
        raise Degenerate(f"All {n} values are equal: no interval for the population can be given. Give unrounded values.")
    one, exact, howe = (float(each(n, content, confidence)) for each in (one_sided_factor, two_sided_factor, howe_factor))
    return {
        "k": one if sides != "two" else exact if two_sided == EXACT else howe,
        "k_one_sided": one,
        "k_two_sided": exact,
        "k_howe": howe,
        "content": content,
        "mean": mean,
        "sd": sd,
        "n": n,
        "df": n - 1,
        "definitions": {"factor": "exact, noncentral t" if sides != "two" else "exact, by quadrature" if two_sided == EXACT else "Howe's approximation"},
    }


def interval(mean: float, sd: float, k: float, confidence: float, sides: str) -> Interval:
    """The interval; an end that does not exist is None."""
    kept: Sides = "two" if sides == "two" else "lower" if sides == "lower" else "upper"
    return Interval(None if sides == "upper" else mean - k * sd, None if sides == "lower" else mean + k * sd, confidence, kind="tolerance", sides=kept)


def sentence(found: Interval, parts: dict[str, Any], unit: str, kind: str) -> str:
    """The sentence a report prints."""
    unit = f" {unit}" if unit else ""
    if found.lower is None or found.upper is None:
        end = f"below {say(found.upper or 0)}" if found.lower is None else f"above {say(found.lower)}"
        where = f"{end}{unit} (one-sided)"
    else:
        where = f"between {say(found.lower)} and {say(found.upper)}{unit}"
    return (
        f"With {share(found.confidence)} confidence, {share(parts['content'])} of the {kind} population lies {where}; "
        f"k = {say(parts['k'], 5)}, {parts['definitions']['factor']}, n = {parts['n']}."
    )
