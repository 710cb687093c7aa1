"""Log-normal tolerance interval."""

from __future__ import annotations

import numpy as np

from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..result import Assumption, Interval
from ..series import Series
from .geometric_mean_ratio import logarithms
from .tolerance_interval import EXACT, ISO, KRISHNAMOORTHY, ODEH, PARAMETERS, LognormalToleranceResult, interval, quantities, sentence
from .two_one_sided import INDEPENDENT


@method(
    name="tolerance-lognormal",
    title="Log-normal tolerance interval (exact)",
    family="comparability",
    result=LognormalToleranceResult,
    citations=[ISO, ODEH, KRISHNAMOORTHY],
    columns=[Column("values", "the values, all positive")],
    parameters=PARAMETERS,
    example=Example({"values": [1.2, 0.8, 2.5, 1.6, 0.9, 1.1]}, {}, y_unit="ng/mg"),
)
def tolerance_lognormal(
    *, values: Series, content: float = 0.99, confidence: float = 0.95, sides: str = "two", two_sided: str = EXACT
) -> LognormalToleranceResult:
    """exp(mean ± k s) of natural logarithms: holds at least `content` of a log-normal population with `confidence`.

    For impurities, titres and residuals. Assumptions: independent values, log-normal.
    """
    mean, sd = (float(each) for each in mean_and_sd(logarithms(values).array))
    found = quantities(mean, sd, len(values), content, confidence, sides, two_sided)
    logs = interval(mean, sd, found["k"], confidence, sides)
    ends = [None if each is None else float(np.exp(each)) for each in (logs.lower, logs.upper)]
    there = Interval(ends[0], ends[1], confidence, kind="tolerance", sides=logs.sides)
    found["definitions"] = {**found["definitions"], "logarithm": "natural"}
    return LognormalToleranceResult(
        **found,
        interval=there,
        geometric_mean=float(np.exp(mean)),
        gsd=float(np.exp(sd)),
        assumptions=(INDEPENDENT, Assumption("Values are log-normal.")),
        sentence=sentence(there, found, values.unit, "log-normal"),
    )
