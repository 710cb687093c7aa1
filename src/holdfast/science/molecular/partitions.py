"""Copies per partition from positives, by Poisson, with intervals."""

from __future__ import annotations

import numpy as np
from scipy import special

from ..method import Column
from ..parameter import Parameter
from ..refusal import Unsuitable
from ..series import Numbers

VOLUME = Parameter("partition_volume", "volume of one partition in nL; 0.85 and 0.91 are both in use and differ by 7 %", "positive", 0.85)
KINDS = ("Clopper-Pearson", "Wilson", "Wald")


def counts(positive: Column | None = None, prefix: str = "", required: bool = True) -> list[Column]:
    """The two columns of one target: positive and all partitions of each well."""
    return [
        Column(f"{prefix}positive", "positive partitions of the well", axis=None, least=1, together=True, required=required),
        Column(f"{prefix}total", "accepted partitions of the well", axis=None, least=1, together=True, required=required),
    ]


def check_counts(positive: Numbers, total: Numbers, *, saturated_allowed: bool = False) -> None:
    """Raises `Unsuitable` for what is no pair of counts, and for wells without a negative partition."""
    for name, each in (("positive", positive), ("total", total)):
        if np.any(each != np.round(each)) or np.min(each) < 0:
            raise Unsuitable(f"A count of {name} partitions is not a whole number of at least 0. Give counts, not concentrations.")
    if np.min(total) < 1 or np.any(positive > total):
        raise Unsuitable("A well has no partitions, or more positive than accepted ones. Check the columns.")
    if not saturated_allowed and np.any(positive == total):
        raise Unsuitable("Every partition of a well is positive: the concentration has no upper limit. Dilute and measure again.")


def per_partition(positive: Numbers, total: Numbers) -> Numbers:
    """Mean copies per partition, -ln(1 - positive/total)."""
    return np.asarray(-np.log1p(-positive / total))


def proportion_limits(positive: float, total: float, confidence: float, kind: str) -> tuple[float, float]:
    """Limits of the share of positive partitions."""
    p, tail = positive / total, (1 - confidence) / 2
    z = float(special.ndtri(1 - tail))
    if kind == "Clopper-Pearson":
        low = 0.0 if positive == 0 else float(special.betaincinv(positive, total - positive + 1, tail))
        return low, float(special.betaincinv(positive + 1, total - positive, 1 - tail))
    if kind == "Wilson":
        centre, half = p + z**2 / (2 * total), z * np.sqrt(p * (1 - p) / total + z**2 / (4 * total**2))
        return max(0.0, float((centre - half) / (1 + z**2 / total))), float((centre + half) / (1 + z**2 / total))
    half = z * np.sqrt(p * (1 - p) / total)
    return max(0.0, float(p - half)), min(float(p + half), 1 - 0.5 / total)


def variance_per_partition(positive: float, total: float) -> float:
    """Delta-method variance of copies per partition: p/(N (1 - p))."""
    p = positive / total
    return p / (total * (1 - p))
