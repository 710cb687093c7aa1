"""Total error over the range of a procedure: accuracy profile by tolerance intervals of a random-effects model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y_SQUARED, Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate, TooFew, Unsuitable
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share, with_unit
from .nested import mean_squares, nesting
from .variance import mls_upper

MEE = Citation("Mee RW (1984) Technometrics 26:251-253")
HUBERT = Citation("Hubert P et al. (2004) Anal Chim Acta 501:135-149; (2007) J Pharm Biomed Anal 45:82-96")
HOFFMAN = Citation("Hoffman D, Kringle R (2005) J Biopharm Stat 15:283-293")
USP_1210 = Citation("USP <1210> Statistical Tools for Procedure Validation")
TRUNCATE, POOL = "truncate", "pool"


@dataclass(frozen=True)
class Level:
    """Trueness, precision and total error at one level."""

    nominal: float
    mean: float
    bias: float
    relative_bias: float = reported("bias in percent of the nominal value")
    recovery: float = reported("mean in percent of the nominal value")
    variance_within: float = reported("variance within runs", Y_SQUARED)
    variance_between: float = reported("variance between runs, nothing where the estimate is negative", Y_SQUARED)
    variance_between_estimate: float = reported("variance between runs as estimated", Y_SQUARED)
    repeatability_sd: float = reported("repeatability standard deviation", Y)
    between_sd: float = reported("standard deviation between runs", Y)
    intermediate_sd: float = reported("intermediate precision standard deviation", Y)
    repeatability_cv: float = reported("repeatability in percent of the mean")
    intermediate_cv: float = reported("intermediate precision in percent of the mean")
    ratio: float = reported("variance between runs over that within, R")
    b_squared: float = reported("B² = (R+1)/(nR+1)")
    df: float = reported("degrees of freedom of the beta-expectation interval")
    k: float = reported("factor of the intermediate precision in the beta-expectation interval, t sqrt(1 + 1/(p n B²))")
    expectation: Interval = reported("beta-expectation tolerance interval", Y)
    expectation_percent: Interval = reported("the same as percent difference from nominal")
    content: Interval = reported("beta-content tolerance interval at the confidence", Y)
    content_percent: Interval = reported("the same as percent difference from nominal")
    variance_upper: float = reported("MLS upper bound of the intermediate precision variance that the content interval uses", Y_SQUARED)
    total_error: float = reported("absolute relative bias plus intermediate %CV, percent of nominal, for information")
    valid: bool | None = reported("whether the interval judged by lies within the acceptance limits; none without limits")
    runs: int = reported("runs")
    replicates: int = reported("replicates in a run")


@dataclass(frozen=True, kw_only=True)
class AccuracyProfileResult(Result):
    """Total error level by level, and the range over which it is acceptable."""

    levels: tuple[Level, ...] = reported("each level, lowest first", Y)
    acceptance: float | None = reported("largest acceptable difference from nominal, percent; none when not given")
    valid_from: float | None = reported("lowest level of the longest run of acceptable levels", Y)
    valid_to: float | None = reported("highest level of that run", Y)
    lower_limit: float | None = reported("concentration at which the profile enters the acceptance limits, between levels by straight lines", Y)
    upper_limit: float | None = reported("concentration at which it leaves them again", Y)
    n: int = reported("number of results")


@dataclass(frozen=True)
class ProfileCases:
    """Arrays over cases for one level."""

    mean: Numbers
    bias: Numbers
    within: Numbers
    between: Numbers
    between_estimate: Numbers
    df: Numbers
    k: Numbers
    half_expectation: Numbers
    half_content: Numbers
    variance_upper: Numbers
    ratio: Numbers
    b_squared: Numbers


def level_cases(value: Numbers, nominal: float, run: Sequence[str], beta: float, confidence: float, negative: str = TRUNCATE) -> ProfileCases:
    """Many data sets of one level and one balanced design: `value` (..., n), `run` (n,)."""
    design = nesting(run)
    if not design.balanced:
        raise Unsuitable(f"At level {nominal:g} runs hold different numbers of results. The formulas need as many in each run.")
    found, (p, n) = mean_squares(value, design), (design.counts[0], design.sizes[0])
    between, within = found.ms[..., 0], found.ms[..., 1]
    estimate = (between - within) / n
    b = np.maximum(estimate, 0)
    if negative == POOL:
        within = np.where(estimate < 0, found.ss.sum(-1) / (p * n - 1), within)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = b / within
    if not np.all(np.isfinite(r)):
        raise Degenerate(f"Replicates at level {nominal:g} are all equal: repeatability cannot be estimated. Give unrounded values.")
    b2 = (r + 1) / (n * r + 1)
    df = (r + 1) ** 2 / ((r + 1 / n) ** 2 / (p - 1) + (1 - 1 / n) / (p * n))
    sd = np.sqrt(b + within)
    k = special.stdtrit(df, (1 + beta) / 2) * np.sqrt(1 + 1 / (p * n * b2))
    parts = np.stack([found.ms[..., 0] / n, (1 - 1 / n) * found.ms[..., 1]], -1)
    upper = mls_upper(parts, design.df, 1 - confidence)
    variance_of_mean = (b + within / n) / p
    content = special.ndtri((1 + beta) / 2) * np.sqrt(1 + variance_of_mean / (b + within)) * np.sqrt(upper)
    return ProfileCases(found.mean, found.mean - nominal, within, b, estimate, df, k, k * sd, content, upper, r, b2)


@method(
    name="accuracy-profile",
    title="Accuracy profile (total error by tolerance intervals)",
    family="comparison",
    result=AccuracyProfileResult,
    citations=[HUBERT, MEE, HOFFMAN, USP_1210],
    columns=[
        Column("value", "result", least=4, together=True),
        Column("nominal", "true or nominal value of the sample", least=4, together=True),
        Column("run", "run (series, day) of the result", kind="label", axis=None, least=4, together=True),
    ],
    parameters=[
        Parameter("acceptance", "largest acceptable difference from nominal, percent, fixed before the data", "positive", optional=True),
        Parameter("beta", "share of future results the interval holds", "probability", 0.95),
        Parameter("judged_by", "interval held against the limits", "choice", "expectation", choices=("expectation", "content")),
        Parameter("negative", "negative variance between runs: taken as nothing, or pooled (Hubert)", "choice", TRUNCATE, choices=(TRUNCATE, POOL)),
        CONFIDENCE,
    ],
    example=Example(
        {"value": [9.6, 9.9, 10.3, 10.1, 9.4, 9.7, 49.2, 50.4, 51.3, 50.6, 48.7, 49.5], "nominal": [10] * 6 + [50] * 6, "run": list("112233112233")},
        {"acceptance": 20}, y_unit="mg/L"),
)  # fmt: skip
def accuracy_profile(
    *,
    value: Series,
    nominal: Series,
    run: Sequence[str],
    acceptance: float | None = None,
    beta: float = 0.95,
    judged_by: str = "expectation",
    negative: str = TRUNCATE,
    confidence: float = 0.95,
) -> AccuracyProfileResult:
    """Bias, precision, and the interval that holds a share beta of future results, at each level, against acceptance limits.

    Beta-expectation: mean ± t s_IP sqrt(1 + 1/(p n B²)) (Mee, Hubert). Beta-content with confidence: mean ± z sqrt(1 + Var(mean)/s_IP²) sqrt(U),
    U the MLS bound of the variance (Hoffman-Kringle). Assumptions: random runs, normal results, as many results in each run.
    """
    y, true, labels = value.array, nominal.array, np.array(run)
    if true.min() <= 0:
        raise Unsuitable("A nominal value is not above 0: a relative error has no meaning there.")
    levels = []
    for at in np.unique(true):
        here = true == at
        if len(set(labels[here])) < 2:
            raise TooFew(f"Level {at:g} has one run only: precision between runs cannot be seen. Measure it in at least two runs.")
        cases = level_cases(y[here], float(at), list(labels[here]), beta, confidence, negative)
        levels.append(_level(cases, float(at), labels[here], acceptance, judged_by, beta, confidence))
    first, last = _longest(levels) if acceptance else (None, None)
    low, high = (None, None) if acceptance is None or first is None or last is None else _edges(levels, first, last, acceptance, judged_by)
    shown = None if acceptance is None else all(each.valid for each in levels)
    return AccuracyProfileResult(
        levels=tuple(levels),
        acceptance=acceptance,
        valid_from=None if first is None else levels[first].nominal,
        valid_to=None if last is None else levels[last].nominal,
        lower_limit=low,
        upper_limit=high,
        n=len(y),
        decision=None if shown is None else "valid over the range" if shown else "valid in part" if first is not None else "not demonstrated",
        definitions={
            "negative variance between runs": "taken as nothing" if negative == TRUNCATE else "mean squares pooled",
            "content interval": "Hoffman-Kringle with MLS (Graybill-Wang) bound",
            "judged by": f"beta-{judged_by} interval",
        },
        assumptions=(Assumption("Runs are a random sample of those of routine use; results are normal with one precision at a level."),),
        warnings=tuple(f"Level {say(each.nominal)}: {each.df:.1f} degrees of freedom only." for each in levels if each.df < 4),
        sentence=_sentence(levels, acceptance, first, last, nominal.unit, beta, judged_by),
    )


def _level(
    c: ProfileCases, at: float, labels: np.ndarray[tuple[int, ...], np.dtype[np.str_]], limit: float | None, by: str, beta: float, confidence: float
) -> Level:
    mean, within, between = float(c.mean), float(c.within), float(c.between)
    if mean <= 0:
        raise Degenerate(f"The mean at level {at:g} is not above 0: a coefficient of variation has no meaning.")
    sd, runs = (within + between) ** 0.5, len(set(labels))
    half, wide = float(c.half_expectation), float(c.half_content)
    ends = {
        name: (Interval(mean - h, mean + h, level, "tolerance"), Interval(100 * (mean - h - at) / at, 100 * (mean + h - at) / at, level, "tolerance"))
        for name, h, level in (("expectation", half, beta), ("content", wide, confidence))
    }
    judged = ends[by][1]
    valid = None if limit is None else (judged.lower or 0) >= -limit and (judged.upper or 0) <= limit
    return Level(
        at,
        mean,
        mean - at,
        100 * (mean - at) / at,
        100 * mean / at,
        within,
        between,
        float(c.between_estimate),
        within**0.5,
        between**0.5,
        sd,
        100 * within**0.5 / mean,
        100 * sd / mean,
        float(c.ratio),
        float(c.b_squared),
        float(c.df),
        float(c.k),
        *ends["expectation"],
        *ends["content"],
        float(c.variance_upper),
        100 * abs(mean - at) / at + 100 * sd / mean,
        valid,
        runs,
        len(labels) // runs,
    )


def _longest(levels: Sequence[Level]) -> tuple[int | None, int | None]:
    best: tuple[int | None, int | None] = (None, None)
    start = 0
    for i, each in enumerate(levels):
        if not each.valid:
            start = i + 1
        elif best[0] is None or best[1] is None or i - start > best[1] - best[0]:
            best = (start, i)
    return best


def _edges(levels: Sequence[Level], first: int, last: int, limit: float, by: str) -> tuple[float, float]:
    def crossing(inside: Level, outside: Level) -> float:
        nearest = 1.0
        for end in ("lower", "upper"):
            a, b = (getattr(getattr(each, f"{by}_percent"), end) for each in (inside, outside))
            bound = -limit if end == "lower" else limit
            if (b < bound) if end == "lower" else (b > bound):
                nearest = min(nearest, (bound - a) / (b - a))
        return inside.nominal + nearest * (outside.nominal - inside.nominal)

    low = crossing(levels[first], levels[first - 1]) if first > 0 else levels[first].nominal
    high = crossing(levels[last], levels[last + 1]) if last + 1 < len(levels) else levels[last].nominal
    return low, high


def _sentence(levels: Sequence[Level], limit: float | None, first: int | None, last: int | None, unit: str, beta: float, by: str) -> str:
    widest = max(levels, key=lambda each: max(abs(getattr(each, f"{by}_percent").lower), abs(getattr(each, f"{by}_percent").upper)))
    ends = getattr(widest, f"{by}_percent")
    lead = f"The {share(beta)} beta-{by} limits were widest at {with_unit(widest.nominal, unit)}, {say(ends.lower, 3)} % to {say(ends.upper, 3)} % of nominal"
    if limit is None:
        return f"{lead} ({len(levels)} levels)."
    if first is None or last is None:
        return f"{lead}; at no level do they lie within ±{limit:g} %: the procedure is not demonstrated to be fit ({len(levels)} levels)."
    return f"{lead}; they lie within ±{limit:g} % from {say(levels[first].nominal)} to {with_unit(levels[last].nominal, unit)} ({len(levels)} levels)."
