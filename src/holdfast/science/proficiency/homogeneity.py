"""Homogeneity of proficiency test items (ISO 13528)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y_SQUARED, Y
from ..method import Column, Example, method
from ..parameter import Parameter
from ..refusal import Degenerate, Mismatch
from ..result import Assumption, Result, reported
from ..series import Series
from ..words import say
from .consensus import source


@dataclass(frozen=True, kw_only=True)
class HomogeneityResult(Result):
    """Between- and within-item standard deviations and the checks."""

    mean: float = reported("general mean", Y)
    s_x: float = reported("standard deviation of item means", Y)
    s_w: float = reported("within-item standard deviation", Y)
    s_s: float = reported("between-item standard deviation, 0 where its square is negative", Y)
    s_s_squared: float = reported("its square before it is cut at 0", Y_SQUARED)
    u: float = reported("standard uncertainty of the general mean, s_x/sqrt(g)", Y)
    criterion: float = reported("0.3 sigma", Y)
    homogeneous: bool = reported("whether s_s is at most 0.3 sigma")
    f1: float = reported("factor F1 of the expanded criterion")
    f2: float = reported("factor F2 of the expanded criterion")
    expanded_criterion: float = reported("sqrt(F1 (0.3 sigma)² + F2 s_w²)", Y)
    homogeneous_expanded: bool = reported("whether s_s is at most the expanded criterion")
    f: float | None = reported("F of the analysis of variance; none where replicates do not vary")
    p_f: float | None = reported("its p-value")
    cochran: float = reported("Cochran's C: largest within-item variance over their sum")
    cochran_critical: float = reported("its 5 % critical value")
    cochran_outlier: bool = reported("whether Cochran's C exceeds it")
    repeatability_ok: bool = reported("whether s_w is below 0.5 sigma, as the check needs")
    sigma_enlarged: float = reported("sqrt(sigma² + s_s²), to use where items are not homogeneous", Y)
    items: int = reported("number of items")
    replicates: int = reported("replicates of each item")


@method(
    name="homogeneity",
    title="Homogeneity of items (ISO 13528)",
    family="proficiency",
    result=HomogeneityResult,
    citations=[source("Annex B.2 and B.3")],
    columns=[
        Column("value", "result", least=6, together=True),
        Column("item", "item (sample) measured", kind="label", axis=None, least=6, together=True),
    ],
    parameters=[Parameter("sigma_pt", "standard deviation for proficiency assessment", "positive", dimension=Y)],
    example=Example(
        {"value": [10.1, 10.3, 9.9, 10.0, 10.4, 10.2, 10.0, 10.1, 9.8, 10.0], "item": [each for each in "ABCDE" for _ in range(2)]},
        {"sigma_pt": 0.6},
        y_unit="mg/L",
    ),
)
def homogeneity(*, value: Series, item: Sequence[str], sigma_pt: float) -> HomogeneityResult:
    """s_s² = s_x² - s_w²/m from g items with m replicates; homogeneous where s_s <= 0.3 sigma, or the expanded criterion allows it.

    F1 is the 95 % chi-squared quantile over g - 1, F2 = (F(0.95; g - 1, g (m - 1)) - 1)/m. Cochran's test looks for an item with
    replicates too far apart: an outlier is reported, not removed.
    """
    names = sorted(set(item))
    groups = [value.array[np.array(item) == name] for name in names]
    m, g = len(groups[0]), len(groups)
    if m < 2 or any(len(each) != m for each in groups) or g < 3:
        raise Mismatch("At least three items with the same number of replicates, two or more, are needed. Complete or leave out the others.")
    x = np.array(groups)
    if np.ptp(x) == 0:
        raise Degenerate("The results do not vary. Give unrounded values.")
    means, within = x.mean(axis=1), x.var(axis=1, ddof=1)
    s_x, s_w = float(means.std(ddof=1)), math.sqrt(float(within.mean()))
    square = s_x**2 - s_w**2 / m
    s_s, limit = math.sqrt(max(square, 0.0)), 0.3 * sigma_pt
    f1 = float(special.chdtri(g - 1, 0.05)) / (g - 1)
    f2 = (float(special.fdtri(g - 1, g * (m - 1), 0.95)) - 1) / m
    expanded = math.sqrt(f1 * limit**2 + f2 * s_w**2)
    f = m * s_x**2 / s_w**2 if s_w > 0 else None
    cochran = float(within.max() / within.sum()) if within.sum() > 0 else 1 / g
    critical = 1 / (1 + (g - 1) * float(special.fdtri((g - 1) * (m - 1), m - 1, 0.05 / g)))
    ok = s_s <= limit
    return HomogeneityResult(
        mean=float(x.mean()),
        s_x=s_x,
        s_w=s_w,
        s_s=s_s,
        s_s_squared=square,
        u=s_x / math.sqrt(g),
        criterion=limit,
        homogeneous=ok,
        f1=f1,
        f2=f2,
        expanded_criterion=expanded,
        homogeneous_expanded=s_s <= expanded,
        f=f,
        p_f=None if f is None else float(special.fdtrc(g - 1, g * (m - 1), f)),
        cochran=cochran,
        cochran_critical=critical,
        cochran_outlier=cochran > critical,
        repeatability_ok=s_w < 0.5 * sigma_pt,
        sigma_enlarged=math.hypot(sigma_pt, s_s),
        items=g,
        replicates=m,
        decision="homogeneous" if ok else "homogeneous by the expanded criterion" if s_s <= expanded else "not demonstrated",
        definitions={"criterion": "s_s <= 0.3 sigma", "Cochran": "5 %, upper tail"},
        assumptions=(
            Assumption("Replicates of an item have one variance.", True, f"Cochran C = {cochran:.3g} (critical {critical:.3g}).", cochran <= critical),
        ),
        warnings=("The repeatability is not below 0.5 sigma: the check is weak; measure more replicates.",) if s_w >= 0.5 * sigma_pt else (),
        sentence=f"The between-item standard deviation of {g} items was {say(s_s)}, {'within' if ok else 'above'} 0.3 sigma = {say(limit)}; the expanded criterion "
        f"is {say(expanded)}.",
    )
