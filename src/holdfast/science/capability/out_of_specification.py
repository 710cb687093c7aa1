"""Probability that a value is out of specification, from a normal sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate, WrongParameter
from ..result import Assumption, Citation, Result, reported
from ..series import Series
from ..words import say, share
from .noncentral import distance_bound

OWEN = Citation("Owen DB, Hua TA (1977) J Qual Technol 9:88-92")
LIEBERMAN = Citation("Lieberman GJ, Resnikoff GJ (1955) J Am Stat Assoc 50:457-516; ISO 3951")


@dataclass(frozen=True)
class Probabilities:
    """A probability outside, estimated in several ways."""

    plug_in: float
    umvu: float
    predictive: float
    upper_bound: float
    lower_bound: float


@dataclass(frozen=True, kw_only=True)
class OutOfSpecificationResult(Result):
    """Probability out of specification: below, above and in total."""

    plug_in: float = reported("as if mean and standard deviation were known")
    umvu: float = reported("without bias (Lieberman-Resnikoff)")
    predictive: float = reported("probability that the next value is outside, allowing for what is not known (t)")
    upper_bound: float = reported("upper confidence bound (noncentral t; each of two limits with half of the error)")
    sides: Mapping[str, Probabilities] = reported("each limit by itself, bounds one-sided at the confidence")
    q: Mapping[str, float] = reported("distance of the mean from each limit in standard deviations")
    mean: float = reported("mean", Y)
    sd: float = reported("standard deviation (n-1)", Y)
    observed: int = reported("values outside")
    n: int = reported("number of values")


def sides_of(mean: float, sd: float, lower: float | None, upper: float | None) -> list[float]:
    """Distances from the limits there are, in standard deviations."""
    return [q for q in (None if lower is None else (mean - lower) / sd, None if upper is None else (upper - mean) / sd) if q is not None]


def predictive(q: Sequence[float], n: int) -> float:
    """P(next value outside): t with n - 1 degrees of freedom at q/sqrt(1 + 1/n)."""
    return float(sum(special.stdtr(n - 1, -each / (1 + 1 / n) ** 0.5) for each in q))


def bench(q: Sequence[float]) -> float:
    """The normal quantile that leaves the total probability outside; for one limit its distance itself."""
    if len(q) == 1:
        return q[0]
    total = float(sum(special.ndtr(-each) for each in q))
    return -float(special.ndtri(min(max(total, 1e-300), 1 - 1e-16)))


def umvu(q: float, n: int) -> float:
    """Lieberman and Resnikoff's estimate I_x(n/2-1, n/2-1), x = max(0, 1/2 - q sqrt(n)/(2(n-1)))."""
    x = min(1.0, max(0.0, 0.5 - q * n**0.5 / (2 * (n - 1))))
    return float(special.betainc(n / 2 - 1, n / 2 - 1, x))


def upper_bound(q: Sequence[float], n: int, confidence: float) -> float:
    """Upper bound of the total probability: exact for one limit, for two the sum of bounds with half of the error each."""
    level = 1 - (1 - confidence) / len(q)
    return float(min(1.0, sum(special.ndtr(-distance_bound(each, n, level)) for each in q)))


@method(
    name="out-of-specification",
    title="Probability out of specification (normal)",
    family="capability",
    result=OutOfSpecificationResult,
    citations=[OWEN, LIEBERMAN],
    columns=[Column("values", "the values, one a batch", least=3)],
    parameters=[
        Parameter("lower", "lower specification limit", optional=True, dimension=Y),
        Parameter("upper", "upper specification limit", optional=True, dimension=Y),
        CONFIDENCE,
    ],
    example=Example({"values": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7]}, {"lower": 90, "upper": 110}, y_unit="%"),
)
def out_of_specification(*, values: Series, lower: float | None = None, upper: float | None = None, confidence: float = 0.95) -> OutOfSpecificationResult:
    """How likely a batch is outside: plug-in, unbiased, predictive, and an upper confidence bound. With few values only the last two are honest.

    Assumptions: independent batches of a stable process, normal values.
    """
    if (lower is None and upper is None) or (lower is not None and upper is not None and lower >= upper):
        raise WrongParameter("Give a lower limit, an upper limit, or both with the lower below the upper.")
    y = values.array
    n, (mean, sd) = len(y), (float(each) for each in mean_and_sd(np.sort(y)))
    if sd <= 1e-12 * float(np.abs(y).max()):
        raise Degenerate("The values do not vary: a probability cannot be estimated. Give unrounded values.")
    q = {
        name: each
        for name, each in (("lower", None if lower is None else (mean - lower) / sd), ("upper", None if upper is None else (upper - mean) / sd))
        if each is not None
    }
    sides = {name: _side(each, n, confidence) for name, each in q.items()}
    bound, next_out = upper_bound(list(q.values()), n, confidence), predictive(list(q.values()), n)
    return OutOfSpecificationResult(
        plug_in=sum(each.plug_in for each in sides.values()),
        umvu=min(1.0, sum(each.umvu for each in sides.values())),
        predictive=next_out,
        upper_bound=bound,
        sides=sides,
        q=q,
        mean=mean,
        sd=sd,
        observed=int(np.sum((y < (-np.inf if lower is None else lower)) | (y > (np.inf if upper is None else upper)))),
        n=n,
        definitions={"upper bound": "exact for one limit; for two the sum of bounds, each with half of the error (conservative)"},
        assumptions=(Assumption("Batches are independent, the process stable."), Assumption("Values are normal: a tail probability rests on it.")),
        warnings=(f"{n} values: the tail of a distribution is assumed here, not seen.",) if n < 30 else (),
        sentence=f"The predictive probability that the next batch is out of specification is {say(100 * next_out, 2)} %, upper {share(confidence)} bound "
        f"{say(100 * bound, 2)} % (n = {n}).",
    )


def _side(q: float, n: int, confidence: float) -> Probabilities:
    high, low = (float(special.ndtr(-distance_bound(q, n, p))) for p in (confidence, 1 - confidence))
    return Probabilities(float(special.ndtr(-q)), umvu(q, n), predictive([q], n), high, low)
