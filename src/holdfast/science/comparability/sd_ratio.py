"""The ratio of two standard deviations, and whether the new one is not inferior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y_SQUARED, Y
from ..method import Example, method
from ..parameter import ALPHA, CONFIDENCE, Parameter
from ..refusal import Degenerate
from ..result import Assumption, Citation, Interval, OperatingCharacteristic, Result, reported
from ..series import Series
from ..words import say, share
from .operating import WEAK
from .two_one_sided import INDEPENDENT
from .two_sample import COLUMNS, summary


@dataclass(frozen=True, kw_only=True)
class SdRatioResult(Result):
    """The ratio of standard deviations, test over reference."""

    ratio: float = reported("ratio of standard deviations, test over reference")
    interval: Interval = reported("two-sided confidence interval of the ratio of standard deviations")
    upper_bound: float = reported("one-sided 100(1-alpha) % upper confidence bound of the ratio of standard deviations")
    lower_bound: float = reported("one-sided 100(1-alpha) % lower confidence bound of the ratio of standard deviations")
    f: float = reported("ratio of variances, test over reference")
    variance_ratio_interval: Interval = reported("two-sided confidence interval of the ratio of variances")
    df_test: int = reported("degrees of freedom of the numerator")
    df_reference: int = reported("degrees of freedom of the denominator")
    p_equal: float = reported("two-sided p-value of the F test of equal variances")
    p_not_inferior: float | None = reported("one-sided p-value against a ratio of at least the limit; none without a limit")
    limit: float | None = reported("largest acceptable ratio of standard deviations; none when not given")
    sd_reference: float = reported("standard deviation of the reference values (n-1)", Y)
    sd_test: float = reported("standard deviation of the test values (n-1)", Y)
    variance_reference: float = reported("variance of the reference values", Y_SQUARED)
    variance_test: float = reported("variance of the test values", Y_SQUARED)
    power_equal: float | None = reported("probability that non-inferiority is concluded when the true SDs are equal; none without a limit")


@method(
    name="sd-ratio",
    title="Ratio of two standard deviations with non-inferiority (F)",
    family="comparability",
    result=SdRatioResult,
    citations=[Citation("USP <1010> Analytical Data: Interpretation and Treatment"), Citation("Snedecor GW, Cochran WG (1989) Statistical Methods", "6.12")],
    columns=COLUMNS,
    parameters=[
        Parameter("limit", "largest acceptable ratio of standard deviations, test over reference", "positive", optional=True),
        ALPHA,
        CONFIDENCE,
    ],
    example=Example({"reference": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7], "test": [103.0, 99.1, 104.2, 102.6, 100.8]}, {"limit": 2}, y_unit="%"),
)
def sd_ratio(*, reference: Series, test: Series, limit: float | None = None, alpha: float = 0.05, confidence: float = 0.95) -> SdRatioResult:
    """The ratio of standard deviations with its F interval; the test material is not inferior when the upper bound lies below `limit`.

    Assumptions: independent, normal values; the F interval is sensitive to heavy tails and outliers.
    """
    _, sds, n = summary((reference, test))
    for sd, name in zip(sds, ("reference", "test"), strict=True):
        if sd == 0:
            raise Degenerate(f"The {name} values do not vary: a ratio of standard deviations cannot be formed. Give unrounded values.")
    df = (n[1] - 1, n[0] - 1)
    f = (sds[1] / sds[0]) ** 2
    ends = [f / float(special.fdtri(*df, each)) for each in ((1 + confidence) / 2, (1 - confidence) / 2)]
    bound, low = (float(np.sqrt(f / float(special.fdtri(*df, each)))) for each in (alpha, 1 - alpha))
    tail = float(special.fdtr(*df, f))
    shown = None if limit is None else bound < limit
    verdict = "" if shown is None else f"; against the limit {limit:g} non-inferiority {'is concluded' if shown else 'is not demonstrated'}"
    power = None if limit is None else float(special.fdtr(*df, limit**2 * float(special.fdtri(*df, alpha))))
    return SdRatioResult(
        ratio=sds[1] / sds[0],
        interval=Interval(float(np.sqrt(ends[0])), float(np.sqrt(ends[1])), confidence),
        upper_bound=bound,
        lower_bound=low,
        f=f,
        variance_ratio_interval=Interval(ends[0], ends[1], confidence),
        df_test=df[0],
        df_reference=df[1],
        p_equal=2 * min(tail, float(special.fdtrc(*df, f))),
        p_not_inferior=None if limit is None else float(special.fdtr(*df, f / limit**2)),
        limit=limit,
        sd_reference=sds[0],
        sd_test=sds[1],
        variance_reference=sds[0] ** 2,
        variance_test=sds[1] ** 2,
        power_equal=power,
        operating=None if power is None else OperatingCharacteristic("quadrature", "equal true SDs", power, alpha, weak=power < WEAK),
        decision=None if shown is None else "not inferior" if shown else "not demonstrated",
        definitions={"interval": "F distribution, square-rooted"},
        assumptions=(INDEPENDENT, Assumption("Values are normal.")),
        warnings=(f"With equal true SDs non-inferiority would be concluded with probability {say(power, 2)} only.",)
        if power is not None and power < 0.8
        else (),
        sentence=f"The ratio of standard deviations (test over reference) was {say(sds[1] / sds[0])} ({share(confidence)} CI {say(float(np.sqrt(ends[0])))} to "
        f"{say(float(np.sqrt(ends[1])))}; one-sided {share(1 - alpha)} upper bound {say(bound)}){verdict} (n = {n[0]} and {n[1]}).",
    )
