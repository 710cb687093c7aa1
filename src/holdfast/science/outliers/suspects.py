"""What every outlier test says: a suspect is named, never removed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ..method import Column
from ..refusal import Degenerate
from ..result import Assumption
from ..series import Numbers, Series

WARNING = "An outlier test does not justify leaving a value out: that needs an assignable cause in the record. Report results with and without the value."
NORMAL = Assumption("All values but the suspects come from one normal distribution.")
VALUES = (Column("values", "the values", least=3),)
SIMULATIONS, SEED = 100_000, 20261125
SUSPECTED, NONE = "outlier suspected", "no outlier found"


def sorted_values(values: Series) -> Numbers:
    """Ascending values. Raises `Degenerate` where they do not vary."""
    y = np.sort(values.array)
    if y[-1] - y[0] <= 1e-12 * np.abs(y).max():
        raise Degenerate("The values do not vary: none can be a suspect. Give unrounded values.")
    return y


@lru_cache(maxsize=4)
def normal_samples(n: int) -> Numbers:
    """Sorted normal samples, (SIMULATIONS, n), of a stated seed."""
    chance = np.random.Generator(np.random.Philox(SEED))
    return np.sort(chance.standard_normal((SIMULATIONS, n)), axis=1)


def exceeding(null: Numbers, statistic: float) -> tuple[float, float]:
    """Share of a simulated statistic (ascending) at or above the one seen, (r+1)/(m+1), and its Monte Carlo error."""
    p = (len(null) - int(np.searchsorted(null, statistic - 1e-12)) + 1) / (len(null) + 1)
    return p, (p * (1 - p) / len(null)) ** 0.5
