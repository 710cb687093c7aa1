"""Do test batches lie in the range of the reference batches: mean ± k s, a tolerance interval, or smallest to largest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..dimension import Y
from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..parameter import Parameter
from ..refusal import Degenerate
from ..result import Assumption, Citation, OperatingCharacteristic, Passing, Result, reported
from ..series import Numbers, Series
from ..words import say, share
from .operating import WEAK
from .range_rules import min_max_passes, needed, range_passes
from .tolerance_factor import howe_factor, two_sided_factor
from .two_one_sided import INDEPENDENT

K_SD, TOLERANCE, HOWE, MIN_MAX = "k-sd", "tolerance-exact", "tolerance-howe", "min-max"
EMA = Citation("EMA/CHMP/138502/2017 Reflection paper on statistical methodology for the comparative assessment of quality attributes", "5")
PARAMETERS = (
    Parameter("rule", "mean ± k s; exact or Howe's tolerance interval; smallest to largest", "choice", K_SD, choices=(K_SD, TOLERANCE, HOWE, MIN_MAX)),
    Parameter("k", "multiple of the reference standard deviation, for the rule k-sd", "positive", 3.0),
    Parameter("content", "content of the tolerance interval, for the tolerance rules", "probability", 0.99),
    Parameter("confidence", "confidence of the tolerance interval, for the tolerance rules", "probability", 0.95),
    Parameter("needed_share", "share of test batches that must lie inside; 0.9 by convention, 1 for all", "positive", 0.9),
)


@dataclass(frozen=True, kw_only=True)
class QualityRangeResult(Result):
    """Test batches held against the range of the reference."""

    low: float = reported("lower end of the range", Y)
    high: float = reported("upper end of the range", Y)
    k: float | None = reported("multiple of the standard deviation in use; none for smallest to largest")
    mean_reference: float = reported("mean of the reference batches", Y)
    sd_reference: float = reported("standard deviation of the reference batches (n-1)", Y)
    n_reference: int = reported("number of reference batches")
    n_test: int = reported("number of test batches")
    inside: tuple[bool, ...] = reported("whether each test batch lies inside (the ends belong to the range)", per_row=True)
    n_inside: int = reported("how many test batches lie inside")
    n_needed: int = reported("how many must")
    share_inside: float = reported("share of test batches inside")


@method(
    name="quality-range",
    title="Quality range of reference batches (mean ± k SD, tolerance interval, min-max)",
    family="comparability",
    result=QualityRangeResult,
    citations=[EMA],
    columns=[
        Column("reference", "one value a reference batch", least=3),
        Column("test", "one value a test batch", least=1),
    ],
    parameters=PARAMETERS,
    example=Example({"reference": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7], "test": [103.0, 99.1, 106.2, 102.6]}, {}, y_unit="%"),
)
def quality_range(
    *,
    reference: Series,
    test: Series,
    rule: str = K_SD,
    k: float = 3.0,
    content: float = 0.99,
    confidence: float = 0.95,
    needed_share: float = 0.9,
) -> QualityRangeResult:
    """Whether enough test batches lie in the range of the reference batches; the ends belong to the range.

    The wider the range, the easier it is passed: a tolerance interval of few batches passes much that has moved. The operating
    characteristic says how much, at this number of batches.

    Assumptions: independent batches; normal values except for smallest to largest.
    """
    x, y = reference.array, test.array
    mean, sd = (float(each) for each in mean_and_sd(x))
    if sd == 0:
        raise Degenerate(f"All {len(x)} reference batches are equal: a range of them has no width. Give unrounded values.")
    factor = range_factor(rule, len(x), k, content, confidence)
    low, high = (float(x.min()), float(x.max())) if factor is None else (mean - factor * sd, mean + factor * sd)
    inside = (y >= low) & (y <= high)
    least = needed(min(needed_share, 1.0), len(y))
    passes = int(inside.sum()) >= least
    operating = _characteristic(factor, (len(x), len(y)), min(needed_share, 1.0), sd)
    sentence = (
        f"{int(inside.sum())} of {len(y)} test batches lie in the range {say(low)} to {say(high)} of {len(x)} reference batches "
        f"({_rule_words(rule, factor, content, confidence)}); {least} are needed: {'inside the range' if passes else 'not inside the range'}. "
        f"With equal SDs this rule passes an unmoved product with probability {say(operating.unmoved, 2)} and one that moved by "
        f"three reference SDs with {say(operating.at_margin, 2)}."
    )
    return QualityRangeResult(
        low=low,
        high=high,
        k=factor,
        mean_reference=mean,
        sd_reference=sd,
        n_reference=len(x),
        n_test=len(y),
        inside=tuple(bool(each) for each in inside),
        n_inside=int(inside.sum()),
        n_needed=least,
        share_inside=float(inside.mean()),
        decision="inside the range" if passes else "not inside the range",
        operating=operating,
        definitions={"range": _rule_words(rule, factor, content, confidence), "ends": "closed", "sd divisor": "n - 1"},
        assumptions=(INDEPENDENT, *(() if factor is None else (Assumption("Reference values are normal."),))),
        warnings=_warnings(operating),
        sentence=sentence,
    )


def range_factor(rule: str, n: int, k: float, content: float, confidence: float) -> float | None:
    """The multiple of the standard deviation that a rule gives `n` reference values; None for smallest to largest."""
    if rule == K_SD:
        return k
    if rule == MIN_MAX:
        return None
    return float((two_sided_factor if rule == TOLERANCE else howe_factor)(n, content, confidence))


def passing_function(factor: float | None, n: tuple[int, int], share: float) -> Callable[[Numbers], Numbers]:
    """Probability of passing as a function of the shift in reference SDs, with equal SDs."""
    return lambda shifts: min_max_passes(shifts, n, share) if factor is None else range_passes(shifts, factor, n, share)


def _characteristic(factor: float | None, n: tuple[int, int], share: float, sd: float) -> OperatingCharacteristic:
    found = [float(each) for each in passing_function(factor, n, share)(np.arange(4.0))]
    row = tuple(Passing(shift * sd, float(shift), each) for shift, each in enumerate(found))
    return OperatingCharacteristic("quadrature", "equal SDs", found[0], found[3], row, weak=found[0] < WEAK)


def _rule_words(rule: str, factor: float | None, content: float, confidence: float) -> str:
    if factor is None:
        return "smallest to largest"
    name = {TOLERANCE: "exact", HOWE: "Howe"}.get(rule)
    return f"mean ± {say(factor)} SD" + (f", {name} tolerance interval {share(content)} content, {share(confidence)} confidence" if name else "")


def _warnings(operating: OperatingCharacteristic) -> tuple[str, ...]:
    warnings = []
    if operating.unmoved < WEAK:
        warnings.append(f"The rule fails an unmoved product with probability {say(1 - operating.unmoved, 2)}.")
    if operating.row[2].probability > 0.2:
        warnings.append(f"The rule passes a product whose mean moved by two reference SDs with probability {say(operating.row[2].probability, 2)}.")
    return tuple(warnings)
