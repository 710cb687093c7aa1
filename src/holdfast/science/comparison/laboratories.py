"""Repeatability and reproducibility of a procedure from a collaborative study (ISO 5725-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y_SQUARED, Y
from ..method import Column, Example, method
from ..moments import mean_and_sd
from ..refusal import Degenerate, TooFew
from ..result import Assumption, Citation, Result, reported
from ..series import Numbers, Series
from ..words import say, with_unit

ISO = Citation("ISO 5725-2:2019 Accuracy (trueness and precision) of measurement methods and results", "7")


@dataclass(frozen=True)
class Laboratory:
    """One laboratory at one level."""

    n: int = reported("number of results")
    mean: float = reported("mean of its results", Y)
    sd: float | None = reported("standard deviation of its results (n-1); none of one result", Y)
    h: float = reported("Mandel's h: its mean against the others'")
    k: float | None = reported("Mandel's k: its spread against the others'; none of one result")
    h_flag: str = reported("straggler beyond the 5 % value, outlier beyond the 1 % value")
    k_flag: str = reported("straggler beyond the 5 % value, outlier beyond the 1 % value")


@dataclass(frozen=True)
class Screening:
    """An outlier test: its statistic, critical values, whom it names. It never removes anybody."""

    statistic: float
    critical_5: float
    critical_1: float
    p: float | None
    laboratory: str
    flag: str


@dataclass(frozen=True)
class LevelPrecision:
    """Precision at one level."""

    mean: float = reported("general mean", Y)
    s_r: float = reported("repeatability standard deviation", Y)
    s_l: float = reported("between-laboratory standard deviation", Y)
    s_big_r: float = reported("reproducibility standard deviation", Y)
    variance_r: float = reported("repeatability variance", Y_SQUARED)
    variance_l: float = reported("between-laboratory variance, nothing where negative", Y_SQUARED)
    variance_l_estimate: float = reported("between-laboratory variance as estimated", Y_SQUARED)
    variance_big_r: float = reported("reproducibility variance", Y_SQUARED)
    s_d_squared: float = reported("mean square between laboratories", Y_SQUARED)
    n_bar: float = reported("effective number of results in a laboratory")
    repeatability_limit: float = reported("repeatability limit r = 2.8 s_r", Y)
    reproducibility_limit: float = reported("reproducibility limit R = 2.8 s_R", Y)
    cv_r: float | None = reported("repeatability in percent of the mean; none unless it is above 0")
    cv_big_r: float | None = reported("reproducibility in percent of the mean; none unless it is above 0")
    gamma: float = reported("reproducibility over repeatability")
    laboratories: Mapping[str, Laboratory] = reported("each laboratory")
    h_critical_5: float = reported("5 % critical value of h")
    h_critical_1: float = reported("1 % critical value of h")
    k_critical_5: float = reported("5 % critical value of k")
    k_critical_1: float = reported("1 % critical value of k")
    cochran: Screening = reported("Cochran's test of the largest variance")
    grubbs_high: Screening = reported("Grubbs' test of the largest mean")
    grubbs_low: Screening = reported("Grubbs' test of the smallest mean")
    p: int = reported("number of laboratories")
    n: int = reported("number of results")


@dataclass(frozen=True, kw_only=True)
class LaboratoriesResult(Result):
    """Precision level by level."""

    levels: Mapping[str, LevelPrecision] = reported("each level")
    s_r: float = reported("repeatability standard deviation of the first level", Y)
    s_l: float = reported("between-laboratory standard deviation of the first level", Y)
    s_big_r: float = reported("reproducibility standard deviation of the first level", Y)
    mean: float = reported("general mean of the first level", Y)


def mandel_critical(p: int, n: float, alpha: float) -> tuple[float, float]:
    """Critical h (two-sided) and k (one-sided) for p laboratories of n results."""
    t = float(special.stdtrit(p - 2, 1 - alpha / 2))
    f = float(special.fdtri(n - 1, (p - 1) * (n - 1), 1 - alpha))
    return (p - 1) * t / (p * (t**2 + p - 2)) ** 0.5, (p / (1 + (p - 1) / f)) ** 0.5


def cochran_critical(p: int, n: float, alpha: float) -> float:
    """Critical share of the largest variance."""
    f = float(special.fdtri(n - 1, (p - 1) * (n - 1), 1 - alpha / p))
    return 1 / (1 + (p - 1) / f)


def grubbs_critical(p: int, alpha: float) -> float:
    """Critical distance of an extreme mean in standard deviations, two-sided as ISO 5725-2 has it."""
    t = float(special.stdtrit(p - 2, 1 - alpha / (2 * p)))
    return float((p - 1) / p**0.5 * (t**2 / (p - 2 + t**2)) ** 0.5)


@method(
    name="laboratories",
    title="Repeatability and reproducibility (ISO 5725-2)",
    family="comparison",
    result=LaboratoriesResult,
    citations=[ISO],
    columns=[
        Column("value", "result", least=6, together=True),
        Column("laboratory", "laboratory of the result", kind="label", axis=None, least=6, together=True),
        Column("level", "level (sample) of the result", kind="label", axis=None, least=6, together=True, required=False),
    ],
    parameters=[],
    example=Example({"value": [41.28, 41.48, 39.90, 39.30, 41.00, 41.50, 42.10, 41.70], "laboratory": list("AABBCCDD")}, {}, y_unit="g/kg"),
)
def laboratories(*, value: Series, laboratory: Sequence[str], level: Sequence[str] | None = None) -> LaboratoriesResult:
    """s_r, s_L and s_R with unequal numbers allowed, Mandel's h and k, Cochran's and Grubbs' tests, at each level.

    s_r² pools within laboratories; s_L² = (s_d² - s_r²)/n̄. Nothing is removed: an outlier is named, and leaving it out needs an assignable
    cause. Assumptions: laboratories are a random sample, normal results, one repeatability in all laboratories.
    """
    levels = level or ("all",) * len(laboratory)
    found: dict[str, LevelPrecision] = {}
    for name in sorted(set(levels)):
        here = [i for i, each in enumerate(levels) if each == name]
        groups = {lab: value.array[[i for i in here if laboratory[i] == lab]] for lab in sorted({laboratory[i] for i in here})}
        found[name] = _level(name, groups)
    first = found[min(found)]
    flagged = tuple(
        f"{name}: {test} marks laboratory {each.laboratory} ({each.flag}). It stays in unless an assignable cause is recorded."
        for name, level_ in found.items()
        for test, each in (("Cochran", level_.cochran), ("Grubbs (largest)", level_.grubbs_high), ("Grubbs (smallest)", level_.grubbs_low))
        if each.flag
    )
    return LaboratoriesResult(
        levels=found,
        s_r=first.s_r,
        s_l=first.s_l,
        s_big_r=first.s_big_r,
        mean=first.mean,
        definitions={
            "h": "about the general mean, divisor p - 1",
            "limits": "r and R are 2.8 times s_r and s_R",
            "grubbs": "two-sided critical values",
            "critical values of k and Cochran": "for the mean number of results where numbers differ",
        },
        assumptions=(Assumption("Laboratories are a random sample."), Assumption("Repeatability is the same in all laboratories.")),
        warnings=flagged + tuple(f"{name}: {each.p} laboratories only." for name, each in found.items() if each.p < 8),
        sentence="; ".join(
            f"{'At' if name == min(found) else 'at'} level {name} the repeatability SD was {with_unit(each.s_r, value.unit)} "
            f"and the reproducibility SD {with_unit(each.s_big_r, value.unit)} "
            f"(mean {say(each.mean)}, {each.p} laboratories, n = {each.n})"
            for name, each in found.items()
        )
        + ".",
    )


def _level(name: str, groups: Mapping[str, Numbers]) -> LevelPrecision:
    p, n = len(groups), np.array([len(each) for each in groups.values()], float)
    if p < 3 or n.max() < 2:
        raise TooFew(f"Level {name} has {p} laboratories of at most {n.max():.0f} results: at least three, and replicates, are needed.")
    means, sds = np.array([[float(each) for each in mean_and_sd(values)] for values in groups.values()]).T
    total = n.sum()
    mean = float(n @ means / total)
    s_r2 = float((n - 1) @ sds**2 / (total - p))
    s_d2 = float(n @ (means - mean) ** 2 / (p - 1))
    if s_r2 <= 1e-24 * mean**2 or s_d2 <= 1e-24 * mean**2:
        raise Degenerate(f"Level {name}: results within laboratories, or their means, do not vary. Give unrounded values.")
    n_bar = float((total - n @ n / total) / (p - 1))
    s_l2 = (s_d2 - s_r2) / n_bar
    between = max(s_l2, 0.0)
    s_big = (between + s_r2) ** 0.5
    h = (means - mean) / np.sqrt(np.sum((means - mean) ** 2) / (p - 1))
    several = n > 1
    size = float(n[several].mean())
    k = sds / np.sqrt(np.mean(sds[several] ** 2))
    critical = {alpha: mandel_critical(p, size, alpha) for alpha in (0.05, 0.01)}
    labs = {
        lab: Laboratory(
            int(n[i]), float(means[i]), float(sds[i]) if several[i] else None, float(h[i]), float(k[i]) if several[i] else None,
            _flag(abs(float(h[i])), critical[0.05][0], critical[0.01][0]),
            _flag(float(k[i]), critical[0.05][1], critical[0.01][1]) if several[i] else "",
        )
        for i, lab in enumerate(groups)
    }  # fmt: skip
    names = list(groups)
    percent = 100 / mean if mean > 0 else None
    return LevelPrecision(
        mean,
        s_r2**0.5,
        between**0.5,
        s_big,
        s_r2,
        between,
        s_l2,
        s_big**2,
        s_d2,
        n_bar,
        2.8 * s_r2**0.5,
        2.8 * s_big,
        None if percent is None else percent * s_r2**0.5,
        None if percent is None else percent * s_big,
        s_big / s_r2**0.5,
        labs,
        critical[0.05][0],
        critical[0.01][0],
        critical[0.05][1],
        critical[0.01][1],
        _cochran([names[i] for i in np.flatnonzero(several)], sds[several], size),
        _grubbs(names, means, 1),
        _grubbs(names, means, -1),
        p,
        int(total),
    )


def _cochran(names: Sequence[str], sds: Numbers, n: float) -> Screening:
    p, squares = len(names), sds**2
    if p < 2:
        raise TooFew("Fewer than two laboratories have replicates: their variances cannot be compared.")
    c = float(squares.max() / squares.sum())
    five, one = (cochran_critical(p, n, alpha) for alpha in (0.05, 0.01))
    f = (p - 1) * c / (1 - c) if c < 1 else None
    chance = 0.0 if f is None else min(1.0, p * float(special.fdtrc(n - 1, (p - 1) * (n - 1), f)))
    return Screening(c, five, one, chance, names[int(np.argmax(squares))], _flag(c, five, one))


def _grubbs(names: Sequence[str], means: Numbers, sign: int) -> Screening:
    p, i = len(names), int(np.argmax(sign * means))
    g = float(sign * (means[i] - means.mean()) / means.std(ddof=1))
    five, one = (grubbs_critical(p, alpha) for alpha in (0.05, 0.01))
    room = (p - 1) ** 2 / p - g**2
    t2 = (p - 2) * g**2 / room * 1.0 if room > 1e-12 else None
    chance = 0.0 if t2 is None else min(1.0, 2 * p * float(special.stdtr(p - 2, -(t2**0.5))))
    return Screening(g, five, one, chance, names[i], _flag(g, five, one))


def _flag(value: float, five: float, one: float) -> str:
    return "outlier" if value > one else "straggler" if value > five else ""
