"""Limits that a specification can be justified with: tolerance limits from batches and replicates within them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..comparability.tolerance_factor import one_sided_factor, two_sided_factor
from ..comparison.accuracy_profile import HOFFMAN
from ..comparison.variance import mls_upper
from ..dimension import Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate, TooFew, Unsuitable
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share

NORMAL, LOGNORMAL = "normal", "lognormal"


@dataclass(frozen=True)
class Limits:
    """Tolerance limits at one content."""

    content: float = reported("share of results the limits hold")
    lower: float | None = reported("lower limit", Y)
    upper: float | None = reported("upper limit", Y)
    k: float = reported("factor of the total standard deviation")


@dataclass(frozen=True, kw_only=True)
class SpecificationLimitsResult(Result):
    """Tolerance limits at the content asked for and at the usual two, 99 and 99.865 %... of single results."""

    limits: Limits = reported("limits at the content asked for")
    limits_99: Limits = reported("limits of 99 %")
    limits_99865: Limits = reported("limits of 99.865 % (3 sigma, one-sided)")
    limits_9973: Limits = reported("limits of 99.73 % (3 sigma, two-sided)")
    three_sigma: Interval = reported("mean ± 3 total SD, which has no confidence, for comparison", Y)
    observed: Interval = reported("smallest and largest result", Y)
    mean: float = reported("mean on the scale used", unit_bound=True)
    sd_total: float = reported("total standard deviation on the scale used", unit_bound=True)
    sd_between: float | None = reported("standard deviation between batches on the scale used; none without batches", unit_bound=True)
    sd_within: float | None = reported("standard deviation within batches; none without batches", unit_bound=True)
    geometric_mean: float | None = reported("geometric mean; none on the normal scale", Y)
    batches: int = reported("number of batches")
    n: int = reported("number of results")


@method(
    name="specification-limits",
    title="Tolerance-based limits for a specification, between and within batches",
    family="capability",
    result=SpecificationLimitsResult,
    citations=[Citation("ISO 16269-6:2014 Determination of statistical tolerance intervals"), Citation("ICH Q6B Specifications", "2.1, 4.1"), HOFFMAN],
    columns=[
        Column("values", "results", least=3, together=True),
        Column("batch", "batch of the result, when there are several of a batch", kind="label", axis=None, least=3, together=True, required=False),
    ],
    parameters=[
        Parameter("content", "share of results the limits should hold", "probability", 0.99),
        CONFIDENCE,
        Parameter("sides", "both limits, or only the lower or the upper", "choice", "two", choices=("two", "lower", "upper")),
        Parameter("family", "distribution", "choice", NORMAL, choices=(NORMAL, LOGNORMAL)),
    ],
    example=Example({"values": [98.2, 99.4, 95.9, 96.6, 99.8, 101.1, 97.7, 98.0], "batch": list("AABBCCDD")}, {}, y_unit="%"),
)
def specification_limits(
    *, values: Series, batch: Sequence[str] | None = None, content: float = 0.99, confidence: float = 0.95, sides: str = "two", family: str = NORMAL
) -> SpecificationLimitsResult:
    """Limits that hold a share of all future results with confidence; replicates of a batch are not taken for batches.

    Without batches the exact normal factor. With batches, balanced, mean ± z sqrt(1 + Var(mean)/s²) sqrt(U), U the MLS bound of the total
    variance (Hoffman-Kringle). Clinical experience and need come first; such limits describe the process. Assumptions: stable process, the family.
    """
    y = values.array
    if family == LOGNORMAL and y.min() <= 0:
        raise Unsuitable("A value is not above 0: it has no logarithm. Use the normal family.")
    z = np.log(y) if family == LOGNORMAL else y
    if np.ptp(z) <= 1e-12 * np.abs(z).max():
        raise Degenerate("The values do not vary: no limit can be computed. Give unrounded values.")
    fit = _single(z) if batch is None or len(set(batch)) == len(batch) else _nested(z, batch)
    back = np.exp if family == LOGNORMAL else float

    def limits(share_: float) -> Limits:
        k = fit.factor(share_, confidence, sides)
        return Limits(
            share_, None if sides == "upper" else float(back(fit.mean - k * fit.sd)), None if sides == "lower" else float(back(fit.mean + k * fit.sd)), k
        )

    asked = limits(content)
    ends = " to ".join(say(each) for each in (asked.lower, asked.upper) if each is not None)
    return SpecificationLimitsResult(
        limits=asked,
        limits_99=limits(0.99),
        limits_99865=limits(0.99865),
        limits_9973=limits(0.9973),
        three_sigma=Interval(float(back(fit.mean - 3 * fit.sd)), float(back(fit.mean + 3 * fit.sd)), 0.9973, "three sigma"),
        observed=Interval(float(y.min()), float(y.max()), confidence, "observed"),
        mean=fit.mean,
        sd_total=fit.sd,
        sd_between=fit.between,
        sd_within=fit.within,
        geometric_mean=float(np.exp(fit.mean)) if family == LOGNORMAL else None,
        batches=fit.batches,
        n=len(y),
        definitions={
            "factor": fit.name,
            "family": family,
            "rounding": "limits are not rounded here: a specification rounds outward or inward by a stated rule",
        },
        assumptions=(Assumption("The process is stable."), Assumption(f"Results are {family}.")),
        warnings=(f"{fit.batches} batches only: such limits are wide because little is known, not because the product needs them.",)
        if fit.batches < 10
        else (),
        sentence=f"With {share(confidence)} confidence at least {share(content)} of results lie {'within' if sides == 'two' else 'beyond the bound'} {ends} "
        f"({family}, {fit.batches} batches, n = {len(y)}).",
    )


@dataclass(frozen=True)
class _Fit:
    mean: float
    sd: float
    between: float | None
    within: float | None
    batches: int
    name: str
    sizes: tuple[int, float, float] | None = None  # replicates, mean squares between and within

    def factor(self, content: float, confidence: float, sides: str) -> float:
        """k of mean ± k sd."""
        if self.sizes is None:
            each = two_sided_factor if sides == "two" else one_sided_factor
            return float(each(self.batches, content, confidence))
        n, first, second = self.sizes
        p = self.batches
        upper = float(mls_upper(np.array([first / n, (1 - 1 / n) * second]), np.array([p - 1.0, p * (n - 1.0)]), 1 - confidence))
        z = float(special.ndtri((1 + content) / 2 if sides == "two" else content))
        return z * float(np.sqrt((1 + first / (p * n) / self.sd**2) * upper)) / self.sd


def _single(z: Numbers) -> _Fit:
    z = np.sort(z)
    return _Fit(float(z.mean()), float(z.std(ddof=1)), None, None, len(z), "exact normal tolerance factor")


def _nested(z: Numbers, batch: Sequence[str]) -> _Fit:
    labels = np.array(batch)
    groups = [np.sort(z[labels == name]) for name in sorted(set(batch))]
    sizes = {len(each) for each in groups}
    if len(sizes) != 1 or len(groups) < 2:
        raise TooFew("Batches hold different numbers of results, or there is one batch only. Give as many results of each of two batches or more.")
    n, p = sizes.pop(), len(groups)
    means = np.array([each.mean() for each in groups])
    first, second = n * float(means.var(ddof=1)), sum(float(each.var() * n) for each in groups) / (p * (n - 1))
    between = max(0.0, (first - second) / n)
    return _Fit(
        float(means.mean()), (between + second) ** 0.5, between**0.5, second**0.5, p, "Hoffman-Kringle, MLS bound of the total variance", (n, first, second)
    )
