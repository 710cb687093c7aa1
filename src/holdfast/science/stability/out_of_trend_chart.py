"""Is a new stability result out of trend: regression control chart, with slope and error of historical batches and the batch's own level."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y_PER_X, Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE
from ..refusal import Degenerate
from ..result import Assumption, Interval, Result, reported
from ..series import Series
from ..words import say, share
from .batch_lines import COMMON_SLOPE, FULL, design, fit, poolability
from .out_of_trend_regression import IN, MIHALOVITS, NEW, OUT, PHRMA
from .shelf_life import COLUMNS

HISTORY = COLUMNS
OWN = (
    Column("own_time", "times of the earlier results of the batch that is judged", axis="x", least=1),
    Column("own_value", "earlier results of the batch that is judged", least=1),
)


@dataclass(frozen=True, kw_only=True)
class OutOfTrendChartResult(Result):
    """A new result against the historical slope through the batch's own level."""

    predicted: float = reported("value expected at the new time: the batch's own mean carried along the historical slope", Y)
    interval: Interval = reported("limits of the chart at the new time", Y)
    residual: float = reported("new result minus expected", Y)
    se: float = reported("standard error: s² (1 + 1/m) + (t - tbar)² SE_b², square-rooted", Y)
    t: float = reported("residual over standard error")
    p: float = reported("two-sided p-value")
    slope: float = reported("common slope of the historical batches", Y_PER_X)
    se_slope: float = reported("its standard error", Y_PER_X)
    s: float = reported("residual standard deviation of the historical batches about the common slope", Y)
    df: int = reported("its degrees of freedom")
    own_intercept: float = reported("intercept of the batch that is judged, on the historical slope", Y)
    m: int = reported("number of earlier results of the batch")
    p_slopes: float | None = reported("p-value of the test that historical slopes differ; none for one batch")


@method(
    name="oot-control-chart",
    title="Out of trend: regression control chart with historical slope",
    family="stability",
    result=OutOfTrendChartResult,
    citations=[PHRMA, MIHALOVITS],
    columns=[*HISTORY, Column("own_time", OWN[0].meaning, axis="x", least=1), Column("own_value", OWN[1].meaning, least=1)],
    parameters=[*NEW, CONFIDENCE],
    order=True,
    example=Example(
        {
            "time": [0, 3, 6, 9, 12, 18] * 3,
            "value": [101.2, 100.4, 100.1, 99.2, 98.9, 97.8, 100.6, 100.3, 99.1, 99.0, 98.1, 97.2, 102.1, 101.4, 101.2, 100.2, 99.9, 98.7],
            "batch": list("AAAAAABBBBBBCCCCCC"),
            "own_time": [0, 3],
            "own_value": [100.9, 100.1],
        },
        {"new_time": 6, "new_value": 97.0},
        y_unit="%",
        x_unit="month",
    ),
)
def oot_control_chart(
    *,
    time: Series,
    value: Series,
    batch: Sequence[str],
    own_time: Series,
    own_value: Series,
    new_time: float,
    new_value: float,
    confidence: float = 0.95,
) -> OutOfTrendChartResult:
    """Whether a new result is where its batch's earlier results and the slope of the historical batches expect it.

    Common slope and error of the historical batches (separate intercepts); the batch's own level from its m earlier results. Variance
    s² (1 + 1/m) + (t - tbar)² SE_b², tbar the mean time of the earlier results. Assumptions: slopes do not differ between batches.
    """
    of = design(time.array, batch)
    models = fit(value.array, of)
    common = models[COMMON_SLOPE]
    s = math.sqrt(float(common.mse))
    if not s > 1e-12 * (float(np.max(np.abs(value.array))) + 1e-300):
        raise Degenerate("The historical values lie on parallel lines exactly: there is no error to judge by. Give unrounded values.")
    slope, se_slope = float(common.slope[0]), s * math.sqrt(float(common.variance[2, 0]))
    x, y = own_time.array, own_value.array
    if len(x) != len(y):
        raise Degenerate(f"The batch has {len(x)} times and {len(y)} results. Give each result its time.")
    m, centre = len(x), float(x.mean())
    predicted = float(y.mean()) + slope * (new_time - centre)
    se = math.sqrt(s**2 * (1 + 1 / m) + (new_time - centre) ** 2 * se_slope**2)
    df = int(common.df)
    half = float(special.stdtrit(df, (1 + confidence) / 2)) * se
    residual, out = new_value - predicted, abs(new_value - predicted) > half
    p_slopes = float(poolability(models, of.k).p_slopes) if of.k > 1 and float(models[FULL].sse) > 0 else None
    return OutOfTrendChartResult(
        predicted=predicted,
        interval=Interval(predicted - half, predicted + half, confidence, kind="prediction"),
        residual=residual,
        se=se,
        t=residual / se,
        p=float(2 * special.stdtr(df, -abs(residual / se))),
        slope=slope,
        se_slope=se_slope,
        s=s,
        df=df,
        own_intercept=float(y.mean()) - slope * centre,
        m=m,
        p_slopes=p_slopes,
        decision=OUT if out else IN,
        definitions={"variance": "s² (1 + 1/m) + (t - tbar)² SE_b²", "slope": "common to the historical batches, separate intercepts"},
        assumptions=(
            Assumption(
                "Historical batches have one slope.",
                p_slopes is not None,
                "" if p_slopes is None else f"Test of slopes: p = {p_slopes:.2g}.",
                None if p_slopes is None else p_slopes >= 0.05,
            ),
        ),
        sentence=f"The result {say(new_value)} at {say(new_time)} is {'outside' if out else 'inside'} the {share(confidence)} limits "
        f"{say(predicted - half)} to {say(predicted + half)} of the regression control chart ({of.k} historical batches, {m} earlier results): "
        f"{OUT if out else IN}.",
    )
