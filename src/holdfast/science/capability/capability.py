"""Capability of a process against its limits: Cp, Cpk, Pp, Ppk, Cpm, each with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import special

from ..comparison.variance import chi
from ..dimension import Y
from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate, WrongParameter
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share, with_unit
from .noncentral import distance_bound
from .out_of_specification import bench, predictive, sides_of, upper_bound
from .sigma import ESTIMATORS, by_subgroup, within_sigma

MONTGOMERY = Citation("Montgomery DC, Introduction to Statistical Quality Control, 7th ed.", "8")
BISSELL = Citation("Bissell AF (1990) Appl Stat 39:331-340")
CHOU = Citation("Chou YM, Owen DB, Borrego SA (1990) J Qual Technol 22:223-229")
BOYLES = Citation("Boyles RA (1991) J Qual Technol 23:17-26", "interval of Cpm")
LIMITS = (
    Parameter("lower", "lower specification limit; without one only the upper holds", optional=True, dimension=Y),
    Parameter("upper", "upper specification limit; without one only the lower holds", optional=True, dimension=Y),
)


@dataclass(frozen=True)
class Index:
    """One capability index and its intervals."""

    estimate: float
    interval: Interval  # two-sided; chi-square for Cp, Pp, Cpm, Bissell for the others
    lower_bound: float | None  # one-sided, of the same kind
    exact_lower_bound: float | None = None  # one-sided, noncentral t, where the index has one
    exact_interval: Interval | None = None  # two-sided, noncentral t
    interval_n_minus_1: Interval | None = None  # for indices within subgroups: with n - 1 instead of their degrees of freedom, as qcc has it


@dataclass(frozen=True, kw_only=True)
class CapabilityResult(Result):
    """Capability with the standard deviation within subgroups (C) and overall (P). Indices a single limit does not define are none."""

    cp: Index | None = reported("(upper - lower)/(6 sigma within)")
    cpl: Index | None = reported("(mean - lower)/(3 sigma within)")
    cpu: Index | None = reported("(upper - mean)/(3 sigma within)")
    cpk: Index = reported("the smaller of cpl and cpu")
    pp: Index | None = reported("(upper - lower)/(6 s)")
    ppl: Index | None = reported("(mean - lower)/(3 s)")
    ppu: Index | None = reported("(upper - mean)/(3 s)")
    ppk: Index = reported("the smaller of ppl and ppu")
    cpm: Index | None = reported("(upper - lower)/(6 sqrt(s² + (mean - target)²)); none without both limits")
    target: float | None = reported("target; the middle of the limits unless given", Y)
    mean: float = reported("mean", Y)
    sigma_within: float = reported("standard deviation within subgroups", Y)
    df_within: float = reported("degrees of freedom of that (effective, for ranges)")
    s: float = reported("overall standard deviation (n-1)", Y)
    observed_outside: int = reported("values outside the limits")
    expected_outside: float = reported("probability outside from mean and overall s, as if they were known")
    expected_outside_within: float = reported("probability outside from mean and sigma within, as if they were known")
    predictive_outside: float = reported("predictive probability that the next value is outside (t)")
    outside_upper_bound: float = reported("upper confidence bound of the probability outside")
    z_bench: float = reported("normal quantile that leaves the expected probability outside (overall)")
    nearest: str = reported("the limit that decides")
    n: int = reported("number of values")
    subgroups: int = reported("number of subgroups; 1 for single values")


@dataclass(frozen=True)
class CapabilityCases:
    """Arrays over cases: overall indices, infinite where a limit is missing."""

    mean: Numbers
    s: Numbers


def capability_cases(*, values: Numbers) -> CapabilityCases:
    """Mean and overall standard deviation of many series, `values` (..., n): indices follow by arithmetic."""
    return CapabilityCases(*mean_and_sd(np.asarray(values, float)))


@method(
    name="capability",
    title="Capability indices with intervals",
    family="capability",
    result=CapabilityResult,
    citations=[MONTGOMERY, BISSELL, CHOU, BOYLES],
    columns=[
        Column("values", "the values, in order of production", least=3, together=True),
        Column("subgroup", "rational subgroup of the value", kind="label", axis=None, least=3, together=True, required=False),
    ],
    parameters=[
        *LIMITS,
        Parameter("target", "target; the middle of the limits unless given", optional=True, dimension=Y),
        Parameter("within", "estimator of sigma within subgroups; auto: pooled, or the moving range of single values", "choice", "auto", choices=ESTIMATORS),
        CONFIDENCE,
    ],
    example=Example({"values": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7, 97.6, 102.2]}, {"lower": 85, "upper": 115}, y_unit="%"),
    order=True,
    arrays=capability_cases,
)
def capability(
    *,
    values: Series,
    subgroup: Sequence[str] | None = None,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    within: str = "auto",
    confidence: float = 0.95,
) -> CapabilityResult:
    """How many standard deviations the process keeps from its limits: short-term (within subgroups) and overall, with intervals.

    Cp, Pp: chi-square; Cpk, Ppk: Bissell, and exact by the noncentral t; Cpm: Boyles. Assumptions: a stable process and normal values.
    An index of an unstable process describes nothing: look at a control chart first.
    """
    check_limits(lower, upper)
    y = values.array
    n, mean, s = len(y), float(y.mean()), float(y.std(ddof=1))
    if s <= 1e-12 * float(np.abs(y).max()):
        raise Degenerate("The values do not vary: no index can be formed. Give unrounded values.")
    groups, _ = by_subgroup(y, subgroup)
    sigma, df, how = within_sigma(groups, within)
    short, long_ = _indices(mean, sigma, df, n, lower, upper, confidence, exact=False), _indices(mean, s, n - 1.0, n, lower, upper, confidence, exact=True)
    middle = target if target is not None else (lower + upper) / 2 if lower is not None and upper is not None else None
    plain, tight = (sum(float(special.ndtr(-q)) for q in sides_of(mean, each, lower, upper)) for each in (s, sigma))
    nearest = "lower" if upper is None or (lower is not None and mean - lower <= upper - mean) else "upper"
    bound = upper_bound(sides_of(mean, s, lower, upper), n, confidence)
    worst = long_["k"]
    limit = lower if nearest == "lower" else upper
    assert worst is not None and limit is not None
    return CapabilityResult(
        cp=short["p"],
        cpl=short["l"],
        cpu=short["u"],
        cpk=_there(short["k"]),
        pp=long_["p"],
        ppl=long_["l"],
        ppu=long_["u"],
        ppk=worst,
        cpm=_cpm(mean, s, n, lower, upper, middle, confidence),
        target=middle,
        mean=mean,
        sigma_within=sigma,
        df_within=df,
        s=s,
        observed_outside=int(np.sum((y < (-np.inf if lower is None else lower)) | (y > (np.inf if upper is None else upper)))),
        expected_outside=plain,
        expected_outside_within=tight,
        predictive_outside=predictive(sides_of(mean, s, lower, upper), n),
        outside_upper_bound=bound,
        z_bench=bench(sides_of(mean, s, lower, upper)),
        nearest=nearest,
        n=n,
        subgroups=len(groups),
        definitions={
            "within": how,
            "overall": "s with n - 1, without c4",
            "Cp and Pp interval": "chi-square",
            "degrees of freedom of Cp and Cpk": "those of sigma within",
            "Cpk and Ppk interval": "Bissell; exact noncentral t beside it",
            "Cpm": "s² with n - 1; interval of Boyles",
            "exact bound of the smaller index": "that of the nearer limit",
        },
        assumptions=(Assumption("The process is stable: seen on a control chart."), Assumption("Values are normal.")),
        warnings=(f"{n} values only: the interval says what they are worth.",) if n < 30 else (),
        sentence=f"Against the {nearest} limit {with_unit(limit, values.unit)}, Ppk is {say(worst.estimate, 3)} (exact lower {share(confidence)} bound "
        f"{say(worst.exact_lower_bound or 0, 3)}, n = {n}); the predictive probability that the next value is out of specification is "
        f"{say(100 * predictive(sides_of(mean, s, lower, upper), n), 2)} %, upper {share(confidence)} bound {say(100 * bound, 2)} %.",
    )


def check_limits(lower: float | None, upper: float | None) -> None:
    """Raises `WrongParameter` without a limit, or with limits in the wrong order."""
    if lower is None and upper is None:
        raise WrongParameter("Neither a lower nor an upper limit is given. Give at least one.")
    if lower is not None and upper is not None and lower >= upper:
        raise WrongParameter(f"The limits are {lower:g} and {upper:g}. The lower must be below the upper.")


def _there(index: Index | None) -> Index:
    assert index is not None
    return index


def _indices(mean: float, sd: float, df: float, n: int, lower: float | None, upper: float | None, confidence: float, *, exact: bool) -> dict[str, Index | None]:
    def one(value: float) -> Index:
        se = math.sqrt(1 / (9 * n) + value**2 / (2 * df))
        z, z_one = float(special.ndtri((1 + confidence) / 2)), float(special.ndtri(confidence))
        if not exact:
            plain = math.sqrt(1 / (9 * n) + value**2 / (2 * (n - 1)))
            whole = Interval(value - z * plain, value + z * plain, confidence)
            return Index(value, Interval(value - z * se, value + z * se, confidence), value - z_one * se, interval_n_minus_1=whole)
        ends = [distance_bound(3 * value, n, p) / 3 for p in ((1 + confidence) / 2, (1 - confidence) / 2, confidence)]
        return Index(value, Interval(value - z * se, value + z * se, confidence), value - z_one * se, ends[2], Interval(ends[0], ends[1], confidence))

    low = None if lower is None else one((mean - lower) / (3 * sd))
    high = None if upper is None else one((upper - mean) / (3 * sd))
    both = None if lower is None or upper is None else _chi((upper - lower) / (6 * sd), df, confidence)
    if both is not None and not exact:
        both = replace(both, interval_n_minus_1=_chi(both.estimate, n - 1.0, confidence).interval)
    known = [each for each in (low, high) if each is not None]
    return {"l": low, "u": high, "p": both, "k": min(known, key=lambda each: each.estimate)}


def _chi(value: float, df: float, confidence: float) -> Index:
    low, high, one = (value * float(np.sqrt(chi(df, p) / df)) for p in ((1 - confidence) / 2, (1 + confidence) / 2, 1 - confidence))
    return Index(value, Interval(low, high, confidence), one)


def _cpm(mean: float, s: float, n: int, lower: float | None, upper: float | None, target: Any, confidence: float) -> Index | None:
    if lower is None or upper is None or target is None:
        return None
    shift = ((mean - target) / s) ** 2
    return _chi((upper - lower) / (6 * s * math.sqrt(1 + shift)), n * (1 + shift) ** 2 / (1 + 2 * shift), confidence)
