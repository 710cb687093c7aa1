"""The shift between two groups without normality: Hodges-Lehmann with the exact Wilcoxon interval."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Column, Example, method
from ..result import Assumption, Citation, Interval, OperatingCharacteristic, Passing, Result, reported
from ..series import Numbers, Series
from ..words import say, share
from .operating import WEAK, characteristic, tost_power
from .two_one_sided import EQUIVALENT, INDEPENDENT, MARGIN_FIXED, MARGINS, NOT_SHOWN, check_margins, operating_sentence, weakness

SIMULATIONS, FEWEST, WORK, SEED = 4000, 400, 2e6, 1  # fewer studies for large groups, and the error says so
LARGEST_EXACT = 200  # numbers of both groups together up to which the distribution is counted exactly


@dataclass(frozen=True, kw_only=True)
class HodgesLehmannResult(Result):
    """The shift, test minus reference."""

    shift: float = reported("Hodges-Lehmann estimate: median of all differences, test minus reference", Y)
    interval: Interval = reported("interval of the shift at 100(1-2 alpha) %, from order statistics of the differences", Y)
    achieved_confidence: float = reported("confidence that the interval really has; at least what was asked for when exact")
    interval_95: Interval = reported("interval of the shift at 95 %", Y)
    w: float = reported("Mann-Whitney statistic: pairs in which test exceeds reference, ties counted half")
    p_zero: float = reported("two-sided p-value of the rank-sum test of no shift, for information")
    lower: float = reported("lower margin", Y)
    upper: float = reported("upper margin", Y)
    p_lower: float = reported("one-sided p-value of the rank-sum test against the lower margin")
    p_upper: float = reported("one-sided p-value of the rank-sum test against the upper margin")
    p: float = reported("the larger of the two one-sided p-values")
    median_reference: float = reported("median of the reference values", Y)
    median_test: float = reported("median of the test values", Y)


@method(
    name="hodges-lehmann",
    title="Equivalence of location without normality (Hodges-Lehmann, Wilcoxon)",
    family="comparability",
    result=HodgesLehmannResult,
    citations=[Citation("Hollander M, Wolfe DA, Chicken E (2014) Nonparametric Statistical Methods, 3rd ed.", "4.2-4.3")],
    columns=[Column("reference", "values before the change", least=3), Column("test", "values after the change", least=3)],
    parameters=MARGINS,
    example=Example(
        {"reference": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7], "test": [103.0, 99.1, 104.2, 102.6, 100.8]}, {"lower": -12, "upper": 12}, y_unit="%"
    ),
)
def hodges_lehmann(*, reference: Series, test: Series, lower: float, upper: float, alpha: float = 0.05) -> HodgesLehmannResult:
    """The median of all pairwise differences with an interval from the Wilcoxon distribution; equivalent when it lies inside the margins.

    Exact up to 200 values without ties; with ties the interval is conservative and p-values use the normal approximation with correction.

    Assumptions: independent values, the two distributions of one shape.
    """
    check_margins(lower, upper)
    x, y = reference.array, test.array
    differences = np.sort(rounded((y[:, None] - x[None, :]).ravel()))
    n = (len(x), len(y))
    ends, achieved = interval(differences, n, 1 - 2 * alpha)
    wide, _ = interval(differences, n, 0.95)
    p = (p_greater(x + lower, y), p_greater(y, x + upper))
    shown = ends[0] is not None and ends[1] is not None and lower < ends[0] and ends[1] < upper
    tied = bool(np.any(differences == 0)) or len(set(differences.tolist())) < len(differences)
    operating = _characteristic((float(np.std(x, ddof=1)), float(np.std(y, ddof=1))), n, (lower, upper), 1 - 2 * alpha)
    return HodgesLehmannResult(
        shift=float(np.median(differences)),
        interval=Interval(ends[0], ends[1], 1 - 2 * alpha, note="" if ends[0] is not None else OPEN),
        achieved_confidence=achieved,
        interval_95=Interval(wide[0], wide[1], 0.95, note="" if wide[0] is not None else OPEN),
        w=float(np.sum(differences > 0) + np.sum(differences == 0) / 2),
        p_zero=min(1.0, 2 * min(p_greater(x, y), p_greater(y, x))),
        lower=lower,
        upper=upper,
        p_lower=p[0],
        p_upper=p[1],
        p=max(p),
        median_reference=float(np.median(x)),
        median_test=float(np.median(y)),
        operating=operating,
        seed=operating.seed,
        decision=EQUIVALENT if shown else NOT_SHOWN,
        definitions={"interval": "order statistics of the differences, exact Wilcoxon" if sum(n) <= LARGEST_EXACT else "normal approximation"},
        assumptions=(INDEPENDENT, MARGIN_FIXED, Assumption("Both distributions have one shape.")),
        warnings=weakness(operating, (lower, upper)) + (("Some differences are tied: the interval is conservative.",) if tied else ()),
        sentence=f"The shift (test minus reference, Hodges-Lehmann) was {say(float(np.median(differences)))} ({share(1 - 2 * alpha)} CI {_bounds(ends)}), "
        f"{'inside' if shown else 'not inside'} the margins {say(lower)} to {say(upper)}; equivalence "
        f"{'is concluded' if shown else 'is not demonstrated'} at alpha = {alpha:g} (n = {n[0]} and {n[1]}). {operating_sentence(operating)}",
    )


OPEN = "too few values: no interval of this confidence exists"
Ends = tuple[float | None, float | None]


def _bounds(ends: Ends) -> str:
    return "none exists at this confidence" if ends[0] is None or ends[1] is None else f"{say(ends[0])} to {say(ends[1])}"


def rounded(values: Numbers) -> Numbers:
    """Values to 12 digits of the largest: differences that are equal in decimal are equal here too."""
    scale = float(np.max(np.abs(values), initial=0.0))
    if scale == 0:
        return values
    unit = 10.0 ** (int(np.floor(np.log10(scale))) - 11)
    kept: Numbers = np.round(values / unit) * unit
    return kept


def _characteristic(sd: tuple[float, float], n: tuple[int, int], margins: tuple[float, float], confidence: float) -> OperatingCharacteristic:
    """How often the interval would lie inside the margins, with normal values of these SDs: simulated, one set of studies for every shift."""
    if n[0] * n[1] * FEWEST > WORK:
        return _large_sample(sd, n, margins, (1 - confidence) / 2)
    simulations = int(min(SIMULATIONS, WORK / (n[0] * n[1])))
    chance = np.random.Generator(np.random.Philox(SEED))
    x, y = (s * chance.standard_normal((simulations, m)) for s, m in zip(sd, n, strict=True))
    differences = np.sort((y[:, :, None] - x[:, None, :]).reshape(simulations, -1), axis=1)
    ranks, _ = interval(np.arange(n[0] * n[1], dtype=float), n, confidence)
    if ranks[0] is None or ranks[1] is None:
        return OperatingCharacteristic("simulation", "the observed SDs and normal values", 0.0, 0.0, (), True, simulations, SEED)
    low, high = differences[:, int(ranks[0])], differences[:, int(ranks[1])]
    found = [float(np.mean((low + shift > margins[0]) & (high + shift < margins[1]))) for shift in (0.0, *margins)]
    row = tuple(
        Passing(shift, shift / (sd[0] or sd[1] or 1.0), each, float(np.sqrt(each * (1 - each) / simulations)))
        for shift, each in zip((0.0, *margins), found, strict=True)
    )
    return OperatingCharacteristic("simulation", "the observed SDs and normal values", found[0], max(found[1:]), row, found[0] < WEAK, simulations, SEED)


def _large_sample(sd: tuple[float, float], n: tuple[int, int], margins: tuple[float, float], alpha: float) -> OperatingCharacteristic:
    """For large groups: as the t test, with the efficiency 3/pi that ranks have at the normal distribution."""
    spread = float(np.sqrt(np.pi / 3 * (sd[0] ** 2 / n[0] + sd[1] ** 2 / n[1])))
    sd_name = "the observed SDs, normal values and the large-sample efficiency 3/pi"
    return characteristic(sd_name, sd[0], margins, lambda shifts: tost_power(shifts, spread, sum(n) - 2, *margins, alpha))


@lru_cache(maxsize=64)
def wilcoxon_below(m: int, n: int) -> Numbers:
    """P(U <= u) for u = 0 ... m n, of the Mann-Whitney statistic without ties, by counting."""
    counts = np.zeros(m * n + 1)
    counts[0] = 1.0
    for k in range(1, m + 1):  # the Gaussian binomial coefficient: multiply by (1 - q^(n+k)), divide by (1 - q^k)
        if n + k <= m * n:
            counts[n + k :] -= counts[: -(n + k)].copy()
        for start in range(k):
            counts[start::k] = np.cumsum(counts[start::k])
    below: Numbers = np.cumsum(counts) / counts.sum()
    return below


def interval(differences: Numbers, n: tuple[int, int], confidence: float) -> tuple[Ends, float]:
    """The interval between order statistics of the sorted differences, and the confidence it really has."""
    tail, pairs = (1 - confidence) / 2, n[0] * n[1]
    if sum(n) > LARGEST_EXACT:
        spread = np.sqrt(pairs * (sum(n) + 1) / 12)
        rank = max(int(np.floor(pairs / 2 - special.ndtri(1 - tail) * spread)), 1)
        return (float(differences[rank - 1]), float(differences[pairs - rank])), confidence
    below = wilcoxon_below(*n)
    rank = int(np.searchsorted(below, tail * (1 - 1e-12)))  # smallest u with P(U <= u) >= tail, as the quantile is defined
    if rank == 0:
        return (None, None), 0.0
    return (float(differences[rank - 1]), float(differences[pairs - rank])), float(1 - 2 * below[rank - 1])


def p_greater(x: Numbers, y: Numbers) -> float:
    """One-sided p-value that y lies above x by ranks: exact without ties, otherwise normal with continuity and tie correction."""
    pooled = rounded(np.concatenate([x, y]))
    x, y = pooled[: len(x)], pooled[len(x) :]
    differences = y[:, None] - x[None, :]
    n, pairs, total = (len(x), len(y)), differences.size, len(pooled)
    wins = float(np.sum(differences > 0) + np.sum(differences == 0) / 2)
    sizes = np.unique(pooled, return_counts=True)[1]
    if sizes.max() == 1 and total <= LARGEST_EXACT:
        return float(wilcoxon_below(*n)[pairs - int(wins)])
    variance = pairs / 12 * (total + 1 - float(np.sum(sizes**3 - sizes)) / (total * (total - 1)))
    return float(special.ndtr(-(wins - pairs / 2 - 0.5) / np.sqrt(variance))) if variance > 0 else 1.0
