"""Variance components of a balanced nested design, by analysis of variance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..dimension import Y_SQUARED, Y
from ..method import Example, method
from ..parameter import CONFIDENCE
from ..refusal import Degenerate, Unsuitable
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share
from .nested import COLUMNS, MeanSquares, Nesting, cumulative, mean_squares, nesting
from .pairs import t_ends
from .variance import BURDICK, GRAYBILL, SATTERTHWAITE, Reportable, Spread, chi_interval, mls_difference, mls_interval, reportable_table, satterthwaite, spread

SEARLE = Citation("Searle SR, Casella G, McCulloch CE (1992) Variance Components")
EP05 = Citation("CLSI EP05 Evaluation of Precision of Quantitative Measurement Procedures")
DATA: dict[str, list[Any]] = {
    "value": [10.1, 10.4, 9.6, 9.9, 10.9, 10.6, 10.2, 10.7, 9.3, 9.5, 9.9, 9.2],
    "outer": ["1", "1", "1", "1", "2", "2", "2", "2", "3", "3", "3", "3"],
    "middle": ["am", "am", "pm", "pm", "am", "am", "pm", "pm", "am", "am", "pm", "pm"],
}


@dataclass(frozen=True)
class AnovaRow:
    """One line of the analysis of variance."""

    df: int = reported("degrees of freedom")
    ss: float = reported("sum of squares", Y_SQUARED)
    ms: float = reported("mean square", Y_SQUARED)
    f: float | None = reported("mean square over that of the next level; none for repeatability")
    p: float | None = reported("p-value of F; none for repeatability")


@dataclass(frozen=True, kw_only=True)
class VarianceResult(Result):
    """Components of variance and what they mean for precision."""

    mean: float = reported("mean of all results", Y)
    mean_interval: Interval = reported("confidence interval of the mean, error of the outermost factor", Y)
    se_mean: float = reported("standard error of the mean", Y)
    components: Mapping[str, Spread] = reported("each component: outer, middle, inner, repeatability")
    repeatability: Spread = reported("precision within the innermost units")
    intermediate: Spread = reported("intermediate precision: the sum of all components")
    within_outer: Spread | None = reported("precision within the outermost factor: all components but the first; none with one factor")
    total_variance: float = reported("sum of components, negative ones taken as nothing", Y_SQUARED)
    total_estimate: float = reported("sum of components as estimated, negative ones too", Y_SQUARED)
    total_sd: float = reported("root of the total variance", Y)
    df_total: float = reported("degrees of freedom of the total variance (Satterthwaite)")
    reportable: tuple[Reportable, ...] = reported("standard deviation of a reportable value of k runs × n replicates")
    negative: tuple[str, ...] = reported("components estimated as negative")
    n: int = reported("number of results")


@dataclass(frozen=True, kw_only=True)
class VarianceComponentsResult(VarianceResult):
    """Components of variance by analysis of variance."""

    anova: Mapping[str, AnovaRow] = reported("analysis of variance")


@dataclass(frozen=True)
class VarianceCases:
    """Arrays over cases; `variances` has components on its last axis, outermost first."""

    mean: Numbers
    variances: Numbers
    total_variance: Numbers
    total_estimate: Numbers
    df_total: Numbers
    ms: Numbers


def variance_components_cases(
    *, value: Numbers, outer: Sequence[str], middle: Sequence[str] | None = None, inner: Sequence[str] | None = None
) -> VarianceCases:
    """Many data sets of one balanced design: `value` (..., n), labels (n,)."""
    design = _balanced(nesting(outer, middle, inner))
    found = mean_squares(value, design)
    variances = _variances(found, design)
    parts = cumulative(design)[0] * found.ms
    return VarianceCases(found.mean, variances, np.maximum(variances, 0).sum(-1), parts.sum(-1), satterthwaite(parts, design.df), found.ms)


def _balanced(design: Nesting) -> Nesting:
    if not design.balanced:
        raise Unsuitable("The design is not balanced: some units hold more than others. Use variance-components-reml.")
    return design


def _variances(found: MeanSquares, design: Nesting) -> Numbers:
    below = np.concatenate([found.ms[..., 1:], np.zeros_like(found.ms[..., :1])], -1)
    variances: Numbers = (found.ms - below) / np.array(design.sizes)
    return variances


@method(
    name="variance-components",
    title="Precision components of a balanced nested design (ANOVA)",
    family="comparison",
    result=VarianceComponentsResult,
    citations=[EP05, SEARLE, SATTERTHWAITE, GRAYBILL, BURDICK],
    columns=COLUMNS,
    parameters=[CONFIDENCE],
    example=Example(DATA, {}, y_unit="%"),
    arrays=variance_components_cases,
)
def variance_components(
    *, value: Series, outer: Sequence[str], middle: Sequence[str] | None = None, inner: Sequence[str] | None = None, confidence: float = 0.95
) -> VarianceComponentsResult:
    """Repeatability, intermediate precision and what each factor adds, from mean squares, with Satterthwaite and MLS limits.

    One to three nested factors, each unit holding as many as the others. A component estimated as negative is reported so and counts as
    nothing in sums. Assumptions: random effects, normal, independent, of one variance.
    """
    design = _balanced(nesting(outer, middle, inner))
    found = mean_squares(value.array, design)
    if float(found.ss.sum()) <= 1e-24 * float(np.abs(value.array).max()) ** 2 * design.n:
        raise Degenerate("The results do not vary: there is no variance to divide. Give unrounded values.")
    ms, df, names = found.ms, design.df, (*design.names, "repeatability")
    if ms[-1] <= 1e-24 * float(found.ss.sum()):
        raise Degenerate("Replicates are all equal: repeatability cannot be estimated. Give unrounded values.")
    mean, estimates, c = float(found.mean), _variances(found, design), cumulative(design)
    total = float(np.maximum(estimates, 0).sum())
    components = {name: _component(j, design, ms, estimates, total, mean, confidence) for j, name in enumerate(names)}
    sums = [_sum(j, c, ms, df, estimates, total, mean, confidence) for j in range(len(names))]
    se = float(np.sqrt(ms[0] / design.n))
    return VarianceComponentsResult(
        anova={name: _row(j, found, df) for j, name in enumerate(names)},
        **precision(
            mean, (t_ends(mean, se, df[0], confidence), se), components, (sums[0], sums[-1], sums[1] if len(names) > 2 else None), float((c[0] * ms).sum())
        ),
        n=design.n,
        definitions={
            "method": "analysis of variance (expected mean squares), negative components reported and counted as nothing in sums",
            "interval": "Satterthwaite chi-square; MLS (Graybill-Wang, for single components Ting et al. 1990) beside it",
            "intermediate precision": "all components together",
        },
        assumptions=ASSUMPTIONS,
        warnings=precision_warnings(components, sums[0].df),
        sentence=precision_sentence(sums[0], sums[-1], components, mean, value.unit, confidence, design.n),
    )


ASSUMPTIONS = (
    Assumption("Effects of every factor are random, independent and normal."),
    Assumption("Each unit of a factor stands for those met in routine use."),
)


def precision(
    mean: float, of_mean: tuple[Interval, float], components: Mapping[str, Spread], sums: tuple[Spread, Spread, Spread | None], estimate: float
) -> dict[str, Any]:
    """What every analysis of precision reports, whatever way the components were estimated."""
    between = sum(each.variance for name, each in components.items() if name != "repeatability")
    return {
        "mean": mean,
        "mean_interval": of_mean[0],
        "se_mean": of_mean[1],
        "components": components,
        "intermediate": sums[0],
        "repeatability": sums[1],
        "within_outer": sums[2],
        "total_variance": sums[0].variance,
        "total_estimate": estimate,
        "total_sd": sums[0].sd,
        "df_total": sums[0].df,
        "reportable": reportable_table(between, sums[1].variance, mean),
        "negative": tuple(name for name, each in components.items() if each.estimate < 0),
    }


def _component(j: int, design: Nesting, ms: Numbers, estimates: Numbers, total: float, mean: float, confidence: float) -> Spread:
    size, df, estimate = design.sizes[j], design.df, float(estimates[j])
    if j == len(df) - 1:
        exact = chi_interval(estimate, df[j], confidence)
        return spread(estimate, estimate * float(np.sqrt(2 / df[j])), float(df[j]), total, mean, confidence, exact)
    first, second = float(ms[j]) / size, float(ms[j + 1]) / size
    variance = first**2 / df[j] + second**2 / df[j + 1]
    mls = mls_difference(first, second, (df[j], df[j + 1]), confidence)
    return spread(estimate, float(np.sqrt(2 * variance)), float(estimate**2 / variance), total, mean, confidence, mls)


def _sum(j: int, c: Numbers, ms: Numbers, df: Numbers, estimates: Numbers, total: float, mean: float, confidence: float) -> Spread:
    parts, freedom = (c[j] * ms)[j:], df[j:]
    variance = float(np.maximum(estimates[j:], 0).sum())
    se = float(np.sqrt(2 * np.sum(parts**2 / freedom)))
    return spread(variance, se, float(satterthwaite(parts, freedom)), total, mean, confidence, mls_interval(parts, freedom, confidence))


def _row(j: int, found: MeanSquares, df: Numbers) -> AnovaRow:
    if j == len(df) - 1:
        return AnovaRow(int(df[j]), float(found.ss[j]), float(found.ms[j]), None, None)
    f = float(found.ms[j] / found.ms[j + 1]) if found.ms[j + 1] > 0 else None
    return AnovaRow(int(df[j]), float(found.ss[j]), float(found.ms[j]), f, None if f is None else float(special.fdtrc(df[j], df[j + 1], f)))


def precision_warnings(components: Mapping[str, Spread], df: float) -> tuple[str, ...]:
    """Of negative components, and of few degrees of freedom."""
    negative = [name for name, each in components.items() if each.estimate < 0]
    few = (f"Intermediate precision has {df:.1f} degrees of freedom only: its interval is wide.",) if df < 10 else ()
    return ((f"Estimated as negative, counted as nothing: {', '.join(negative)}.",) if negative else ()) + few


def precision_sentence(total: Spread, repeatability: Spread, components: Mapping[str, Spread], mean: float, unit: str, confidence: float, n: int) -> str:
    """Intermediate precision with its interval and the share of repeatability, and one example of a reportable value."""
    relative = total.cv is not None
    number, ends, word = (total.cv, total.cv_interval, "% CV") if relative else (total.sd, total.sd_interval, unit or "SD")
    assert number is not None and ends is not None
    between = sum(each.variance for name, each in components.items() if name != "repeatability")
    sd = (between / 2 + repeatability.variance / 4) ** 0.5
    low, high = ("open" if each is None else say(each, 3) for each in (ends.lower, ends.upper))
    return (
        f"Intermediate precision was {say(number, 3)} {word} ({share(confidence)} CI {low} to {high}, "
        f"Satterthwaite), {say(repeatability.share or 0, 3)} % of the "
        f"variance repeatability; for a reportable value of 2 runs x 2 replicates the SD is {say(sd, 3)}{f' {unit}' if unit else ''} (n = {n})."
    )
