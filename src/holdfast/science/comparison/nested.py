"""Nested designs: who lies within whom, and mean squares of balanced ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..method import Column
from ..refusal import Mismatch, TooFew
from ..series import Numbers

COLUMNS = (
    Column("value", "result", least=4, together=True),
    Column("outer", "outermost factor (day, run, site)", kind="label", axis=None, least=4, together=True),
    Column("middle", "factor within outer (run within day)", kind="label", axis=None, least=4, together=True, required=False),
    Column("inner", "factor within middle", kind="label", axis=None, least=4, together=True, required=False),
)
NAMES = ("outer", "middle", "inner")


@dataclass(frozen=True)
class Nesting:
    """`codes[j]` numbers the units of factor j (levels combined with those above); `counts[j]` how many there are."""

    names: tuple[str, ...]
    codes: tuple[np.ndarray[tuple[int, ...], np.dtype[np.intp]], ...]
    counts: tuple[int, ...]
    n: int

    @property
    def balanced(self) -> bool:
        """Whether every unit holds equally many of the next level and of results."""
        for above, below in pairwise(self.codes):
            held = np.bincount(above[np.unique(below, return_index=True)[1]])
            if np.ptp(held):
                return False
        return not np.ptp(np.bincount(self.codes[-1]))

    @property
    def order(self) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
        """Row numbers sorted by unit."""
        return np.argsort(self.codes[-1], kind="stable")

    @property
    def sizes(self) -> tuple[int, ...]:
        """Results in a unit of each factor of a balanced design, and 1 for a single result."""
        return (*(self.n // count for count in self.counts), 1)

    @property
    def df(self) -> Numbers:
        """Degrees of freedom of each factor and of repeatability."""
        steps = (1, *self.counts, self.n)
        return np.array([b - a for a, b in pairwise(steps)], float)


def nesting(*labels: Sequence[str] | None) -> Nesting:
    """The design of label columns, outermost first. Raises `TooFew` where a level has no degrees of freedom."""
    given = [(name, each) for name, each in zip(NAMES, labels, strict=False) if each is not None]
    if len(given) == 2 and given[1][0] == "inner":
        raise Mismatch("There is an inner factor and no middle one. Call the factor within outer `middle`.")
    codes, counts, units = [], [], [()] * len(given[0][1])  # type: list[np.ndarray[tuple[int, ...], np.dtype[np.intp]]], list[int], list[tuple[str, ...]]
    for _, each in given:
        units = [(*unit, label) for unit, label in zip(units, each, strict=True)]
        number = {unit: i for i, unit in enumerate(sorted(set(units)))}
        codes.append(np.array([number[unit] for unit in units]))
        counts.append(len(number))
    found = Nesting(tuple(name for name, _ in given), tuple(codes), tuple(counts), len(units))
    for name, df in zip((*found.names, "replicates"), found.df, strict=True):
        if df < 1:
            raise TooFew(f"The design leaves no degrees of freedom for {name}: each unit holds one only. Leave the factor out, or replicate.")
    return found


@dataclass(frozen=True)
class MeanSquares:
    """Mean squares (..., factors + 1), outermost first, repeatability last, and grand means (...)."""

    mean: Numbers
    ms: Numbers
    ss: Numbers


def mean_squares(value: Numbers, design: Nesting) -> MeanSquares:
    """Of a balanced design, for values (..., n): from means of means of centred values, so that no digits are lost."""
    values = np.asarray(value, float)[..., design.order]
    first = values[..., :1]
    values = values - first
    mean = values.mean(-1)
    values = values - mean[..., None]
    means = [values.mean(-1, keepdims=True)]
    for size in design.sizes:
        means.append(values.reshape(*values.shape[:-1], -1, size).mean(-1))
    ss = []
    for above, below, size in zip(means, means[1:], design.sizes, strict=False):
        inside = below.shape[-1] // above.shape[-1]
        gaps = below.reshape(*above.shape, inside) - above[..., None]
        ss.append(size * np.sum(gaps**2, axis=(-2, -1)))
    squares = np.stack(ss, -1)
    return MeanSquares(first[..., 0] + mean, squares / design.df, squares)


def cumulative(design: Nesting) -> Numbers:
    """Coefficients c[j] of the mean squares in the sum of the variances of factor j and all within it: all at least 0."""
    sizes, levels = design.sizes, len(design.sizes)
    c = np.zeros((levels, levels))
    for j in range(levels):
        c[j, j] = 1 / sizes[j]
        for i in range(j + 1, levels):
            c[j, i] = 1 / sizes[i] - 1 / sizes[i - 1]
    return c
