"""Uniformity of dosage units: the acceptance value of USP <905> and Ph. Eur. 2.9.40."""

from __future__ import annotations

from dataclasses import dataclass

from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..parameter import Parameter
from ..refusal import Unsuitable
from ..result import Assumption, Citation, Result, reported
from ..series import Series
from ..words import say


@dataclass(frozen=True, kw_only=True)
class UniformityResult(Result):
    """The acceptance value and the criteria of its stage."""

    av: float = reported("acceptance value |M - mean| + k s")
    m: float = reported("reference value M, percent")
    k: float = reported("acceptability constant: 2.4 for 10 units, 2.0 for 30")
    mean: float = reported("mean, percent of label claim")
    sd: float = reported("standard deviation (n-1)")
    l1: float = reported("largest acceptance value")
    lower_unit: float = reported("lowest content of one unit allowed at stage 2, (1 - L2/100) M")
    upper_unit: float = reported("highest content of one unit allowed at stage 2, (1 + L2/100) M")
    units_outside: int = reported("units outside them")
    stage: int = reported("stage: 1 with 10 units, 2 with 30")
    av_meets: bool = reported("whether the acceptance value is at most L1")
    n: int = reported("number of units")


@method(
    name="content-uniformity",
    title="Uniformity of dosage units: acceptance value (USP <905>, Ph. Eur. 2.9.40)",
    family="sampling",
    result=UniformityResult,
    citations=[Citation("USP <905> Uniformity of Dosage Units"), Citation("European Pharmacopoeia 2.9.40 Uniformity of dosage units")],
    columns=[Column("content", "content of one unit, percent of label claim", axis=None, least=10)],
    parameters=[
        Parameter("target", "target content T at manufacture, percent", "positive", 100.0),
        Parameter("l1", "largest acceptance value L1", "positive", 15.0),
        Parameter("l2", "largest deviation of one unit L2", "positive", 25.0),
    ],
    example=Example({"content": [98.9, 101.2, 97.6, 99.8, 102.4, 100.3, 96.9, 99.1, 100.8, 98.2]}),
)
def content_uniformity(*, content: Series, target: float = 100.0, l1: float = 15.0, l2: float = 25.0) -> UniformityResult:
    """AV = |M - mean| + k s, M the mean drawn into 98.5 to 101.5 (to T where T exceeds 101.5). Stage 1: 10 units, AV <= L1; stage 2: 30
    units, AV <= L1 and no unit outside (1 -/+ L2/100) M."""
    n = len(content)
    if n not in (10, 30):
        raise Unsuitable(f"{n} units are given: the test has 10 units at stage 1 and 30 at stage 2.")
    mean, sd = (float(each) for each in mean_and_sd(content.array))
    m = min(max(mean, 98.5), max(101.5, target))
    k = 2.4 if n == 10 else 2.0
    av = abs(m - mean) + k * sd
    low, high = (1 - l2 / 100) * m, (1 + l2 / 100) * m
    outside = int(((content.array < low) | (content.array > high)).sum())
    meets = av <= l1
    decision = "meets" if meets and (n == 10 or outside == 0) else "test 20 more units" if n == 10 else "does not meet"
    return UniformityResult(
        av=av,
        m=m,
        k=k,
        mean=mean,
        sd=sd,
        l1=l1,
        lower_unit=low,
        upper_unit=high,
        units_outside=outside,
        stage=1 if n == 10 else 2,
        av_meets=meets,
        n=n,
        decision=decision,
        definitions={"comparison": "unrounded"},
        assumptions=(Assumption("Units were drawn at random."),),
        sentence=f"The acceptance value of {n} units was {say(av)} (L1 = {l1:g}): {decision}.",
    )
