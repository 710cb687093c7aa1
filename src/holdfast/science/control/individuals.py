"""Control chart of single values and moving ranges (I-MR)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..capability.sigma import c4, d2_d3
from ..dimension import Y
from ..method import Column, Example, method
from ..parameter import Parameter
from ..refusal import Degenerate, WrongParameter
from ..result import Assumption, Citation, Result, reported
from ..series import Numbers, Series
from ..words import say
from .run_rules import CHAMP, NELSON, PARAMETERS, Signal, patterns, read_rules, run_length, signals

MONTGOMERY = Citation("Montgomery DC, Introduction to Statistical Quality Control, 7th ed.", "6.4")
JENSEN = Citation("Jensen WA et al. (2006) J Qual Technol 38:349-364", "limits from few points")
MOVING_RANGE, MEDIAN_RANGE, SD, ROBUST = "moving-range", "median-moving-range", "sd", "robust"


@dataclass(frozen=True, kw_only=True)
class IndividualsResult(Result):
    """Limits from the baseline, and what the rules in force find."""

    centre: float = reported("centre line", Y)
    sigma: float = reported("sigma of the limits", Y)
    lower: float = reported("lower control limit, centre - 3 sigma", Y)
    upper: float = reported("upper control limit, centre + 3 sigma", Y)
    lower_2: float = reported("lower 2 sigma line", Y)
    upper_2: float = reported("upper 2 sigma line", Y)
    moving_range: float = reported("average moving range of the baseline", Y)
    moving_range_upper: float = reported("upper limit of the moving range, D4 times its average", Y)
    moving_range_beyond: tuple[int, ...] = reported("points (from 1) whose moving range is beyond its limit")
    signals: tuple[Signal, ...] = reported("signals of the rules in force")
    beyond: tuple[int, ...] = reported("points (from 1) beyond the limits")
    all_rules: Mapping[str, tuple[int, ...]] = reported("points that complete the pattern of each of the eight rules, in force or not")
    arl0: float | None = reported("average run length between false alarms of the rules in force, limits known; none with rule 3, 4 or 7")
    arl0_rule_1: float = reported("the same of rule 1 alone")
    false_alarm: float = reported("expected rate of points beyond limits when such limits come from so few points (s/c4, quadrature in closed form)")
    arl0_estimated: float = reported("its reciprocal")
    sd: float = reported("standard deviation (n-1) of the baseline", Y)
    autocorrelation: float | None = reported("lag-1 autocorrelation of the baseline")
    n: int = reported("number of points")
    baseline: int = reported("number of points the limits come from")


@dataclass(frozen=True)
class IndividualsCases:
    """Arrays over cases."""

    centre: Numbers
    sigma: Numbers
    lower: Numbers
    upper: Numbers
    rules: dict[int, Any]


def false_alarm_rate(n: int, multiple: float = 3.0) -> float:
    """E P(|X - mean| > multiple s/c4) for limits from n points: t with n - 1 degrees of freedom."""
    return float(2 * special.stdtr(n - 1, -multiple / c4(n) / (1 + 1 / n) ** 0.5))


def individuals_cases(*, values: Numbers, baseline: int | None = None, sigma: str = MOVING_RANGE, side: int = 9, trend: int = 6) -> IndividualsCases:
    """Many charts at once: `values` (..., n)."""
    centre, spread = _limits(values[..., :baseline], sigma)
    z = (values - centre[..., None]) / spread[..., None]
    return IndividualsCases(centre, spread, centre - 3 * spread, centre + 3 * spread, patterns(z, side, trend))


def _limits(values: Numbers, how: str) -> tuple[Numbers, Numbers]:
    moves = np.abs(np.diff(values, axis=-1))
    mean = values.mean(-1)
    if how == MOVING_RANGE:
        return mean, moves.mean(-1) / d2_d3(2)[0]
    if how == MEDIAN_RANGE:
        return mean, np.median(moves, axis=-1) / (np.sqrt(2) * special.ndtri(0.75))
    if how == SD:
        return mean, values.std(axis=-1, ddof=1) / c4(values.shape[-1])
    middle = np.median(values, axis=-1)
    return middle, np.median(np.abs(values - middle[..., None]), axis=-1) / special.ndtri(0.75)


@method(
    name="individuals-chart",
    title="Control chart of single values (I-MR) with run rules",
    family="control",
    result=IndividualsResult,
    citations=[MONTGOMERY, NELSON, CHAMP, JENSEN],
    columns=[Column("values", "the values, in order of production", least=3)],
    parameters=[
        Parameter("baseline", "first points that the limits come from; all unless given", "count", optional=True, least=3),
        Parameter("sigma", "estimator of sigma: moving range/1.128, its median/0.954, s/c4, or median and MAD (robust)", "choice", MOVING_RANGE,
                  choices=(MOVING_RANGE, MEDIAN_RANGE, SD, ROBUST)),
        Parameter("centre_line", "centre line already fixed; from the baseline unless given", optional=True, dimension=Y),
        Parameter("fixed_sigma", "sigma already fixed; from the baseline unless given", "positive", optional=True, dimension=Y),
        *PARAMETERS,
    ],
    example=Example({"values": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7, 97.6, 102.2, 99.1, 112.0, 100.3, 98.8]}, {"baseline": 8}, y_unit="%"),
    order=True,
    arrays=individuals_cases,
)  # fmt: skip
def individuals_chart(
    *,
    values: Series,
    baseline: int | None = None,
    sigma: str = MOVING_RANGE,
    centre_line: float | None = None,
    fixed_sigma: float | None = None,
    rules: Sequence[float] = (1.0, 2.0, 5.0, 6.0),
    side: int = 9,
    trend: int = 6,
) -> IndividualsResult:
    """Limits of single values from a baseline (phase I), the run rules in force, and how often they would alarm with nothing wrong.

    The point that completes a pattern is named. Freeze the limits: recomputing them with every batch hides a drift. Assumptions:
    independent normal values while in control; autocorrelated values make the moving range, and so the limits, too small.
    """
    y, force = values.array, read_rules(rules)
    if baseline is not None and baseline > len(y):
        raise WrongParameter(f"baseline is {baseline}, and there are {len(y)} values.")
    first = y[:baseline]
    middle, spread = (float(each) for each in _limits(first, sigma))
    centre, s = middle if centre_line is None else centre_line, spread if fixed_sigma is None else fixed_sigma
    if s <= 1e-12 * float(np.abs(y).max()) or np.ptp(first) == 0:
        raise Degenerate("The baseline does not vary: it gives no limits. Give unrounded values.")
    z, moves = (y - centre) / s, np.abs(np.diff(y))
    found, every = signals(z, force, side, trend), patterns(z, side, trend)
    d2, d3 = d2_d3(2)
    average = float(np.abs(np.diff(first)).mean())
    u = first - first.mean()
    rate, arl = false_alarm_rate(len(first)), run_length(force, side)
    lag = float(u[1:] @ u[:-1] / (u @ u))
    return IndividualsResult(
        centre=centre, sigma=s, lower=centre - 3 * s, upper=centre + 3 * s, lower_2=centre - 2 * s, upper_2=centre + 2 * s,
        moving_range=average, moving_range_upper=(1 + 3 * d3 / d2) * average,
        moving_range_beyond=tuple(int(i) + 2 for i in np.flatnonzero(moves > (1 + 3 * d3 / d2) * average)),
        signals=found, beyond=tuple(int(i) + 1 for i in np.flatnonzero(every[1])),
        all_rules={str(rule): tuple(int(i) + 1 for i in np.flatnonzero(flags)) for rule, flags in every.items()},
        arl0=arl, arl0_rule_1=1 / float(2 * special.ndtr(-3.0)), false_alarm=rate, arl0_estimated=1 / rate, sd=float(first.std(ddof=1)), autocorrelation=lag,
        n=len(y), baseline=len(first),
        decision="signal" if found else "no signal",
        definitions={"sigma": sigma if fixed_sigma is None else "fixed beforehand", "rules": ", ".join(str(each) for each in force), "rule 2": f"{side} points",
                     "rule 3": f"{trend} points", "completing point": "the point that completes a pattern is named"},
        assumptions=(Assumption("In control, values are independent.", True, f"lag-1 autocorrelation {lag:.2f}", abs(lag) < 2 / len(first) ** 0.5),
                     Assumption("In control, values are normal.")),
        warnings=(f"Limits from {len(first)} points: about one point in {1 / rate:.0f} would lie beyond them with nothing wrong.",) if len(first) < 30 else (),
        sentence=f"Limits are {say(centre - 3 * s)} to {say(centre + 3 * s)} {values.unit} about {say(centre)} ({len(first)} baseline points); "
        + (f"{len(found)} signals, the first at point {found[0].point} ({found[0].meaning})" if found else "no rule in force fired")
        + ("" if arl is None else f"; with known limits these rules alarm once in {say(arl, 3)} points with nothing wrong") + f" (n = {len(y)}).",
    )  # fmt: skip
