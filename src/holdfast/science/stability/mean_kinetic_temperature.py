"""Mean kinetic temperature: the one temperature that would have degraded as much as those recorded."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..method import Column, Example, method
from ..parameter import Parameter
from ..refusal import Unsuitable
from ..result import Assumption, Citation, Result, reported
from ..series import Series
from ..words import say

GAS = 8.314462618e-3  # kJ/(mol K), CODATA 2018
ZERO = 273.15


@dataclass(frozen=True, kw_only=True)
class MeanKineticTemperatureResult(Result):
    """Temperatures in degrees Celsius."""

    mkt: float = reported("mean kinetic temperature, in degrees Celsius")
    mkt_kelvin: float = reported("mean kinetic temperature, in kelvin")
    mean: float = reported("arithmetic mean (weighted by duration), in degrees Celsius")
    minimum: float = reported("lowest temperature, in degrees Celsius")
    maximum: float = reported("highest temperature, in degrees Celsius")
    n: int = reported("number of temperatures")


@method(
    name="mean-kinetic-temperature",
    title="Mean kinetic temperature",
    family="stability",
    result=MeanKineticTemperatureResult,
    citations=[Citation("USP <1079.2> Mean Kinetic Temperature"), Citation("ICH Q1A(R2)", "Glossary"), Citation("Haynes JD (1971) J Pharm Sci 60:927-929")],
    columns=[
        Column("temperature", "recorded temperatures, in degrees Celsius", axis=None, least=1),
        Column("duration", "how long each was held, in any unit; equal if left out", axis=None, least=1, required=False),
    ],
    parameters=[
        Parameter("activation_energy", "activation energy, in kJ/mol", "positive", 83.144),
        Parameter("gas_constant", "gas constant, in kJ/(mol K)", "positive", GAS),
    ],
    order=True,
    example=Example({"temperature": [20.1, 22.4, 25.0, 24.2, 31.0, 21.5]}, {}),
)
def mean_kinetic_temperature(
    *, temperature: Series, duration: Series | None = None, activation_energy: float = 83.144, gas_constant: float = GAS
) -> MeanKineticTemperatureResult:
    """(dH/R) / -ln(mean of exp(-dH/(R T))), T in kelvin, weighted by duration; dH = 83.144 kJ/mol by convention.

    Assumptions: one Arrhenius reaction of this activation energy. It does not excuse an excursion by itself.
    """
    celsius = temperature.array
    if float(celsius.min()) <= -ZERO:
        raise Unsuitable(f"The temperature {celsius.min():g} is below absolute zero. Give degrees Celsius.")
    weight = np.ones_like(celsius) if duration is None else duration.array
    if len(weight) != len(celsius) or float(weight.min()) < 0 or float(weight.sum()) <= 0:
        raise Unsuitable("Durations must be as many as temperatures, none negative and not all nothing.")
    exponent = -activation_energy / (gas_constant * (celsius + ZERO))
    top = float(exponent.max())
    kelvin = activation_energy / gas_constant / -(top + math.log(float(np.exp(exponent - top) @ weight) / float(weight.sum())))
    return MeanKineticTemperatureResult(
        mkt=kelvin - ZERO,
        mkt_kelvin=kelvin,
        mean=float(celsius @ weight / weight.sum()),
        minimum=float(celsius.min()),
        maximum=float(celsius.max()),
        n=len(celsius),
        definitions={"activation energy": f"{activation_energy:g} kJ/mol", "gas constant": f"{gas_constant:.10g} kJ/(mol K)", "0 degrees Celsius": "273.15 K"},
        assumptions=(Assumption("Degradation follows one Arrhenius reaction of the activation energy stated."),),
        sentence=f"The mean kinetic temperature of {len(celsius)} records ({say(float(celsius.min()))} to {say(float(celsius.max()))} °C) is "
        f"{say(kelvin - ZERO)} °C (activation energy {activation_energy:g} kJ/mol).",
    )
