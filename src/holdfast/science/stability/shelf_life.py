"""Shelf life by ICH Q1E: poolability of batches, and when a confidence bound meets the limit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ..dimension import Y_PER_X, Y_SQUARED, X, Y
from ..method import Column, Example, method
from ..parameter import ALPHA, Parameter
from ..refusal import Degenerate, TooFew, WrongParameter
from ..result import Assumption, Citation, Result, reported
from ..series import Numbers, Series
from ..words import duration, say, share
from .batch_lines import COMMON_LINE, COMMON_SLOPE, FULL, INDIVIDUAL, MODELS, NO_CHANGE, Design, Lines, Poolability, choose, design, fit, poolability
from .crossing import BEFORE, MET, NEVER, Crossing, crossing, crossing_times, earliest

Q1E = Citation("ICH Q1E Evaluation for Stability Data (2003)", "2.6, B.2-B.7")
LEBLOND = Citation("LeBlond D, Griffith D, Aubuchon K (2011) J Valid Technol 17(3):47-68")
REDUCED, POOLED, AUTO = "reduced", "pooled", "auto"
CONFIDENCE, PREDICTION = "confidence", "prediction"


@dataclass(frozen=True)
class BatchLine:
    """The line of one batch in one model."""

    intercept: float = reported("value at time 0", Y)
    slope: float = reported("change per unit of time", Y_PER_X)
    se_intercept: float = reported("standard error of the intercept", Y)
    se_slope: float = reported("standard error of the slope", Y_PER_X)
    rmse: float = reported("residual standard deviation used", Y)
    df: float = reported("its degrees of freedom")
    crossing: Crossing = reported("when its bound meets the limit", X)
    lower: Crossing | None = reported("when its bound meets the lower limit; none without one", X)
    upper: Crossing | None = reported("when its bound meets the upper limit; none without one", X)
    sse: float | None = reported("residual sum of squares of an individual fit; none when the error is pooled", Y_SQUARED, default=None)


@dataclass(frozen=True)
class ModelFit:
    """One of the four models, or the individual fits."""

    batches: dict[str, BatchLine]
    shelf_life: Crossing = reported("the earliest crossing of all batches", X)
    worst_batch: str = reported("the batch that crosses first; all of them share a common line")
    sse: float | None = reported("residual sum of squares; none for individual fits", Y_SQUARED, default=None)
    mse: float | None = reported("residual mean square", Y_SQUARED, default=None)
    rmse: float | None = reported("residual standard deviation", Y, default=None)
    df: int | None = reported("residual degrees of freedom", default=None)
    f_regression: float | None = reported("F of the whole regression against the mean", default=None)
    p_regression: float | None = reported("its p-value", default=None)
    r_squared: float | None = reported("share of variance explained", default=None)


@dataclass(frozen=True)
class AncovaRow:
    """One comparison of models."""

    f: float = reported("F statistic")
    p: float = reported("its p-value")
    df: int = reported("numerator degrees of freedom")
    df_error: int = reported("denominator degrees of freedom")


@dataclass(frozen=True, kw_only=True)
class ShelfLifeResult(Result):
    """ICH Q1E analysis; with `scale` log everything is on natural logarithms of the values."""

    model: str = reported("the model chosen: full, common-slope or common-line; individual for a single batch")
    shelf_life: float | None = reported("time at which the bound of the worst batch meets the limit; none if it does not, see status", X)
    shelf_life_whole: int | None = reported("the same, truncated to whole units of time: what is proposed before any cap on extrapolation", X, unit_bound=True)
    status: str = reported("crosses, does not cross, or outside at time 0")
    worst_batch: str = reported("the batch whose bound meets the limit first")
    ancova: dict[str, AncovaRow] = reported("tests of slopes, of intercepts (error of the full and of the reduced model), of both, of a common intercept")
    models: dict[str, ModelFit] = reported("every model, and each batch fitted on its own")
    shelf_life_individual: float | None = reported("shelf life of the worst batch by individual fits", X)
    shelf_life_pooled: float | None = reported("shelf life of the worst batch by the full model with pooled error", X)
    last_time: float = reported("latest time with data", X)
    n: int = reported("number of values")
    batches: int = reported("number of batches")


COLUMNS = (
    Column("time", "time of the pull, the same unit throughout", axis="x", least=3, together=True),
    Column("value", "result at that time", least=3, together=True),
    Column("batch", "batch of the result", kind="label", axis=None, least=3, together=True),
)
PARAMETERS = (
    Parameter("lower", "lower acceptance limit; without one only the upper holds", optional=True, dimension=Y),
    Parameter("upper", "upper acceptance limit; without one only the lower holds", optional=True, dimension=Y),
    ALPHA,
    Parameter("pooling_level", "level of the tests of poolability", "probability", 0.25),
    Parameter("intercept_error", "error of the test of intercepts: of the full model, or of the reduced one", "choice", FULL, choices=(FULL, REDUCED)),
    Parameter("worst_batch_fit", "when slopes differ: each batch on its own, or all with the pooled error", "choice", INDIVIDUAL, choices=(INDIVIDUAL, POOLED)),
    Parameter("sides", "bound of 1 - alpha, or two of 1 - alpha/2; auto: two when both limits are given", "choice", AUTO, choices=(AUTO, "one", "two")),
    Parameter("bound", "bound of the mean line, or of a single result", "choice", CONFIDENCE, choices=(CONFIDENCE, PREDICTION)),
    Parameter("scale", "values as they are, or their logarithms (first-order change)", "choice", "linear", choices=("linear", "log")),
    Parameter("model", "force a model instead of choosing it by the tests", "choice", AUTO, choices=(AUTO, *MODELS)),
)


@dataclass(frozen=True)
class Question:
    """Limits and conventions: what is asked of the lines. `tail` is the error on each side."""

    lower: Any  # a number, or an array over cases
    upper: Any
    tail: float
    bound: str

    @property
    def limits(self) -> list[tuple[str, Any]]:
        """The limits there are, with their sides."""
        return [(side, limit) for side, limit in (("lower", self.lower), ("upper", self.upper)) if limit is not None]


@dataclass(frozen=True)
class ShelfLifeCases:
    """Arrays over cases. `shelf_life` is 0 where the bound is outside at time 0, and infinite where it never crosses."""

    model: np.ndarray[tuple[int, ...], np.dtype[np.str_]]
    shelf_life: Numbers
    tests: Poolability
    lines: dict[str, Lines]


def shelf_life_cases(
    *,
    time: Numbers,
    value: Numbers,
    batch: Sequence[str],
    lower: Any = None,
    upper: Any = None,
    alpha: float = 0.05,
    pooling_level: float = 0.25,
    intercept_error: str = FULL,
    worst_batch_fit: str = INDIVIDUAL,
) -> ShelfLifeCases:
    """Many studies of one design at once: `time` (n,), `batch` (n,), `value` (..., n), finite; limits broadcast over the cases.

    A case that is outside its limit at time 0 has shelf life 0 here, and one whose bound never crosses infinity.
    """
    if not np.all(np.isfinite(value)):
        raise Degenerate("Some values are not finite. Leave those studies out.")
    asked = Question(lower, upper, alpha / 2 if lower is not None and upper is not None else alpha, CONFIDENCE)
    of = design(time, batch)
    models = fit(value, of)
    tests = poolability(models, of.k)
    model = choose(tests, pooling_level, intercept_error)
    worst = INDIVIDUAL if worst_batch_fit == INDIVIDUAL else FULL
    if worst == INDIVIDUAL and of.number.min() < 3:
        raise TooFew(f"The design gives {_short(of)} two values only, which have no error of their own. Use the pooled error, or more pulls.")
    lives = {name: _first(models[name], asked) for name in {worst, COMMON_SLOPE, COMMON_LINE}}
    life = np.where(model == FULL, lives[worst], np.where(model == COMMON_SLOPE, lives[COMMON_SLOPE], lives[COMMON_LINE]))
    return ShelfLifeCases(model, life, tests, models)


def _first(lines: Lines, asked: Question) -> Numbers:
    """The earliest crossing over batches and limits; 0 where outside at time 0, infinity where none crosses."""
    first: Numbers = np.full(lines.intercept.shape[:-1], np.inf)
    for side, limit in asked.limits:
        time, outside, _ = _times(lines, asked, side, limit)
        first = np.minimum(first, np.where(outside, 0.0, np.where(np.isnan(time), np.inf, time)).min(axis=-1))
    return first


def _times(lines: Lines, asked: Question, side: str, limit: Any) -> Any:
    mse = lines.mse if lines.mse.shape == lines.intercept.shape else lines.mse[..., None]
    half = special.stdtrit(np.maximum(lines.df, 1e-9), 1 - asked.tail) * np.sqrt(mse)
    v = lines.variance
    if asked.bound == PREDICTION:
        v = v + np.array([[1.0], [0.0], [0.0]])
    return crossing_times(lines.intercept, lines.slope, np.asarray(limit, float)[..., None], side, half, v)


@method(
    name="shelf-life",
    title="Poolability and shelf life (ICH Q1E)",
    family="stability",
    result=ShelfLifeResult,
    citations=[Q1E, Citation("Chow SC, Shao J (1991) Biometrics 47:1071-1079"), LEBLOND],
    columns=COLUMNS,
    parameters=PARAMETERS,
    example=Example(
        {
            "time": [0, 3, 6, 9, 12, 18, 0, 3, 6, 9, 12, 18, 0, 3, 6, 9, 12, 18],
            "value": [101.2, 100.4, 100.1, 99.2, 98.9, 97.8, 100.6, 100.3, 99.1, 99.0, 98.1, 97.2, 102.1, 101.4, 101.2, 100.2, 99.9, 98.7],
            "batch": list("AAAAAABBBBBBCCCCCC"),
        },
        {"lower": 95},
        y_unit="%",
        x_unit="month",
    ),
    arrays=shelf_life_cases,
)
def shelf_life(
    *,
    time: Series,
    value: Series,
    batch: Sequence[str],
    lower: float | None = None,
    upper: float | None = None,
    alpha: float = 0.05,
    pooling_level: float = 0.25,
    intercept_error: str = FULL,
    worst_batch_fit: str = INDIVIDUAL,
    sides: str = AUTO,
    bound: str = CONFIDENCE,
    scale: str = "linear",
    model: str = AUTO,
) -> ShelfLifeResult:
    """Whether batches may be pooled (slopes, then intercepts, at 0.25), and when the confidence bound of the worst batch meets the limit.

    Lines of full, common-slope, common-intercept and common-line models, each with its shelf life, so that the choice can be seen for
    what it changes. The bound is one-sided 1 - alpha for one limit and 1 - alpha/2 on each side for two. Assumptions: straight lines (on
    the scale used), independent errors of one variance; values not rounded before the fit.
    """
    y, low, high = _scaled(value, lower, upper, scale)
    if low is None and high is None:
        raise WrongParameter("Neither a lower nor an upper limit is given. Give at least one.")
    two = sides == "two" or (sides == AUTO and low is not None and high is not None)
    asked = Question(low, high, alpha / 2 if two else alpha, bound)
    of = design(time.array, batch)
    lines = fit(y, of)
    kinds = [FULL] if of.k == 1 else list(MODELS) if of.number.min() < 3 else [*MODELS, INDIVIDUAL]
    models = {name: _model(name, lines[name], of, asked, y) for name in kinds}
    tests = poolability(lines, of.k) if of.k > 1 else None
    if tests is None and float(lines[FULL].sse) <= 1e-20 * float(lines[NO_CHANGE].sse) + 1e-300:
        raise Degenerate("The values lie on a straight line exactly: there is no error for a bound. Give unrounded values.")
    chosen = FULL if tests is None else model if model != AUTO else str(choose(tests, pooling_level, intercept_error))
    alone = chosen == FULL and worst_batch_fit == INDIVIDUAL and of.k > 1
    if alone and INDIVIDUAL not in models:
        raise TooFew(f"Slopes differ, and {_short(of)} of two values only has no error of its own. Use the pooled error, or wait for further pulls.")
    used = models[INDIVIDUAL if alone else chosen]
    life = used.shelf_life.time
    return ShelfLifeResult(
        model=INDIVIDUAL if tests is None else chosen,
        shelf_life=life,
        shelf_life_whole=None if life is None else math.floor(life + 1e-9),
        status=used.shelf_life.status,
        worst_batch=used.worst_batch,
        ancova={} if tests is None else _ancova(tests, of, lines),
        models=models,
        shelf_life_individual=models[INDIVIDUAL].shelf_life.time if INDIVIDUAL in models else life if of.k == 1 else None,
        shelf_life_pooled=models[FULL].shelf_life.time,
        last_time=float(of.time.max()),
        n=len(y),
        batches=of.k,
        y_unit=value.unit if scale == "linear" else f"ln({value.unit or '1'})",
        decision={MET: "shelf life supported", NEVER: "no crossing", BEFORE: "not supported"}[used.shelf_life.status],
        definitions={
            "test of intercepts": f"error of the {intercept_error} model",
            "worst batch when slopes differ": "individual fits" if worst_batch_fit == INDIVIDUAL else "pooled error",
            "bound": f"{bound}, {'two-sided, ' if two else 'one-sided, '}{share(1 - asked.tail)} on {'each' if two else 'one'} side",
            "scale": scale,
        },
        assumptions=_assumptions(lines, of),
        warnings=_warnings(used, of, life, model),
        sentence=_sentence(used, chosen, tests, of, asked, pooling_level, intercept_error, time.unit, (lower, upper)),
    )


def _short(of: Design) -> str:
    return f"batch {of.names[int(np.argmin(of.number))]}"


def _scaled(value: Series, lower: float | None, upper: float | None, scale: str) -> tuple[Numbers, float | None, float | None]:
    y = value.array
    if scale == "linear":
        return y, lower, upper
    smallest = min([float(y.min()), *(each for each in (lower, upper) if each is not None)])
    if smallest <= 0:
        raise Degenerate(f"A value or limit is {smallest:g}: it has no logarithm. Use the linear scale.")
    return np.log(y), None if lower is None else math.log(lower), None if upper is None else math.log(upper)


def _model(name: str, lines: Lines, of: Design, asked: Question, y: Numbers) -> ModelFit:
    sides = {side: _times(lines, asked, side, limit) for side, limit in asked.limits}
    mse = np.broadcast_to(lines.mse if np.ndim(lines.mse) else np.asarray(lines.mse)[None], (of.k,))
    df = np.broadcast_to(np.atleast_1d(lines.df), (of.k,))
    batches = {}
    for number, batch in enumerate(of.names):
        found = {side: crossing(*(each[number] for each in times)) for side, times in sides.items()}
        batches[batch] = BatchLine(
            float(lines.intercept[number]),
            float(lines.slope[number]),
            float(np.sqrt(mse[number] * lines.variance[0, number])),
            float(np.sqrt(mse[number] * lines.variance[2, number])),
            float(np.sqrt(mse[number])),
            float(df[number]),
            earliest(found)[1],
            found.get("lower"),
            found.get("upper"),
            float(lines.sse[number]) if name == INDIVIDUAL else None,
        )
    worst, first = earliest({batch: each.crossing for batch, each in batches.items()})
    worst = ", ".join(of.names) if name == COMMON_LINE else worst
    return ModelFit(batches, first, worst) if name == INDIVIDUAL else ModelFit(batches, first, worst, **_regression(lines, y))


def _regression(lines: Lines, y: Numbers) -> dict[str, Any]:
    total, sse, df = float(np.sum((y - y.mean()) ** 2)), float(lines.sse), int(lines.df)
    regression_df = len(y) - 1 - df
    f = (total - sse) / regression_df / (sse / df) if sse > 0 else 0.0
    return {
        "sse": sse,
        "mse": sse / df,
        "rmse": math.sqrt(sse / df),
        "df": df,
        "f_regression": f,
        "p_regression": float(special.fdtrc(regression_df, df, max(f, 0.0))),
        "r_squared": 1 - sse / total if total > 0 else 0.0,
    }


def _ancova(tests: Poolability, of: Design, lines: dict[str, Lines]) -> dict[str, AncovaRow]:
    full, reduced = int(lines[FULL].df), int(lines[COMMON_SLOPE].df)
    rows = {
        "slopes": (tests.f_slopes, tests.p_slopes, of.k - 1, full),
        "intercepts_full": (tests.f_intercepts_full, tests.p_intercepts_full, of.k - 1, full),
        "intercepts_reduced": (tests.f_intercepts_reduced, tests.p_intercepts_reduced, of.k - 1, reduced),
        "lines": (tests.f_lines, tests.p_lines, 2 * (of.k - 1), full),
        "common_intercept": (tests.f_common_intercept, tests.p_common_intercept, of.k - 1, full),
    }
    return {name: AncovaRow(float(f), float(p), df, error) for name, (f, p, df, error) in rows.items()}


def _assumptions(lines: dict[str, Lines], of: Design) -> tuple[Assumption, ...]:
    return (
        Assumption("Each batch changes in a straight line on the scale used."),
        Assumption("Errors are independent, normal and of one variance in all batches."),
        Assumption("Values were not rounded before the fit."),
    )


def _warnings(used: ModelFit, of: Design, life: float | None, forced: str) -> tuple[str, ...]:
    warnings = []
    if life is not None and life > float(of.time.max()):
        warnings.append(f"The crossing lies {say(life - float(of.time.max()))} beyond the last data: see the caps on extrapolation (ICH Q1E Appendix A).")
    if used.shelf_life.status == NEVER:
        warnings.append("The bound does not cross the limit: that is no shelf life without end. It is limited by the data there are.")
    if used.shelf_life.status == BEFORE:
        warnings.append("The bound is outside the limit at time 0 already: no shelf life can be supported from these data.")
    if of.k < 3:
        warnings.append(f"{of.k} batch{'es' if of.k > 1 else ''} only: ICH Q1A asks for at least three.")
    if forced != AUTO:
        warnings.append(f"The model {forced} was prescribed, not chosen by the tests.")
    return tuple(warnings)


def _sentence(
    used: ModelFit,
    chosen: str,
    tests: Poolability | None,
    of: Design,
    asked: Question,
    level: float,
    intercept_error: str,
    unit: str,
    limits: tuple[float | None, float | None],
) -> str:
    words = {FULL: "with separate lines", COMMON_SLOPE: "with a common slope and separate intercepts", COMMON_LINE: "with one common line"}
    first = ""
    if tests is not None:
        p_slopes, p = float(tests.p_slopes), float(tests.p_intercepts_full if intercept_error == FULL else tests.p_intercepts_reduced)
        slopes = f"Slopes {'differed' if p_slopes < level else 'did not differ'} (p = {say(p_slopes, 2)}, level {level:g})"
        intercepts = "" if p_slopes < level else f"{' but intercepts did' if p < level else ', nor did intercepts'} (p = {say(p, 2)})"
        first = f"{slopes}{intercepts}; "
    at = used.shelf_life
    limit = " or ".join(say(each) for each in limits if each is not None)
    batch = "the batch" if of.k == 1 else "all batches" if chosen == COMMON_LINE else f"the worst batch ({used.worst_batch})"
    lead = f"{first}{words.get(chosen, f'with the {chosen} model')} the {share(1 - asked.tail)} bound of {batch} "
    if at.time is None:
        lead += f"does not meet {limit}" if at.status == NEVER else f"lies outside {limit} at time 0"
    else:
        lead += f"meets {limit} at {duration(at.time, unit)}, supporting {duration(math.floor(at.time + 1e-9), unit)} before any cap on extrapolation"
    return f"{lead[0].upper()}{lead[1:]} (n = {len(of.time)}, {of.k} batch{'es' if of.k > 1 else ''})."
