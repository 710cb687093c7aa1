"""Capability of log-normal values, some of them perhaps below the limit of quantitation."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..censored_normal import fit_censored
from ..dimension import LOG_Y, Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE
from ..refusal import Degenerate, TooFew, Unsuitable
from ..result import Assumption, Citation, Result, reported
from ..series import Series
from ..words import say, share, with_unit
from .capability import LIMITS, check_limits
from .noncentral import distance_bound
from .out_of_specification import bench, predictive, upper_bound


@dataclass(frozen=True, kw_only=True)
class LognormalCapabilityResult(Result):
    """Percentile and tail-probability indices, which differ, beside what a normal model would have said."""

    ppk_percentile: float = reported("smaller of (upper - X50)/(X99.865 - X50) and (X50 - lower)/(X50 - X0.135)")
    ppu_percentile: float | None = reported("(upper - X50)/(X99.865 - X50); none without an upper limit")
    ppl_percentile: float | None = reported("(X50 - lower)/(X50 - X0.135); none without a lower limit")
    pp_percentile: float | None = reported("(upper - lower)/(X99.865 - X0.135); none without both limits")
    ppk_log: float = reported("index on logarithms: smallest distance of a limit from the mean in 3 standard deviations")
    ppk_log_lower_bound: float | None = reported("its exact lower confidence bound (noncentral t); none with censored values")
    z_bench: float = reported("normal quantile of the total probability outside")
    ppk_z: float = reported("z_bench / 3")
    ppk_normal: float | None = reported("what a normal model gives, for comparison; none with censored values")
    outside: float = reported("probability outside, as if the parameters were known")
    predictive_outside: float | None = reported("predictive probability that the next value is outside; none with censored values")
    outside_upper_bound: float | None = reported("upper confidence bound of that probability; none with censored values")
    x50: float = reported("median", Y)
    x_low: float = reported("0.135th percentile", Y)
    x_high: float = reported("99.865th percentile", Y)
    mean_log: float = reported("mean of natural logarithms", LOG_Y)
    sd_log: float = reported("standard deviation of natural logarithms (n-1; maximum likelihood with censored values)")
    n: int = reported("number of values")
    censored: int = reported("values below or above a limit of quantitation")


@method(
    name="capability-lognormal",
    title="Capability of log-normal values (percentiles, tail probability)",
    family="capability",
    result=LognormalCapabilityResult,
    citations=[Citation("ISO 22514-2 Capability and performance of time-dependent process models"), Citation("Clements JA (1989) Qual Prog 22(9):95-100"),
               Citation("Owen DB, Hua TA (1977) J Qual Technol 9:88-92")],
    columns=[Column("values", "the values, one a batch; `<` and `>` allowed", least=3, censoring="handled")],
    parameters=[*LIMITS, CONFIDENCE],
    example=Example({"values": [2.1, 3.4, 1.8, 5.2, 2.7, 3.9, 2.4, "<1.5"]}, {"upper": 20}, y_unit="ng/mg"),
)  # fmt: skip
def capability_lognormal(*, values: Series, lower: float | None = None, upper: float | None = None, confidence: float = 0.95) -> LognormalCapabilityResult:
    """Capability where a normal model is wrong, as for impurities: percentile index and index from the tail probability, which differ.

    Censored values enter by their probability (maximum likelihood). Assumptions: stable process, log-normal values.
    """
    check_limits(lower, upper)
    if min(values.values) <= 0 or (lower is not None and lower <= 0) or (upper is not None and upper <= 0):
        raise Unsuitable("A value or limit is not above 0: it has no logarithm.")
    n, hidden = len(values), int(values.below.sum() + values.above.sum())
    if n - hidden < 3:
        raise TooFew(f"{n - hidden} values are known: at least three are needed. Report the share beyond the limit instead.")
    mean, sd = _moments(values)
    z = 3.0
    x50, low, high = (math.exp(mean + each * sd) for each in (0, -z, z))
    ppu = None if upper is None else (upper - x50) / (high - x50)
    ppl = None if lower is None else (x50 - lower) / (x50 - low)
    q = [
        each
        for each in (None if lower is None else (mean - math.log(lower)) / sd, None if upper is None else (math.log(upper) - mean) / sd)
        if each is not None
    ]
    outside = float(sum(special.ndtr(-each) for each in q))
    z_bench = bench(q)
    known = not hidden
    worst = min(each for each in (ppl, ppu) if each is not None)
    return LognormalCapabilityResult(
        ppk_percentile=worst,
        ppu_percentile=ppu,
        ppl_percentile=ppl,
        pp_percentile=None if lower is None or upper is None else (upper - lower) / (high - low),
        ppk_log=min(q) / 3,
        ppk_log_lower_bound=distance_bound(min(q), n, confidence) / 3 if known else None,
        z_bench=z_bench,
        ppk_z=z_bench / 3,
        ppk_normal=_normal(values, lower, upper) if known else None,
        outside=outside,
        predictive_outside=predictive(q, n) if known else None,
        outside_upper_bound=upper_bound(q, n, confidence) if known else None,
        x50=x50,
        x_low=low,
        x_high=high,
        mean_log=mean,
        sd_log=sd,
        n=n,
        censored=hidden,
        definitions={
            "percentile index": "distances from the median over those of X0.135 and X99.865 (ISO 22514-2)",
            "sd": "n - 1 of logarithms" if known else "maximum likelihood with censored values",
        },
        assumptions=(Assumption("The process is stable."), Assumption("Logarithms are normal.")),
        warnings=(f"{hidden} of {n} values are censored: no exact bound is known.",) if hidden else (),
        sentence=f"With a log-normal model the percentile Ppk is {say(worst, 3)} and that from the tail probability {say(z_bench / 3, 3)}; the median is "
        f"{with_unit(x50, values.unit)}"
        + (f"; the upper {share(confidence)} bound of the probability outside is {say(100 * upper_bound(q, n, confidence), 2)} %" if known else "")
        + f" (n = {n}{f', {hidden} censored' if hidden else ''}).",
    )


def _moments(values: Series) -> tuple[float, float]:
    logs = np.log(values.limits)
    seen = ~(values.below | values.above)
    mean, sd = float(logs[seen].mean()), float(logs[seen].std(ddof=1))
    if sd <= 1e-12:
        raise Degenerate("The known values do not vary: no model can be fitted. Give unrounded values.")
    if seen.all():
        return mean, sd
    fit = fit_censored(logs, values.below, values.above)
    return float(fit.mean[0]), float(fit.sd[0])


def _normal(values: Series, lower: float | None, upper: float | None) -> float:
    y = values.array
    mean, sd = float(y.mean()), float(y.std(ddof=1))
    return min(
        each for each in (None if lower is None else (mean - lower) / (3 * sd), None if upper is None else (upper - mean) / (3 * sd)) if each is not None
    )
