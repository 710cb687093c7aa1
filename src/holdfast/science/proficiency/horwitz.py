"""Reproducibility expected from the concentration alone (Horwitz, Thompson)."""

from __future__ import annotations

from dataclasses import dataclass

from ..method import Example, method
from ..parameter import Parameter
from ..refusal import WrongParameter
from ..result import Assumption, Citation, Result, reported
from ..words import say
from .consensus import source


@dataclass(frozen=True, kw_only=True)
class HorwitzResult(Result):
    """Expected reproducibility."""

    sigma: float = reported("expected reproducibility standard deviation, mass fraction (with Thompson's ends)")
    rsd_percent: float = reported("the same, percent of the concentration")
    sigma_horwitz: float = reported("0.02 c^0.8495 without the ends, mass fraction")
    regime: str = reported("which part of the curve applies")
    horrat: float | None = reported("reproducibility found over that expected; none without one found")


@method(
    name="horwitz",
    title="Expected reproducibility from concentration (Horwitz)",
    family="proficiency",
    result=HorwitzResult,
    citations=[Citation("Horwitz W (1982) Anal Chem 54:67A-76A"), Citation("Thompson M (2000) Analyst 125:385-386"), source("8.4")],
    columns=[],
    parameters=[
        Parameter("concentration", "mass fraction, 1 for the pure substance", "positive"),
        Parameter("found_sd", "reproducibility standard deviation found, mass fraction", "positive", optional=True),
    ],
    example=Example({}, {"concentration": 1e-6}),
)
def horwitz(*, concentration: float, found_sd: float | None = None) -> HorwitzResult:
    """sigma = 0.02 c^0.8495 between 1.2e-7 and 0.138; 0.22 c below and 0.01 sqrt(c) above (Thompson). Not meant for bioassays."""
    c = concentration
    if c > 1:
        raise WrongParameter(f"concentration is {c:g}: a mass fraction is at most 1.")
    horwitz_ = 0.02 * c**0.8495
    sigma, regime = (0.22 * c, "below 1.2e-7") if c < 1.2e-7 else (0.01 * c**0.5, "above 0.138") if c > 0.138 else (horwitz_, "Horwitz")
    return HorwitzResult(
        sigma=sigma,
        rsd_percent=100 * sigma / c,
        sigma_horwitz=horwitz_,
        regime=regime,
        horrat=None if found_sd is None else found_sd / sigma,
        definitions={"ends": "Thompson (2000)"},
        assumptions=(Assumption("The measurement is chemical analysis, not a bioassay."),),
        sentence=f"At a mass fraction of {say(c)} a reproducibility standard deviation of {say(100 * sigma / c)} % is expected.",
    )
