"""Two one-sided tests on an estimate whose error is a Student t: what every equivalence test of means shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..dimension import NUMBER, Y
from ..parameter import ALPHA, Parameter
from ..refusal import WrongParameter
from ..result import Assumption, Citation, Interval, OperatingCharacteristic, Result, reported
from ..series import Numbers
from ..words import say, share

SCHUIRMANN = Citation("Schuirmann DJ (1987) J Pharmacokinet Biopharm 15:657-680")
USP_1033 = Citation("USP <1033> Biological Assay Validation")
EQUIVALENT, NOT_SHOWN = "equivalent", "not demonstrated"
LOWER = Parameter("lower", "lower equivalence margin of the difference, fixed before the data", dimension=Y)
UPPER = Parameter("upper", "upper equivalence margin of the difference, fixed before the data", dimension=Y)
MARGINS = (LOWER, UPPER, ALPHA)
MARGIN_FIXED = Assumption("The margins were justified and fixed before the data were seen.")
INDEPENDENT = Assumption("Each value is one independent batch: replicates and split batches are averaged or modelled first.")


@dataclass(frozen=True)
class Tests:
    """Arrays of one shape: statistics and one-sided p-values at each margin, and the larger p-value."""

    t_lower: Numbers
    t_upper: Numbers
    p_lower: Numbers
    p_upper: Numbers
    p: Numbers


def two_one_sided(estimate: Any, se: Any, df: Any, lower: Any, upper: Any) -> Tests:
    """Both tests, for arrays that broadcast. p_lower = P(T > (estimate - lower)/se); equivalent when the larger p-value is below alpha."""
    t_lower, t_upper = (np.asarray(estimate, float) - lower) / se, (np.asarray(estimate, float) - upper) / se
    p_lower, p_upper = special.stdtr(df, -t_lower), special.stdtr(df, t_upper)
    return Tests(t_lower, t_upper, p_lower, p_upper, np.maximum(p_lower, p_upper))


def t_interval(estimate: float, se: float, df: float, confidence: float) -> Interval:
    """The two-sided interval of an estimate whose error is a Student t."""
    half = float(special.stdtrit(df, (1 + confidence) / 2)) * se
    return Interval(estimate - half, estimate + half, confidence)


def check_margins(lower: float, upper: float, lowest: float | None = None) -> None:
    """Raises `WrongParameter` unless lower < upper (and, for a ratio, above `lowest`)."""
    if not lower < upper or (lowest is not None and lower <= lowest):
        floor = "" if lowest is None else f", above {lowest:g}"
        raise WrongParameter(f"The margins are {lower:g} and {upper:g}. The lower must be below the upper{floor}.")


@dataclass(frozen=True, kw_only=True)
class TostResult(Result):
    """Two one-sided tests of a difference of means. Differences are test minus reference."""

    difference: float = reported("estimated difference, test minus reference", Y)
    se: float = reported("standard error of the difference", Y)
    df: float = reported("degrees of freedom of the standard error")
    interval: Interval = reported("the 100(1-2 alpha) % confidence interval of the difference", Y)
    interval_95: Interval = reported("the 95 % two-sided confidence interval of the difference", Y)
    lower: float = reported("lower margin", Y)
    upper: float = reported("upper margin", Y)
    t_lower: float = reported("statistic against the lower margin, (difference - lower)/se")
    t_upper: float = reported("statistic against the upper margin, (difference - upper)/se")
    p_lower: float = reported("one-sided p-value against the lower margin")
    p_upper: float = reported("one-sided p-value against the upper margin")
    p: float = reported("the larger of the two one-sided p-values")
    critical: float = reported("quantile of t that the statistics are held against")
    t_zero: float = reported("statistic of the ordinary test of no difference, for information", NUMBER)
    p_zero: float = reported("two-sided p-value of the ordinary test of no difference: large is not equivalence", NUMBER)
    smallest_margin: float = reported("the smallest symmetric margin at which equivalence would have been concluded", Y)


def tost_quantities(estimate: float, se: float, df: float, lower: float, upper: float, alpha: float) -> dict[str, Any]:
    """The fields of a `TostResult` that follow from estimate, standard error and degrees of freedom."""
    tests = two_one_sided(estimate, se, df, lower, upper)
    interval = t_interval(estimate, se, df, 1 - 2 * alpha)
    return {
        "difference": estimate,
        "se": se,
        "df": df,
        "interval": interval,
        "interval_95": t_interval(estimate, se, df, 0.95),
        "lower": lower,
        "upper": upper,
        **{name: float(getattr(tests, name)) for name in ("t_lower", "t_upper", "p_lower", "p_upper", "p")},
        "critical": float(special.stdtrit(df, 1 - alpha)),
        "t_zero": estimate / se,
        "p_zero": float(2 * special.stdtr(df, -abs(estimate / se))),
        "smallest_margin": max(abs(interval.lower or 0.0), abs(interval.upper or 0.0)),
        "decision": EQUIVALENT if float(tests.p) < alpha else NOT_SHOWN,
    }


def tost_sentence(what: str, found: dict[str, Any], unit: str, alpha: float, basis: str, operating: OperatingCharacteristic | None) -> str:
    """The sentence a report prints: estimate, interval, margins, conclusion, and what the design is worth."""
    interval, shown = found["interval"], found["decision"] == EQUIVALENT
    unit = f" {unit}" if unit else ""
    conclusion = f"equivalence is concluded at alpha = {alpha:g}" if shown else f"equivalence is not demonstrated at alpha = {alpha:g}"
    inside = "inside" if shown else "not inside"
    first = (
        f"The {what} was {say(found['difference'])}{unit} ({share(interval.confidence)} CI {say(interval.lower)} to {say(interval.upper)}), "
        f"{inside} the margins {say(found['lower'])} to {say(found['upper'])}; {conclusion} ({basis})."
    )
    return first if operating is None else f"{first} {operating_sentence(operating)}"


def operating_sentence(operating: OperatingCharacteristic) -> str:
    """What the design is worth, in words."""
    simulated = f" ({operating.simulations} simulated studies, seed {operating.seed})" if operating.basis == "simulation" else ""
    return (
        f"With {operating.sd}{simulated} this design concludes equivalence with probability {say(operating.unmoved, 2)} when there is no true difference, "
        f"and {say(operating.at_margin, 2)} when the true difference equals the margin."
    )


def weakness(operating: OperatingCharacteristic, margins: tuple[float, float]) -> tuple[str, ...]:
    """Warnings of a design too weak to conclude, and of margins on one side of no difference."""
    warnings = []
    if operating.weak:
        warnings.append(
            f"The design is weak: an unmoved product would be concluded equivalent with probability {say(operating.unmoved, 2)} only. "
            "Not demonstrating equivalence says little; plan more batches."
        )
    if not margins[0] < 0 < margins[1]:
        warnings.append("No difference at all would lie outside the margins.")
    return tuple(warnings)
