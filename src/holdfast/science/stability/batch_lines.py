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
INDIVIDUAL, NO_CHANGE = "individual", "no-change"
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
    """All four models, the individual fits, and one level without change, of `values` (..., n).

    Residuals are formed once, from each batch's own line and after taking off the first value, so that common digits are not lost. The
    residual sum of squares of any other lines (a, b) follows without cancellation: for each batch its own, plus spread (b_own - b)², plus
    number (mean - a - b centre)².
    """
    indicator = np.eye(of.k)[of.of]
    centred = of.time - of.centre[of.of]
    to_mean, to_slope = indicator / of.number, indicator * (centred / of.spread[of.of])[:, None]
    first = values[..., :1]
    shifted = values - first
    both = shifted @ np.hstack([to_mean, to_slope])
    mean, slope = both[..., : of.k], both[..., of.k :]
    residual = shifted @ (np.eye(len(of.time)) - to_mean @ indicator.T - to_slope @ (indicator * centred[:, None]).T)
    own = _Own(of, first, mean, slope, residual**2 @ indicator)
    return {
        INDIVIDUAL: Lines(own.intercept(slope), slope, own.variance, own.sse, of.number - 2),
        FULL: Lines(own.intercept(slope), slope, own.variance, own.sse.sum(axis=-1), np.array(float(len(of.time) - 2 * of.k))),
        COMMON_SLOPE: _common_slope(own),
        COMMON_INTERCEPT: _common_intercept(own),
        COMMON_LINE: _common_line(own),
        NO_CHANGE: _no_change(own),
    }


@dataclass(frozen=True)
class _Own:
    """Each batch's own mean (less the first value of the case), slope and residual sum of squares, (..., k)."""

    of: Design
    first: Numbers
    mean: Numbers
    slope: Numbers
    sse: Numbers

    @property
    def variance(self) -> Numbers:
        of = self.of
        return np.stack([1 / of.number + of.centre**2 / of.spread, -2 * of.centre / of.spread, 1 / of.spread])

    def intercept(self, slope: Numbers) -> Numbers:
        """Intercepts of lines through the batch means with these slopes."""
        found: Numbers = self.first + self.mean - slope * self.of.centre
        return found

    def sse_about(self, at_centre: Numbers, slope: Numbers) -> Numbers:
        """Residual sum of squares about lines that have these values at the batch centres (less the first value) and these slopes."""
        found: Numbers = np.sum(self.sse + self.of.spread * (self.slope - slope) ** 2 + self.of.number * (self.mean - at_centre) ** 2, axis=-1)
        return found


def _common_slope(own: _Own) -> Lines:
    of, total = own.of, own.of.spread.sum()
    slope = np.broadcast_to((own.slope @ of.spread / total)[..., None], own.mean.shape)
    variance = np.stack([1 / of.number + of.centre**2 / total, -2 * of.centre / total, np.full(of.k, 1 / total)])
    return Lines(own.intercept(slope), slope, variance, own.sse_about(own.mean, slope), np.array(float(len(of.time) - of.k - 1)))


def _common_line(own: _Own) -> Lines:
    of, n = own.of, len(own.of.time)
    centre = float(of.time.mean())
    apart = of.centre - centre
    total = float(of.spread.sum() + of.number @ apart**2)
    mean = (own.mean @ of.number / n)[..., None]
    slope = ((own.slope @ of.spread + (own.mean - mean) @ (of.number * apart)) / total)[..., None]
    variance = np.repeat(np.array([[1 / n + centre**2 / total], [-2 * centre / total], [1 / total]]), of.k, axis=1)
    lines = np.broadcast_to(slope, own.mean.shape)
    intercept = np.broadcast_to(own.first + mean - slope * centre, own.mean.shape)
    return Lines(intercept, lines, variance, own.sse_about(mean + slope * apart, lines), np.array(float(n - 2)))


def _no_change(own: _Own) -> Lines:
    n = len(own.of.time)
    mean = (own.mean @ own.of.number / n)[..., None]
    none: Numbers = np.zeros_like(own.mean)
    variance = np.repeat(np.array([[1 / n], [0.0], [0.0]]), own.of.k, axis=1)
    return Lines(own.first + mean + none, none, variance, own.sse_about(mean, none), np.array(float(n - 1)))


def _common_intercept(own: _Own) -> Lines:
    """One intercept at time 0, a slope for each batch: the slopes are regressions through the common intercept."""
    of = own.of
    sum_t, sum_tt = of.number * of.centre, of.spread + of.number * of.centre**2
    share = sum_t / sum_tt
    cross = own.slope * of.spread + own.mean * sum_t
    inverse = 1 / (len(of.time) - float(sum_t @ share))
    intercept = ((own.mean @ of.number - cross @ share) * inverse)[..., None]
    slope = (cross - intercept * sum_t) / sum_tt
    variance = np.stack([np.full(of.k, inverse), -2 * inverse * share, 1 / sum_tt + inverse * share**2])
    lines = np.broadcast_to(own.first + intercept, slope.shape)
    sse = own.sse_about(intercept + slope * of.centre, slope)
    return Lines(lines, slope, variance, sse, np.array(float(len(of.time) - of.k - 1)))


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
    if np.any(full.sse <= 1e-20 * np.maximum(models[NO_CHANGE].sse, 1e-300)):
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
