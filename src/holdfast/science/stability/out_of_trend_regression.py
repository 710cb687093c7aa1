"""Is a new stability result out of the trend of its own batch: prediction interval of the batch's regression."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import special

from ..dimension import Y_PER_X, X, Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE, Parameter
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Series
from ..words import say, share
from .line import line

PHRMA = Citation("PhRMA CMC Statistics and Stability Expert Teams (2003) Pharm Technol 27(4):38-52")
MIHALOVITS = Citation("Mihalovits M, Kemeny S (2017) J Pharm Biomed Anal 139:86-96")
NEW = (
    Parameter("new_time", "time of the result that is judged", dimension=X),
    Parameter("new_value", "the result that is judged", dimension=Y),
)
OUT, IN = "out of trend", "in trend"


@dataclass(frozen=True, kw_only=True)
class OutOfTrendRegressionResult(Result):
    """A new result against the prediction interval of its batch's line."""

    predicted: float = reported("value that the line predicts at the new time", Y)
    interval: Interval = reported("prediction interval of a single result at the new time", Y)
    residual: float = reported("new result minus prediction", Y)
    se: float = reported("standard error of prediction", Y)
    t: float = reported("residual over standard error")
    p: float = reported("two-sided p-value")
    intercept: float = reported("intercept of the batch's line", Y)
    slope: float = reported("slope of the batch's line", Y_PER_X)
    s: float = reported("residual standard deviation", Y)
    df: int = reported("residual degrees of freedom")


@method(
    name="oot-regression",
    title="Out of trend: prediction interval of the batch's own regression",
    family="stability",
    result=OutOfTrendRegressionResult,
    citations=[PHRMA, MIHALOVITS],
    columns=[
        Column("time", "times of the batch's earlier results", axis="x", least=3, together=True),
        Column("value", "the batch's earlier results", least=3, together=True),
    ],
    parameters=[*NEW, CONFIDENCE],
    example=Example({"time": [0, 3, 6, 9, 12], "value": [101.2, 100.4, 100.1, 99.2, 98.9]}, {"new_time": 18, "new_value": 95.0}, y_unit="%", x_unit="month"),
)
def oot_regression(*, time: Series, value: Series, new_time: float, new_value: float, confidence: float = 0.95) -> OutOfTrendRegressionResult:
    """Whether a new result lies in the prediction interval of its batch's earlier results.

    Assumptions: a straight line, independent errors of one variance. Few points give a wide interval: in trend is then little said.
    """
    fitted = line(time.array, value.array)
    se = fitted.se_single(new_time)
    half = fitted.t((1 + confidence) / 2) * se
    residual = new_value - fitted.at(new_time)
    out = abs(residual) > half
    low, high = fitted.at(new_time) - half, fitted.at(new_time) + half
    return OutOfTrendRegressionResult(
        predicted=fitted.at(new_time),
        interval=Interval(low, high, confidence, kind="prediction"),
        residual=residual,
        se=se,
        t=residual / se,
        p=float(2 * special.stdtr(fitted.df, -abs(residual / se))),
        intercept=fitted.intercept,
        slope=fitted.slope,
        s=fitted.s,
        df=fitted.df,
        decision=OUT if out else IN,
        definitions={"variance": "s² (1 + 1/n + (t - tbar)²/Sxx) of the batch's own regression"},
        assumptions=(Assumption("The batch changes in a straight line; errors are independent and of one variance."),),
        warnings=(f"{fitted.df} degrees of freedom only: the interval is wide.",) if fitted.df < 4 else (),
        sentence=f"The result {say(new_value)} at {say(new_time)} is {'outside' if out else 'inside'} the {share(confidence)} prediction interval "
        f"{say(low)} to {say(high)} of the batch's own regression (n = {fitted.n}): {OUT if out else IN}.",
    )
