"""What the common comparability rules are worth at a number of batches, side by side, before any data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..method import Example, method
from ..parameter import ALPHA, Parameter
from ..result import Result, reported
from ..series import Numbers
from ..words import say
from .operating import WEAK, tost_welch_power
from .posterior_rule import posterior_rule_passes
from .quality_range import EMA
from .range_rules import min_max_passes, range_passes
from .tolerance_factor import two_sided_factor
from .two_one_sided import SCHUIRMANN


@dataclass(frozen=True)
class Rule:
    """One rule at this number of batches."""

    name: str
    passes: tuple[float, ...] = reported("probability of passing at each shift")
    k: float | None = reported("multiple of the reference SD that makes the range, for range rules", default=None)


@dataclass(frozen=True, kw_only=True)
class RuleComparisonResult(Result):
    """Pass probabilities of each rule at each true shift, in reference SDs."""

    shifts: tuple[float, ...] = reported("true shifts of the mean, in reference standard deviations")
    rules: dict[str, Rule] = reported("each rule with its pass probabilities")
    n_reference: int = reported("number of reference batches")
    n_test: int = reported("number of test batches")


@method(
    name="rule-comparison",
    title="Pass probabilities of comparability rules at a number of batches",
    family="comparability",
    result=RuleComparisonResult,
    citations=[EMA, SCHUIRMANN],
    columns=[],
    parameters=[
        Parameter("n_reference", "number of reference batches", "count", least=3),
        Parameter("n_test", "number of test batches", "count", least=2),
        Parameter("margin", "equivalence margin, in reference SDs", "positive", 3.0),
        Parameter("k", "multiple of the reference SD, for the range mean ± k SD", "positive", 3.0),
        Parameter("sd_ratio", "true SD of the test batches over that of the reference", "positive", 1.0),
        Parameter("shifts", "true shifts, in reference SDs", "numbers", (0.0, 1.0, 2.0, 3.0)),
        Parameter("needed_share", "share of test batches that must lie inside a range; 1 for all", "positive", 1.0),
        Parameter("threshold", "posterior probability needed to conclude equivalence", "probability", 0.95),
        ALPHA,
    ],
    example=Example({}, {"n_reference": 5, "n_test": 4}),
)
def rule_comparison(
    *,
    n_reference: int,
    n_test: int,
    margin: float = 3.0,
    k: float = 3.0,
    sd_ratio: float = 1.0,
    shifts: tuple[float, ...] = (0.0, 1.0, 2.0, 3.0),
    needed_share: float = 1.0,
    threshold: float = 0.95,
    alpha: float = 0.05,
) -> RuleComparisonResult:
    """How often each rule passes a product whose mean moved, for this number of batches: all exact, by quadrature.

    A tolerance interval is wider when less is known, so as a range of acceptance it rewards few batches; an equivalence test holds
    its error at the margin. Assumptions: normal values, independent batches, the ratio of SDs as given.
    """
    n, share = (n_reference, n_test), min(needed_share, 1.0)
    at = np.array(shifts)
    found = {}
    for name, factor in {f"mean ± {k:g} SD": k, "TI 95/95": _k(n, 0.95), "TI 95/99": _k(n, 0.99)}.items():
        found[name] = Rule(name, _probabilities(range_passes(at, factor, n, share, sd_ratio)), factor)
    found["min-max"] = Rule("min-max", _probabilities(min_max_passes(at, n, share, sd_ratio)))
    sds = (1.0, sd_ratio)
    found["Welch TOST"] = Rule("Welch TOST", _probabilities(tost_welch_power(at, sds, n, -margin, margin, alpha)))
    found["posterior"] = Rule("posterior", _probabilities(posterior_rule_passes(at, sds, n, -margin, margin, threshold)))
    tost = tost_welch_power(np.array([0.0, margin]), sds, n, -margin, margin, alpha)
    weak = float(tost[0]) < WEAK
    words = "; ".join(f"{rule.name} {', '.join(say(each, 2) for each in rule.passes)}" for rule in found.values())
    return RuleComparisonResult(
        shifts=tuple(shifts),
        rules=found,
        n_reference=n_reference,
        n_test=n_test,
        decision="too weak" if weak else "adequate",
        definitions={"ranges": "ends closed", "TI": "exact two-sided", "margin": f"{margin:g} reference SDs for TOST and posterior"},
        warnings=(f"Too weak to conclude: Welch TOST passes an unmoved product with probability {say(float(tost[0]), 2)} only.",) if weak else (),
        sentence=f"With {n_reference} reference and {n_test} test batches, the rules pass a product moved by {', '.join(say(each) for each in shifts)} "
        f"reference SDs with probability: {words}.",
    )


def _k(n: tuple[int, int], content: float) -> float:
    return float(two_sided_factor(n[0], content, 0.95))


def _probabilities(values: Numbers) -> tuple[float, ...]:
    return tuple(float(each) for each in values)
