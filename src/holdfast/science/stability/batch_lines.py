"""Straight lines of several batches over time, in the four models of ICH Q1E, for many data sets at once and in closed form.

Time and batch are shared by all cases; values have leading case axes. Every model gives, for each batch, an intercept, a slope, and the
variance of its line at time t as s² (v0 + v1 t + v2 t²): all that a confidence bound needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..refusal import Degenerate, TooFew
from ..series import Numbers

FULL, COMMON_SLOPE, COMMON_INTERCEPT, COMMON_LINE = "full", "common-slope", "common-intercept", "common-line"
INDIVIDUAL = "individual"
MODELS = (FULL, COMMON_SLOPE, COMMON_INTERCEPT, COMMON_LINE)


@dataclass(frozen=True)
class Lines:
    """One model: `intercept`, `slope` (..., k) a batch; `variance` (3, k) the coefficients v0, v1, v2; `sse`, `mse` (...,); `df`.

    Of individual fits `sse`, `mse` are (..., k) and `df` (k,): each batch has its own error.
    """

    intercept: Numbers
    slope: Numbers
    variance: Numbers
    sse: Numbers
    df: Numbers

    @property
    def mse(self) -> Numbers:
        """Residual mean square."""
        return self.sse / self.df


@dataclass(frozen=True)
class Design:
    """Times and batches of one study, with the sums every model needs. `of` holds the batch number of each row."""

    time: Numbers
    of: np.ndarray[tuple[int], np.dtype[np.int64]]
    names: tuple[str, ...]
    number: Numbers
    centre: Numbers
    spread: Numbers

    @property
    def k(self) -> int:
        """How many batches."""
        return len(self.names)


def design(time: Numbers, batch: Sequence[str]) -> Design:
    """The design. Batches are ordered by name, numbers before words, so that the order of rows does not matter.

    Raises `TooFew` or `Degenerate` naming a batch with fewer than two different times, or when no error can be estimated.
    """
    names = tuple(sorted(set(batch), key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else 0, name)))
    of = np.array([names.index(each) for each in batch])
    number = np.bincount(of).astype(float)
    centre = np.bincount(of, time) / number
    spread: Numbers = np.bincount(of, (time - centre[of]) ** 2).astype(float)
    for name, each in zip(names, spread, strict=True):
        if not each > 1e-12 * (1 + float(np.max(time)) ** 2):
            raise Degenerate(f"Batch {name} has values at one time only: it has no slope. Leave it out, or wait for its next time point.")
    if len(time) <= 2 * len(names):
        raise TooFew(f"{len(time)} values of {len(names)} batches leave no degree of freedom for error. Wait for further time points.")
    return Design(time, of, names, number, centre, spread)


def fit(values: Numbers, of: Design) -> dict[str, Lines]:
    """All four models and the individual fits of `values` (..., n)."""
    indicator = np.eye(of.k)[of.of]
    mean = values @ indicator / of.number
    centred = of.time - of.centre[of.of]
    slope = (values * centred) @ indicator / of.spread
    residual = values - mean[..., of.of] - slope[..., of.of] * centred
    sse = residual**2 @ indicator
    line = mean - slope * of.centre
    own = np.stack([1 / of.number + of.centre**2 / of.spread, -2 * of.centre / of.spread, 1 / of.spread])
    n = float(len(of.time))
    return {
        INDIVIDUAL: Lines(line, slope, own, sse, of.number - 2),
        FULL: Lines(line, slope, own, sse.sum(axis=-1), np.array(n - 2 * of.k)),
        COMMON_SLOPE: _common_slope(values, of, mean, centred),
        COMMON_INTERCEPT: _common_intercept(values, of, indicator),
        COMMON_LINE: _common_line(values, of),
    }


def _common_slope(values: Numbers, of: Design, mean: Numbers, centred: Numbers) -> Lines:
    total = of.spread.sum()
    slope = values @ centred / total
    residual = values - mean[..., of.of] - slope[..., None] * centred
    variance = np.stack([1 / of.number + of.centre**2 / total, -2 * of.centre / total, np.full(of.k, 1 / total)])
    lines = np.broadcast_to(slope[..., None], mean.shape)
    return Lines(mean - lines * of.centre, lines, variance, np.sum(residual**2, axis=-1), np.array(float(len(of.time) - of.k - 1)))


def _common_line(values: Numbers, of: Design) -> Lines:
    n, centre = len(of.time), of.time.mean()
    centred = of.time - centre
    total = float(np.sum(centred**2))
    mean, slope = values.mean(axis=-1), values @ centred / total
    residual = values - mean[..., None] - slope[..., None] * centred
    variance = np.repeat(np.array([[1 / n + centre**2 / total], [-2 * centre / total], [1 / total]]), of.k, axis=1)
    shape = (*values.shape[:-1], of.k)
    lines = np.broadcast_to(slope[..., None], shape)
    return Lines(np.broadcast_to(mean[..., None], shape) - lines * centre, lines, variance, np.sum(residual**2, axis=-1), np.array(float(n - 2)))


def _common_intercept(values: Numbers, of: Design, indicator: Numbers) -> Lines:
    """One intercept at time 0, a slope for each batch: the slopes are regressions through the common intercept."""
    first, second = of.time @ indicator, of.time**2 @ indicator
    cross = (values * of.time) @ indicator
    inverse = 1 / (len(of.time) - float(np.sum(first**2 / second)))
    intercept = (values.sum(axis=-1) - (cross * first / second).sum(axis=-1)) * inverse
    slope = (cross - intercept[..., None] * first) / second
    residual = values - intercept[..., None] - slope[..., of.of] * of.time
    share = first / second
    variance = np.stack([np.full(of.k, inverse), -2 * inverse * share, 1 / second + inverse * share**2])
    lines = np.broadcast_to(intercept[..., None], slope.shape)
    return Lines(lines, slope, variance, np.sum(residual**2, axis=-1), np.array(float(len(of.time) - of.k - 1)))


@dataclass(frozen=True)
class Poolability:
    """The tests of ICH Q1E, arrays over cases: F and p of slopes, and of intercepts with the error of the full and of the reduced model."""

    f_slopes: Numbers
    p_slopes: Numbers
    f_intercepts_full: Numbers
    p_intercepts_full: Numbers
    f_intercepts_reduced: Numbers
    p_intercepts_reduced: Numbers
    f_lines: Numbers
    p_lines: Numbers
    f_common_intercept: Numbers
    p_common_intercept: Numbers


def poolability(models: dict[str, Lines], k: int) -> Poolability:
    """Slopes first: full against common slope; then intercepts: common slope against common line; and both together.

    Raises `Degenerate` when a case has no residual error at all.
    """
    full, slopes, line, origin = (models[name] for name in (FULL, COMMON_SLOPE, COMMON_LINE, COMMON_INTERCEPT))
    if np.any(full.sse <= 1e-20 * np.maximum(line.sse, 1e-300)):
        raise Degenerate("The values lie on straight lines exactly: there is no error to test against. Give unrounded values.")

    def test(larger: Numbers, smaller: Numbers, df: int, error: Lines) -> tuple[Numbers, Numbers]:
        f = np.maximum(larger - smaller, 0) / df / error.mse
        return f, special.fdtrc(df, error.df, f)

    return Poolability(
        *test(slopes.sse, full.sse, k - 1, full),
        *test(line.sse, slopes.sse, k - 1, full),
        *test(line.sse, slopes.sse, k - 1, slopes),
        *test(line.sse, full.sse, 2 * (k - 1), full),
        *test(origin.sse, full.sse, k - 1, full),
    )


def choose(tests: Poolability, level: float, intercept_error: str) -> np.ndarray[tuple[int, ...], np.dtype[np.str_]]:
    """The model for each case: full if slopes differ at `level`, else common slope if intercepts do, else common line."""
    p_intercepts = tests.p_intercepts_full if intercept_error == FULL else tests.p_intercepts_reduced
    return np.where(tests.p_slopes < level, FULL, np.where(p_intercepts < level, COMMON_SLOPE, COMMON_LINE))
