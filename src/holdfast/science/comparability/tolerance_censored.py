"""Log-normal tolerance intervals when some values are below a limit of quantitation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..censored_normal import CensoredFit, fit_censored
from ..dimension import LOG_Y, Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate
from ..result import Assumption, Citation, Interval, Result, Sides, reported
from ..series import Flags, Numbers, Series
from ..words import say, share
from .tolerance_factor import one_sided_factor, two_sided_factor
from .tolerance_interval import CONTENT, SIDES
from .two_one_sided import INDEPENDENT

FEW = 0.7
FACTOR, DELTA = "complete-sample-factor", "delta"


@dataclass(frozen=True, kw_only=True)
class CensoredToleranceResult(Result):
    """Maximum likelihood with values beyond limits, and tolerance limits from it, on logarithms."""

    interval: Interval = reported("the tolerance interval by the approach in use", Y)
    interval_factor: Interval = reported("estimates with the exact factor of a complete sample of the same number", Y)
    interval_delta: Interval = reported("estimated quantiles with large-sample confidence limits (observed information)", Y)
    mu: float = reported("maximum-likelihood mean of logarithms", LOG_Y)
    sigma: float = reported("maximum-likelihood standard deviation of logarithms")
    se_mu: float = reported("standard error of mu")
    se_sigma: float = reported("standard error of sigma")
    se_log_sigma: float = reported("standard error of ln sigma")
    covariance: float = reported("covariance of mu and sigma")
    log_likelihood: float = reported("log-likelihood of the logarithms (subtract the sum of uncensored logarithms for that of the values)", unit_bound=True)
    geometric_mean: float = reported("geometric mean, which is the median of the distribution fitted", Y)
    mean: float = reported("mean of the distribution fitted, exp(mu + sigma²/2)", Y)
    quantile: float = reported("estimated quantile at the content", Y)
    k: float = reported("factor of a complete sample")
    n: int = reported("number of values")
    n_censored: int = reported("how many of them lie beyond a limit")
    share_censored: float = reported("their share")


@dataclass(frozen=True)
class CensoredCases:
    """Arrays over cases (mu and sigma of logarithms)."""

    mu: Numbers
    sigma: Numbers
    se_mu: Numbers
    se_sigma: Numbers
    log_likelihood: Numbers


def censored_lognormal_cases(limits: Numbers, below: Flags, above: Flags | None = None) -> CensoredCases:
    """Log-normal maximum likelihood of many series at once: `limits` (..., n) positive, `below` and `above` where they are limits."""
    fit = fit_censored(np.log(limits), below, np.zeros_like(below) if above is None else above)
    return CensoredCases(fit.mean, fit.sd, np.sqrt(fit.var_mean), np.sqrt(fit.var_sd), fit.log_likelihood)


@method(
    name="tolerance-censored",
    title="Log-normal tolerance interval with values below or above limits (maximum likelihood)",
    family="comparability",
    result=CensoredToleranceResult,
    citations=[
        Citation("Helsel DR (2012) Statistics for Censored Environmental Data", "6"),
        Citation("Krishnamoorthy K, Mathew T (2009) Statistical Tolerance Regions", "13"),
        Citation("Olsen RJ (1978) Econometrica 46:1211-1215"),
    ],
    columns=[Column("values", "the values, `<` or `>` before a limit", least=3, censoring="handled")],
    parameters=[
        CONTENT,
        CONFIDENCE,
        SIDES,
        Parameter("approach", "factor of a complete sample on the estimates, or large-sample limits", "choice", FACTOR, choices=(FACTOR, DELTA)),
    ],
    example=Example({"values": ["<0.5", 1.2, 0.8, 2.5, "<0.5", 1.6, 0.9, 1.1, 3.0, 0.7]}, {"content": 0.95, "sides": "upper"}, y_unit="ng/mg"),
)
def tolerance_censored(
    *, values: Series, content: float = 0.99, confidence: float = 0.95, sides: str = "two", approach: str = FACTOR
) -> CensoredToleranceResult:
    """Log-normal tolerance limits when some values are only known to lie beyond a limit: each counts with its probability, never as a number.

    Both approaches are approximate and labelled: the exact factor of a complete sample of n put on the maximum-likelihood estimates, and the
    large-sample limit of the estimated quantile. Assumptions: independent values, log-normal; limits that do not depend on the value.
    """
    if np.any(values.limits <= 0):
        raise Degenerate("A value or a limit is not positive: it has no logarithm.")
    fit = fit_censored(np.log(values.limits), values.below, values.above)
    mu, sigma = float(fit.mean[0]), float(fit.sd[0])
    censored = int(values.below.sum() + values.above.sum())
    k = float((two_sided_factor if sides == "two" else one_sided_factor)(len(values), content, confidence))
    ends = {FACTOR: (mu - k * sigma, mu + k * sigma), DELTA: _delta_limits(fit, content, confidence, sides)}
    intervals = {name: _interval(each, confidence, sides) for name, each in ends.items()}
    found, many = intervals[approach], censored / len(values) > FEW
    return CensoredToleranceResult(
        interval=found,
        interval_factor=intervals[FACTOR],
        interval_delta=intervals[DELTA],
        mu=mu,
        sigma=sigma,
        **_errors(fit, sigma),
        log_likelihood=float(fit.log_likelihood[0]),
        geometric_mean=float(np.exp(mu)),
        mean=float(np.exp(mu + sigma**2 / 2)),
        quantile=float(np.exp(mu + float(special.ndtri(content)) * sigma)),
        k=k,
        n=len(values),
        n_censored=censored,
        share_censored=censored / len(values),
        definitions={"estimates": "maximum likelihood, observed information", "logarithm": "natural", "limits": approach},
        assumptions=(INDEPENDENT, Assumption("Values are log-normal.")),
        warnings=(f"{share(censored / len(values))} of the values are beyond a limit: use order statistics or report proportions only.",) if many else (),
        sentence=f"With about {share(confidence)} confidence, {share(content)} of the log-normal population lies {_where(found)} "
        f"({len(values)} values, {censored} beyond a limit; maximum likelihood, {approach.replace('-', ' ')}).",
    )


def _errors(fit: CensoredFit, sigma: float) -> dict[str, Any]:
    se_sigma = float(np.sqrt(fit.var_sd[0]))
    return {"se_mu": float(np.sqrt(fit.var_mean[0])), "se_sigma": se_sigma, "se_log_sigma": se_sigma / sigma, "covariance": float(fit.covariance[0])}


def _delta_limits(fit: CensoredFit, content: float, confidence: float, sides: str) -> tuple[float, float]:
    """Large-sample limits of the quantiles that hold the content; both ends together share the error when there are two."""
    p, gamma = ((1 + content) / 2, (1 + confidence) / 2) if sides == "two" else (content, confidence)
    z, wide = float(special.ndtri(p)), float(special.ndtri(gamma))
    ends = []
    for sign in (-1, 1):
        se = float(np.sqrt(fit.var_mean[0] + z**2 * fit.var_sd[0] + 2 * sign * z * fit.covariance[0]))
        ends.append(float(fit.mean[0]) + sign * (z * float(fit.sd[0]) + wide * se))
    return ends[0], ends[1]


def _interval(ends: tuple[float, float], confidence: float, sides: str) -> Interval:
    kept: Sides = "two" if sides == "two" else "lower" if sides == "lower" else "upper"
    low = None if sides == "upper" else float(np.exp(ends[0]))
    return Interval(low, None if sides == "lower" else float(np.exp(ends[1])), confidence, kind="tolerance", sides=kept, note="approximate")


def _where(found: Interval) -> str:
    if found.lower is None or found.upper is None:
        return f"below {say(found.upper or 0)}" if found.lower is None else f"above {say(found.lower)}"
    return f"between {say(found.lower)} and {say(found.upper)}"
