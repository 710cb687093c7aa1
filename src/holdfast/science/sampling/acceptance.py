"""The probability to accept a lot by attributes."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
from scipy import special

from ..parameter import Parameter
from ..refusal import WrongParameter
from ..result import Citation, reported
from ..series import Numbers

DISTRIBUTIONS = ("binomial", "Poisson", "hypergeometric")
DISTRIBUTION = Parameter("distribution", "of nonconforming items in the sample", "choice", "binomial", choices=DISTRIBUTIONS)
LOT = Parameter("lot_size", "number of items of the lot; needed for hypergeometric and for ATI", "count", optional=True)
SCHILLING = Citation("Schilling EG, Neubauer DV (2017) Acceptance Sampling in Quality Control")


@dataclass(frozen=True)
class OcPoint:
    """One point of an operating characteristic."""

    p: float = reported("share of nonconforming items in the lot")
    accept: float = reported("probability to accept")
    aoq: float = reported("average outgoing quality: nonconforming share after inspection with rectification")
    ati: float | None = reported("average total inspection; none without a lot size")
    asn: float = reported("average sample number")


def check_plan(n: int, c: int, lot: int | None, distribution: str) -> None:
    """Raises `WrongParameter` for a plan that cannot be."""
    if c >= n:
        raise WrongParameter(f"The acceptance number {c} is not below the sample size {n}: the plan accepts everything.")
    if distribution == "hypergeometric" and lot is None:
        raise WrongParameter("The parameter lot_size is missing: a hypergeometric plan needs it.")
    if lot is not None and n > lot:
        raise WrongParameter(f"The sample of {n} is larger than the lot of {lot}.")


def check_shares(p: object) -> None:
    """Raises `WrongParameter` for shares outside 0 to 1."""
    if np.any(np.asarray(p) < 0) or np.any(np.asarray(p) > 1):
        raise WrongParameter("A share of nonconforming items lies outside 0 to 1. Give shares, not percentages.")


def mass(d: int, n: int, p: float, distribution: str, lot: int | None) -> float:
    """The probability of `d` nonconforming items in a sample of `n`. Hypergeometric: round(p lot) nonconforming items in the lot."""
    if distribution == "binomial":
        return float(special.bdtr(d, n, p) - (special.bdtr(d - 1, n, p) if d else 0.0)) if d <= n else 0.0
    if distribution == "Poisson":
        return float(np.exp(special.xlogy(d, n * p) - n * p - special.gammaln(d + 1)))
    bad = round(p * (lot or 0))
    return comb(bad, d) * comb((lot or 0) - bad, n - d) / comb(lot or 0, n) if d <= n else 0.0


def accept(c: int, n: int, p: Numbers, distribution: str, lot: int | None = None) -> Numbers:
    """The probability of at most `c` nonconforming items, for each `p`."""
    p = np.asarray(p, float)
    if distribution == "binomial":
        return np.asarray(special.bdtr(c, n, p), float)
    if distribution == "Poisson":
        return np.asarray(special.pdtr(c, n * p), float)
    return np.array([hypergeometric(c, n, round(float(each) * (lot or 0)), lot or 0) for each in p.ravel()]).reshape(p.shape)


def hypergeometric(c: int, n: int, bad: int, lot: int) -> float:
    """The probability of at most `c` nonconforming items among `n` drawn from a lot that holds `bad`; exact integers."""
    ways = sum(comb(bad, d) * comb(lot - bad, n - d) for d in range(min(c, bad, n) + 1) if n - d <= lot - bad)
    return ways / comb(lot, n)


def share_accepted_with(probability: float, c: int, n: int, distribution: str, lot: int | None) -> float:
    """The share of nonconforming items that is accepted with a probability; hypergeometric: the smallest share not accepted more often."""
    if distribution == "binomial":
        return float(special.betaincinv(c + 1, n - c, 1 - probability))
    if distribution == "Poisson":
        return float(special.gammaincinv(c + 1, 1 - probability)) / n
    low, high = 0, lot or 0
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if hypergeometric(c, n, middle, lot or 0) <= probability else (middle + 1, high)
    return low / (lot or 1)
