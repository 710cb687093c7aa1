"""How fast a product degrades at its storage temperature, from rates at several temperatures (Arrhenius), in two stages or in one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y_PER_X, Dimension, X, Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate, NoConvergence, TooFew, WrongParameter
from ..result import Assumption, Citation, Interval, Result, reported
from ..series import Numbers, Series
from ..words import say, share
from .line import Line, line
from .mean_kinetic_temperature import GAS, ZERO

ZERO_ORDER, FIRST_ORDER = "zero", "first"
STEPS = 100
SOURCES = (Citation("ICH Q1A(R2) Stability Testing (2003)"), Citation("Waterman KC, Adami RC (2005) Int J Pharm 293:101-125"))


@dataclass(frozen=True)
class TwoStage:
    """A line of ln rate on 1/T through the rates of each temperature."""

    rates: dict[str, float] = reported("rate of loss at each temperature (degrees Celsius)", Y_PER_X)
    activation_energy: float = reported("activation energy, in kJ/mol")
    se_activation_energy: float = reported("its standard error, in kJ/mol")
    ln_a: float = reported("logarithm of the frequency factor", Dimension(log_y=1, log_x=-1))
    r_squared: float = reported("share of the variance of ln rate explained")
    rate_storage: float = reported("rate of loss predicted at the storage temperature", Y_PER_X)
    rate_storage_interval: Interval = reported("its confidence interval", Y_PER_X)
    df: int = reported("degrees of freedom, temperatures - 2")
    t_critical: float = reported("quantile of t of the intervals")
    time_to_loss: float | None = reported("time until the loss is reached at that rate; none when no loss is given", X)
    time_to_loss_interval: Interval | None = reported("its confidence interval", X)


@dataclass(frozen=True)
class OneStage:
    """All results at once: initial value, rate at storage and activation energy by least squares."""

    initial: float = reported("initial value", Y)
    se_initial: float = reported("its standard error", Y)
    rate_storage: float = reported("rate of loss at the storage temperature", Y_PER_X)
    rate_storage_interval: Interval = reported("its confidence interval, from that of its logarithm", Y_PER_X)
    se_ln_rate: float = reported("standard error of the logarithm of the rate at storage")
    activation_energy: float = reported("activation energy, in kJ/mol")
    se_activation_energy: float = reported("its standard error, in kJ/mol")
    activation_energy_interval: Interval = reported("its confidence interval, in kJ/mol")
    rmse: float = reported("residual standard deviation", Y)
    sse: float = reported("residual sum of squares", Dimension(y=2))
    df: int = reported("residual degrees of freedom")
    time_to_loss: float | None = reported("time until the loss is reached at that rate; none when no loss is given", X)
    time_to_loss_interval: Interval | None = reported("its confidence interval", X)


@dataclass(frozen=True, kw_only=True)
class ArrheniusResult(Result):
    """Rates over temperature. Rates are losses per unit of time; of the first order they are per unit of time and of the value itself."""

    two_stage: TwoStage | None = reported("rate at each temperature first, then their line; none when fewer than three temperatures lose")
    one_stage: OneStage = reported("all results at once")
    storage: float = reported("storage temperature, in degrees Celsius")
    temperatures: int = reported("number of temperatures")
    n: int = reported("number of results")


@method(
    name="arrhenius",
    title="Arrhenius: rate at the storage temperature from accelerated data",
    family="stability",
    result=ArrheniusResult,
    citations=SOURCES,
    columns=[
        Column("time", "time of the pull", axis="x", least=4, together=True),
        Column("value", "result at that time", least=4, together=True),
        Column("temperature", "temperature of storage, in degrees Celsius", axis=None, least=4, together=True),
    ],
    parameters=[
        Parameter("storage", "temperature for which the rate is wanted, in degrees Celsius", default=5.0),
        Parameter("order", "loss at a constant rate (zero) or in proportion to what is left (first)", "choice", ZERO_ORDER, choices=(ZERO_ORDER, FIRST_ORDER)),
        Parameter("loss", "loss that ends the shelf life: in the unit of the value (zero order); for the first order too, from the fitted initial value",
                  "positive", optional=True, dimension=Y),
        CONFIDENCE,
    ],
    example=Example(
        {
            "time": [0, 3, 6, 9, 12] * 4,
            "value": [100.1, 99.8, 99.7, 99.5, 99.4, 99.9, 98.7, 97.6, 96.2, 95.3, 100.2, 96.9, 93.4, 90.4, 87.1, 100.0, 91.8, 84.1, 75.8, 68.2],
            "temperature": [5] * 5 + [25] * 5 + [40] * 5 + [55] * 5,
        },
        {"storage": 5, "loss": 5},
        y_unit="%",
        x_unit="month",
    ),
)  # fmt: skip
def arrhenius(
    *, time: Series, value: Series, temperature: Series, storage: float = 5.0, order: str = ZERO_ORDER, loss: float | None = None, confidence: float = 0.95
) -> ArrheniusResult:
    """The rate of loss at the storage temperature, with its interval: rate = A exp(-Ea/(R T)).

    Two stages: a rate at each temperature, then ln rate on 1/T. One stage: initial value, ln rate at storage and Ea jointly by least
    squares (intervals from J'J and t). Assumptions: one mechanism over all temperatures; loss, not gain (turn the sign of what grows).
    """
    t, y, kelvin = time.array, value.array, temperature.array + ZERO
    if min(float(kelvin.min()), storage + ZERO) <= 0:
        raise WrongParameter("A temperature is below absolute zero. Give degrees Celsius.")
    if order == FIRST_ORDER and float(y.min()) <= 0:
        raise Degenerate(f"A value is {y.min():g}: a first-order loss has no such value. Use the zero order.")
    kinds = np.unique(kelvin)
    if len(kinds) < 2:
        raise TooFew("All results are at one temperature: nothing can be said of another. Two temperatures are the least.")
    inverse = 1 / (GAS * kelvin) - 1 / (GAS * (storage + ZERO))  # times Ea: how much lower ln rate is than at storage
    lines = {float(each): line(t[kelvin == each], np.log(y[kelvin == each]) if order == FIRST_ORDER else y[kelvin == each], error=False) for each in kinds}
    one = _one_stage(t, y, inverse, order, _start(lines, storage), loss, confidence)
    two = _two_stage(lines, storage, order, loss, confidence, one.initial)
    return ArrheniusResult(
        two_stage=two,
        one_stage=one,
        storage=storage,
        temperatures=len(kinds),
        n=len(y),
        y_unit=value.unit if order == ZERO_ORDER else "",
        definitions={"order": order, "gas constant": f"{GAS:.10g} kJ/(mol K)", "one stage": "least squares, covariance s² (J'J)⁻¹, t intervals"},
        assumptions=(Assumption("One reaction mechanism governs all temperatures."),),
        warnings=_warnings(two, storage, kinds),
        sentence=f"At {say(storage)} °C the rate of loss is {say(one.rate_storage)} per unit of time ({share(confidence)} CI "
        f"{say(one.rate_storage_interval.lower or 0)} to {say(one.rate_storage_interval.upper or 0)}), activation energy {say(one.activation_energy)} kJ/mol "
        f"({len(kinds)} temperatures, {len(y)} results, one-stage fit, {order} order)"
        + (f"; the loss of {say(loss or 0)} is reached at {say(one.time_to_loss)}." if one.time_to_loss is not None else "."),
    )


def _start(lines: dict[float, Line], storage: float) -> tuple[float, float, float]:
    """Intercept, ln rate at storage and Ea to start from: a rough line through the rates that are losses. Raises `Degenerate` without two of them."""
    losing = {kelvin: -each.slope for kelvin, each in lines.items() if each.slope < 0}
    if len(losing) < 2:
        raise Degenerate("Fewer than two temperatures show a loss: there is no rate to carry to storage. Test at higher temperatures, or turn the sign.")
    x = np.array([1 / (GAS * each) - 1 / (GAS * (storage + ZERO)) for each in losing])
    rough = line(x, np.log(np.array(list(losing.values()))), error=False)
    return float(np.mean([each.intercept for each in lines.values()])), rough.intercept, -rough.slope


def _one_stage(t: Numbers, y: Numbers, inverse: Numbers, order: str, start: tuple[float, float, float], loss: float | None, confidence: float) -> OneStage:
    """Gauss-Newton with halved steps (Levenberg-damped) in (initial, ln rate, Ea)."""
    p = np.array([math.exp(start[0]) if order == FIRST_ORDER else start[0], start[1], start[2]])
    scale = np.array([max(abs(p[0]), 1e-300), 1.0, max(abs(p[2]), 1.0)])

    def model(p: Numbers) -> tuple[Numbers, Numbers]:
        lost = np.exp(np.clip(p[1] - p[2] * inverse, -700, 300)) * t
        if order == ZERO_ORDER:
            return p[0] - lost, np.stack([np.ones_like(t), -lost, lost * inverse], axis=1)
        kept = np.exp(-lost)
        return p[0] * kept, np.stack([kept, -p[0] * kept * lost, p[0] * kept * lost * inverse], axis=1)

    damping, (fitted, jacobian) = 1e-3, model(p)
    sse = float(np.sum((y - fitted) ** 2))
    for _ in range(STEPS):
        j = jacobian * scale
        normal, gradient = j.T @ j, j.T @ (y - fitted)
        step = np.linalg.solve(normal + damping * np.diag(np.diag(normal) + 1e-300), gradient) * scale
        new, (new_fitted, new_jacobian) = p + step, model(p + step)
        new_sse = float(np.sum((y - new_fitted) ** 2))
        if not new_sse <= sse * (1 + 1e-14):
            damping *= 10
            if damping > 1e12:
                break
            continue
        p, sse, fitted, jacobian, damping = new, new_sse, new_fitted, new_jacobian, damping / 10
        if float(np.max(np.abs(step) / (np.abs(p) + 1e-12 * scale))) < 1e-13:
            break
    df = len(y) - 3
    if df < 1 or not sse > 1e-24 * float(y @ y):
        raise Degenerate("The results leave no error to judge by. Obtain further results, unrounded.")
    j = jacobian * scale
    if np.linalg.cond(j) > 1e10:
        raise NoConvergence("Rate and activation energy cannot be told apart from these results. Add temperatures or later pulls.")
    covariance = np.linalg.inv(j.T @ j) * np.outer(scale, scale) * sse / df
    return _one_stage_result(p, covariance, sse, df, order, loss, confidence)


def _one_stage_result(p: Numbers, covariance: Numbers, sse: float, df: int, order: str, loss: float | None, confidence: float) -> OneStage:
    se = np.sqrt(np.diag(covariance))
    wide = float(special.stdtrit(df, (1 + confidence) / 2))
    rate, low, high = (math.exp(float(p[1]) + sign * wide * float(se[1])) for sign in (0, -1, 1))
    needed = _needed(loss, float(p[0]), order)
    return OneStage(
        initial=float(p[0]),
        se_initial=float(se[0]),
        rate_storage=rate,
        rate_storage_interval=Interval(low, high, confidence),
        se_ln_rate=float(se[1]),
        activation_energy=float(p[2]),
        se_activation_energy=float(se[2]),
        activation_energy_interval=Interval(float(p[2] - wide * se[2]), float(p[2] + wide * se[2]), confidence),
        rmse=math.sqrt(sse / df),
        sse=sse,
        df=df,
        time_to_loss=None if needed is None else needed / rate,
        time_to_loss_interval=None if needed is None else Interval(needed / high, needed / low, confidence),
    )


def _needed(loss: float | None, initial: float, order: str) -> float | None:
    """The loss on the scale on which the rate is constant. Raises `WrongParameter` when more would be lost than there is."""
    if loss is None or order == ZERO_ORDER:
        return loss
    if loss >= initial:
        raise WrongParameter(f"The loss {loss:g} is as much as the initial value {initial:g}: a first-order loss never reaches it.")
    return -math.log1p(-loss / initial)


def _two_stage(lines: dict[float, Line], storage: float, order: str, loss: float | None, confidence: float, initial: float) -> TwoStage | None:
    losing = {kelvin: -each.slope for kelvin, each in lines.items() if each.slope < 0}
    if len(losing) < 3:
        return None
    try:
        return line_of_rates(losing, storage, _needed(loss, initial, order), confidence)
    except Degenerate:
        return None


def line_of_rates(rates: dict[float, float], storage: float, needed: float | None, confidence: float) -> TwoStage:
    """The line of ln rate on 1/T through rates by kelvin, carried to the storage temperature (degrees Celsius). Raises as `line` does."""
    fitted = line(np.array([1e3 / each for each in rates]), np.log(np.array(list(rates.values()))))
    at = 1e3 / (storage + ZERO)
    wide = fitted.t((1 + confidence) / 2) * fitted.se_mean(at)
    rate, low, high = (math.exp(fitted.at(at) + each) for each in (0.0, -wide, wide))
    return TwoStage(
        rates={f"{kelvin - ZERO:g}": each for kelvin, each in rates.items()},
        activation_energy=-fitted.slope * 1e3 * GAS,
        se_activation_energy=fitted.se_slope * 1e3 * GAS,
        ln_a=fitted.intercept,
        r_squared=fitted.r_squared,
        rate_storage=rate,
        rate_storage_interval=Interval(low, high, confidence),
        df=fitted.df,
        t_critical=fitted.t((1 + confidence) / 2),
        time_to_loss=None if needed is None else needed / rate,
        time_to_loss_interval=None if needed is None else Interval(needed / high, needed / low, confidence),
    )


def _warnings(two: TwoStage | None, storage: float, kinds: Numbers) -> tuple[str, ...]:
    found: list[str] = []
    if two is None:
        found.append("Fewer than three temperatures show a loss: there is no line of rates over temperature.")
    if storage + ZERO < float(kinds.min()) or storage + ZERO > float(kinds.max()):
        found.append("The storage temperature lies outside those tested: the rate is extrapolated.")
    return tuple(found)
