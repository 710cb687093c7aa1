"""Dixon's ratio test."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..dimension import Y
from ..method import Example, method
from ..parameter import Parameter
from ..refusal import Unsuitable
from ..result import Citation, Result, reported
from ..series import Numbers, Series
from ..words import say
from .suspects import NONE, NORMAL, SEED, SUSPECTED, VALUES, WARNING, exceeding, normal_samples, sorted_values

DIXON = Citation("Dixon WJ (1953) Biometrics 9:74-89")
RORABACHER = Citation("Rorabacher DB (1991) Anal Chem 63:139-146")


@dataclass(frozen=True, kw_only=True)
class DixonResult(Result):
    """The ratio of the gap at an end to the range."""

    q: float = reported("the larger of both ratios")
    q_high: float = reported("ratio of the largest value")
    q_low: float = reported("ratio of the smallest value")
    critical: float = reported("two-sided critical value, by simulation")
    critical_one_sided: float = reported("critical value of the ratio of one end, by simulation")
    p: float = reported("two-sided p-value, by simulation")
    p_one_sided: float = reported("p-value of the ratio of the suspect's end, by simulation")
    p_error: float = reported("Monte Carlo standard error of p")
    r10: float = reported("(gap)/(range) at the suspect's end, for information")
    suspect: float = reported("the value tested", Y)
    n: int = reported("number of values")


def ratio(y: Numbers) -> Numbers:
    """Dixon's ratio of the largest of sorted samples (m, n): r10 to 7 values, r11 to 10, r21 to 13, r22 beyond."""
    n = y.shape[-1]
    i, j = (1, 0) if n <= 7 else (1, 1) if n <= 10 else (2, 1) if n <= 13 else (2, 2)
    gap = y[..., -1] - y[..., -1 - i]
    whole = y[..., -1] - y[..., j]
    found: Numbers = np.divide(gap, whole, out=np.zeros_like(gap), where=whole > 0)
    return found


@lru_cache(maxsize=32)
def _null(n: int) -> tuple[Numbers, Numbers]:
    """Ascending ratios of the largest, and of the more extreme end, of normal samples."""
    samples = normal_samples(n)
    one, other = ratio(samples), ratio(-samples[:, ::-1])
    return np.sort(one), np.sort(np.maximum(one, other))


@method(
    name="dixon", title="Dixon's outlier test", family="outliers", result=DixonResult, citations=[DIXON, RORABACHER],
    columns=VALUES, parameters=[Parameter("alpha", "level of the test", "probability", 0.05)],
    example=Example({"values": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7, 118.5]}, {}, y_unit="%"),
)  # fmt: skip
def dixon(*, values: Series, alpha: float = 0.05) -> DixonResult:
    """Whether an extreme value stands apart from its neighbours, for 3 to 30 values: r10, r11, r21 or r22 by their number.

    Nothing is removed. p-value and critical values by simulation (100 000 samples, stated seed). Assumptions: normal but for the suspect.
    """
    y = sorted_values(values)
    if len(y) > 30:
        raise Unsuitable(f"Dixon's test is for 3 to 30 values; there are {len(y)}. Use the generalised ESD test.")
    high, low = float(ratio(y)), float(ratio(-y[::-1]))
    q, suspect, n = max(high, low), float(y[-1] if high >= low else y[0]), len(y)
    one, both = _null(n)
    p, error = exceeding(both, q)
    gap = y[-1] - y[-2] if high >= low else y[1] - y[0]
    name = "r10" if n <= 7 else "r11" if n <= 10 else "r21" if n <= 13 else "r22"
    return DixonResult(
        q=q,
        q_high=high,
        q_low=low,
        critical=float(np.quantile(both, 1 - alpha)),
        critical_one_sided=float(np.quantile(one, 1 - alpha)),
        p=p,
        p_one_sided=exceeding(one, q)[0],
        p_error=error,
        r10=float(gap / (y[-1] - y[0])),
        suspect=suspect,
        n=n,
        seed=SEED,
        decision=SUSPECTED if p < alpha else NONE,
        definitions={"ratio": name, "p": "simulated, 100 000 normal samples"},
        assumptions=(NORMAL,),
        warnings=(WARNING,),
        sentence=f"Dixon's test {'marks' if p < alpha else 'does not mark'} {say(suspect)} {values.unit} "
        f"({name} = {say(q)}, p = {say(p, 2)}, n = {n}). {WARNING}",
    )
