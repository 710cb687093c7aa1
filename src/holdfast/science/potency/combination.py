"""Combination of independent assays of one sample (Ph. Eur. 5.3, section 6)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE, Parameter
from ..refusal import TooFew, Unsuitable
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share

WAYS = ("weighted", "semi-weighted", "unweighted")


@dataclass(frozen=True)
class Combined:
    """One way to combine."""

    potency: float = reported("combined potency", Y)
    interval: Interval = reported("confidence interval of the combined potency", Y)
    se: float = reported("standard error of its natural logarithm")
    df: int = reported("degrees of freedom of t")
    weights: tuple[float, ...] = reported("weight of each assay, in the order given", per_row=True)


@dataclass(frozen=True, kw_only=True)
class CombinationResult(Result):
    """Homogeneity of the assays and the combined potency in three ways."""

    potency: float = reported("combined potency by the way chosen", Y)
    interval: Interval = reported("its confidence interval", Y)
    se: float = reported("standard error of its natural logarithm")
    weighted: Combined = reported("weights 1/variance")
    semi_weighted: Combined = reported("weights 1/(variance within + variance between)")
    unweighted: Combined = reported("equal weights: the geometric mean")
    chi_squared: float = reported("heterogeneity chi-squared")
    chi_squared_df: int = reported("its degrees of freedom")
    p_homogeneity: float = reported("its p-value")
    homogeneous: bool = reported("whether p is 0.05 or more")
    variance_between: float = reported("variance of ln potency between assays, never below 0")
    variance_between_raw: float = reported("the same before it is cut at 0")
    gsd: float = reported("geometric standard deviation of the estimates")
    gcv: float = reported("geometric coefficient of variation, percent: 100 sqrt(exp(s²) - 1)")
    gcv_power: float = reported("geometric coefficient of variation, percent: 100 (exp(s) - 1)")
    n: int = reported("number of assays")


@method(
    name="potency-combination",
    title="Combination of assays: weighted, semi-weighted, unweighted (Ph. Eur. 5.3)",
    family="potency",
    result=CombinationResult,
    citations=[Citation("European Pharmacopoeia 5.3 Statistical analysis of results of biological assays and tests", "6"), Citation("USP <1034>")],
    columns=[
        Column("potency", "estimate of potency of one assay", least=2, together=True),
        Column("lower", "lower confidence limit of the estimate", least=2, together=True),
        Column("upper", "upper confidence limit of the estimate", least=2, together=True),
        Column("df", "degrees of freedom of the assay's error", axis=None, least=2, together=True),
    ],
    parameters=[
        Parameter("combination", "which combination is reported first", "choice", "by homogeneity", choices=("by homogeneity", *WAYS)),
        CONFIDENCE,
    ],
    example=Example(
        {"potency": [18367, 18003, 18064, 17832], "lower": [17755, 17415, 17319, 17253], "upper": [19002, 18610, 18838, 18429], "df": [20, 20, 20, 20]},
        y_unit="IU/vial",
    ),
)
def potency_combination(
    *, potency: Series, lower: Series, upper: Series, df: Series, combination: str = "by homogeneity", confidence: float = 0.95
) -> CombinationResult:
    """Combine estimates M = ln potency with weights W = 4 t²/(upper - lower)², t of each assay's own degrees of freedom.

    Homogeneity: chi² = sum W (M - mean)². Weighted: 1/sqrt(sum W) with t of the sum of the degrees of freedom. Semi-weighted: W' =
    1/(1/W + V), V = s²(M) - mean(1/W), not below 0. Unweighted: s/sqrt(n) with n - 1 degrees of freedom. `confidence` is also the level of
    the limits given. "by homogeneity" reports the weighted combination where p >= 0.05 and the semi-weighted one otherwise.
    """
    m, half, own = _logs(potency.array, lower.array, upper.array, df.array)
    n = len(m)
    variance = (half / special.stdtrit(own, (1 + confidence) / 2)) ** 2
    w = 1 / variance
    mean = float(np.sum(w * m) / np.sum(w))
    chi = float(np.sum(w * (m - mean) ** 2))
    p = float(special.chdtrc(n - 1, chi))
    s2 = float(np.var(m, ddof=1))
    between = s2 - float(variance.mean())
    total = int(own.sum())
    weighted = _combined(m, w, 1 / math.sqrt(w.sum()), total, confidence)
    semi = 1 / (variance + max(between, 0.0))
    semi_weighted = _combined(m, semi, 1 / math.sqrt(semi.sum()), total, confidence)
    unweighted = _combined(m, np.ones(n), math.sqrt(s2 / n), n - 1, confidence)
    name = combination if combination != "by homogeneity" else "weighted" if p >= 0.05 else "semi-weighted"
    chosen = {"weighted": weighted, "semi-weighted": semi_weighted, "unweighted": unweighted}[name]
    return CombinationResult(
        potency=chosen.potency,
        interval=chosen.interval,
        se=chosen.se,
        weighted=weighted,
        semi_weighted=semi_weighted,
        unweighted=unweighted,
        chi_squared=chi,
        chi_squared_df=n - 1,
        p_homogeneity=p,
        homogeneous=p >= 0.05,
        variance_between=max(between, 0.0),
        variance_between_raw=between,
        gsd=math.exp(math.sqrt(s2)),
        gcv=100 * math.sqrt(math.expm1(s2)),
        gcv_power=100 * math.expm1(math.sqrt(s2)),
        n=n,
        decision="homogeneous" if p >= 0.05 else "heterogeneous",
        definitions={"combination": name, "scale": "natural logarithm", "degrees of freedom": "sum over assays; n - 1 for the unweighted"},
        assumptions=(
            Assumption("Assays are independent and each is valid by itself."),
            Assumption("Assays are homogeneous.", True, f"chi² = {say(chi)} on {n - 1} df, p = {p:.2g}.", p >= 0.05),
        ),
        warnings=("Assays differ by more than their own errors explain: find the cause before combining.",) if p < 0.05 else (),
        sentence=f"The {name} combination of {n} assays gives {say(chosen.potency)} ({share(confidence)} limits {say(chosen.interval.lower or 0)} to "
        f"{say(chosen.interval.upper or 0)}); homogeneity p = {p:.2g}.",
    )


def _logs(potency: Numbers, lower: Numbers, upper: Numbers, df: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    if np.min(lower) <= 0 or not (np.all(lower < potency) and np.all(potency < upper)):
        raise Unsuitable("Each assay needs 0 < lower limit < potency < upper limit. Check the columns.")
    if np.min(df) < 1:
        raise TooFew("An assay has less than one degree of freedom. Check the column df.")
    return np.log(potency), (np.log(upper) - np.log(lower)) / 2, df


def _combined(m: Numbers, w: Numbers, se: float, df: int, confidence: float) -> Combined:
    mean, half = float(np.sum(w * m) / np.sum(w)), float(special.stdtrit(df, (1 + confidence) / 2)) * se
    return Combined(math.exp(mean), Interval(math.exp(mean - half), math.exp(mean + half), confidence), se, df, tuple(w.tolist()))
