"""Pooled standard deviation of laboratories by Algorithm S of ISO 13528."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Column, Example, method
from ..parameter import Parameter
from ..refusal import Degenerate, NoConvergence, Unsuitable
from ..result import Assumption, Result, reported
from ..series import Numbers, Series
from ..words import say
from .consensus import source


@dataclass(frozen=True, kw_only=True)
class AlgorithmSResult(Result):
    """Robust pooled standard deviation."""

    sd: float = reported("robust pooled standard deviation w*", Y)
    start: float = reported("starting value: the median", Y)
    eta: float = reported("limit factor eta")
    xi: float = reported("adjustment factor xi")
    limit: float = reported("eta w*, to which larger values are drawn in", Y)
    drawn_in: int = reported("number of values drawn in")
    pooled: float = reported("classical pooled value, root mean square", Y)
    p: int = reported("number of laboratories")


@dataclass(frozen=True)
class AlgorithmSCases:
    """Arrays over the cases."""

    sd: Numbers


def factors(df: float) -> tuple[float, float]:
    """eta and xi for `df` degrees of freedom of each standard deviation: 10 % lie above eta times the true one."""
    eta2 = float(special.chdtri(df, 0.1)) / df
    return math.sqrt(eta2), 1 / math.sqrt(float(special.chdtr(df + 2, df * eta2)) + 0.1 * eta2)


def algorithm_s_cases(*, sd: Numbers, df: int = 1) -> AlgorithmSCases:
    """Many rounds at once: `sd` (..., p). See `algorithm_s`."""
    w, (eta, xi) = np.asarray(sd, float), factors(df)
    now = np.median(w, axis=-1)
    now = np.where(now > 0, now, np.sqrt(np.mean(w**2, axis=-1)))
    for _ in range(10_000):
        new = xi * np.sqrt(np.mean(np.minimum(w, eta * now[..., None]) ** 2, axis=-1))
        moved = np.abs(new - now)
        now = new
        if np.all(moved <= 1e-14 * now):
            return AlgorithmSCases(now)
    raise NoConvergence("Algorithm S did not settle.")


@method(
    name="algorithm-s",
    title="Robust pooled standard deviation (ISO 13528 Algorithm S)",
    family="proficiency",
    result=AlgorithmSResult,
    citations=[source("Annex C.4")],
    columns=[Column("sd", "standard deviation (or range of two) of one laboratory", least=3)],
    parameters=[Parameter("df", "degrees of freedom of each standard deviation", "count", 1)],
    example=Example({"sd": [0.28, 0.49, 0.40, 0.00, 0.35, 1.98, 0.80, 0.32]}, y_unit="mg/L"),
    arrays=algorithm_s_cases,
)
def algorithm_s(*, sd: Series, df: int = 1) -> AlgorithmSResult:
    """w* = xi sqrt(mean(min(w, eta w*)²)) from the median on, until it does not move; eta and xi by the degrees of freedom of each."""
    w = sd.array
    if np.min(w) < 0:
        raise Unsuitable("A standard deviation is negative. Check the values.")
    if np.max(w) == 0:
        raise Degenerate("Every standard deviation is 0. Give unrounded values.")
    now, (eta, xi) = float(algorithm_s_cases(sd=w, df=df).sd), factors(df)
    if now <= 1e-12 * np.max(w):
        raise Degenerate("So many standard deviations are 0 that the robust one is 0. Give unrounded values.")
    return AlgorithmSResult(
        sd=now,
        start=float(np.median(w)),
        eta=eta,
        xi=xi,
        limit=eta * now,
        drawn_in=int(np.sum(w > eta * now)),
        pooled=float(np.sqrt(np.mean(w**2))),
        p=len(w),
        definitions={"eta, xi": "computed from chi-squared, not the rounded table", "stop": "converged"},
        assumptions=(Assumption("Every standard deviation has the same degrees of freedom."),),
        sentence=f"The robust pooled standard deviation of {len(w)} laboratories was {say(now)} (Algorithm S).",
    )
