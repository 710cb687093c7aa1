"""The posterior probability that two means differ by less than a margin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..dimension import Y
from ..method import Example, method
from ..parameter import Parameter
from ..refusal import Degenerate, WrongParameter
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Series
from ..words import say, share
from .operating import characteristic
from .posterior import ScaledT, difference_below, difference_quantile, informed_posterior, mean_posterior
from .posterior_rule import posterior_rule_passes
from .two_one_sided import EQUIVALENT, INDEPENDENT, LOWER, MARGIN_FIXED, NOT_SHOWN, UPPER, check_margins, operating_sentence, weakness
from .two_sample import COLUMNS, summary

PRIOR = ("prior_mean", "prior_n", "prior_sd", "prior_df")


@dataclass(frozen=True, kw_only=True)
class PosteriorEquivalenceResult(Result):
    """What is believed of the difference, test minus reference."""

    probability: float = reported("posterior probability that the difference lies inside the margins")
    probability_below: float = reported("posterior probability that it lies below the lower margin")
    probability_above: float = reported("posterior probability that it lies above the upper margin")
    threshold: float = reported("posterior probability needed to conclude equivalence")
    difference: float = reported("posterior centre of the difference, test minus reference", Y)
    interval: Interval = reported("the equal-tailed 90 % credible interval of the difference", Y)
    interval_95: Interval = reported("the equal-tailed 95 % credible interval of the difference", Y)
    centre_reference: float = reported("posterior centre of the reference mean", Y)
    scale_reference: float = reported("posterior scale of the reference mean", Y)
    df_reference: float = reported("posterior degrees of freedom of the reference mean")
    centre_test: float = reported("posterior centre of the test mean", Y)
    scale_test: float = reported("posterior scale of the test mean", Y)
    df_test: float = reported("posterior degrees of freedom of the test mean")
    prior_effective_n: float = reported("how many values the history counts as, for the mean; 0 without one")
    mean_reference: float = reported("mean of the reference values", Y)
    mean_test: float = reported("mean of the test values", Y)
    sd_reference: float = reported("standard deviation of the reference values (n-1)", Y)
    sd_test: float = reported("standard deviation of the test values (n-1)", Y)


@method(
    name="posterior-equivalence",
    title="Posterior probability of equivalence of two means",
    family="comparability",
    result=PosteriorEquivalenceResult,
    citations=[
        Citation("Box GEP, Tiao GC (1973) Bayesian Inference in Statistical Analysis", "2.5"),
        Citation("Gelman A et al. (2013) Bayesian Data Analysis, 3rd ed.", "3.2-3.3"),
    ],
    columns=COLUMNS,
    parameters=[
        LOWER,
        UPPER,
        Parameter("threshold", "posterior probability needed to conclude equivalence", "probability", 0.95),
        Parameter("prior_mean", "history of the reference: its mean; give all four, or none for the reference prior", optional=True, dimension=Y),
        Parameter("prior_n", "history of the reference: how many values it counts as, for the mean", "positive", optional=True),
        Parameter("prior_sd", "history of the reference: its standard deviation", "positive", optional=True, dimension=Y),
        Parameter("prior_df", "history of the reference: how many degrees of freedom it counts as, for the variance", "positive", optional=True),
        Parameter("prior_weight", "share of the history that counts (power prior); 1 for all of it", "positive", 1.0),
    ],
    example=Example(
        {"reference": [98.2, 101.4, 95.9, 104.1, 99.8], "test": [103.0, 99.1, 106.2, 102.6]},
        {"lower": -12, "upper": 12},
        y_unit="%",
    ),
)
def posterior_equivalence(
    *,
    reference: Series,
    test: Series,
    lower: float,
    upper: float,
    threshold: float = 0.95,
    prior_mean: float | None = None,
    prior_n: float | None = None,
    prior_sd: float | None = None,
    prior_df: float | None = None,
    prior_weight: float = 1.0,
) -> PosteriorEquivalenceResult:
    """How probable it is, given the data, that the means differ by less than the margins.

    Under the reference prior each mean is ybar + s/sqrt(n) t(n-1); the difference of the two is integrated by quadrature. History of the
    reference before the change may enter as a normal-inverse-gamma prior worth `prior_n` values and `prior_df` degrees of freedom.

    Assumptions: independent batches, normal values; margins and prior fixed before the data.
    """
    check_margins(lower, upper)
    means, sds, n = summary((reference, test))
    if min(sds) == 0:
        raise Degenerate("A group does not vary: its mean would be believed exactly. Give unrounded values.")
    prior = _prior((prior_mean, prior_n, prior_sd, prior_df), prior_weight)
    first = mean_posterior(means[0], sds[0], n[0]) if prior is None else informed_posterior(means[0], sds[0], n[0], prior)
    second = mean_posterior(means[1], sds[1], n[1])
    below, not_above = (float(each) for each in difference_below(np.array([lower, upper]), first, second))
    inside = not_above - below
    shown = inside >= threshold
    pooled = float(np.sqrt(sum((m - 1) * s**2 for s, m in zip(sds, n, strict=True)) / (sum(n) - 2)))
    operating = None
    if prior is None:
        operating = characteristic("the observed SDs", pooled, (lower, upper), lambda shifts: posterior_rule_passes(shifts, sds, n, lower, upper, threshold))
    sentence = (
        f"The posterior probability that the difference (test minus reference) lies between {say(lower)} and {say(upper)} is {say(inside)}; "
        f"equivalence {'is concluded' if shown else 'is not demonstrated'} at the threshold {share(threshold)} (n = {n[0]} and {n[1]})."
    )
    return PosteriorEquivalenceResult(
        probability=inside,
        probability_below=below,
        probability_above=float(difference_below(-upper, *_mirrored(first, second))),
        threshold=threshold,
        difference=second.centre - first.centre,
        interval=_credible(0.9, first, second),
        interval_95=_credible(0.95, first, second),
        centre_reference=first.centre,
        scale_reference=first.scale,
        df_reference=first.df,
        centre_test=second.centre,
        scale_test=second.scale,
        df_test=second.df,
        prior_effective_n=0.0 if prior is None else prior[1],
        mean_reference=means[0],
        mean_test=means[1],
        sd_reference=sds[0],
        sd_test=sds[1],
        decision=EQUIVALENT if shown else NOT_SHOWN,
        operating=operating,
        definitions={"prior": "reference prior 1/sigma² in each group" if prior is None else f"normal-inverse-gamma for the reference: {prior}"},
        assumptions=(INDEPENDENT, MARGIN_FIXED, Assumption("Values are normal; the prior was fixed before the data.")),
        warnings=() if operating is None else weakness(operating, (lower, upper)),
        sentence=sentence if operating is None else f"{sentence} {operating_sentence(operating)}",
    )


def _prior(given: tuple[float | None, ...], weight: float) -> tuple[float, float, float, float] | None:
    """Mean, number, SD and degrees of freedom of the history, weighted; None for the reference prior."""
    known = [each for each in given if each is not None]
    if len(known) not in {0, 4}:
        raise WrongParameter(f"A prior needs all of {', '.join(PRIOR)}, or none of them.")
    if weight > 1:
        raise WrongParameter(f"prior_weight is {weight:g}: history cannot count for more than it is.")
    return (known[0], weight * known[1], known[2], weight * known[3]) if known else None


def _mirrored(first: ScaledT, second: ScaledT) -> tuple[ScaledT, ScaledT]:
    return ScaledT(-first.centre, first.scale, first.df), ScaledT(-second.centre, second.scale, second.df)


def _credible(level: float, first: ScaledT, second: ScaledT) -> Interval:
    ends = [difference_quantile(each, first, second) for each in ((1 - level) / 2, (1 + level) / 2)]
    return Interval(ends[0], ends[1], level, kind="credible")
