"""Variance components of any nested design, by restricted maximum likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..method import Example, method
from ..parameter import CONFIDENCE
from ..refusal import Degenerate, NoConvergence
from ..result import Citation, reported
from ..series import Numbers, Series
from .nested import COLUMNS, Nesting, nesting
from .pairs import t_ends
from .variance import SATTERTHWAITE, spread
from .variance_components import ASSUMPTIONS, SEARLE, VarianceResult, precision, precision_sentence, precision_warnings

PATTERSON = Citation("Patterson HD, Thompson R (1971) Biometrika 58:545-554")
STEPS = 500


@dataclass(frozen=True, kw_only=True)
class RemlResult(VarianceResult):
    """Components of variance by REML. `df` of a component is 2 (variance/se)²."""

    log_likelihood: float = reported("restricted log-likelihood at the maximum", unit_bound=True)
    df_mean: float = reported("Satterthwaite degrees of freedom of the mean")
    iterations: int = reported("iterations until the components settled", unit_bound=True)


@dataclass(frozen=True)
class _Fit:
    variances: Numbers
    information: Numbers
    mean: float
    var_mean: float
    gradient: Numbers
    log_likelihood: float
    steps: int


def reml(y: Numbers, shared: list[Numbers]) -> _Fit:
    """Fisher scoring on the variances of the matrices in `shared` (the identity last), kept at or above 0, the likelihood never falling."""
    n = len(y)
    v = np.full(len(shared), float(y.var(ddof=1)) / len(shared))
    state = _at(v, y, shared)
    step = 0
    while step < STEPS:
        step += 1
        _, score, information, _ = state
        free = (v > 0) | (score > 0)
        move = np.zeros_like(v)
        move[free] = np.linalg.solve(information[np.ix_(free, free)], score[free])
        size = 1.0
        while True:
            new = np.maximum(v + size * move, 0.0)
            new[-1] = max(new[-1], 0.1 * v[-1])
            found = _at(new, y, shared)
            if found[0] >= state[0] - 1e-12 * n or size < 1e-8:
                break
            size /= 2
        change = np.max(np.abs(new - v)) / v.sum()
        v, state = new, found
        if change < 1e-13:
            break
    else:
        if change > 1e-8:
            raise NoConvergence("The variance components did not settle. The design determines them too weakly.")
    likelihood, _, information, (mean, var_mean, gradient) = state
    return _Fit(v, information, mean, var_mean, gradient, likelihood, step)


def _at(v: Numbers, y: Numbers, shared: list[Numbers]) -> tuple[float, Numbers, Numbers, tuple[float, float, Numbers]]:
    """Log-likelihood, score, expected information, and mean, its variance and the derivatives of that, at variances v."""
    n, one = len(y), np.ones(len(y))
    covariance = sum(each * matrix for each, matrix in zip(v, shared, strict=True))
    inverse = np.linalg.inv(covariance)
    u = inverse @ one
    weight = float(one @ u)
    p = inverse - np.outer(u, u) / weight
    py = p @ y
    pv = [p @ each for each in shared]
    score = np.array([-0.5 * (np.trace(each) - py @ matrix @ py) for each, matrix in zip(pv, shared, strict=True)])
    information = 0.5 * np.array([[np.sum(a * b.T) for b in pv] for a in pv])
    likelihood = -0.5 * ((n - 1) * np.log(2 * np.pi) + np.linalg.slogdet(covariance)[1] + np.log(weight) - np.log(n) + y @ py)
    gradient = np.array([u @ each @ u for each in shared]) / weight**2
    return float(likelihood), score, information, (float(u @ y) / weight, 1 / weight, gradient)


def shared_matrices(design: Nesting) -> list[Numbers]:
    """Which pairs of results share a unit, for each factor, and the identity."""
    return [*((code[:, None] == code[None, :]).astype(float) for code in design.codes), np.eye(design.n)]


@method(
    name="variance-components-reml",
    title="Precision components of any nested design (REML)",
    family="comparison",
    result=RemlResult,
    citations=[PATTERSON, SEARLE, SATTERTHWAITE],
    columns=COLUMNS,
    parameters=[CONFIDENCE],
    example=Example(
        {"value": [10.1, 10.4, 9.6, 9.9, 10.9, 10.6, 10.2, 9.3, 9.5, 9.9, 9.2, 9.8],
         "outer": ["1", "1", "1", "1", "2", "2", "2", "3", "3", "3", "3", "3"]}, {}, y_unit="%"),
)  # fmt: skip
def variance_components_reml(
    *, value: Series, outer: Sequence[str], middle: Sequence[str] | None = None, inner: Sequence[str] | None = None, confidence: float = 0.95
) -> RemlResult:
    """Repeatability, intermediate precision and what each factor adds, for units that need not hold equally many results.

    Fisher scoring on the restricted likelihood, components held at or above 0; degrees of freedom and intervals by Satterthwaite from the
    expected information. For a balanced design without negative components the estimates are those of the analysis of variance.
    """
    design, y = nesting(outer, middle, inner), value.array
    scale = float(y.std())
    if scale <= 1e-12 * float(np.abs(y).max()):
        raise Degenerate("The results do not vary: there is no variance to divide. Give unrounded values.")
    if all(np.ptp(y[design.codes[-1] == unit]) == 0 for unit in range(design.counts[-1])):
        raise Degenerate("Replicates are all equal: repeatability cannot be estimated. Give unrounded values.")
    centre = float(y.mean())
    rank = {number: i for i, number in enumerate(design.order)}
    rows = np.array(sorted(range(design.n), key=lambda i: (design.codes[-1][i], y[i], rank[i])))
    fit = reml((y[rows] - centre) / scale, [each[np.ix_(rows, rows)] for each in shared_matrices(design)])
    names = (*design.names, "repeatability")
    mean, variances = centre + scale * fit.mean, fit.variances * scale**2
    inside = fit.variances > 0
    covariance = np.zeros_like(fit.information)
    covariance[np.ix_(inside, inside)] = np.linalg.inv(fit.information[np.ix_(inside, inside)]) * scale**4
    total = float(variances.sum())

    def part(which: Any) -> Any:
        mask = np.isin(np.arange(len(names)), which).astype(float)
        variance, error = float(mask @ variances), float(mask @ covariance @ mask)
        return spread(variance, error**0.5, 2 * variance**2 / error if error > 0 else 0.0, total, mean, confidence, None)

    components = {name: part([j]) for j, name in enumerate(names)}
    whole, last = part(range(len(names))), part([len(names) - 1])
    se = scale * fit.var_mean**0.5
    df_mean = 2 * fit.var_mean**2 / float(fit.gradient @ (covariance / scale**4) @ fit.gradient)
    return RemlResult(
        **precision(
            mean, (t_ends(mean, se, df_mean, confidence), se), components, (whole, last, part(range(1, len(names))) if len(names) > 2 else None), total
        ),
        log_likelihood=fit.log_likelihood - (design.n - 1) * float(np.log(scale)),
        df_mean=df_mean,
        iterations=fit.steps,
        n=design.n,
        definitions={
            "method": "REML, components held at or above 0",
            "interval": "Satterthwaite chi-square, expected information",
            "log-likelihood": "with constants, error contrasts orthonormal",
        },
        assumptions=ASSUMPTIONS,
        warnings=precision_warnings(components, whole.df)
        + (() if inside.all() else ("A component is estimated as nothing: the design shows no variation of it.",)),
        sentence=precision_sentence(whole, last, components, mean, value.unit, confidence, design.n),
    )
