"""Grubbs' tests of one and two outliers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Example, method
from ..parameter import Parameter
from ..refusal import TooFew
from ..result import Citation, Result, reported
from ..series import Numbers, Series
from ..words import say
from .suspects import NONE, NORMAL, SEED, SUSPECTED, VALUES, WARNING, exceeding, normal_samples, sorted_values

GRUBBS = Citation("Grubbs FE (1969) Technometrics 11:1-21")
NIST = Citation("NIST/SEMATECH e-Handbook of Statistical Methods", "1.3.5.17.1")


@dataclass(frozen=True, kw_only=True)
class GrubbsResult(Result):
    """Tests of the extreme values."""

    g: float = reported("distance of the most extreme value from the mean in standard deviations")
    critical: float = reported("two-sided critical value of g")
    p: float = reported("two-sided p-value (Bonferroni bound, exact where g is large)")
    suspect: float = reported("the most extreme value", Y)
    g_high: float = reported("distance of the largest value")
    g_low: float = reported("distance of the smallest value")
    critical_one_sided: float = reported("one-sided critical value")
    p_high: float = reported("one-sided p-value of the largest value")
    p_low: float = reported("one-sided p-value of the smallest value")
    opposite: float = reported("range over standard deviation: one outlier at each end")
    p_opposite: float = reported("its p-value (upper bound)")
    two_high: float | None = reported("sum of squares without the two largest over that of all; none under 4 values")
    p_two_high: float | None = reported("its p-value by simulation")
    two_low: float | None = reported("sum of squares without the two smallest over that of all; none under 4 values")
    p_two_low: float | None = reported("its p-value by simulation")
    mean: float = reported("mean of all values", Y)
    sd: float = reported("standard deviation of all values (n-1)", Y)
    mean_without: float = reported("mean without the suspect", Y)
    sd_without: float = reported("standard deviation without the suspect", Y)
    n: int = reported("number of values")


def critical_g(n: int, alpha: float, sides: int = 2) -> float:
    """(n-1)/sqrt(n) sqrt(t²/(n-2+t²)), t the alpha/(sides n) quantile with n - 2 degrees of freedom."""
    t = float(special.stdtrit(n - 2, 1 - alpha / (sides * n)))
    return (n - 1) / math.sqrt(n) * math.sqrt(t * t / (n - 2 + t * t))


def p_g(g: float, n: int, sides: int = 1) -> float:
    """Bonferroni bound of P(G >= g)."""
    room = (n - 1) ** 2 / n - g**2
    if room <= 1e-12 * n:
        return 0.0
    return min(1.0, sides * n * float(special.stdtr(n - 2, -math.sqrt((n - 2) * g**2 / room))))


@method(
    name="grubbs", title="Grubbs' outlier tests (one, two)", family="outliers", result=GrubbsResult, citations=[GRUBBS, NIST],
    columns=VALUES, parameters=[Parameter("alpha", "level of the test", "probability", 0.05)],
    example=Example({"values": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7, 118.5]}, {}, y_unit="%"),
)  # fmt: skip
def grubbs(*, values: Series, alpha: float = 0.05) -> GrubbsResult:
    """Whether the most extreme value is further out than chance explains; also one at each end, and two at one end.

    Nothing is removed. Assumptions: normal values but for the suspects; one outlier can hide another (use the generalised ESD then).
    """
    y = sorted_values(values)
    n, mean, sd = len(y), float(y.mean()), float(y.std(ddof=1))
    if n < 3:
        raise TooFew("Three values are needed.")
    high, low = float(y[-1] - mean) / sd, float(mean - y[0]) / sd
    g, suspect = max(high, low), float(y[-1] if high >= low else y[0])
    rest = y[:-1] if high >= low else y[1:]
    p, w = p_g(g, n, 2), float(y[-1] - y[0]) / sd
    room = 2 * (n - 1) - w**2
    opposite = 0.0 if room <= 1e-12 else min(1.0, n * (n - 1) * float(special.stdtr(n - 2, -math.sqrt((n - 2) * w**2 / room))))
    ratios = [float(each) for each in _two(y[None])] if n >= 4 else [None, None]
    tails = [exceeding(_null(n), -each)[0] if each is not None else None for each in ratios]
    found = p < alpha
    return GrubbsResult(
        g=g,
        critical=critical_g(n, alpha),
        p=p,
        suspect=suspect,
        g_high=high,
        g_low=low,
        critical_one_sided=critical_g(n, alpha, 1),
        p_high=p_g(high, n),
        p_low=p_g(low, n),
        opposite=w,
        p_opposite=opposite,
        two_high=ratios[0],
        p_two_high=tails[0],
        two_low=ratios[1],
        p_two_low=tails[1],
        mean=mean,
        sd=sd,
        mean_without=float(rest.mean()),
        sd_without=float(rest.std(ddof=1)),
        n=n,
        seed=SEED,
        decision=SUSPECTED if found else NONE,
        definitions={"p": "two-sided Bonferroni bound", "two at one end": "simulated, 100 000 normal samples"},
        assumptions=(NORMAL,),
        warnings=(WARNING,),
        sentence=f"Grubbs' test {'marks' if found else 'does not mark'} {say(suspect)} {values.unit} (G = "
        f"{say(g)}, critical {say(critical_g(n, alpha))}, p = {say(p, 2)}, n = {n}). {WARNING}",
    )


@lru_cache(maxsize=32)
def _null(n: int) -> Numbers:
    """Ascending negated ratios of normal samples: small ratios are extreme."""
    return np.sort(-_two(normal_samples(n))[0])


def _two(y: Numbers) -> tuple[Numbers, Numbers]:
    """Ratios of sums of squares without the two largest, and without the two smallest, of sorted samples (m, n)."""

    def squares(z: Numbers) -> Numbers:
        found: Numbers = np.sum((z - z.mean(-1, keepdims=True)) ** 2, axis=-1)
        return found

    total = squares(y)
    return np.squeeze(squares(y[:, :-2]) / total), np.squeeze(squares(y[:, 2:]) / total)
