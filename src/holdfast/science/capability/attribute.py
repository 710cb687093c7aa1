"""The share of units that do not conform, from a count."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from ..method import Example, method
from ..parameter import CONFIDENCE, Parameter
from ..refusal import WrongParameter
from ..result import Assumption, Citation, Interval, Result, reported
from ..words import say, share

BROWN = Citation("Brown LD, Cai TT, DasGupta A (2001) Stat Sci 16:101-133")
CLOPPER = Citation("Clopper CJ, Pearson ES (1934) Biometrika 26:404-413")


@dataclass(frozen=True, kw_only=True)
class AttributeResult(Result):
    """A proportion with three intervals."""

    proportion: float = reported("share observed")
    clopper_pearson: Interval = reported("exact interval")
    wilson: Interval = reported("score interval")
    jeffreys: Interval = reported("credible interval with the Jeffreys prior, ends 0 and 1 at no and only nonconforming units")
    upper_bound: float = reported("exact one-sided upper bound")
    lower_bound: float = reported("exact one-sided lower bound")
    wilson_upper_bound: float = reported("one-sided upper score bound")
    jeffreys_upper_bound: float = reported("one-sided upper bound with the Jeffreys prior")
    zero_failure_bound: float = reported("upper bound had none failed, 1 - (1 - confidence)^(1/n)")
    zero_failure_n: int | None = reported("units without failure needed to show the acceptable share; none without one")
    p_acceptable: float | None = reported("probability of so few or fewer at the acceptable share; none without one")
    nonconforming: int = reported("units that do not conform")
    n: int = reported("units examined")


@method(
    name="attribute-proportion",
    title="Share out of specification from a count (Clopper-Pearson, Wilson, Jeffreys)",
    family="capability",
    result=AttributeResult,
    citations=[CLOPPER, BROWN],
    columns=[],
    parameters=[
        Parameter("nonconforming", "units that do not conform", "number"),
        Parameter("n", "units examined", "count"),
        Parameter("acceptable", "largest acceptable share", "probability", optional=True),
        CONFIDENCE,
    ],
    example=Example({}, {"nonconforming": 2, "n": 120, "acceptable": 0.05}),
)
def attribute_proportion(*, nonconforming: float, n: int, acceptable: float | None = None, confidence: float = 0.95) -> AttributeResult:
    """The share of nonconforming units, with exact, score and Jeffreys intervals, and the bound that no failure at all would give.

    Assumptions: independent units of one share, the number examined fixed beforehand.
    """
    if nonconforming != int(nonconforming) or not 0 <= nonconforming <= n:
        raise WrongParameter(f"nonconforming is {nonconforming:g} of {n}. It must be a whole number between 0 and n.")
    x, tail = int(nonconforming), (1 - confidence) / 2
    exact = Interval(_beta(x, n - x + 1, tail) if x else 0.0, _beta(x + 1, n - x, 1 - tail) if x < n else 1.0, confidence)
    upper = _beta(x + 1, n - x, confidence) if x < n else 1.0
    shown = None if acceptable is None else upper <= acceptable
    return AttributeResult(
        proportion=x / n,
        clopper_pearson=exact,
        wilson=Interval(_wilson(x, n, -float(special.ndtri(1 - tail))), _wilson(x, n, float(special.ndtri(1 - tail))), confidence),
        jeffreys=Interval(_beta(x + 0.5, n - x + 0.5, tail) if x else 0.0, _beta(x + 0.5, n - x + 0.5, 1 - tail) if x < n else 1.0, confidence, "credible"),
        upper_bound=upper,
        lower_bound=_beta(x, n - x + 1, 1 - confidence) if x else 0.0,
        wilson_upper_bound=_wilson(x, n, float(special.ndtri(confidence))),
        jeffreys_upper_bound=_beta(x + 0.5, n - x + 0.5, confidence) if x < n else 1.0,
        zero_failure_bound=-math.expm1(math.log(1 - confidence) / n),
        zero_failure_n=None if acceptable is None else math.ceil(math.log(1 - confidence) / math.log1p(-acceptable) - 1e-9),
        p_acceptable=None if acceptable is None else float(special.bdtr(x, n, acceptable)),
        nonconforming=x,
        n=n,
        decision=None if shown is None else "acceptable" if shown else "not demonstrated",
        definitions={"wilson": "without continuity correction", "jeffreys": "Beta(1/2, 1/2) prior"},
        assumptions=(Assumption("Units are independent and share one probability."),),
        sentence=f"{x} of {n} units did not conform ({say(100 * x / n, 3)} %; exact {share(confidence)} CI {say(100 * (exact.lower or 0), 3)} to "
        f"{say(100 * (exact.upper or 0), 3)} %, one-sided upper bound {say(100 * upper, 3)} %).",
    )


def _beta(a: float, b: float, p: float) -> float:
    return float(special.betaincinv(a, b, p))


def _wilson(x: int, n: int, z: float) -> float:
    p, z2 = x / n, z * z
    return min(1.0, max(0.0, (p + z2 / (2 * n) + z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))) / (1 + z2 / n)))
