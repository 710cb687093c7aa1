"""What the linear potency assays share: the design read from labels, the analysis of variance by nested models, transformations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..dimension import Y_SQUARED, Y
from ..method import Column
from ..parameter import Parameter
from ..refusal import Degenerate, Mismatch, TooFew, Unsuitable
from ..result import Citation, reported
from ..series import Numbers

PH_EUR = Citation("European Pharmacopoeia 5.3 Statistical analysis of results of biological assays and tests", "3.2 and 3.3")
FIELLER = Citation("Fieller EC (1954) J R Stat Soc B 16:175-185")
COLUMNS = [
    Column("dose", "dose, or its dilution as a fraction", axis="x", least=4, together=True),
    Column("response", "response", least=4, together=True),
    Column("preparation", "preparation", kind="label", axis=None, least=4, together=True),
    Column("block", "block, of a randomised block design", kind="label", axis=None, least=4, together=True, required=False),
    Column("row", "row, of a Latin square", kind="label", axis=None, least=4, together=True, required=False),
    Column("column", "column, of a Latin square", kind="label", axis=None, least=4, together=True, required=False),
]
STANDARD = Parameter("standard", "which preparation is the standard", "text", "S")
TRANSFORMATION = Parameter("transformation", "of the response", "choice", "none", choices=("none", "ln", "log10", "sqrt", "square"))
FACTOR = Parameter("factor", "assumed potency by which ratios are multiplied: one for all samples or one for each, in the order of names", "numbers", (1.0,))
ERROR = Parameter(
    "error",
    "residual of treatments (pure) or of the straight lines fitted, pooled with departures from them (model)",
    "choice",
    "pure",
    choices=("pure", "model"),
)
PARALLELISM = Parameter("parallelism", "criterion the decision uses", "choice", "difference", choices=("difference", "equivalence"))

_TRANSFORMATIONS: dict[str, Callable[[Numbers], Numbers]] = {
    "none": lambda y: y, "ln": np.log, "log10": np.log10, "sqrt": np.sqrt, "square": np.square,
}  # fmt: skip


@dataclass(frozen=True)
class AnovaLine:
    """One line of an analysis of variance. The residual and the total have no test."""

    df: int = reported("degrees of freedom")
    ss: float = reported("sum of squares", Y_SQUARED)
    ms: float | None = reported("mean square", Y_SQUARED)
    f: float | None = reported("F ratio to the residual mean square")
    p: float | None = reported("its p-value")


@dataclass(frozen=True)
class Departure:
    """Departure of one preparation from its own straight line."""

    df: int = reported("degrees of freedom")
    ss: float = reported("sum of squares", Y_SQUARED)
    p: float | None = reported("p-value of its F test")
    mean: float = reported("mean response", Y)


def transformed(values: Numbers, how: str) -> Numbers:
    """The response as it is analysed. Raises `Unsuitable` where a logarithm or root does not exist."""
    if (how in {"ln", "log10"} and np.min(values) <= 0) or (how == "sqrt" and np.min(values) < 0):
        raise Unsuitable(f"The transformation {how} needs {'positive' if how != 'sqrt' else 'non-negative'} responses. Choose another, or check the values.")
    return _TRANSFORMATIONS[how](values)


def indicators(labels: Sequence[Any]) -> tuple[list[str], Numbers]:
    """The levels in order and a column of zeros and ones for each, shape (n, levels)."""
    levels, of = np.unique(np.asarray(labels), return_inverse=True)
    return [str(each) for each in levels], np.eye(len(levels))[of.reshape(-1)]


def nuisance(n: int, block: Sequence[str] | None, row: Sequence[str] | None, column: Sequence[str] | None) -> dict[str, Numbers]:
    """Indicator columns, without the first level, of what the design removes from the error."""
    given = {"blocks": block, "rows": row, "columns": column}
    return {name: indicators(labels)[1][:, 1:] for name, labels in given.items() if labels is not None}


def design_name(blocks: dict[str, Numbers]) -> str:
    """The design in the words of the pharmacopoeia."""
    if "rows" in blocks and "columns" in blocks:
        return "Latin square"
    return "randomised blocks" if blocks else "completely randomised"


def samples_of(names: Sequence[str], standard: str, factor: Sequence[float]) -> dict[str, float]:
    """Every preparation that is not the standard, with its factor. Raises `Mismatch` when the standard or samples are missing."""
    rest = [name for name in names if name != standard]
    if standard not in names or not rest:
        raise Mismatch(f"One standard named {standard!r} and at least one sample are needed; found: {', '.join(names)}.")
    if len(factor) not in {1, len(rest)}:
        raise Mismatch(f"{len(factor)} factors are given for {len(rest)} samples. Give one for all or one for each.")
    return dict(zip(rest, list(factor) * len(rest) if len(factor) == 1 else factor, strict=True))


def basis(*parts: Numbers) -> Numbers:
    """An orthonormal basis of what the columns span, shape (n, rank)."""
    u, s, _ = np.linalg.svd(np.column_stack(parts), full_matrices=False)
    return np.asarray(u[:, s > 1e-9 * s[0]])


@dataclass(frozen=True)
class Steps:
    """Nested models fitted one after the other: names, degrees of freedom, sums of squares (..., step), residual and total."""

    names: tuple[str, ...]
    df: tuple[int, ...]
    ss: Numbers
    residual_ss: Numbers
    residual_df: int
    total_ss: Numbers


def nested(y: Numbers, steps: Sequence[tuple[str, Numbers]]) -> Steps:
    """Sequential sums of squares of `y`, shape (..., n), after its mean; each step adds columns to all before it."""
    n = y.shape[-1]
    centred = y - y.mean(axis=-1, keepdims=True)
    parts, rank, residual, found = [np.ones((n, 1))], 1, centred, []
    total = left = np.sum(centred**2, axis=-1)
    for _, columns in steps:
        parts.append(columns)
        q = basis(*parts)
        residual = centred - (centred @ q) @ q.T
        residual = residual - (residual @ q) @ q.T
        now = np.sum(residual**2, axis=-1)
        found.append((q.shape[1] - rank, left - now))
        rank, left = q.shape[1], now
    if n - rank < 1:
        raise TooFew(f"{n} responses leave no degree of freedom for error. Replicate the doses.")
    if np.any(left <= 1e-22 * (total + n * y.mean(axis=-1) ** 2)):
        raise Degenerate("The replicates do not vary: there is no error to test against. Give unrounded values.")
    ss = np.stack([each for _, each in found], axis=-1)
    return Steps(tuple(name for name, _ in steps), tuple(df for df, _ in found), ss, left, n - rank, total)


def anova_table(of: Steps) -> dict[str, AnovaLine]:
    """The analysis of variance of one case, with F ratios to the residual mean square."""
    error = float(of.residual_ss) / of.residual_df
    table = {name: line(df, float(ss), error, of.residual_df) for name, df, ss in zip(of.names, of.df, of.ss, strict=True)}
    table["residual"] = AnovaLine(of.residual_df, float(of.residual_ss), error, None, None)
    total_df = sum(of.df) + of.residual_df
    table["total"] = AnovaLine(total_df, float(of.total_ss), float(of.total_ss) / total_df, None, None)
    return table


def line(df: int, ss: float, error: float, error_df: int) -> AnovaLine:
    """One tested line; without degrees of freedom there is no test."""
    if df == 0:
        return AnovaLine(0, 0.0, None, None, None)
    f = max(ss, 0.0) / df / error
    return AnovaLine(df, max(ss, 0.0), max(ss, 0.0) / df, f, float(special.fdtrc(df, error_df, f)))
