"""Plans by variables, s method, one specification limit: operating characteristic and design."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..method import Example, method
from ..parameter import Parameter
from ..refusal import NoConvergence, WrongParameter
from ..result import Assumption, Citation, Result, reported
from ..words import say
from .acceptance import check_shares
from .attribute_design import RISKS
from .attribute_oc import GRID

SOURCES = [
    Citation("ISO 3951-1:2013 Sampling procedures for inspection by variables", "s method"),
    Citation("Resnikoff GJ, Lieberman GJ (1957) Tables of the Non-Central t-Distribution"),
]


@dataclass(frozen=True)
class VariablesPoint:
    """One point of the operating characteristic."""

    p: float = reported("share of nonconforming items")
    accept: float = reported("probability to accept")


@dataclass(frozen=True, kw_only=True)
class VariablesOcResult(Result):
    """What the plan accepts."""

    points: tuple[VariablesPoint, ...] = reported("operating characteristic")
    p_95: float = reported("share accepted with probability 0.95")
    p_50: float = reported("share accepted with probability 0.50")
    p_10: float = reported("share accepted with probability 0.10")
    m: float | None = reported("largest estimated share of nonconforming items that is accepted, which k stands for; none for two items")


@dataclass(frozen=True, kw_only=True)
class VariablesDesignResult(Result):
    """The smallest plan through both risk points."""

    n: int = reported("sample size")
    k: float = reported("acceptability constant that just holds the producer's risk")
    k_consumer: float = reported("acceptability constant that just holds the consumer's risk")
    accept_good: float = reported("probability to accept at the producer's risk quality")
    accept_bad: float = reported("probability to accept at the consumer's risk quality")
    n_normal: float = reported("sample size by Wallis' approximation")
    k_normal: float = reported("acceptability constant by Wallis' approximation")


def acceptance(p: float, n: int, k: float) -> float:
    """P(T' >= k sqrt n), T' noncentral t with n - 1 degrees of freedom and noncentrality z(1 - p) sqrt n."""
    return 1 - float(special.nctdtr(n - 1, float(special.ndtri(1 - p)) * math.sqrt(n), k * math.sqrt(n)))


def estimated_share(q: float, n: int) -> float:
    """The minimum-variance unbiased estimate of the share beyond a limit at quality statistic q; needs n of at least 3."""
    x = 0.5 - 0.5 * q * math.sqrt(n) / (n - 1)
    return float(special.betainc((n - 2) / 2, (n - 2) / 2, min(max(x, 0.0), 1.0)))


@method(
    name="variables-plan-oc",
    title="Operating characteristic of a plan by variables (ISO 3951, s method)",
    family="sampling",
    result=VariablesOcResult,
    citations=SOURCES,
    columns=[],
    parameters=[
        Parameter("n", "sample size", "count", least=2),
        Parameter("k", "acceptability constant"),
        Parameter("p", "shares of nonconforming items to report", "numbers", GRID),
    ],
    example=Example({}, {"n": 25, "k": 1.8}),
)
def variables_plan_oc(*, n: int, k: float, p: Sequence[float] = GRID) -> VariablesOcResult:
    """Accept where (limit - mean)/s >= k; probabilities by the noncentral t distribution, exact for normal values."""
    check_shares(p)
    if any(each in (0, 1) for each in p):
        raise WrongParameter("Shares of 0 and 1 have no operating characteristic by variables. Give shares between.")
    found = [_share(each, n, k) for each in (0.95, 0.5, 0.1)]
    return VariablesOcResult(
        points=tuple(VariablesPoint(float(each), acceptance(float(each), n, k)) for each in p),
        p_95=found[0],
        p_50=found[1],
        p_10=found[2],
        m=estimated_share(k, n) if n > 2 else None,
        definitions={"method": "s method, one limit"},
        assumptions=(Assumption("Values are normal."), Assumption("The sample is drawn at random.")),
        sentence=f"The plan n = {n}, k = {k:g} accepts {say(100 * found[0])} % nonconforming with probability 0.95 and {say(100 * found[2])} % with 0.10.",
    )


def _share(probability: float, n: int, k: float) -> float:
    low, high = -10.0, 10.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if acceptance(float(special.ndtr(middle)), n, k) < probability else (middle, high)
    return float(special.ndtr((low + high) / 2))


@method(
    name="variables-plan-design",
    title="Plan by variables from two risk points (s method)",
    family="sampling",
    result=VariablesDesignResult,
    citations=SOURCES,
    columns=[],
    parameters=RISKS,
    example=Example({}, {"good": 0.01, "bad": 0.05}),
)
def variables_plan_design(*, good: float, producer_risk: float = 0.05, bad: float, consumer_risk: float = 0.1) -> VariablesDesignResult:
    """The smallest n for which one k holds both risks: k is the noncentral t quantile at the good share over sqrt n."""
    if good >= bad:
        raise WrongParameter(f"The good share {good:g} is not below the bad share {bad:g}.")
    z = [float(special.ndtri(1 - each)) for each in (good, bad, producer_risk, consumer_risk)]
    k_normal = (z[2] * z[1] + z[3] * z[0]) / (z[2] + z[3])
    n_normal = (1 + k_normal**2 / 2) * ((z[2] + z[3]) / (z[0] - z[1])) ** 2

    def largest(n: int) -> float:
        return float(special.nctdtrit(n - 1, z[0] * math.sqrt(n), producer_risk)) / math.sqrt(n)

    def enough(n: int) -> bool:
        return acceptance(bad, n, largest(n)) <= consumer_risk

    n = max(2, int(n_normal * 0.7))
    while n > 2 and enough(n):
        n -= 1
    while not enough(n):
        n += 1
        if n > 20_000:
            raise NoConvergence("No plan of up to 20 000 items holds both risks. Move the qualities apart, or allow larger risks.")
    k = largest(n)
    least = float(special.nctdtrit(n - 1, z[1] * math.sqrt(n), 1 - consumer_risk)) / math.sqrt(n)
    return VariablesDesignResult(
        n=n,
        k=k,
        k_consumer=least,
        accept_good=acceptance(good, n, k),
        accept_bad=acceptance(bad, n, k),
        n_normal=float(np.ceil(n_normal)),
        k_normal=k_normal,
        definitions={"k": "holds the producer's risk exactly"},
        assumptions=(Assumption("Values are normal."),),
        sentence=f"n = {n}, k = {say(k)}: accepts {say(100 * good)} % with probability {say(acceptance(good, n, k))} and {say(100 * bad)} % with "
        f"{say(acceptance(bad, n, k))}.",
    )
