"""Does a batch change at another pace than historical batches: slope control chart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y_PER_X, Y
from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..parameter import CONFIDENCE
from ..refusal import Degenerate, TooFew
from ..result import Assumption, Interval, Result, reported
from ..series import Series
from ..words import say, share
from .batch_lines import FULL, design, fit
from .line import line
from .out_of_trend_chart import OWN
from .out_of_trend_regression import IN, MIHALOVITS, OUT, PHRMA
from .shelf_life import COLUMNS


@dataclass(frozen=True, kw_only=True)
class OutOfTrendSlopeResult(Result):
    """A batch's slope against the slopes of historical batches."""

    slope: float = reported("slope of the batch that is judged", Y_PER_X)
    interval: Interval = reported("limits of a single batch's slope: mean ± t s sqrt(1 + 1/k)", Y_PER_X)
    mean_slope: float = reported("mean of the historical slopes", Y_PER_X)
    sd_slopes: float = reported("standard deviation of the historical slopes (k-1)", Y_PER_X)
    t: float = reported("distance from the mean over s sqrt(1 + 1/k)")
    p: float = reported("two-sided p-value")
    df: int = reported("degrees of freedom, k - 1")
    k: int = reported("number of historical batches")
    slopes: dict[str, float] = reported("slope of each historical batch", Y_PER_X)
    rmse: float = reported("pooled residual standard deviation of the historical batches", Y)


@method(
    name="oot-slope",
    title="Out of trend: slope control chart",
    family="stability",
    result=OutOfTrendSlopeResult,
    citations=[PHRMA, MIHALOVITS],
    columns=[*COLUMNS, Column("own_time", OWN[0].meaning, axis="x"), Column("own_value", OWN[1].meaning)],
    parameters=[CONFIDENCE],
    order=True,
    example=Example(
        {
            "time": [0, 3, 6, 9, 12, 18] * 3,
            "value": [101.2, 100.4, 100.1, 99.2, 98.9, 97.8, 100.6, 100.3, 99.1, 99.0, 98.1, 97.2, 102.1, 101.4, 101.2, 100.2, 99.9, 98.7],
            "batch": list("AAAAAABBBBBBCCCCCC"),
            "own_time": [0, 3, 6, 9],
            "own_value": [100.9, 99.1, 97.2, 95.0],
        },
        {},
        y_unit="%",
        x_unit="month",
    ),
)
def oot_slope(*, time: Series, value: Series, batch: Sequence[str], own_time: Series, own_value: Series, confidence: float = 0.95) -> OutOfTrendSlopeResult:
    """Whether the slope of a batch lies among those of historical batches: mean ± t(k-1) s sqrt(1 + 1/k) of their slopes.

    Assumptions: historical slopes are normal, and estimated over about the same times as the batch's.
    """
    of = design(time.array, batch)
    if of.k < 3:
        raise TooFew(f"{of.k} historical batches do not show the spread of slopes. Three are the least.")
    if len(own_time) != len(own_value):
        raise Degenerate(f"The batch has {len(own_time)} times and {len(own_value)} results. Give each result its time.")
    full = fit(value.array, of)[FULL]
    mean, sd = (float(each) for each in mean_and_sd(full.slope))
    if not sd > 1e-12 * (float(np.max(np.abs(full.slope))) + 1e-300):
        raise Degenerate("The historical slopes are equal: there is no spread to judge by. Give unrounded values.")
    own = line(own_time.array, own_value.array, error=False).slope
    se = sd * math.sqrt(1 + 1 / of.k)
    half = float(special.stdtrit(of.k - 1, (1 + confidence) / 2)) * se
    out = abs(own - mean) > half
    return OutOfTrendSlopeResult(
        slope=own,
        interval=Interval(mean - half, mean + half, confidence, kind="prediction"),
        mean_slope=mean,
        sd_slopes=sd,
        t=(own - mean) / se,
        p=float(2 * special.stdtr(of.k - 1, -abs(own - mean) / se)),
        df=of.k - 1,
        k=of.k,
        slopes={name: float(each) for name, each in zip(of.names, full.slope, strict=True)},
        rmse=math.sqrt(float(full.mse)),
        decision=OUT if out else IN,
        definitions={"limits": "mean ± t(k-1) s sqrt(1 + 1/k) of historical slopes"},
        assumptions=(Assumption("Historical slopes are normal and cover about the same times as the batch's."),),
        sentence=f"The batch's slope {say(own)} is {'outside' if out else 'inside'} the {share(confidence)} limits {say(mean - half)} to "
        f"{say(mean + half)} of {of.k} historical batches: {OUT if out else IN}.",
    )
