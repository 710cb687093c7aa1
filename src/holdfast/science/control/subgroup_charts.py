"""Control charts of subgroup means with ranges (Xbar-R) or standard deviations (Xbar-S)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..capability.sigma import by_subgroup, c4, d2_d3
from ..dimension import Y
from ..method import Column, Example, method
from ..refusal import Degenerate, TooFew
from ..result import Assumption, Citation, Result, reported
from ..series import Series
from ..words import say
from .run_rules import NELSON, PARAMETERS, Signal, read_rules, run_length, signals

MONTGOMERY = Citation("Montgomery DC, Introduction to Statistical Quality Control, 7th ed.", "6.2-6.3")


@dataclass(frozen=True)
class Subgroup:
    """One subgroup: its mean and spread (range or standard deviation) with limits."""

    name: str
    n: int = reported("number of values")
    mean: float = reported("mean", Y)
    spread: float = reported("range, or standard deviation", Y)
    lower: float = reported("lower limit of the mean", Y)
    upper: float = reported("upper limit of the mean", Y)
    spread_lower: float = reported("lower limit of the spread", Y)
    spread_upper: float = reported("upper limit of the spread", Y)
    mean_beyond: bool = reported("whether the mean is beyond its limits")
    spread_beyond: bool = reported("whether the spread is beyond its limits")


@dataclass(frozen=True, kw_only=True)
class SubgroupChartResult(Result):
    """Limits of means and spreads. `lower` and `upper` are those of the largest subgroup size where sizes differ."""

    centre: float = reported("grand mean", Y)
    sigma: float = reported("sigma within subgroups", Y)
    spread_centre: float = reported("average range, or average standard deviation", Y)
    lower: float = reported("lower limit of means", Y)
    upper: float = reported("upper limit of means", Y)
    spread_lower: float = reported("lower limit of the spread", Y)
    spread_upper: float = reported("upper limit of the spread", Y)
    subgroups: tuple[Subgroup, ...] = reported("each subgroup, in order")
    signals: tuple[Signal, ...] = reported("signals of the rules in force on the means")
    arl0: float | None = reported("average run length between false alarms of those rules, limits known; none with rule 3, 4 or 7")
    n: int = reported("number of values")
    k: int = reported("number of subgroups")


COLUMNS = (
    Column("values", "the values, in order of production", least=4, together=True),
    Column("subgroup", "rational subgroup of the value", kind="label", axis=None, least=4, together=True),
)
EXAMPLE = Example({"values": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7, 97.6, 102.2, 99.1, 101.0, 100.3, 98.8], "subgroup": list("AAABBBCCCDDD")}, {}, y_unit="%")


@method(
    name="xbar-r-chart", title="Control charts of subgroup means and ranges (Xbar-R)", family="control", result=SubgroupChartResult,
    citations=[MONTGOMERY, NELSON], columns=COLUMNS, parameters=PARAMETERS, example=EXAMPLE, order=True,
)  # fmt: skip
def xbar_r_chart(
    *, values: Series, subgroup: Sequence[str], rules: Sequence[float] = (1.0, 2.0, 5.0, 6.0), side: int = 9, trend: int = 6
) -> SubgroupChartResult:
    """Limits of subgroup means and ranges, sigma from average range / d2, for any subgroup size.

    Assumptions: independent normal values while in control; subgroups hold only common-cause variation.
    """
    return _chart(values, subgroup, rules, side, trend, ranges=True)


@method(
    name="xbar-s-chart", title="Control charts of subgroup means and standard deviations (Xbar-S)", family="control", result=SubgroupChartResult,
    citations=[MONTGOMERY, NELSON], columns=COLUMNS, parameters=PARAMETERS, example=EXAMPLE, order=True,
)  # fmt: skip
def xbar_s_chart(
    *, values: Series, subgroup: Sequence[str], rules: Sequence[float] = (1.0, 2.0, 5.0, 6.0), side: int = 9, trend: int = 6
) -> SubgroupChartResult:
    """Limits of subgroup means and standard deviations, sigma from average standard deviation / c4, for any subgroup size.

    Assumptions: independent normal values while in control; subgroups hold only common-cause variation.
    """
    return _chart(values, subgroup, rules, side, trend, ranges=False)


def _chart(values: Series, subgroup: Sequence[str], rules: Sequence[float], side: int, trend: int, *, ranges: bool) -> SubgroupChartResult:
    groups, names = by_subgroup(values.array, subgroup)
    if len(groups) < 2 or min(len(each) for each in groups) < 2:
        raise TooFew("At least two subgroups of two values or more are needed. Use the individuals chart for single values.")
    force = read_rules(rules)
    constants = [d2_d3(len(each)) if ranges else (c4(len(each)), (1 - c4(len(each)) ** 2) ** 0.5) for each in groups]
    spreads = np.array([float(np.ptp(each)) if ranges else float(each.std(ddof=1)) for each in groups])
    sigma = float(np.mean(spreads / np.array([each[0] for each in constants])))
    if sigma <= 1e-12 * float(np.abs(values.array).max()):
        raise Degenerate("Values within subgroups do not vary: there are no limits. Give unrounded values.")
    means, sizes = np.array([each.mean() for each in groups]), np.array([len(each) for each in groups], float)
    centre = float(sizes @ means / sizes.sum())
    rows = []
    for name, group, mean, spread, (first, second) in zip(names, groups, means, spreads, constants, strict=True):
        half = 3 * sigma / len(group) ** 0.5
        low, high = max(0.0, (first - 3 * second) * sigma), (first + 3 * second) * sigma
        rows.append(Subgroup(name, len(group), float(mean), float(spread), centre - half, centre + half, low, high, bool(abs(mean - centre) > half),
                             bool(spread > high or spread < low)))  # fmt: skip
    largest = max(rows, key=lambda each: each.n)
    found = signals((means - centre) * np.sqrt(sizes) / sigma, force, side, trend)
    beyond = sum(each.spread_beyond for each in rows)
    return SubgroupChartResult(
        centre=centre,
        sigma=sigma,
        spread_centre=float(spreads.mean()),
        lower=largest.lower,
        upper=largest.upper,
        spread_lower=largest.spread_lower,
        spread_upper=largest.spread_upper,
        subgroups=tuple(rows),
        signals=found,
        arl0=run_length(force, side),
        n=len(values),
        k=len(rows),
        decision="signal" if found or beyond else "no signal",
        definitions={
            "sigma": "average range / d2" if ranges else "average standard deviation / c4",
            "rules": ", ".join(str(each) for each in force),
            "rule 2": f"{side} points",
            "rule 3": f"{trend} points",
        },
        assumptions=(Assumption("In control, values are independent and normal."), Assumption("Subgroups hold common-cause variation only.")),
        warnings=(f"Limits from {len(rows)} subgroups: 20 to 25 are usual.",) if len(rows) < 20 else (),
        sentence=f"Limits of means are {say(largest.lower)} to {say(largest.upper)} {values.unit} about {say(centre)}, of the {'range' if ranges else 'SD'} "
        f"{say(largest.spread_lower)} to {say(largest.spread_upper)}; {len(found)} signals on means, "
        f"{beyond} on spread ({len(rows)} subgroups, n = {len(values)}).",
    )
