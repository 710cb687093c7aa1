"""The probability that the next batches fall within limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate, WrongParameter
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Series
from ..words import say, share
from .operating import legendre
from .tolerance_factor import half_normal
from .two_one_sided import INDEPENDENT


@dataclass(frozen=True, kw_only=True)
class NextBatchesResult(Result):
    """What the batches so far say of those to come."""

    probability_next: float = reported("probability that the next batch lies within the limits")
    probability_all: float = reported("probability that all of the next `batches` lie within the limits")
    probability_below: float = reported("probability that the next batch lies below the lower limit; 0 without one")
    probability_above: float = reported("probability that the next batch lies above the upper limit; 0 without one")
    prediction: Interval = reported("prediction interval of the next batch", Y)
    prediction_all: Interval = reported("prediction interval of all of the next `batches` (Bonferroni)", Y)
    mean: float = reported("mean", Y)
    sd: float = reported("standard deviation (n-1)", Y)
    df: int = reported("degrees of freedom")
    n: int = reported("number of batches seen")


LIMITS = (
    Parameter("lower", "lower limit; without one only the upper holds", optional=True, dimension=Y),
    Parameter("upper", "upper limit; without one only the lower holds", optional=True, dimension=Y),
)


@method(
    name="next-batches",
    title="Predictive probability that the next batches lie within limits",
    family="comparability",
    result=NextBatchesResult,
    citations=[Citation("Hahn GJ, Meeker WQ (1991) Statistical Intervals", "4.7-4.8"), Citation("Gelman A et al. (2013) Bayesian Data Analysis", "3.2")],
    columns=[Column("values", "one value a batch")],
    parameters=[*LIMITS, Parameter("batches", "how many batches are to come", "count", 1), CONFIDENCE],
    example=Example({"values": [98.2, 101.4, 95.9, 104.1, 99.8, 100.6]}, {"lower": 90, "upper": 110, "batches": 3}, y_unit="%"),
)
def next_batches(*, values: Series, lower: float | None = None, upper: float | None = None, batches: int = 1, confidence: float = 0.95) -> NextBatchesResult:
    """How probable it is that the next batch, and all of the next `batches`, lie within the limits, given those seen.

    The next batch is mean + s sqrt(1 + 1/n) t(n-1). Batches to come share the unknown mean and SD, so the joint probability is the
    integral of p(mu, sigma)^m over their posterior under the reference prior, not the product of single ones.

    Assumptions: batches seen and to come from one normal population.
    """
    if lower is None and upper is None:
        raise WrongParameter("Neither a lower nor an upper limit is given. Give at least one.")
    if lower is not None and upper is not None and lower >= upper:
        raise WrongParameter(f"The limits are {lower:g} and {upper:g}. The lower must be below the upper.")
    mean, sd = (float(each) for each in mean_and_sd(values.array))
    n = len(values)
    if sd == 0:
        raise Degenerate(f"All {n} values are equal: the spread of the next batch cannot be judged. Give unrounded values.")
    spread = sd * float(np.sqrt(1 + 1 / n))
    below = 0.0 if lower is None else float(special.stdtr(n - 1, (lower - mean) / spread))
    above = 0.0 if upper is None else float(special.stdtr(n - 1, (mean - upper) / spread))
    joint = joint_probability(mean, sd, n, lower, upper, batches) if batches > 1 else 1 - below - above
    half, half_all = (float(special.stdtrit(n - 1, each)) * spread for each in ((1 + confidence) / 2, 1 - (1 - confidence) / (2 * batches)))
    return NextBatchesResult(
        probability_next=1 - below - above,
        probability_all=joint,
        probability_below=below,
        probability_above=above,
        prediction=Interval(mean - half, mean + half, confidence, kind="prediction"),
        prediction_all=Interval(mean - half_all, mean + half_all, confidence, kind="prediction"),
        mean=mean,
        sd=sd,
        df=n - 1,
        n=n,
        definitions={"prior": "reference prior 1/sigma²", "joint probability": "integral over mean and SD", "joint interval": "Bonferroni"},
        assumptions=(INDEPENDENT, Assumption("Batches to come are from the same normal population.")),
        sentence=f"Given {n} batches (mean {say(mean)}, SD {say(sd)}), the next batch lies within the limits with probability {say(1 - below - above)}"
        + (f", and all of the next {batches} with probability {say(joint)}." if batches > 1 else ".")
        + f" The {share(confidence)} prediction interval of the next batch is {say(mean - half)} to {say(mean + half)}.",
    )


def joint_probability(mean: float, sd: float, n: int, lower: float | None, upper: float | None, batches: int) -> float:
    """E[p(mu, sigma)^batches] over the posterior mu | sigma ~ N(mean, sigma²/n), (n-1) s²/sigma² ~ chi²(n-1)."""
    df = n - 1
    x, weight = legendre(80)
    low, high = (np.sqrt(2 * special.gammaincinv(df / 2, each)) for each in (1e-15, 1 - 1e-15))
    chi = low + (high - low) * x
    density = np.exp((df - 1) * np.log(chi) - chi**2 / 2 - (df / 2 - 1) * np.log(2) - special.gammaln(df / 2)) * weight * (high - low)
    sigma = (sd * np.sqrt(df) / chi)[:, None]
    z, z_weight = half_normal()
    inside = 0.0
    for sign in (-1, 1):
        mu = mean + sign * sigma * z / np.sqrt(n)
        p = (special.ndtr((upper - mu) / sigma) if upper is not None else 1.0) - (special.ndtr((lower - mu) / sigma) if lower is not None else 0.0)
        inside += float(density @ (p**batches @ z_weight)) / 2
    return inside
