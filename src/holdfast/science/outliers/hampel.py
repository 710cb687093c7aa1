"""Hampel's identifier: distance from the median in median absolute deviations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Example, method
from ..parameter import Parameter
from ..refusal import Degenerate
from ..result import Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say
from .suspects import NONE, NORMAL, SUSPECTED, VALUES, WARNING, sorted_values

HAMPEL = Citation("Davies L, Gather U (1993) J Am Stat Assoc 88:782-792")
IGLEWICZ = Citation("Iglewicz B, Hoaglin DC (1993) How to Detect and Handle Outliers", "modified z score, 3.5")


@dataclass(frozen=True, kw_only=True)
class HampelResult(Result):
    """Distances from the median."""

    median: float = reported("median", Y)
    mad: float = reported("median absolute deviation", Y)
    scale: float = reported("MAD / 0.6745: standard deviation if normal", Y)
    limits: Interval = reported("median ± threshold × scale", Y)
    scores: tuple[float, ...] = reported("distance of each value in scales (modified z score)", per_row=True)
    suspects: tuple[float, ...] = reported("values beyond the limits, smallest first", Y)
    outliers: int = reported("number of them")
    outliers_3_5: int = reported("number beyond 3.5 scales (Iglewicz & Hoaglin)")
    n: int = reported("number of values")


@dataclass(frozen=True)
class HampelCases:
    """Arrays over cases."""

    median: Numbers
    mad: Numbers
    scale: Numbers


def hampel_cases(*, values: Numbers) -> HampelCases:
    """Many series at once: `values` (..., n)."""
    median = np.median(values, axis=-1)
    mad = np.median(np.abs(values - median[..., None]), axis=-1)
    return HampelCases(median, mad, mad / special.ndtri(0.75))


@method(
    name="hampel", title="Hampel identifier (median and MAD)", family="outliers", result=HampelResult, citations=[HAMPEL, IGLEWICZ],
    columns=VALUES, parameters=[Parameter("threshold", "distance from the median in scales beyond which a value is marked", "positive", 3.0)],
    example=Example({"values": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7, 118.5]}, {}, y_unit="%"), arrays=hampel_cases,
)  # fmt: skip
def hampel(*, values: Series, threshold: float = 3.0) -> HampelResult:
    """Which values lie far from the median, by a scale that outliers do not inflate. A screen, not a test of a stated level.

    Nothing is removed. Assumptions: most values from one normal distribution.
    """
    y = sorted_values(values)
    found = hampel_cases(values=y)
    median, scale = float(found.median), float(found.scale)
    if scale <= 1e-12 * float(np.abs(y).max()):
        raise Degenerate("More than half of the values are equal: the median absolute deviation is nothing. Give unrounded values.")
    marked = tuple(float(each) for each in y if abs(each - median) > threshold * scale)
    return HampelResult(
        median=median,
        mad=float(found.mad),
        scale=scale,
        limits=Interval(median - threshold * scale, median + threshold * scale, float(1 - 2 * special.ndtr(-threshold)), "hampel"),
        scores=tuple((values.array - median) / scale),
        suspects=marked,
        outliers=len(marked),
        outliers_3_5=int(np.sum(np.abs(y - median) > 3.5 * scale)),
        n=len(y),
        decision=SUSPECTED if marked else NONE,
        definitions={"scale": "MAD / 0.67449 (1.4826 MAD)"},
        assumptions=(NORMAL,),
        warnings=(WARNING,),
        sentence=f"{len(marked)} of {len(y)} values lie beyond {threshold:g} scales of the median {say(median)} {values.unit}"
        f"{' (' + ', '.join(say(each) for each in marked) + ')' if marked else ''}. {WARNING}",
    )
