"""The factors of normal tolerance limits for a number of values, and the numbers that order statistics need: no data, only design."""

from __future__ import annotations

from dataclasses import dataclass

from ..method import Example, method
from ..parameter import CONFIDENCE, Parameter
from ..result import Assumption, Result, reported
from ..words import say, share
from .tolerance_factor import howe_factor, one_sided_factor, two_sided_factor
from .tolerance_interval import CONTENT, ISO, KRISHNAMOORTHY, ODEH
from .tolerance_nonparametric import WILKS, wilks_number


@dataclass(frozen=True, kw_only=True)
class ToleranceFactorResult(Result):
    """Factors of the standard deviation."""

    k_one_sided: float = reported("exact one-sided factor, noncentral t")
    k_two_sided: float = reported("exact two-sided factor, by quadrature")
    k_howe: float = reported("Howe's approximate two-sided factor")
    n: int = reported("number of values behind the mean")
    df: float = reported("degrees of freedom of the standard deviation")
    n_one_sided_nonparametric: int = reported("values needed for the largest (or smallest) to do as much, whatever the distribution")
    n_two_sided_nonparametric: int = reported("values needed for smallest and largest together")


@method(
    name="tolerance-factor",
    title="Factors of normal tolerance limits, and Wilks' numbers",
    family="comparability",
    result=ToleranceFactorResult,
    citations=[ISO, ODEH, KRISHNAMOORTHY, WILKS],
    columns=[],
    parameters=[
        Parameter("n", "number of values behind the mean", "count", least=2),
        CONTENT,
        CONFIDENCE,
        Parameter("df", "degrees of freedom of the standard deviation; n - 1 if not given", "positive", optional=True),
    ],
    example=Example({}, {"n": 10, "content": 0.95}),
)
def tolerance_factor(*, n: int, content: float = 0.99, confidence: float = 0.95, df: float | None = None) -> ToleranceFactorResult:
    """k of mean ± k s, one- and two-sided, for a design: what an acceptance range from so few batches would cost.

    Assumptions: a normal population; a standard deviation independent of the mean.
    """
    used = n - 1.0 if df is None else df
    one, two, howe = (float(each(n, content, confidence, used)) for each in (one_sided_factor, two_sided_factor, howe_factor))
    return ToleranceFactorResult(
        k_one_sided=one,
        k_two_sided=two,
        k_howe=howe,
        n=n,
        df=used,
        n_one_sided_nonparametric=wilks_number(content, confidence, "upper"),
        n_two_sided_nonparametric=wilks_number(content, confidence, "two"),
        definitions={"two-sided factor": "exact, by quadrature", "one-sided factor": "exact, noncentral t"},
        assumptions=(Assumption("The population is normal."),),
        sentence=f"With {n} values, limits that hold {share(content)} of a normal population with {share(confidence)} confidence "
        f"lie {say(one, 5)} SDs (one-sided) or {say(two, 5)} SDs (two-sided) from the mean.",
    )
