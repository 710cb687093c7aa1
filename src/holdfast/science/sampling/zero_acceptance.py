"""How many items without a nonconforming one show a quality."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..method import Example, method
from ..parameter import CONFIDENCE, Parameter
from ..refusal import WrongParameter
from ..result import Assumption, Citation, Result, reported
from ..words import say, share
from .acceptance import LOT, SCHILLING, hypergeometric


@dataclass(frozen=True, kw_only=True)
class ZeroAcceptanceResult(Result):
    """Sample sizes."""

    n: int = reported("sample size: of the lot when its size is given, binomial otherwise")
    n_binomial: int = reported("binomial sample size")
    n_poisson: int = reported("Poisson sample size")
    n_hypergeometric: int | None = reported("hypergeometric sample size; none without a lot size")
    confidence_achieved: float = reported("confidence achieved by n")


@method(
    name="zero-acceptance",
    title="Sample size for zero acceptance",
    family="sampling",
    result=ZeroAcceptanceResult,
    citations=[Citation("Squeglia NL (2008) Zero Acceptance Number Sampling Plans"), SCHILLING],
    columns=[],
    parameters=[Parameter("p", "share of nonconforming items to be excluded", "probability"), LOT, CONFIDENCE],
    example=Example({}, {"p": 0.05, "lot_size": 500}),
)
def zero_acceptance(*, p: float, lot_size: int | None = None, confidence: float = 0.95) -> ZeroAcceptanceResult:
    """The smallest n for which no nonconforming item is found with probability at most 1 - confidence when their share is p.

    Hypergeometric: with ceil(p N) nonconforming items in the lot.
    """
    risk = 1 - confidence
    binomial, poisson = math.ceil(math.log(risk) / math.log1p(-p) - 1e-12), math.ceil(-math.log(risk) / p - 1e-12)
    exact = None if lot_size is None else _smallest(math.ceil(p * lot_size - 1e-9), lot_size, risk)
    n = binomial if exact is None else exact
    reached = 1 - (1 - p) ** n if lot_size is None else 1 - hypergeometric(0, n, math.ceil(p * lot_size - 1e-9), lot_size)
    return ZeroAcceptanceResult(
        n=n,
        n_binomial=binomial,
        n_poisson=poisson,
        n_hypergeometric=exact,
        confidence_achieved=reached,
        definitions={"lot": "ceil(p N) nonconforming items"} if lot_size is not None else {"lot": "large: binomial"},
        assumptions=(Assumption("The sample is drawn at random."),),
        sentence=f"{n} items without a nonconforming one exclude {say(100 * p)} % nonconforming items with {share(confidence)} confidence.",
    )


def _smallest(bad: int, lot: int, risk: float) -> int:
    if bad < 1:
        raise WrongParameter("The lot would hold no nonconforming item. Give a larger share or lot.")
    low, high = 1, lot
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if hypergeometric(0, middle, bad, lot) <= risk else (middle + 1, high)
    return low
