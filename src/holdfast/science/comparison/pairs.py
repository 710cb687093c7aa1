"""Two procedures read the same samples: the columns, what a straight line between them says, and the jackknife of its errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Column
from ..parameter import Parameter
from ..refusal import Degenerate
from ..result import Assumption, Interval, Result, reported
from ..series import Numbers
from ..words import say, share

COLUMNS = (
    Column("reference", "result of the reference procedure, one a sample", least=3, together=True),
    Column("test", "result of the test procedure on the same sample", least=3, together=True),
)
POINTS = Parameter("points", "concentrations at which the bias is wanted (decision or specification limits)", "numbers", optional=True, dimension=Y)
RATIO = Parameter("ratio", "variance of the error of the test procedure over that of the reference (mcr states the inverse)", "positive", 1.0)
SPECIMENS = Assumption("Each pair is one independent sample; replicates are averaged first.")
STRAIGHT = Assumption("The two procedures are related by a straight line over the range measured.")
AGREES, DIFFERS = "no difference shown", "difference shown"
TINY = 1e-12


@dataclass(frozen=True)
class Bias:
    """What the line says at one concentration of the reference procedure."""

    at: float
    predicted: float
    bias: float
    interval: Interval
    se: float | None
    percent: float | None = reported("bias in percent of the concentration; none at zero")


@dataclass(frozen=True, kw_only=True)
class LineResult(Result):
    """A line test = intercept + slope × reference, both procedures with error."""

    slope: float = reported("slope")
    intercept: float = reported("intercept", Y)
    slope_interval: Interval = reported("confidence interval of the slope")
    intercept_interval: Interval = reported("confidence interval of the intercept", Y)
    slope_is_one: bool = reported("whether the interval of the slope holds 1")
    intercept_is_zero: bool = reported("whether the interval of the intercept holds 0")
    bias: tuple[Bias, ...] = reported("bias (predicted minus reference) at each concentration asked for", Y)
    correlation: float = reported("Pearson correlation, for information: it does not measure agreement")
    mean_reference: float = reported("mean of the reference results", Y)
    mean_test: float = reported("mean of the test results", Y)
    n: int = reported("number of samples")


@dataclass(frozen=True)
class LineCases:
    """Arrays over cases."""

    slope: Numbers
    intercept: Numbers


@dataclass(frozen=True)
class Jackknife:
    """Standard errors by leaving out one sample at a time (Linnet 1990), and what they come from."""

    slope: float
    intercept: float
    covariance: float
    mean_slope: float
    mean_intercept: float
    df: int


def check_varied(reference: Numbers, test: Numbers) -> None:
    """Raises `Degenerate` where a procedure gave one value to all samples."""
    for values, name in ((reference, "reference"), (test, "test")):
        if np.ptp(values) <= TINY * np.max(np.abs(values)):
            raise Degenerate(f"The {name} results do not vary: no line can be fitted. Measure samples over the whole range.")


def jackknife(reference: Numbers, test: Numbers, line: Callable[[Numbers, Numbers], LineCases]) -> Jackknife:
    """Errors from pseudo-values n θ - (n-1) θ(-i), all n fits at once."""
    n = len(reference)
    kept = np.array([[j for j in range(n) if j != i] for i in range(n)])
    whole, parts = line(reference, test), line(reference[kept], test[kept])
    pseudo = np.stack([n * whole.slope - (n - 1) * parts.slope, n * whole.intercept - (n - 1) * parts.intercept])
    mean = pseudo.mean(axis=1)
    covariance = (pseudo - mean[:, None]) @ (pseudo - mean[:, None]).T / (n * (n - 1))
    return Jackknife(float(np.sqrt(covariance[0, 0])), float(np.sqrt(covariance[1, 1])), float(covariance[0, 1]), float(mean[0]), float(mean[1]), n - 2)


def t_ends(estimate: float, se: float, df: float, confidence: float) -> Interval:
    """estimate ± t se."""
    half = float(special.stdtrit(df, (1 + confidence) / 2)) * se
    return Interval(estimate - half, estimate + half, confidence)


def biases(points: Any, slope: float, intercept: float, errors: Jackknife, confidence: float) -> tuple[Bias, ...]:
    """Bias at each point, its error from those of slope and intercept and their covariance."""
    found = []
    for at in points or ():
        bias = intercept + (slope - 1) * at
        se = float(np.sqrt(max(0.0, errors.intercept**2 + 2 * at * errors.covariance + (at * errors.slope) ** 2)))
        found.append(Bias(at, bias + at, bias, t_ends(bias, se, errors.df, confidence), se, 100 * bias / at if at else None))
    return tuple(found)


def common(reference: Numbers, test: Numbers, slope: float, intercept: float, ends: tuple[Interval, Interval]) -> dict[str, Any]:
    """What every line result says, from the estimates and the intervals of slope and intercept."""
    is_one, is_zero = holds(ends[0], 1), holds(ends[1], 0)
    return {
        "slope": slope,
        "intercept": intercept,
        "slope_interval": ends[0],
        "intercept_interval": ends[1],
        "slope_is_one": is_one,
        "intercept_is_zero": is_zero,
        "correlation": float(np.corrcoef(reference, test)[0, 1]),
        "mean_reference": float(reference.mean()),
        "mean_test": float(test.mean()),
        "n": len(reference),
        "decision": AGREES if is_one and is_zero else DIFFERS,
    }


def holds(ends: Interval, value: float) -> bool:
    """Whether an interval holds a value. An end that is the value but for its last binary digits holds it."""
    slack = 1e-10 * max(abs(each) for each in (value, ends.lower or 0.0, ends.upper or 0.0))
    return (ends.lower is None or ends.lower <= value + slack) and (ends.upper is None or value - slack <= ends.upper)


def line_sentence(name: str, slope: float, intercept: float, ends: tuple[Interval, Interval], unit: str, n: int) -> str:
    """Slope and intercept with their intervals, held against 1 and 0."""
    parts = []
    for word, value, each, against in (("slope", slope, ends[0], 1), ("intercept", intercept, ends[1], 0)):
        low, high = ("open" if end is None else say(end) for end in (each.lower, each.upper))
        held = "holds" if holds(each, against) else "does not hold"
        parts.append(
            f"{word} {say(value)}{f' {unit}' if word == 'intercept' and unit else ''} ({share(each.confidence)} CI {low} to {high}, which {held} {against})"
        )
    return f"By {name} regression the {' and the '.join(parts)} (n = {n}). An interval that holds 1 or 0 does not show agreement by itself."
