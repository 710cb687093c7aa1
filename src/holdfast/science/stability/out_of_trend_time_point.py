"""Is a stability result out of trend at its time point: tolerance interval of the historical results at that time."""

from __future__ import annotations

from dataclasses import dataclass

from ..comparability.tolerance_factor import two_sided_factor
from ..dimension import Y
from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate
from ..result import Assumption, Interval, Result, reported
from ..series import Series
from ..words import say, share
from .out_of_trend_regression import IN, MIHALOVITS, NEW, OUT, PHRMA


@dataclass(frozen=True, kw_only=True)
class OutOfTrendTimePointResult(Result):
    """A result against the tolerance interval of the history at its time point."""

    interval: Interval = reported("tolerance interval of the historical results at this time", Y)
    k: float = reported("exact two-sided tolerance factor")
    mean: float = reported("mean of the historical results at this time", Y)
    sd: float = reported("their standard deviation (n-1)", Y)
    z: float = reported("distance of the result from the mean, in standard deviations")
    n: int = reported("number of historical results")


@method(
    name="oot-time-point",
    title="Out of trend: tolerance interval at the time point",
    family="stability",
    result=OutOfTrendTimePointResult,
    citations=[PHRMA, MIHALOVITS],
    columns=[Column("value", "results of historical batches at this time point (or their change since time 0)", least=3)],
    parameters=[NEW[1], Parameter("content", "share of batches that the interval must hold", "probability", 0.99), CONFIDENCE],
    example=Example({"value": [98.9, 98.1, 99.9, 98.4, 99.2, 98.8]}, {"new_value": 95.0}, y_unit="%"),
)
def oot_time_point(*, value: Series, new_value: float, content: float = 0.99, confidence: float = 0.95) -> OutOfTrendTimePointResult:
    """Whether a result lies in the tolerance interval of the historical batches at the same time point.

    Assumptions: historical results at this time are independent, one a batch, and normal.
    """
    mean, sd = (float(each) for each in mean_and_sd(value.array))
    if sd == 0:
        raise Degenerate(f"All {len(value)} historical results are equal: an interval of them has no width. Give unrounded values.")
    k = float(two_sided_factor(len(value), content, confidence))
    out = abs(new_value - mean) > k * sd
    return OutOfTrendTimePointResult(
        interval=Interval(mean - k * sd, mean + k * sd, confidence, kind="tolerance"),
        k=k,
        mean=mean,
        sd=sd,
        z=(new_value - mean) / sd,
        n=len(value),
        decision=OUT if out else IN,
        definitions={"factor": "exact two-sided"},
        assumptions=(Assumption("Historical results at this time are independent, one a batch, and normal."),),
        sentence=f"The result {say(new_value)} is {'outside' if out else 'inside'} the {share(content)} / {share(confidence)} tolerance interval "
        f"{say(mean - k * sd)} to {say(mean + k * sd)} of {len(value)} historical batches at this time: {OUT if out else IN}.",
    )
