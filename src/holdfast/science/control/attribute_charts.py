"""Control charts of counts: p, np, c and u, for samples of any size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..method import Column, Example, method
from ..parameter import Parameter
from ..refusal import Degenerate, TooFew, Unsuitable
from ..result import Assumption, Citation, Result, reported
from ..series import Series
from ..words import say

MONTGOMERY = Citation("Montgomery DC, Introduction to Statistical Quality Control, 7th ed.", "7")


@dataclass(frozen=True, kw_only=True)
class AttributeChartResult(Result):
    """Limits of counts or rates, point by point."""

    centre: float = reported("average share (p), number (np, c) or rate (u)")
    points: tuple[float, ...] = reported("what is plotted")
    lower: tuple[float, ...] = reported("lower limit at each point, at least 0")
    upper: tuple[float, ...] = reported("upper limit at each point, at most 1 for shares")
    beyond: tuple[int, ...] = reported("points (from 1) beyond the limits")
    dispersion: float = reported("sum of squared standardised points over n - 1: far above 1 when counts vary more than chance")
    n: int = reported("number of points")


@method(
    name="attribute-chart",
    title="Control chart of counts (p, np, c, u)",
    family="control",
    result=AttributeChartResult,
    citations=[MONTGOMERY],
    columns=[
        Column("counts", "nonconforming units, or nonconformities", axis=None, least=2, together=True),
        Column("sizes", "units examined (needed for p, np and u)", axis=None, least=2, together=True, required=False),
    ],
    parameters=[Parameter("chart", "p, np: nonconforming units; c, u: nonconformities", "choice", "p", choices=("p", "np", "c", "u"))],
    example=Example({"counts": [3, 5, 2, 4, 9, 1], "sizes": [100, 120, 90, 100, 110, 100]}, {"chart": "p"}),
    order=True,
)
def attribute_chart(*, counts: Series, sizes: Series | None = None, chart: str = "p") -> AttributeChartResult:
    """Three-sigma limits of shares, numbers or rates from binomial (p, np) or Poisson (c, u) variation.

    Assumptions: independent units; the normal approximation is poor where fewer than about five are expected.
    """
    x = counts.array
    if chart != "c" and sizes is None:
        raise TooFew(f"The {chart} chart needs the column sizes: units examined.")
    m = np.ones_like(x) if sizes is None or chart == "c" else sizes.array
    if x.min() < 0 or m.min() <= 0 or (chart in {"p", "np"} and np.any(x > m)):
        raise Unsuitable("A count is negative or larger than its sample, or a sample is empty.")
    if chart == "np" and np.ptp(m):
        raise Unsuitable("The np chart needs samples of one size. Use the p chart.")
    rate = float(x.sum() / m.sum())
    if rate in {0.0} or (chart in {"p", "np"} and rate == 1):
        raise Degenerate("No unit, or every unit, is nonconforming: there is no variation to chart. State an upper bound of the share instead.")
    sd = np.sqrt(rate * (1 - rate) / m) if chart in {"p", "np"} else np.sqrt(rate / m)
    scale = float(m[0]) if chart == "np" else 1.0
    points, centre = x / m, rate
    low, high = np.maximum(0, centre - 3 * sd), centre + 3 * sd
    high = np.minimum(1, high) if chart in {"p", "np"} else high
    beyond = tuple(int(i) + 1 for i in np.flatnonzero((points < low) | (points > high)))
    few = float((rate * m).min()) < 5
    return AttributeChartResult(
        centre=scale * centre,
        points=tuple(scale * points),
        lower=tuple(scale * low),
        upper=tuple(scale * high),
        beyond=beyond,
        dispersion=float(np.sum(((points - centre) / sd) ** 2) / (len(x) - 1)),
        n=len(x),
        decision="signal" if beyond else "no signal",
        definitions={"limits": "3 sigma, binomial" if chart in {"p", "np"} else "3 sigma, Poisson", "sample size": "limits follow each sample's size"},
        assumptions=(Assumption("Units are independent with one probability or rate."),),
        warnings=("Fewer than five are expected in a sample: three-sigma limits are rough.",) if few else (),
        sentence=f"The {chart} chart has its centre at {say(scale * centre)}; "
        f"{f'{len(beyond)} points are beyond the limits, first {beyond[0]}' if beyond else 'no point is beyond the limits'} "
        f"(n = {len(x)}).",
    )
