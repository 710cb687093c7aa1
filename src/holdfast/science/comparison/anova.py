"""One-way analysis of variance, accurate on stiff data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y_SQUARED, Y
from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..parameter import Parameter
from ..refusal import Degenerate, TooFew
from ..result import Assumption, Citation, Result, reported
from ..series import Series
from ..words import say

WELCH = Citation("Welch BL (1951) Biometrika 38:330-336", "unequal variances")


@dataclass(frozen=True)
class Group:
    """One group."""

    n: int = reported("number of values")
    mean: float = reported("mean", Y)
    sd: float = reported("standard deviation (n-1); nothing of one value", Y)


@dataclass(frozen=True, kw_only=True)
class AnovaResult(Result):
    """Analysis of variance of groups."""

    f: float = reported("F, mean square between over within")
    p: float = reported("p-value of F")
    df_between: int = reported("degrees of freedom between groups")
    df_within: int = reported("degrees of freedom within groups")
    ss_between: float = reported("sum of squares between groups", Y_SQUARED)
    ss_within: float = reported("sum of squares within groups", Y_SQUARED)
    ss_total: float = reported("total sum of squares", Y_SQUARED)
    ms_between: float = reported("mean square between groups", Y_SQUARED)
    ms_within: float = reported("mean square within groups", Y_SQUARED)
    residual_sd: float = reported("root of the mean square within groups", Y)
    r_squared: float = reported("share of the sum of squares between groups")
    variance_between: float = reported("component of variance between groups as estimated (unequal numbers allowed)", Y_SQUARED)
    welch_f: float | None = reported("Welch's F for unequal variances; none when a group does not vary")
    welch_df: float | None = reported("its denominator degrees of freedom")
    welch_p: float | None = reported("its p-value")
    bartlett_p: float | None = reported("p-value of Bartlett's test of equal variances; none when a group does not vary")
    groups: Mapping[str, Group] = reported("each group")
    mean: float = reported("mean of all values", Y)
    n: int = reported("number of values")


@method(
    name="anova",
    title="One-way analysis of variance",
    family="comparison",
    result=AnovaResult,
    citations=[Citation("NIST StRD, Analysis of Variance"), Citation("Snedecor GW, Cochran WG (1989) Statistical Methods", "12"), WELCH],
    columns=[
        Column("value", "result", least=3, together=True),
        Column("group", "group of the result", kind="label", axis=None, least=3, together=True),
    ],
    parameters=[Parameter("alpha", "level of the test", "probability", 0.05)],
    example=Example({"value": [10.1, 10.4, 9.8, 11.2, 11.5, 10.9, 9.6, 9.9], "group": list("AAABBBCC")}, {}, y_unit="%"),
)
def anova(*, value: Series, group: Sequence[str], alpha: float = 0.05) -> AnovaResult:
    """Whether groups have the same mean: F from centred values in two passes, so that leading digits are not lost; Welch's F beside it.

    A large p does not show that groups are equivalent. Assumptions: independent normal values, one variance in all groups (not for Welch).
    """
    y = value.array
    base = float(y[np.argmin(y)])
    labels = np.array(group)
    parts = {name: np.sort(y[labels == name]) - base for name in sorted(set(group))}
    k, n = len(parts), len(y)
    if k < 2 or n <= k:
        raise TooFew(f"There are {k} groups and {n} values: at least two groups, and a replicate, are needed.")
    size = np.array([len(each) for each in parts.values()], float)
    means, sds = np.array([[float(each) for each in mean_and_sd(values)] for values in parts.values()]).T
    grand = float(size @ means / n)
    between, within = float(size @ (means - grand) ** 2), float((size - 1) @ sds**2)
    if within <= 1e-28 * n * float(np.abs(y).max()) ** 2:
        raise Degenerate("Values within groups do not vary: there is no error to judge by. Give unrounded values.")
    df = k - 1, n - k
    ms, error = between / df[0], within / df[1]
    f = ms / error
    p = float(special.fdtrc(*df, f))
    n0 = (n - float(size @ size) / n) / df[0]
    welch = _welch(size, means, sds) if size.min() > 1 and sds.min() > 0 else (None, None, None, None)
    return AnovaResult(
        f=f,
        p=p,
        df_between=df[0],
        df_within=df[1],
        ss_between=between,
        ss_within=within,
        ss_total=between + within,
        ms_between=ms,
        ms_within=error,
        residual_sd=error**0.5,
        r_squared=between / (between + within),
        variance_between=(ms - error) / n0,
        welch_f=welch[0],
        welch_df=welch[1],
        welch_p=welch[2],
        bartlett_p=welch[3],
        groups={name: Group(int(size[i]), base + float(means[i]), float(sds[i])) for i, name in enumerate(parts)},
        mean=base + grand,
        n=n,
        decision="difference shown" if p < alpha else "no difference shown",
        definitions={"component between": "expected mean squares with n0 = (n - sum n²/n)/(k-1)"},
        assumptions=(
            Assumption("Values are independent and normal."),
            Assumption(
                "Groups have one variance.",
                welch[3] is not None,
                "" if welch[3] is None else f"Bartlett p = {welch[3]:.2g}",
                None if welch[3] is None else welch[3] >= 0.05,
            ),
        ),
        sentence=f"Group means {'differed' if p < alpha else 'did not differ demonstrably'} (F = {say(f)} "
        f"on {df[0]} and {df[1]} degrees of freedom, p = {say(p, 2)}; "
        f"{k} groups, n = {n}).",
    )


def _welch(size: np.ndarray[tuple[int, ...], np.dtype[np.float64]], means: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
           sds: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float, float, float]:  # fmt: skip
    """Welch's F, its denominator degrees of freedom and p-value, and the p-value of Bartlett's test."""
    k, w = len(size), size / sds**2
    centre = float(w @ means / w.sum())
    h = float(np.sum((1 - w / w.sum()) ** 2 / (size - 1)))
    f = float(w @ (means - centre) ** 2) / (k - 1) / (1 + 2 * (k - 2) / (k**2 - 1) * h)
    df = (k**2 - 1) / (3 * h)
    v, nu = size - 1, float((size - 1).sum())
    pooled = float(v @ sds**2) / nu
    statistic = (nu * np.log(pooled) - float(v @ np.log(sds**2))) / (1 + (float(np.sum(1 / v)) - 1 / nu) / (3 * (k - 1)))
    return f, df, float(special.fdtrc(k - 1, df, f)), float(special.chdtrc(k - 1, max(float(statistic), 0.0)))
