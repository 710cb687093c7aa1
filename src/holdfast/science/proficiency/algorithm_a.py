"""Robust mean and standard deviation by Algorithm A of ISO 13528."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..dimension import Y
from ..method import Example, method
from ..refusal import Degenerate, NoConvergence
from ..result import Assumption, Citation, Result, reported
from ..series import Numbers, Series
from ..words import say
from .consensus import SIGMA, VALUES, consensus_uncertainty, few, source

ROUNDS = 10_000


@dataclass(frozen=True, kw_only=True)
class AlgorithmAResult(Result):
    """Robust mean and standard deviation."""

    mean: float = reported("robust mean x*", Y)
    sd: float = reported("robust standard deviation s*", Y)
    u: float = reported("standard uncertainty of the robust mean, 1.25 s*/sqrt(p)", Y)
    start_mean: float = reported("starting mean: the median", Y)
    start_sd: float = reported("starting standard deviation: 1.483 times the median absolute deviation", Y)
    delta: float = reported("1.5 s*, by which values are drawn in", Y)
    lower: float = reported("x* - 1.5 s*", Y)
    upper: float = reported("x* + 1.5 s*", Y)
    drawn_in: int = reported("number of values drawn in")
    mean_classical: float = reported("arithmetic mean", Y)
    sd_classical: float = reported("standard deviation (n-1)", Y)
    u_negligible: bool | None = reported("whether u is at most 0.3 sigma; none without sigma")
    p: int = reported("number of laboratories")


@dataclass(frozen=True)
class AlgorithmACases:
    """Arrays over the cases."""

    mean: Numbers
    sd: Numbers
    start_mean: Numbers
    start_sd: Numbers


def algorithm_a_cases(*, value: Numbers) -> AlgorithmACases:
    """Many rounds at once: `value` (..., p). See `algorithm_a`."""
    x = np.asarray(value, float)
    shift = np.median(x, axis=-1, keepdims=True)
    x = x - shift
    mean = np.zeros(x.shape[:-1])
    start = sd = 1.483 * np.median(np.abs(x), axis=-1)
    spread = x.std(axis=-1, ddof=1)
    sd = np.where(sd > 1e-12 * spread, sd, spread)
    for _ in range(ROUNDS):
        half = 1.5 * sd[..., None]
        drawn = np.clip(x, mean[..., None] - half, mean[..., None] + half)
        new_mean, new_sd = drawn.mean(axis=-1), 1.134 * drawn.std(axis=-1, ddof=1)
        moved = np.maximum(np.abs(new_mean - mean), np.abs(new_sd - sd))
        mean, sd = new_mean, new_sd
        if np.all(moved <= 1e-14 * (spread + 1e-300)):
            break
    else:
        raise NoConvergence("Algorithm A did not settle.")
    return AlgorithmACases(shift[..., 0] + mean, sd, shift[..., 0], start)


@method(
    name="algorithm-a",
    title="Robust mean and standard deviation (ISO 13528 Algorithm A)",
    family="proficiency",
    result=AlgorithmAResult,
    citations=[source("Annex C.3"), Citation("Huber PJ (1981) Robust Statistics", "6.7, proposal 2")],
    columns=[VALUES],
    parameters=[SIGMA],
    example=Example({"value": [25.05, 26.29, 27.64, 29.01, 27.1, 26.8, 26.5, 31.9]}, {"sigma_pt": 1.5}, y_unit="%"),
    arrays=algorithm_a_cases,
)
def algorithm_a(*, value: Series, sigma_pt: float | None = None) -> AlgorithmAResult:
    """Values further than 1.5 s* from x* are drawn in to that distance; x* is their mean and s* 1.134 times their SD, until neither moves.

    Starts at the median and 1.483 times the median absolute deviation (the SD where that is 0). Iterated to convergence, not to the third
    significant digit at which the standard lets one stop.
    """
    x = value.array
    if np.ptp(x) == 0:
        raise Degenerate("All laboratories report one value: there is no scatter to judge by. Give unrounded values.")
    found = algorithm_a_cases(value=x)
    mean, sd, p = float(found.mean), float(found.sd), len(x)
    if sd <= 1e-9 * np.ptp(x):
        raise Degenerate("So many laboratories report one value that the robust standard deviation is 0. Give unrounded values.")
    u = consensus_uncertainty(sd, p)
    drawn = int(np.sum(np.abs(x - mean) > 1.5 * sd))
    return AlgorithmAResult(
        mean=mean,
        sd=sd,
        u=u,
        start_mean=float(found.start_mean),
        start_sd=float(found.start_sd),
        delta=1.5 * sd,
        lower=mean - 1.5 * sd,
        upper=mean + 1.5 * sd,
        drawn_in=drawn,
        mean_classical=float(x.mean()),
        sd_classical=float(x.std(ddof=1)),
        u_negligible=None if sigma_pt is None else u <= 0.3 * sigma_pt,
        p=p,
        definitions={"start": "median, 1.483 MAD", "stop": "converged", "factors": "1.5 and 1.134"},
        assumptions=(Assumption("Most laboratories measure one value, with symmetric errors (one mode)."),),
        warnings=few(p, u, sigma_pt),
        sentence=f"The robust mean of {p} laboratories was {say(mean)} (u = {say(u)}), the robust standard deviation {say(sd)} (Algorithm A; {drawn} values drawn in).",
    )
