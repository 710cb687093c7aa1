"""The generalised extreme Studentised deviate test: up to a stated number of outliers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y
from ..method import Column, Example, method
from ..parameter import Parameter
from ..refusal import WrongParameter
from ..result import Citation, Result, reported
from ..series import Series
from ..words import say
from .suspects import NONE, NORMAL, SUSPECTED, WARNING, sorted_values

ROSNER = Citation("Rosner B (1983) Technometrics 25:165-172")
NIST = Citation("NIST/SEMATECH e-Handbook of Statistical Methods", "1.3.5.17.3")


@dataclass(frozen=True)
class Step:
    """One value taken off."""

    value: float = reported("the most extreme value left", Y)
    r: float = reported("its distance from the mean of those left, in their standard deviations")
    critical: float = reported("critical value")
    mean: float = reported("mean of those left before it was taken off", Y)
    sd: float = reported("standard deviation of those left before it was taken off", Y)


@dataclass(frozen=True, kw_only=True)
class ExtremeDeviatesResult(Result):
    """Steps, and how many suspects."""

    outliers: int = reported("number of suspects: the largest step whose r exceeds its critical value")
    suspects: tuple[float, ...] = reported("the suspects, most extreme first", Y)
    steps: tuple[Step, ...] = reported("each step")
    mean: float = reported("mean of all values", Y)
    sd: float = reported("standard deviation of all values", Y)
    mean_without: float = reported("mean without the suspects", Y)
    sd_without: float = reported("standard deviation without the suspects", Y)
    n: int = reported("number of values")


@method(
    name="extreme-deviates", title="Generalised extreme Studentised deviate test (Rosner)", family="outliers", result=ExtremeDeviatesResult,
    citations=[ROSNER, NIST], columns=[Column("values", "the values", least=6)],
    parameters=[Parameter("most", "largest number of outliers looked for", "count", 3), Parameter("alpha", "level of the test", "probability", 0.05)],
    example=Example({"values": [98.2, 101.4, 95.9, 104.1, 99.8, 100.7, 118.5, 97.3, 100.1, 121.0]}, {}, y_unit="%"),
)  # fmt: skip
def extreme_deviates(*, values: Series, most: int = 3, alpha: float = 0.05) -> ExtremeDeviatesResult:
    """How many of the most extreme values are further out than chance explains: one outlier does not hide another.

    Nothing is removed. Assumptions: normal values but for the suspects; good from about 15 values, usable from 10.
    """
    y = sorted_values(values)
    n = len(y)
    if most > n - 4:
        raise WrongParameter(f"most is {most} with {n} values. Look for at most {n - 4}.")
    steps, left = [], y
    for i in range(1, most + 1):
        mean, sd = float(left.mean()), float(left.std(ddof=1))
        if sd <= 1e-12 * float(np.abs(y).max()):
            break
        at = int(np.argmax(np.abs(left - mean)))
        t = float(special.stdtrit(n - i - 1, 1 - alpha / (2 * (n - i + 1))))
        steps.append(Step(float(left[at]), abs(float(left[at]) - mean) / sd, (n - i) * t / ((n - i - 1 + t * t) * (n - i + 1)) ** 0.5, mean, sd))
        left = np.delete(left, at)
    count = max((i for i, each in enumerate(steps, 1) if each.r > each.critical), default=0)
    rest = list(y)
    for each in steps[:count]:
        rest.remove(each.value)
    found = tuple(each.value for each in steps[:count])
    return ExtremeDeviatesResult(
        outliers=count,
        suspects=found,
        steps=tuple(steps),
        mean=float(y.mean()),
        sd=float(y.std(ddof=1)),
        mean_without=float(np.mean(rest)),
        sd_without=float(np.std(rest, ddof=1)),
        n=n,
        decision=SUSPECTED if count else NONE,
        definitions={"number": "largest i with R_i above lambda_i"},
        assumptions=(NORMAL,),
        warnings=(WARNING, *(("Fewer than 15 values: the critical values are approximate.",) if n < 15 else ())),
        sentence=f"The generalised ESD test marks {count} of at most {most} "
        f"values{' (' + ', '.join(say(each) for each in found) + ')' if found else ''} (n = {n}). {WARNING}",
    )
