"""Shelf life when batches are a sample: the mean of all batches, and a quantile of batches, which is what a label should protect."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..comparability.tolerance_factor import one_sided_factor
from ..dimension import Y_PER_X, Y_SQUARED, Dimension, X, Y
from ..method import Example, method
from ..parameter import Parameter
from ..refusal import WrongParameter
from ..result import Assumption, Citation, Result, reported
from ..series import Numbers, Series
from ..words import duration, say, share
from .batch_lines import design
from .crossing import BEFORE, MET, NEVER, Crossing, first_crossing
from .random_lines import BOTH, INTERCEPT, UNCORRELATED, RandomLines, fit_random
from .shelf_life import COLUMNS, PARAMETERS

QUINLAN = Citation("Quinlan M, Stroup W, Schwenke J, Christopher D (2013) AAPS PharmSciTech 14:1036-1047")


@dataclass(frozen=True)
class BatchPrediction:
    """The line predicted for a batch (BLUP)."""

    intercept: float = reported("predicted value at time 0", Y)
    slope: float = reported("predicted change per unit of time", Y_PER_X)


@dataclass(frozen=True, kw_only=True)
class ShelfLifeRandomResult(Result):
    """A random-batch model and the crossings of its bounds."""

    shelf_life: float | None = reported("time at which the confidence bound of the batch quantile meets the limit; none if it does not", X)
    shelf_life_whole: int | None = reported("the same, truncated to whole units of time", X, unit_bound=True)
    status: str = reported("crosses, does not cross, or outside at time 0")
    quantile_bound: Crossing = reported("confidence bound of the quantile of batch lines meets the limit", X)
    quantile_estimate: Crossing = reported("estimated quantile of batch lines meets the limit, without confidence", X)
    mean_bound: Crossing = reported("confidence bound of the mean of all batches meets the limit", X)
    mean_bound_containment: Crossing = reported("the same with n - batches - 1 degrees of freedom (containment), for comparison", X)
    mean_estimate: Crossing = reported("estimated mean of all batches meets the limit", X)
    intercept: float = reported("mean value at time 0", Y)
    slope: float = reported("mean change per unit of time", Y_PER_X)
    se_intercept: float = reported("standard error of the mean intercept", Y)
    se_slope: float = reported("standard error of the mean slope", Y_PER_X)
    covariance: float = reported("covariance of mean intercept and slope", Dimension(y=2, x=-1))
    sd_intercept: float = reported("standard deviation of batch intercepts", Y)
    sd_slope: float = reported("standard deviation of batch slopes", Y_PER_X)
    correlation: float | None = reported("correlation of batch intercepts and slopes; none where one does not vary")
    variance_intercept: float = reported("variance of batch intercepts", Y_SQUARED)
    variance_slope: float = reported("variance of batch slopes", Dimension(y=2, x=-2))
    variance_covariance: float = reported("covariance of batch intercepts and slopes", Dimension(y=2, x=-1))
    sigma: float = reported("residual standard deviation", Y)
    variance_residual: float = reported("residual variance", Y_SQUARED)
    restricted_log_likelihood: float | None = reported("maximum of the restricted log-likelihood; depends on the unit of the values", unit_bound=True)
    df: int = reported("degrees of freedom of the bounds: batches - 1")
    batches: dict[str, BatchPrediction] = reported("each batch's predicted line")
    n: int = reported("number of values")
    k: int = reported("number of batches")


@method(
    name="shelf-life-random",
    title="Shelf life with random batches (REML): mean and batch quantile",
    family="stability",
    result=ShelfLifeRandomResult,
    citations=[
        QUINLAN,
        Citation("Chow SC, Shao J (1991) Biometrics 47:1071-1079"),
        Citation("ICH Q1 draft (11 April 2025)", "Annex 2, mixed-effects evaluation"),
    ],
    columns=COLUMNS,
    parameters=[
        *PARAMETERS[:3],
        Parameter("quantile", "share of batches that may fail before the shelf life", "probability", 0.05),
        Parameter("structure", "what varies between batches", "choice", BOTH, choices=(BOTH, UNCORRELATED, INTERCEPT)),
    ],
    example=Example(
        {
            "time": [0, 3, 6, 9, 12, 18] * 4,
            "value": [
                *(101.2, 100.4, 100.1, 99.2, 98.9, 97.8),
                *(100.6, 100.3, 99.1, 99.0, 98.1, 97.2),
                *(102.1, 101.7, 101.2, 100.9, 100.6, 99.9),
                *(101.0, 99.9, 98.8, 97.4, 96.9, 94.1),
            ],
            "batch": list("AAAAAABBBBBBCCCCCCDDDDDD"),
        },
        {"lower": 90},
        y_unit="%",
        x_unit="month",
    ),
)
def shelf_life_random(
    *,
    time: Series,
    value: Series,
    batch: Sequence[str],
    lower: float | None = None,
    upper: float | None = None,
    alpha: float = 0.05,
    quantile: float = 0.05,
    structure: str = BOTH,
) -> ShelfLifeRandomResult:
    """How long all but a share `quantile` of batches stay within the limit, with confidence 1 - alpha: batches are a sample, not fixed.

    Random intercept and slope by REML. The mean bound uses t with batches - 1 degrees of freedom. The quantile bound at each time is
    mean - K sqrt(g), g the variance of batch lines there and K the one-sided tolerance factor for g/Var(mean) effective batches and
    batches - 1 degrees of freedom. Assumptions: straight lines, batches exchangeable and normal; few batches tell little of their spread.
    """
    if (lower is None) == (upper is None):
        raise WrongParameter("Give one limit, lower or upper: each side of a two-sided limit is its own question.")
    limit, sign = (lower, 1.0) if lower is not None else (float(upper or 0.0), -1.0)
    assert limit is not None
    of = design(time.array, batch)
    found = fit_random(value.array, of, structure)
    t = float(special.stdtrit(of.k - 1, 1 - alpha))
    t_containment = float(special.stdtrit(len(value) - of.k - 1, 1 - alpha))
    z = float(special.ndtri(1 - quantile))

    def distance(at: Numbers, of_mean: float, of_spread: Callable[[Numbers, Numbers], Any]) -> Numbers:
        row = np.stack([np.ones_like(at), at])
        variance, between = (np.maximum(np.einsum("it,ij,jt->t", row, each, row), 0) for each in (found.covariance, found.between))
        apart: Numbers = sign * (found.fixed @ row - limit) - of_mean * np.sqrt(variance) - of_spread(between, variance)
        return apart

    def bounded(between: Numbers, variance: Numbers) -> Numbers:
        effective = np.maximum(between / variance, 1e-9)
        factor = one_sided_factor(effective, 1 - quantile, 1 - alpha, of.k - 1)
        return np.where(between > 1e-9 * variance, factor * np.sqrt(between), t * np.sqrt(variance))

    last = float(of.time.max())
    crossings = {
        "quantile_bound": first_crossing(lambda at: distance(at, 0.0, bounded), last),
        "quantile_estimate": first_crossing(lambda at: distance(at, 0.0, lambda g, _: z * np.sqrt(g)), last),
        "mean_bound": first_crossing(lambda at: distance(at, t, lambda _g, _v: 0.0), last),
        "mean_bound_containment": first_crossing(lambda at: distance(at, t_containment, lambda _g, _v: 0.0), last),
        "mean_estimate": first_crossing(lambda at: distance(at, 0.0, lambda _g, _v: 0.0), last),
    }
    label = crossings["quantile_bound"]
    return ShelfLifeRandomResult(
        shelf_life=label.time,
        shelf_life_whole=None if label.time is None else math.floor(label.time + 1e-9),
        status=label.status,
        quantile_bound=crossings["quantile_bound"],
        quantile_estimate=crossings["quantile_estimate"],
        mean_bound=crossings["mean_bound"],
        mean_bound_containment=crossings["mean_bound_containment"],
        mean_estimate=crossings["mean_estimate"],
        **_estimates(found),
        df=of.k - 1,
        batches={name: BatchPrediction(float(line[0]), float(line[1])) for name, line in zip(of.names, found.blups, strict=True)},
        n=len(value),
        k=of.k,
        decision={MET: "shelf life supported", NEVER: "no crossing", BEFORE: "not supported"}[label.status],
        definitions={
            "estimation": "REML, fixed effects by generalised least squares",
            "between batches": structure,
            "degrees of freedom": "batches - 1",
            "quantile bound": "mean - K sqrt(g), one-sided tolerance factor with effective number g/Var(mean)",
        },
        assumptions=(Assumption("Each batch changes in a straight line."), Assumption("Batches are a normal sample of all that will be made.")),
        warnings=_warnings(found, of.k, label, last),
        sentence=_sentence(crossings, limit, time.unit, 1 - alpha, quantile, of.k),
    )


def _estimates(found: RandomLines) -> dict[str, Any]:
    g, c = found.between, found.covariance
    sd = [math.sqrt(max(float(g[i, i]), 0.0)) for i in (0, 1)]
    return {
        "intercept": float(found.fixed[0]),
        "slope": float(found.fixed[1]),
        "se_intercept": math.sqrt(float(c[0, 0])),
        "se_slope": math.sqrt(float(c[1, 1])),
        "covariance": float(c[0, 1]),
        "sd_intercept": sd[0],
        "sd_slope": sd[1],
        "correlation": float(g[0, 1]) / (sd[0] * sd[1]) if sd[0] * sd[1] > 0 else None,
        "variance_intercept": float(g[0, 0]),
        "variance_slope": float(g[1, 1]),
        "variance_covariance": float(g[0, 1]),
        "sigma": found.sigma,
        "variance_residual": found.sigma**2,
        "restricted_log_likelihood": found.log_likelihood,
    }


def _warnings(found: RandomLines, k: int, label: Crossing, last: float) -> tuple[str, ...]:
    warnings = []
    if k < 6:
        warnings.append(f"{k} batches tell little of the spread between batches: the quantile bound is wide because it must be.")
    if found.at_boundary:
        warnings.append("A component of variance between batches is estimated as nothing (or the correlation as complete): a boundary, not a finding.")
    if label.time is not None and label.time > last:
        warnings.append(f"The crossing lies {say(label.time - last)} beyond the last data: see the caps on extrapolation (ICH Q1E Appendix A).")
    return tuple(warnings)


def _sentence(crossings: dict[str, Crossing], limit: float, unit: str, confidence: float, quantile: float, k: int) -> str:
    def when(at: Crossing) -> str:
        return f"at {duration(at.time, unit)}" if at.time is not None else at.status

    return (
        f"With batches as a sample ({k} batches, REML), the {share(confidence)} confidence bound of the {share(quantile)} quantile of batches "
        f"meets {say(limit)}: {when(crossings['quantile_bound'])}; that of the mean of all batches: {when(crossings['mean_bound'])}."
    )
