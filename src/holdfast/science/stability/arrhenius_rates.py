"""Rate at the storage temperature from rates that are known at several temperatures (Arrhenius)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..dimension import Dimension, Y
from ..method import Column, Example, method
from ..parameter import CONFIDENCE, Parameter
from ..refusal import Degenerate
from ..result import Assumption, Interval, Result, reported
from ..series import Series
from ..words import say, share
from .arrhenius import SOURCES, line_of_rates
from .mean_kinetic_temperature import GAS, ZERO

RATE = Column("rate", "rate of loss at each temperature, all positive", axis="y", least=3, together=True)


@dataclass(frozen=True, kw_only=True)
class ArrheniusRatesResult(Result):
    """A line of ln rate on 1/T. The unit of the rates is that of the response here."""

    activation_energy: float = reported("activation energy, in kJ/mol")
    se_activation_energy: float = reported("its standard error, in kJ/mol")
    activation_energy_interval: Interval = reported("its confidence interval, in kJ/mol")
    ln_a: float = reported("logarithm of the frequency factor", Dimension(log_y=1))
    r_squared: float = reported("share of the variance of ln rate explained")
    rate_storage: float = reported("rate predicted at the storage temperature", Y)
    rate_storage_interval: Interval = reported("its confidence interval", Y)
    time_to_loss: float | None = reported("loss over rate at storage; none when no loss is given", Dimension(y=-1))
    time_to_loss_interval: Interval | None = reported("its confidence interval", Dimension(y=-1))
    df: int = reported("degrees of freedom, temperatures - 2")


@method(
    name="arrhenius-rates",
    title="Arrhenius from rates at several temperatures",
    family="stability",
    result=ArrheniusRatesResult,
    citations=SOURCES,
    columns=[RATE, Column("temperature", "temperature of each rate, in degrees Celsius", axis=None, least=3, together=True)],
    parameters=[
        Parameter("storage", "temperature for which the rate is wanted, in degrees Celsius", default=5.0),
        Parameter("loss", "loss that ends the shelf life, in the unit in which the rates are per unit of time", "positive", optional=True),
        CONFIDENCE,
    ],
    example=Example({"rate": [0.004, 0.031, 0.12, 0.41], "temperature": [10, 25, 37, 50]}, {"storage": 5, "loss": 0.5}, y_unit="%/month"),
)
def arrhenius_rates(*, rate: Series, temperature: Series, storage: float = 5.0, loss: float | None = None, confidence: float = 0.95) -> ArrheniusRatesResult:
    """The rate at the storage temperature from the least-squares line of ln rate on 1/T, with the interval of the line there.

    Assumptions: one mechanism over all temperatures; errors of ln rate equal over temperatures.
    """
    rates, kelvin = rate.array, temperature.array + ZERO
    if float(rates.min()) <= 0:
        raise Degenerate(f"A rate is {rates.min():g}: it has no logarithm. Give rates of loss as positive numbers, or leave the temperature out.")
    if float(kelvin.min()) <= 0 or storage + ZERO <= 0:
        raise Degenerate("A temperature is below absolute zero. Give degrees Celsius.")
    if len(np.unique(kelvin)) < len(kelvin):
        raise Degenerate("A temperature has more than one rate. Give one rate a temperature.")
    order = np.argsort(kelvin)
    found = line_of_rates({float(kelvin[i]): float(rates[i]) for i in order}, storage, loss, confidence)
    wide = found.t_critical * found.se_activation_energy
    return ArrheniusRatesResult(
        activation_energy=found.activation_energy,
        se_activation_energy=found.se_activation_energy,
        activation_energy_interval=Interval(found.activation_energy - wide, found.activation_energy + wide, confidence),
        ln_a=found.ln_a,
        r_squared=found.r_squared,
        rate_storage=found.rate_storage,
        rate_storage_interval=found.rate_storage_interval,
        time_to_loss=found.time_to_loss,
        time_to_loss_interval=found.time_to_loss_interval,
        df=found.df,
        definitions={"line": "ln rate on 1/T, least squares", "gas constant": f"{GAS:.10g} kJ/(mol K)"},
        assumptions=(Assumption("One reaction mechanism governs all temperatures."),),
        sentence=f"At {say(storage)} °C the rate is {say(found.rate_storage)} ({share(confidence)} CI {say(found.rate_storage_interval.lower or 0)} to "
        f"{say(found.rate_storage_interval.upper or 0)}), activation energy {say(found.activation_energy)} kJ/mol ({len(rates)} temperatures).",
    )
