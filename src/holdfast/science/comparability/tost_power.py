"""What an equivalence test would be worth at a design, before any data: power and sample size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Example, method
from ..parameter import ALPHA, Parameter
from ..refusal import WrongParameter
from ..result import Assumption, Citation, Result, reported
from ..series import Numbers
from ..words import say
from .operating import WEAK, tost_power, tost_welch_power
from .two_one_sided import LOWER, MARGIN_FIXED, UPPER, check_margins

POOLED, WELCH, PAIRED, ONE = "pooled", "welch", "paired", "one-sample"
OWEN = Citation("Owen DB (1965) Biometrika 52:437-446")
PHILLIPS = Citation("Phillips KF (1990) J Pharmacokinet Biopharm 18:137-144")
DESIGN = Parameter("design", "which test: two groups pooled or Welch, pairs, or one sample", "choice", POOLED, choices=(POOLED, WELCH, PAIRED, ONE))
SHIFT = Parameter("shift", "true difference assumed", default=0.0, dimension=Y)
SD = Parameter("sd", "true standard deviation (of the reference; of the differences in pairs)", "positive", dimension=Y)
SD_TEST = Parameter("sd_test", "true standard deviation of the test material; that of the reference if not given", "positive", optional=True, dimension=Y)
ATTRIBUTES = Parameter("attributes", "how many independent attributes must all pass", "count", 1)


@dataclass(frozen=True, kw_only=True)
class TostPowerResult(Result):
    """Probability of concluding equivalence at a design."""

    power: float = reported("probability that equivalence is concluded at the assumed shift")
    power_unmoved: float = reported("probability that equivalence is concluded when there is no shift")
    size: float = reported("probability that equivalence is concluded when the shift is at the margin (the larger of both)")
    joint_power: float = reported("probability that all attributes pass, each at the assumed shift and independent of the others")
    critical: float | None = reported("quantile of t that the statistics are held against; none for Welch, where it depends on the data")
    expected_half_width: float = reported("expected half-width of the interval, with the SDs as assumed and pooled degrees of freedom", Y)
    n_reference: int = reported("number of reference values")
    n_test: int = reported("number of test values; 0 for one sample or pairs")


@method(
    name="tost-power",
    title="Power of an equivalence test of means (exact)",
    family="comparability",
    result=TostPowerResult,
    citations=[OWEN, PHILLIPS],
    columns=[],
    parameters=[
        DESIGN,
        Parameter("n_reference", "number of reference values (or of pairs, or of values)", "count", least=2),
        Parameter("n_test", "number of test values; as many as reference if not given", "count", optional=True, least=2),
        SD,
        SD_TEST,
        LOWER,
        UPPER,
        SHIFT,
        ATTRIBUTES,
        ALPHA,
    ],
    example=Example({}, {"design": "welch", "n_reference": 6, "n_test": 4, "sd": 1.0, "lower": -2, "upper": 2}),
)
def tost_power_at(
    *,
    design: str = POOLED,
    n_reference: int,
    n_test: int | None = None,
    sd: float,
    sd_test: float | None = None,
    lower: float,
    upper: float,
    shift: float = 0.0,
    attributes: int = 1,
    alpha: float = 0.05,
) -> TostPowerResult:
    """How often equivalence would be concluded at a design, exactly: Owen's Q for one standard error, a double integral for Welch's.

    Assumptions: normal values, the standard deviations as given.
    """
    check_margins(lower, upper)
    n = _numbers(design, n_reference, n_test)
    found = power(design, n, (sd, sd_test or sd), np.array([shift, 0.0, lower, upper]), lower, upper, alpha)
    weak = found[1] < WEAK
    joint = float(found[0]) ** attributes
    df = sum(n) - 2 if n[1] else n[0] - 1
    spread = np.sqrt(sd**2 / n[0] + (sd_test or sd) ** 2 / n[1]) if n[1] else sd / np.sqrt(n[0])
    mean_chi = np.sqrt(2 / df) * np.exp(special.gammaln((df + 1) / 2) - special.gammaln(df / 2))
    critical = float(special.stdtrit(df, 1 - alpha))
    return TostPowerResult(
        power=float(found[0]),
        power_unmoved=float(found[1]),
        size=float(max(found[2:])),
        joint_power=joint,
        critical=None if design == WELCH else critical,
        expected_half_width=float(critical * spread * mean_chi),
        n_reference=n[0],
        n_test=n[1],
        decision="too weak" if weak else "adequate",
        definitions={"power": "exact by quadrature", "design": design},
        assumptions=(MARGIN_FIXED, Assumption("Values are normal with the standard deviations assumed.")),
        warnings=(f"Too weak to conclude: an unmoved product would pass with probability {say(float(found[1]), 2)} only.",) if weak else (),
        sentence=f"With {_design_words(design, n)} this {design} TOST with margins {say(lower)} to {say(upper)} concludes equivalence with probability "
        f"{say(float(found[1]), 3)} when there is no true difference and {say(float(max(found[2:])), 2)} at the margin"
        + (f"; at a true difference of {say(shift)} with {say(float(found[0]), 3)}" if shift else "")
        + (f"; {attributes} independent attributes all pass with {say(joint, 3)}" if attributes > 1 else "")
        + ".",
    )


def power(design: str, n: tuple[int, int], sd: tuple[float, float], shifts: Numbers, lower: float, upper: float, alpha: float) -> Numbers:
    """Probability of concluding equivalence at each shift."""
    if design == WELCH:
        return tost_welch_power(shifts, sd, n, lower, upper, alpha)
    if design == POOLED:
        if sd[0] != sd[1]:
            raise WrongParameter("The pooled test assumes one standard deviation. Leave sd_test out, or take the Welch design.")
        return tost_power(shifts, sd[0] * np.sqrt(1 / n[0] + 1 / n[1]), sum(n) - 2, lower, upper, alpha)
    return tost_power(shifts, sd[0] / np.sqrt(n[0]), n[0] - 1, lower, upper, alpha)


def _numbers(design: str, n_reference: int, n_test: int | None) -> tuple[int, int]:
    return (n_reference, n_test or n_reference) if design in {POOLED, WELCH} else (n_reference, 0)


def _design_words(design: str, n: tuple[int, int]) -> str:
    return f"{n[0]} reference and {n[1]} test values" if n[1] else f"{n[0]} {'pairs' if design == PAIRED else 'values'}"
