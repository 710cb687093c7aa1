"""Intervals of sums and differences of mean squares: Satterthwaite and modified large sample (MLS)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..dimension import Y_SQUARED, Y
from ..result import Citation, Interval, reported
from ..series import Numbers

SATTERTHWAITE = Citation("Satterthwaite FE (1946) Biometrics Bull 2:110-114")
GRAYBILL = Citation("Graybill FA, Wang CM (1980) J Am Stat Assoc 75:869-873")
BURDICK = Citation("Burdick RK, Borror CM, Montgomery DC (2005) Design and Analysis of Gauge R&R Studies")


def chi(df: Any, p: Any) -> Numbers:
    """The p-quantile of chi-square; `df` may be fractional."""
    found: Numbers = 2 * special.gammaincinv(np.asarray(df, float) / 2, np.asarray(p, float))
    return found


def satterthwaite(parts: Numbers, df: Numbers) -> Numbers:
    """Degrees of freedom of sum(parts), parts = c MS over the last axis."""
    found: Numbers = parts.sum(-1) ** 2 / np.sum(parts**2 / df, -1)
    return found


def chi_interval(variance: float, df: float, confidence: float) -> Interval:
    """df v / chi-square."""
    if variance <= 0 or df < 0.01:
        return Interval(None, None, confidence, note="the variance is estimated as next to nothing")
    low, high = (float(chi(df, p)) / df for p in ((1 + confidence) / 2, (1 - confidence) / 2))
    if high < 1e-12:
        return Interval(variance / low, None, confidence, note="no upper end that means anything at so few degrees of freedom")
    return Interval(variance / low, variance / high, confidence)


def mls_upper(parts: Numbers, df: Numbers, tail: float) -> Numbers:
    """Upper MLS bound of sum(parts), parts = c MS ≥ 0 over the last axis: v + sqrt(sum (H c MS)²), H = f/chi²_tail - 1."""
    h = df / chi(df, tail) - 1
    found: Numbers = parts.sum(-1) + np.sqrt(np.sum((h * parts) ** 2, -1))
    return found


def mls_lower(parts: Numbers, df: Numbers, tail: float) -> Numbers:
    """Lower MLS bound: v - sqrt(sum (G c MS)²), G = 1 - f/chi²_{1-tail}."""
    g = 1 - df / chi(df, 1 - tail)
    found: Numbers = parts.sum(-1) - np.sqrt(np.sum((g * parts) ** 2, -1))
    return found


def mls_interval(parts: Numbers, df: Numbers, confidence: float) -> Interval:
    """Both MLS bounds, each with half of 1 - confidence."""
    tail = (1 - confidence) / 2
    return Interval(float(mls_lower(parts, df, tail)), float(mls_upper(parts, df, tail)), confidence)


def mls_difference(first: float, second: float, df: tuple[float, float], confidence: float) -> Interval:
    """Interval of first - second, both c MS (Ting et al. 1990); its lower end is cut at nothing."""
    tail, (n1, n2) = (1 - confidence) / 2, df
    g1, g2 = (float(1 - n / chi(n, 1 - tail)) for n in df)
    h1, h2 = (float(n / chi(n, tail) - 1) for n in df)
    f_high, f_low = (float(special.fdtri(n1, n2, p)) for p in (1 - tail, tail))
    g12 = ((f_high - 1) ** 2 - g1**2 * f_high**2 - h2**2) / f_high
    h12 = ((1 - f_low) ** 2 - h1**2 * f_low**2 - g2**2) / f_low
    v = first - second
    low = v - max(0.0, g1**2 * first**2 + h2**2 * second**2 + g12 * first * second) ** 0.5
    high = v + max(0.0, h1**2 * first**2 + g2**2 * second**2 + h12 * first * second) ** 0.5
    return Interval(max(0.0, low), max(0.0, high), confidence)


@dataclass(frozen=True)
class Spread:
    """A variance with its standard deviation, %CV and two intervals."""

    variance: float = reported("variance, nothing where the estimate is negative", Y_SQUARED)
    estimate: float = reported("variance as estimated, negative or not", Y_SQUARED)
    sd: float = reported("standard deviation", Y)
    cv: float | None = reported("percent of the mean; none unless the mean is above 0")
    share: float | None = reported("percent of the total variance; none when there is none")
    se: float = reported("standard error of the variance", Y_SQUARED)
    df: float = reported("degrees of freedom (Satterthwaite)")
    interval: Interval = reported("confidence interval of the variance by Satterthwaite's chi-square", Y_SQUARED)
    sd_interval: Interval = reported("confidence interval of the standard deviation by Satterthwaite's chi-square", Y)
    cv_interval: Interval | None = reported("confidence interval of the %CV by Satterthwaite's chi-square")
    interval_mls: Interval | None = reported("confidence interval of the variance by MLS", Y_SQUARED)
    sd_interval_mls: Interval | None = reported("confidence interval of the standard deviation by MLS", Y)
    cv_interval_mls: Interval | None = reported("confidence interval of the %CV by MLS")


def spread(estimate: float, se: float, df: float, total: float, mean: float, confidence: float, mls: Interval | None) -> Spread:
    """A variance as it is reported."""
    variance = max(0.0, estimate)
    plain = chi_interval(variance, df, confidence)
    percent = 100 / mean if mean > 0 else None
    roots, mls_roots = _root(plain), None if mls is None else _root(mls)
    return Spread(
        variance, estimate, variance**0.5, None if percent is None else percent * variance**0.5, 100 * variance / total if total > 0 else None,
        se, df, plain, roots, _times(roots, percent), mls, mls_roots, _times(mls_roots, percent),
    )  # fmt: skip


def _root(of: Interval) -> Interval:
    return Interval(
        None if of.lower is None else max(0.0, of.lower) ** 0.5, None if of.upper is None else max(0.0, of.upper) ** 0.5, of.confidence, note=of.note
    )


def _times(of: Interval | None, factor: float | None) -> Interval | None:
    if of is None or factor is None:
        return None
    return Interval(None if of.lower is None else factor * of.lower, None if of.upper is None else factor * of.upper, of.confidence, note=of.note)


@dataclass(frozen=True)
class Reportable:
    """The standard deviation of a reportable value that averages `runs` of the outermost factor, each with `replicates`."""

    runs: int
    replicates: int
    sd: float = reported("standard deviation of the reportable value", Y)
    cv: float | None = reported("%CV of the reportable value; none unless the mean is above 0")
    half_width: float = reported("half of the normal 95 % interval of the reportable value, 1.96 sd", Y)


def reportable_table(between: float, within: float, mean: float) -> tuple[Reportable, ...]:
    """Table of k runs × n replicates: var = between/k + within/(kn)."""
    rows = []
    for k in (1, 2, 3, 4, 6):
        for n in (1, 2, 3, 4):
            sd = (between / k + within / (k * n)) ** 0.5
            rows.append(Reportable(k, n, sd, 100 * sd / mean if mean > 0 else None, 1.959963984540054 * sd))
    return tuple(rows)
