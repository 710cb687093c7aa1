"""Deciding conformity under measurement uncertainty: guard bands and the risks of consumer and producer (JCGM 106)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy import optimize, special

from ..dimension import Y
from ..method import Example, method
from ..parameter import Parameter
from ..refusal import WrongParameter
from ..result import Assumption, Citation, Result, reported
from ..series import Numbers
from ..words import say
from .capability import LIMITS, check_limits

JCGM = Citation("JCGM 106:2012 The role of measurement uncertainty in conformity assessment")


@dataclass(frozen=True, kw_only=True)
class GuardBandResult(Result):
    """Acceptance limits and what they do."""

    acceptance_lower: float | None = reported("lower acceptance limit; none without a lower limit", Y)
    acceptance_upper: float | None = reported("upper acceptance limit; none without an upper limit", Y)
    guard_band: float = reported("width of the guard band on each side", Y)
    conformance_probability: float | None = reported("probability that the item measured conforms, given its result; none without a result")
    posterior_mean: float | None = reported("best estimate of the item given result and process; none without both", Y)
    posterior_sd: float | None = reported("standard uncertainty of that estimate", Y)
    consumer_risk: float | None = reported("global consumer's risk: an item does not conform and is accepted; none without a process")
    producer_risk: float | None = reported("global producer's risk: an item conforms and is rejected; none without a process")
    accepted: float | None = reported("probability that an item is accepted")
    nonconforming: float | None = reported("probability that an item does not conform")
    consumer_risk_accepted: float | None = reported("probability that an accepted item does not conform")
    producer_risk_rejected: float | None = reported("probability that a rejected item conforms")
    consumer_risk_no_guard: float | None = reported("global consumer's risk without guard band")
    producer_risk_no_guard: float | None = reported("global producer's risk without guard band")
    guard_band_for_risk: float | None = reported("guard band that gives the consumer's risk asked for; none unless asked", Y)
    capability_index: float | None = reported("measurement capability index (upper - lower)/(4 u); none without both limits")
    test_uncertainty_ratio: float | None = reported("(upper - lower)/(2 · 2u); none without both limits")
    process_sd: float | None = reported("standard deviation of true values", Y)


@method(
    name="guard-band",
    title="Guard bands and risks under measurement uncertainty (JCGM 106)",
    family="capability",
    result=GuardBandResult,
    citations=[JCGM],
    columns=[],
    parameters=[
        *LIMITS,
        Parameter("u", "standard uncertainty of a result", "positive", dimension=Y),
        Parameter("factor", "guard band in standard uncertainties: 1.645 keeps the risk of a wrong acceptance of one result below 5 %", "number", 1.645),
        Parameter("process_mean", "mean of true values of the process", optional=True, dimension=Y),
        Parameter("process_sd", "standard deviation of true values", "positive", optional=True, dimension=Y),
        Parameter("result", "a result, for the probability that its item conforms", optional=True, dimension=Y),
        Parameter("risk", "global consumer's risk wanted", "probability", optional=True),
    ],
    example=Example(
        {}, {"lower": 95, "upper": 105, "u": 0.8, "factor": 1.645, "process_mean": 100.5, "process_sd": 1.8, "result": 104.2, "risk": 0.001}, y_unit="%"
    ),
)
def guard_band(
    *,
    lower: float | None = None,
    upper: float | None = None,
    u: float,
    factor: float = 1.645,
    process_mean: float | None = None,
    process_sd: float | None = None,
    result: float | None = None,
    risk: float | None = None,
) -> GuardBandResult:
    """Acceptance limits at `factor` u inside the limits; probability that an item conforms given its result; global risks given the process.

    Without a process the conformance probability takes the result as all that is known. Risks by quadrature over true values.
    Assumptions: normal measurement error with known u; normal true values.
    """
    check_limits(lower, upper)
    width = factor * u
    accept = None if lower is None else lower + width, None if upper is None else upper - width
    if accept[0] is not None and accept[1] is not None and accept[0] >= accept[1]:
        raise WrongParameter(f"The guard band of {width:g} leaves nothing between the limits. Measure with less uncertainty, or use a smaller factor.")
    known = process_mean is not None and process_sd is not None
    limits = (lower, upper)
    here = _Process(process_mean or 0.0, process_sd or 1.0, u, limits) if known else None
    risks = here.risks(width) if here else None
    plain = here.risks(0.0) if here else None
    estimate = None if result is None else (result, u) if here is None else here.posterior(result)
    probability = None if estimate is None else _inside(*estimate, limits)
    two = lower is not None and upper is not None
    span = (upper or 0) - (lower or 0)
    fits = None if result is None else (accept[0] is None or result >= accept[0]) and (accept[1] is None or result <= accept[1])
    words = " to ".join(say(each) for each in accept if each is not None)
    return GuardBandResult(
        acceptance_lower=accept[0],
        acceptance_upper=accept[1],
        guard_band=width,
        conformance_probability=probability,
        posterior_mean=estimate[0] if estimate and here else None,
        posterior_sd=estimate[1] if estimate and here else None,
        consumer_risk=risks[0] if risks else None,
        producer_risk=risks[1] if risks else None,
        accepted=risks[2] if risks else None,
        nonconforming=risks[3] if risks else None,
        consumer_risk_accepted=risks[0] / risks[2] if risks and risks[2] > 0 else None,
        producer_risk_rejected=risks[1] / (1 - risks[2]) if risks and risks[2] < 1 else None,
        consumer_risk_no_guard=plain[0] if plain else None,
        producer_risk_no_guard=plain[1] if plain else None,
        guard_band_for_risk=here.width_for(risk) if here and risk is not None else None,
        capability_index=span / (4 * u) if two else None,
        test_uncertainty_ratio=span / (4 * u) if two else None,
        process_sd=process_sd,
        decision=None if fits is None else "accepted" if fits else "not accepted",
        definitions={
            "guard band": f"{factor:g} standard uncertainties inside each limit",
            "conformance probability": "with the process as prior" if known else "from the result alone",
        },
        assumptions=(Assumption("The measurement error is normal with known standard uncertainty."), Assumption("True values of the process are normal.")),
        sentence=f"With a guard band of {say(width)} the acceptance limit{'s are' if two else ' is'} {words}"
        + ("" if risks is None else f"; consumer's risk {say(100 * risks[0], 2)} %, producer's risk {say(100 * risks[1], 2)} %")
        + ("." if probability is None else f". The item measured conforms with probability {say(probability)}."),
    )


@lru_cache(maxsize=1)
def _nodes() -> tuple[Numbers, Numbers]:
    return np.polynomial.legendre.leggauss(160)


@dataclass(frozen=True)
class _Process:
    mean: float
    sd: float
    u: float
    limits: tuple[float | None, float | None]

    def posterior(self, result: float) -> tuple[float, float]:
        """Mean and standard deviation of the true value given a result."""
        weight = self.sd**2 / (self.sd**2 + self.u**2)
        return self.mean + weight * (result - self.mean), math.sqrt(weight) * self.u

    def risks(self, width: float) -> tuple[float, float, float, float]:
        """Consumer's and producer's risk, probability of acceptance, probability of not conforming."""
        low, high = (-math.inf if self.limits[0] is None else self.limits[0]), (math.inf if self.limits[1] is None else self.limits[1])
        ends = [self.mean - 10 * self.sd, *(each for each in (low, high) if abs(each - self.mean) < 10 * self.sd), self.mean + 10 * self.sd]
        x, w = _nodes()
        wrong, lost, taken = 0.0, 0.0, 0.0
        for a, b in pairwise(ends):
            true = a + (b - a) * (x + 1) / 2
            density = w * (b - a) / 2 * np.exp(-(((true - self.mean) / self.sd) ** 2) / 2) / (self.sd * math.sqrt(2 * math.pi))
            accept = special.ndtr((high - width - true) / self.u) - special.ndtr((low + width - true) / self.u)
            reject = special.ndtr((true - high + width) / self.u) + special.ndtr((low + width - true) / self.u)
            taken += float(density @ accept)
            if low <= (a + b) / 2 <= high:
                lost += float(density @ reject)
            else:
                wrong += float(density @ accept)
        return wrong, lost, taken, 1 - _inside(self.mean, self.sd, self.limits)

    def width_for(self, risk: float) -> float | None:
        """The guard band at which the consumer's risk is `risk`; nothing where it cannot be met."""
        low, high = self.limits
        most = ((high - low) / 2 if low is not None and high is not None else 10 * self.sd) * (1 - 1e-9)

        def excess(width: float) -> float:
            return self.risks(width)[0] - risk

        if excess(-most if low is None or high is None else -10 * self.u) < 0 or excess(most) > 0:
            return None
        return float(optimize.brentq(excess, -10 * self.u, most, xtol=1e-12 * self.u))


def _inside(mean: float, sd: float, limits: tuple[float | None, float | None]) -> float:
    low, high = limits
    return float((1.0 if high is None else special.ndtr((high - mean) / sd)) - (0.0 if low is None else special.ndtr((low - mean) / sd)))
