"""A trend when some results are below a limit of quantitation: Tobit regression by maximum likelihood."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y_PER_X, X, Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate, NoConvergence
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Flags, Numbers, Series
from ..words import say, share

STEPS = 200


@dataclass(frozen=True, kw_only=True)
class CensoredLineResult(Result):
    """A line fitted with results beyond limits."""

    intercept: float = reported("value of the line at time 0", Y)
    slope: float = reported("change per unit of time", Y_PER_X)
    sigma: float = reported("standard deviation about the line, maximum likelihood", Y)
    se_intercept: float = reported("standard error of the intercept", Y)
    se_slope: float = reported("standard error of the slope", Y_PER_X)
    se_log_sigma: float = reported("standard error of ln sigma")
    slope_interval: Interval = reported("confidence interval of the slope (normal)", Y_PER_X)
    z_slope: float = reported("slope over its standard error")
    p_slope: float = reported("two-sided p-value of no change")
    log_likelihood: float = reported("log-likelihood", unit_bound=True)
    n: int = reported("number of results")
    n_censored: int = reported("how many of them lie beyond a limit")
    predicted: float | None = reported("value of the line at the time asked for; none without one", Y)
    predicted_interval: Interval | None = reported("its confidence interval (normal)", Y)


@method(
    name="censored-line",
    title="Trend with results below or above limits (Tobit regression)",
    family="stability",
    result=CensoredLineResult,
    citations=[Citation("Helsel DR (2012) Statistics for Censored Environmental Data", "11"), Citation("Tobin J (1958) Econometrica 26:24-36")],
    columns=[
        Column("time", "times of the results", axis="x", least=4, together=True),
        Column("value", "the results, `<` or `>` before a limit", least=4, together=True, censoring="handled"),
    ],
    parameters=[Parameter("at", "time at which the line is wanted", optional=True, dimension=X), CONFIDENCE],
    example=Example({"time": [0, 3, 6, 9, 12, 18, 24], "value": ["<0.05", "<0.05", 0.06, 0.08, 0.09, 0.13, 0.15]}, {"at": 30}, y_unit="%", x_unit="month"),
)
def censored_line(*, time: Series, value: Series, at: float | None = None, confidence: float = 0.95) -> CensoredLineResult:
    """A straight line by maximum likelihood in which a result beyond its limit counts with its probability, never as a number.

    Standard errors from the observed information. Assumptions: a straight line, normal independent errors of one variance, limits that
    do not depend on the result.
    """
    fitted = fit_censored_line(time.array, value.limits, value.below, value.above)
    se = np.sqrt(np.diag(fitted.covariance))
    z = float(special.ndtri((1 + confidence) / 2))
    intercept, slope, sigma = fitted.intercept, fitted.slope, fitted.sigma
    censored = int(value.below.sum() + value.above.sum())
    predicted = interval = None
    if at is not None:
        predicted = intercept + slope * at
        half = z * math.sqrt(float(np.array([1.0, at]) @ fitted.covariance[:2, :2] @ np.array([1.0, at])))
        interval = Interval(predicted - half, predicted + half, confidence)
    many = censored / len(value) > 0.5
    return CensoredLineResult(
        intercept=intercept,
        slope=slope,
        sigma=sigma,
        se_intercept=float(se[0]),
        se_slope=float(se[1]),
        se_log_sigma=float(se[2]),
        slope_interval=Interval(slope - z * float(se[1]), slope + z * float(se[1]), confidence),
        z_slope=slope / float(se[1]),
        p_slope=float(2 * special.ndtr(-abs(slope / float(se[1])))),
        log_likelihood=fitted.log_likelihood,
        n=len(value),
        n_censored=censored,
        predicted=predicted,
        predicted_interval=interval,
        definitions={"estimates": "maximum likelihood, observed information", "intervals": "normal, large-sample"},
        assumptions=(Assumption("The batch changes in a straight line; errors are independent, normal and of one variance."),),
        warnings=("More than half of the results are beyond a limit: the line rests on few.",) if many else (),
        sentence=f"The results change by {say(slope)} per unit of time ({share(confidence)} CI {say(slope - z * float(se[1]))} to "
        f"{say(slope + z * float(se[1]))}; Tobit, {len(value)} results, {censored} beyond a limit).",
    )


@dataclass(frozen=True)
class CensoredLine:
    """Estimates and the covariance (3, 3) of intercept, slope and ln sigma."""

    intercept: float
    slope: float
    sigma: float
    covariance: Numbers
    log_likelihood: float


def fit_censored_line(time: Numbers, limits: Numbers, below: Flags, above: Flags) -> CensoredLine:
    """Newton's method in (intercept/sigma, slope/sigma, 1/sigma), in which the log-likelihood is concave (Olsen 1978).

    Raises `Degenerate` when the uncensored results do not determine a line and its error.
    """
    seen = ~(below | above)
    if seen.sum() < 3 or np.ptp(time[seen]) == 0 or np.ptp(limits[seen]) == 0:
        raise Degenerate("Fewer than three results above the limit, or all at one time: a trend cannot be estimated. Report what is below the limit.")
    width, centre = float(time.std()), float(time.mean())
    scale, level = float(limits.std()), float(limits.mean())
    x = np.stack([np.ones_like(time), (time - centre) / width], axis=1)
    y = (limits - level) / scale
    gamma, delta = np.zeros(2), 1.0
    value, gradient, hessian = _likelihood(x, y, seen, below, gamma, delta)
    for _ in range(STEPS):
        step = -np.linalg.solve(hessian, gradient)
        size = min(1.0, -0.9 * delta / step[2]) if step[2] < 0 else 1.0
        for _ in range(40):
            found = _likelihood(x, y, seen, below, gamma + size * step[:2], delta + size * step[2])
            if found[0] >= value - 1e-10 * abs(value):
                break
            size /= 2
        gamma, delta, (value, gradient, hessian) = gamma + size * step[:2], delta + size * float(step[2]), found
        if delta > 1e7:
            raise Degenerate("The uncensored results lie on a line exactly: there is no error to judge by. Give unrounded values.")
        if float(np.abs(step).max()) < 1e-12 * (1 + delta):
            break
    else:
        raise NoConvergence("The maximum of the likelihood was not found: the results hardly determine a line.")
    sigma = 1 / delta
    # from (gamma, delta) to (intercept, slope) = gamma/delta on the working scale and ln sigma = -ln delta, then to the original units
    jacobian = np.array([[sigma, 0, -gamma[0] * sigma**2], [0, sigma, -gamma[1] * sigma**2], [0, 0, -sigma]])
    units = np.array([[scale, -scale * centre / width, 0], [0, scale / width, 0], [0, 0, 1.0]])
    covariance = units @ jacobian @ np.linalg.inv(-hessian) @ jacobian.T @ units.T
    slope = scale * float(gamma[1]) * sigma / width
    intercept = level + scale * float(gamma[0]) * sigma - slope * centre
    return CensoredLine(intercept, slope, scale * sigma, covariance, value - int(seen.sum()) * math.log(scale))


def _likelihood(x: Numbers, y: Numbers, seen: Flags, below: Flags, gamma: Numbers, delta: float) -> tuple[float, Numbers, Numbers]:
    """Log-likelihood, gradient and Hessian in (gamma, delta)."""
    u = delta * y - x @ gamma
    sign = np.where(below, 1.0, -1.0)
    log_share = special.log_ndtr(sign * u)
    hazard = np.exp(-(u**2) / 2 - math.log(2 * math.pi) / 2 - log_share)
    slope = np.where(seen, -u, sign * hazard)
    curve = np.where(seen, -1.0, -hazard * (sign * u + hazard))
    design = np.column_stack([-x, y])
    n = int(seen.sum())
    value = float(np.sum(np.where(seen, -(u**2) / 2 - math.log(2 * math.pi) / 2, log_share))) + n * math.log(delta)
    gradient = design.T @ slope
    gradient[2] += n / delta
    hessian = (design * curve[:, None]).T @ design
    hessian[2, 2] -= n / delta**2
    return value, gradient, hessian
