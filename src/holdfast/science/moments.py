"""Mean and standard deviation in two passes, so that digits common to all values are not lost."""

from __future__ import annotations

import numpy as np

from .series import Numbers


def mean_and_sd(values: Numbers) -> tuple[Numbers, Numbers]:
    """Mean and standard deviation (n-1) over the last axis. Constant values give exactly zero, whatever their rounding."""
    first = np.asarray(values[..., :1], float)
    shifted = values - first
    mean = shifted.mean(axis=-1)
    squares = np.sum((shifted - mean[..., None]) ** 2, axis=-1)
    n = values.shape[-1]
    return first[..., 0] + mean, np.sqrt(squares / (n - 1)) if n > 1 else np.zeros_like(mean)
