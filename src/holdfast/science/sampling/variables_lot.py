"""Judge one lot by variables, s method."""

from __future__ import annotations

from dataclasses import dataclass

from ..dimension import Y
from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..parameter import Parameter
from ..refusal import Degenerate, WrongParameter
from ..result import Assumption, Result, reported
from ..series import Series
from ..words import say
from .variables_oc import SOURCES, estimated_share


@dataclass(frozen=True, kw_only=True)
class VariablesLotResult(Result):
    """Quality statistics and the estimated share of nonconforming items."""

    mean: float = reported("mean", Y)
    sd: float = reported("standard deviation (n-1)", Y)
    q_lower: float | None = reported("(mean - lower limit)/s; none without one")
    q_upper: float | None = reported("(upper limit - mean)/s; none without one")
    p_lower: float | None = reported("unbiased estimate of the share below the lower limit; none without one")
    p_upper: float | None = reported("unbiased estimate of the share above the upper limit; none without one")
    p_hat: float = reported("their sum: estimated share of nonconforming items")
    m: float | None = reported("largest share accepted that k stands for")
    accept_by_k: bool = reported("whether every quality statistic is at least k")
    accept_by_m: bool = reported("whether the estimated share is at most that k stands for")
    n: int = reported("sample size")


@method(
    name="variables-lot",
    title="A lot by variables: quality statistics and estimated nonconforming share (ISO 3951, s method)",
    family="sampling",
    result=VariablesLotResult,
    citations=SOURCES,
    columns=[Column("values", "result of one item", least=3)],
    parameters=[
        Parameter("k", "acceptability constant"),
        Parameter("lower", "lower specification limit", dimension=Y, optional=True),
        Parameter("upper", "upper specification limit", dimension=Y, optional=True),
    ],
    example=Example({"values": [98.2, 101.4, 95.9, 104.1, 99.8, 100.6]}, {"k": 1.5, "lower": 90.0, "upper": 110.0}, y_unit="%"),
)
def variables_lot(*, values: Series, k: float, lower: float | None = None, upper: float | None = None) -> VariablesLotResult:
    """Q = (limit - mean)/s on each side; with one limit the lot is accepted where Q >= k, with two where p-hat is at most M(k).

    p-hat is the beta-distribution (minimum-variance unbiased) estimate. Assumption: normal values.
    """
    if lower is None and upper is None:
        raise WrongParameter("Give a lower or an upper specification limit.")
    if lower is not None and upper is not None and lower >= upper:
        raise WrongParameter("The lower limit is not below the upper one.")
    mean, sd = (float(each) for each in mean_and_sd(values.array))
    if sd == 0:
        raise Degenerate("The values do not vary. Give unrounded values.")
    n = len(values)
    q = [None if lower is None else (mean - lower) / sd, None if upper is None else (upper - mean) / sd]
    p = [None if each is None else estimated_share(each, n) for each in q]
    total, m = sum(each or 0.0 for each in p), estimated_share(k, n)
    by_k, by_m = all(each is None or each >= k for each in q), total <= m
    accepted = by_m if lower is not None and upper is not None else by_k
    return VariablesLotResult(
        mean=mean,
        sd=sd,
        q_lower=q[0],
        q_upper=q[1],
        p_lower=p[0],
        p_upper=p[1],
        p_hat=total,
        m=m,
        accept_by_k=by_k,
        accept_by_m=by_m,
        n=n,
        decision="accept" if accepted else "do not accept",
        definitions={"criterion": "p-hat <= M(k), two limits together" if lower is not None and upper is not None else "Q >= k"},
        assumptions=(Assumption("Values are normal."), Assumption("The sample is drawn at random.")),
        sentence=f"The estimated share of nonconforming items was {say(100 * total)} % (largest accepted {say(100 * m)} %): the lot is "
        f"{'accepted' if accepted else 'not accepted'} (n = {n}, k = {k:g}).",
    )
