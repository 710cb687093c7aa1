"""Several p-values at once: all must pass (no adjustment), or some do (adjusted)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..method import Column, Example, method
from ..parameter import ALPHA
from ..refusal import Unsuitable
from ..result import Citation, Result, reported
from ..series import Numbers, Series
from ..words import say


@dataclass(frozen=True, kw_only=True)
class MultiplicityResult(Result):
    """Adjusted p-values, one for each row."""

    p_all: float = reported("p-value of the claim that every hypothesis holds: the largest p-value (intersection-union)")
    bonferroni: tuple[float, ...] = reported("Bonferroni-adjusted p-values", per_row=True)
    holm: tuple[float, ...] = reported("Holm-adjusted p-values: some do, family-wise error", per_row=True)
    hochberg: tuple[float, ...] = reported("Hochberg-adjusted p-values: some do, family-wise error under independence", per_row=True)
    benjamini_hochberg: tuple[float, ...] = reported("Benjamini-Hochberg-adjusted p-values: some do, false discovery rate", per_row=True)
    benjamini_yekutieli: tuple[float, ...] = reported("Benjamini-Yekutieli-adjusted p-values: false discovery rate under any dependence", per_row=True)
    rejected: dict[str, int] = reported("how many hypotheses each procedure rejects at alpha")


@method(
    name="multiplicity",
    title="Several attributes: intersection-union and adjusted p-values",
    family="comparability",
    result=MultiplicityResult,
    citations=[
        Citation("Berger RL (1982) Technometrics 24:295-300"),
        Citation("Holm S (1979) Scand J Stat 6:65-70"),
        Citation("Hochberg Y (1988) Biometrika 75:800-802"),
        Citation("Benjamini Y, Hochberg Y (1995) J R Stat Soc B 57:289-300"),
    ],
    columns=[Column("p", "p-value of each attribute", axis=None, least=1)],
    parameters=[ALPHA],
    example=Example({"p": [0.001, 0.012, 0.03, 0.2, 0.008]}),
)
def multiplicity(*, p: Series, alpha: float = 0.05) -> MultiplicityResult:
    """What several p-values say together.

    Where all attributes must pass (comparability), each is tested at alpha without adjustment and the error stays alpha: it is the power
    that falls. Where any success would be claimed, Holm, Hochberg or Benjamini-Hochberg hold the error of the claims.

    Assumptions: valid p-values; Hochberg and Benjamini-Hochberg want independence or positive dependence.
    """
    values = p.array
    for position, value in enumerate(values, 1):
        if not 0 <= value <= 1:
            raise Unsuitable(f"{p.name}, value {position}, is {value:g}: a p-value lies between 0 and 1.")
    found = adjusted(values)
    passing = bool(values.max() < alpha)
    return MultiplicityResult(
        p_all=float(values.max()),
        bonferroni=tuple(found["bonferroni"]),
        holm=tuple(found["holm"]),
        hochberg=tuple(found["hochberg"]),
        benjamini_hochberg=tuple(found["benjamini_hochberg"]),
        benjamini_yekutieli=tuple(found["benjamini_yekutieli"]),
        rejected={name: int(np.sum(each <= alpha)) for name, each in found.items()},
        decision="all pass" if passing else "not all pass",
        definitions={"all must pass": "intersection-union test, no adjustment"},
        sentence=f"{'All' if passing else 'Not all'} of {len(values)} attributes pass at alpha = {alpha:g} (largest p = {say(float(values.max()))}, "
        f"intersection-union, no adjustment); by Holm {int(np.sum(found['holm'] <= alpha))} may be claimed singly.",
    )


def adjusted(p: Numbers) -> dict[str, Numbers]:
    """Adjusted p-values over the last axis, in the order given, by every procedure."""
    m = p.shape[-1]
    order = np.argsort(p, axis=-1, kind="stable")
    rising = np.take_along_axis(p, order, -1)
    back = np.argsort(order, axis=-1, kind="stable")
    rank = np.arange(1, m + 1)
    step_up = {"hochberg": m + 1 - rank, "benjamini_hochberg": m / rank, "benjamini_yekutieli": m / rank * np.sum(1 / rank)}
    found = {"bonferroni": np.minimum(p * m, 1.0)}
    found["holm"] = np.take_along_axis(np.minimum(np.maximum.accumulate(rising * (m + 1 - rank), axis=-1), 1.0), back, -1)
    for name, factor in step_up.items():
        falling = np.minimum.accumulate((rising * factor)[..., ::-1], axis=-1)[..., ::-1]
        found[name] = np.take_along_axis(np.minimum(falling, 1.0), back, -1)
    return found
