"""Whether values may be taken for normal: Anderson-Darling with mean and standard deviation from the values themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

#: D'Agostino & Stephens (1986), Goodness-of-Fit Techniques, table 4.7, case 3: of the modified statistic, from 8 values
CRITICAL_5_PERCENT = 0.752
LEAST = 8


def anderson_darling(values: Sequence[float]) -> float:
    """A²(1 + 0.75/n + 2.25/n²): above 0.752 normality is refused at 5 %. `values` vary and are at least eight."""
    y = np.sort(np.array(values, dtype=float))
    n = len(y)
    z = (y - y.mean()) / y.std(ddof=1)
    order = 2 * np.arange(1, n + 1) - 1
    square = -n - float(np.sum(order * (special.log_ndtr(z) + special.log_ndtr(-z[::-1])))) / n
    return float(square * (1 + 0.75 / n + 2.25 / n**2))
