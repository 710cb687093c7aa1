"""What a stability study would be worth before it starts: how often ICH Q1E pools, and how often it promises too much."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..dimension import Y_PER_X, X, Y
from ..method import Example, method
from ..parameter import ALPHA, Parameter
from ..refusal import WrongParameter
from ..result import Assumption, Citation, Result, reported
from ..series import Numbers
from ..words import say, share
from .batch_lines import COMMON_LINE, COMMON_SLOPE, FULL, INDIVIDUAL
from .shelf_life import PARAMETERS, Q1E, shelf_life_cases

CHUNK = 20_000


@dataclass(frozen=True, kw_only=True)
class ShelfLifeSimulationResult(Result):
    """Frequencies over simulated studies; errors are Monte Carlo standard errors."""

    true_life: float = reported("time at which the given share of batches has failed in truth: what a label should not exceed", X)
    too_long: float = reported("share of studies whose shelf life exceeds it")
    too_long_error: float = reported("its Monte Carlo standard error")
    separate_slopes: float = reported("share of studies that choose separate slopes")
    common_slope: float = reported("share of studies that choose a common slope")
    common_line: float = reported("share of studies that pool into one line")
    no_crossing: float = reported("share of studies whose bound never crosses")
    outside_at_start: float = reported("share of studies whose bound is outside at time 0")
    median_life: float | None = reported("median shelf life over studies; none when half of them have no crossing", X)
    life_05: float | None = reported("5 % quantile of the shelf life over studies", X)
    life_95: float | None = reported("95 % quantile of the shelf life over studies", X)
    error: float = reported("largest Monte Carlo standard error of a share")
    simulations: int = reported("number of studies simulated")


@method(
    name="shelf-life-simulation",
    title="Operating characteristic of an ICH Q1E study (simulated)",
    family="stability",
    result=ShelfLifeSimulationResult,
    citations=[Q1E, Citation("Quinlan M, Stroup W, Schwenke J, Christopher D (2013) AAPS PharmSciTech 14:1036-1047")],
    columns=[],
    parameters=[
        Parameter("times", "times of the pulls", "numbers", (0.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0), dimension=X),
        Parameter("batches", "number of batches", "count", 3, least=2),
        Parameter("lower", "lower acceptance limit", dimension=Y),
        Parameter("intercept", "true mean at time 0", dimension=Y),
        Parameter("slope", "true mean change per unit of time", dimension=Y_PER_X),
        Parameter("sd_intercept", "true standard deviation of intercepts between batches", dimension=Y, default=0.0),
        Parameter("sd_slope", "true standard deviation of slopes between batches", dimension=Y_PER_X, default=0.0),
        Parameter("sd_residual", "true residual standard deviation", "positive", dimension=Y),
        Parameter("quantile", "share of batches that may fail before the true life", "probability", 0.05),
        ALPHA,
        PARAMETERS[3],
        PARAMETERS[4],
        PARAMETERS[5],
        Parameter("simulations", "how many studies are simulated", "count", 10_000, least=100),
        Parameter("seed", "seed of the counter-based generator (Philox)", "count", 1, least=0),
    ],
    example=Example({}, {"lower": 90, "intercept": 100, "slope": -0.25, "sd_intercept": 0.5, "sd_slope": 0.02, "sd_residual": 0.4, "simulations": 500}),
)
def shelf_life_simulation(
    *,
    times: tuple[float, ...] = (0.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0),
    batches: int = 3,
    lower: float,
    intercept: float,
    slope: float,
    sd_intercept: float = 0.0,
    sd_slope: float = 0.0,
    sd_residual: float,
    quantile: float = 0.05,
    alpha: float = 0.05,
    pooling_level: float = 0.25,
    intercept_error: str = FULL,
    worst_batch_fit: str = INDIVIDUAL,
    simulations: int = 10_000,
    seed: int = 1,
) -> ShelfLifeSimulationResult:
    """Simulated studies of one design: how often each model is chosen, and how often the shelf life exceeds the time by which the given
    share of batches has failed in truth. Noise buys pooling: the test at 0.25 pools more often the noisier the data are.

    Assumptions: straight lines, normal intercepts and slopes (independent) and errors, as given.
    """
    if min(sd_intercept, sd_slope) < 0:
        raise WrongParameter("A standard deviation is negative.")
    true_life = batch_life(intercept - lower, slope, sd_intercept, sd_slope, quantile)
    time, names = np.tile(np.array(times, float), batches), [str(each) for each in range(batches) for _ in times]
    chance = np.random.Generator(np.random.Philox(seed))
    lives, models = [], []
    for start in range(0, simulations, CHUNK):
        size = min(CHUNK, simulations - start)
        values = _studies(chance, (size, batches, len(times)), np.array(times, float), (intercept, slope), (sd_intercept, sd_slope, sd_residual))
        found = shelf_life_cases(
            time=time, value=values, batch=names, lower=lower, alpha=alpha, pooling_level=pooling_level,
            intercept_error=intercept_error, worst_batch_fit=worst_batch_fit,
        )  # fmt: skip
        lives.append(found.shelf_life)
        models.append(found.model)
    life, model = np.concatenate(lives), np.concatenate(models)
    shares = {name: float(np.mean(model == name)) for name in (FULL, COMMON_SLOPE, COMMON_LINE)}
    too_long = float(np.mean(life > true_life))
    return ShelfLifeSimulationResult(
        true_life=true_life,
        too_long=too_long,
        too_long_error=_error(too_long, simulations),
        separate_slopes=shares[FULL],
        common_slope=shares[COMMON_SLOPE],
        common_line=shares[COMMON_LINE],
        no_crossing=float(np.mean(np.isinf(life))),
        outside_at_start=float(np.mean(life == 0)),
        median_life=_quantile(life, 0.5),
        life_05=_quantile(life, 0.05),
        life_95=_quantile(life, 0.95),
        error=max(_error(each, simulations) for each in (*shares.values(), too_long)),
        simulations=simulations,
        seed=seed,
        definitions={"generator": "Philox, counter-based", "true life": f"{share(quantile)} of batches have failed"},
        assumptions=(Assumption("Lines are straight; intercepts, slopes and errors are normal and independent, as given."),),
        warnings=(f"The study would promise more than the truth with probability {say(too_long, 2)}.",) if too_long > alpha else (),
        sentence=f"Of {simulations} simulated studies ({batches} batches, {len(times)} pulls), {share(round(shares[FULL], 3))} choose separate slopes and "
        f"{share(round(shares[COMMON_LINE], 3))} pool into one line; the shelf life exceeds the time at which {share(quantile)} of batches fail "
        f"({say(true_life)}) in {share(round(too_long, 3))} of them (Monte Carlo error {share(round(_error(too_long, simulations), 4))}, seed {seed}).",
    )


def _studies(chance: np.random.Generator, shape: tuple[int, int, int], times: Numbers, mean: tuple[float, float], sd: tuple[float, float, float]) -> Numbers:
    """Simulated values, (studies, batches x times)."""
    lines = chance.standard_normal((2, *shape[:2]))
    noise = chance.standard_normal(shape)
    values = mean[0] + sd[0] * lines[0][..., None] + (mean[1] + sd[1] * lines[1])[..., None] * times + sd[2] * noise
    flat: Numbers = values.reshape(shape[0], -1)
    return flat


def batch_life(room: float, slope: float, sd_intercept: float, sd_slope: float, quantile: float) -> float:
    """The first time t at which P(room + slope t + N(0, sd_intercept² + t² sd_slope²) < 0) = quantile. Raises `WrongParameter` without one."""
    z = float(special.ndtri(1 - quantile))

    def distance(t: float) -> float:
        return room + slope * t - z * math.hypot(sd_intercept, t * sd_slope)

    if distance(0.0) <= 0:
        raise WrongParameter("More batches than the given share are outside the limit at time 0 already. Raise the intercept, or lower its spread.")
    high = 1.0
    while distance(high) > 0:
        high *= 2
        if high > 1e9:
            raise WrongParameter("With this slope and spread the limit is never reached: there is no true life to hold the study against.")
    low = 0.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if distance(middle) > 0 else (low, middle)
    return (low + high) / 2


def _error(probability: float, simulations: int) -> float:
    return math.sqrt(probability * (1 - probability) / simulations)


def _quantile(life: Numbers, at: float) -> float | None:
    found = float(np.sort(life)[min(int(at * len(life)), len(life) - 1)])
    return found if math.isfinite(found) else None
