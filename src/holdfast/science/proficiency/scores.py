"""Scores of laboratories: z, z', zeta, E_n, D, D % and P_A (ISO 13528)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..dimension import Y
from ..method import Column, Example, method
from ..parameter import Parameter
from ..refusal import Unsuitable
from ..result import Assumption, Result, reported
from ..series import Numbers, Series
from .consensus import source

SATISFACTORY, QUESTIONABLE, UNSATISFACTORY = "satisfactory", "questionable", "unsatisfactory"


@dataclass(frozen=True)
class Score:
    """One laboratory. What needs an uncertainty that is not given is none."""

    laboratory: str = reported("laboratory")
    d: float = reported("difference from the assigned value", Y)
    d_percent: float | None = reported("the same, percent of the assigned value; none where that is 0")
    z: float = reported("z score")
    z_prime: float = reported("z' score, with the uncertainty of the assigned value")
    zeta: float | None = reported("zeta score")
    en: float | None = reported("E_n score")
    pa: float | None = reported("difference as a percentage of the largest permissible error; none without one")
    z_class: str = reported("satisfactory up to 2, questionable, unsatisfactory from 3")
    z_prime_class: str = reported("the same for z'")
    zeta_class: str | None = reported("the same for zeta")
    en_class: str | None = reported("satisfactory below 1")


@dataclass(frozen=True, kw_only=True)
class ScoresResult(Result):
    """Scores of every laboratory."""

    scores: tuple[Score, ...] = reported("each laboratory, in the order given", per_row=True)
    satisfactory: int = reported("laboratories with a satisfactory score of the kind chosen")
    questionable: int = reported("laboratories with a questionable one")
    unsatisfactory: int = reported("laboratories with an unsatisfactory one")
    score: str = reported("which score the counts follow")
    u_negligible: bool = reported("whether the uncertainty of the assigned value is at most 0.3 sigma")
    mean_z: float = reported("mean of z")
    sd_z: float = reported("standard deviation of z (n-1)")
    x_pt: float = reported("assigned value", Y)
    sigma_pt: float = reported("standard deviation for proficiency assessment", Y)
    p: int = reported("number of laboratories")


@dataclass(frozen=True)
class ScoreCases:
    """Arrays (..., p)."""

    z: Numbers
    z_prime: Numbers
    mean_z: Numbers


def scores_cases(*, value: Numbers, x_pt: Numbers, sigma_pt: Numbers, u_pt: Numbers | float = 0.0) -> ScoreCases:
    """z and z' of many rounds at once."""
    d = np.asarray(value, float) - np.asarray(x_pt, float)[..., None]
    sigma, u = np.asarray(sigma_pt, float)[..., None], np.asarray(u_pt, float)[..., None]
    return ScoreCases(d / sigma, d / np.sqrt(sigma**2 + u**2), (d / sigma).mean(axis=-1))


@method(
    name="proficiency-scores",
    title="Proficiency scores z, z', zeta and E_n (ISO 13528)",
    family="proficiency",
    result=ScoresResult,
    citations=[source("9.3 to 9.7")],
    columns=[
        Column("value", "result of one laboratory", least=2, together=True),
        Column("uncertainty", "its standard uncertainty", least=2, together=True, required=False),
        Column("laboratory", "laboratory", kind="label", axis=None, least=2, together=True, required=False),
    ],
    parameters=[
        Parameter("x_pt", "assigned value", dimension=Y),
        Parameter("sigma_pt", "standard deviation for proficiency assessment", "positive", dimension=Y),
        Parameter("u_pt", "standard uncertainty of the assigned value", default=0.0, dimension=Y),
        Parameter("coverage", "coverage factor of both expanded uncertainties", "positive", 2.0),
        Parameter("delta_e", "largest permissible error", "positive", dimension=Y, optional=True),
    ],
    example=Example(
        {"value": [9.8, 10.3, 11.9, 10.1, 8.4], "uncertainty": [0.3, 0.25, 0.4, 0.2, 0.35], "laboratory": list("ABCDE")},
        {"x_pt": 10.0, "sigma_pt": 0.5, "u_pt": 0.1},
        y_unit="mg/L",
    ),
    arrays=scores_cases,
)
def proficiency_scores(
    *,
    value: Series,
    uncertainty: Series | None = None,
    laboratory: Sequence[str] | None = None,
    x_pt: float,
    sigma_pt: float,
    u_pt: float = 0.0,
    coverage: float = 2.0,
    delta_e: float | None = None,
) -> ScoresResult:
    """z = d/sigma, z' = d/sqrt(sigma² + u²), zeta = d/sqrt(u_x² + u²), E_n = d/sqrt(U_x² + U²), for d = x - x_pt; classified unrounded.

    Counts follow z where u(x_pt) is at most 0.3 sigma, and z' otherwise.
    """
    x = value.array
    u = None if uncertainty is None else uncertainty.array
    if u_pt < 0 or (u is not None and np.min(u) < 0):
        raise Unsuitable("An uncertainty is negative. Check the values.")
    if u is not None and u_pt == 0 and np.min(u) == 0:
        raise Unsuitable("A laboratory's uncertainty and that of the assigned value are both 0: zeta does not exist. Leave the uncertainty out, or obtain it.")
    names = list(laboratory) if laboratory is not None else [str(i) for i in range(1, len(x) + 1)]
    scores = tuple(_score(names[i], float(x[i]), None if u is None else float(u[i]), x_pt, sigma_pt, u_pt, coverage, delta_e) for i in range(len(x)))
    negligible = u_pt <= 0.3 * sigma_pt
    classes = [each.z_class if negligible else each.z_prime_class for each in scores]
    z = np.array([each.z for each in scores])
    score = "z" if negligible else "z'"
    bad = [name for name, each in zip(names, classes, strict=True) if each == UNSATISFACTORY]
    return ScoresResult(
        scores=scores,
        satisfactory=classes.count(SATISFACTORY),
        questionable=classes.count(QUESTIONABLE),
        unsatisfactory=len(bad),
        score=score,
        u_negligible=negligible,
        mean_z=float(z.mean()),
        sd_z=float(z.std(ddof=1)),
        x_pt=x_pt,
        sigma_pt=sigma_pt,
        p=len(x),
        definitions={"classes": "up to 2 satisfactory, 3 and more unsatisfactory; E_n below 1 satisfactory; unrounded", "E_n": f"coverage factor {coverage:g}"},
        assumptions=(Assumption("The uncertainty of the assigned value is negligible.", True, f"u/sigma = {u_pt / sigma_pt:.3g}.", negligible),),
        warnings=() if negligible else ("The uncertainty of the assigned value exceeds 0.3 sigma: counts follow z'.",),
        sentence=f"Of {len(x)} laboratories {classes.count(SATISFACTORY)} were satisfactory, {classes.count(QUESTIONABLE)} questionable and {len(bad)} "
        f"unsatisfactory by {score}.",
    )


def _score(name: str, x: float, u: float | None, x_pt: float, sigma: float, u_pt: float, k: float, delta: float | None) -> Score:
    d = x - x_pt
    z, z_prime = d / sigma, d / float(np.hypot(sigma, u_pt))
    zeta = None if u is None else d / float(np.hypot(u, u_pt))
    en = None if zeta is None else zeta / k
    return Score(
        name,
        d,
        100 * d / x_pt if x_pt else None,
        z,
        z_prime,
        zeta,
        en,
        None if delta is None else 100 * d / delta,
        _class(z),
        _class(z_prime),
        None if zeta is None else _class(zeta),
        None if en is None else SATISFACTORY if abs(en) < 1 else UNSATISFACTORY,
    )


def _class(score: float) -> str:
    size = abs(score)
    return SATISFACTORY if size <= 2 else QUESTIONABLE if size < 3 else UNSATISFACTORY
