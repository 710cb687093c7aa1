"""What a planned study is worth before data are taken: how often it would pass a product that did not move, and one that moved by the margin.

By quadrature where the method has one (Welch and pooled TOST, quality range), else by simulation with the protocol's seed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from holdfast.kernel.errors import HoldfastError
from holdfast.science import method_named
from holdfast.science.comparability.operating import WEAK, tost_power, tost_welch_power
from holdfast.science.comparability.quality_range import passing_function, range_factor
from holdfast.science.series import Numbers, Series

from .protocol import AttributePlan, Protocol

PAIR = {"reference", "test"}


def design_of(protocol: Protocol, plan: AttributePlan) -> dict[str, Any] | None:
    """The operating characteristic of an attribute's test at its planned design, as JSON values; None where nothing was planned.

    `weak`: an unmoved product would fail more often than one time in five. Probabilities are text, with the Monte Carlo standard error.
    """
    if plan.planned is None:
        return None
    if set(plan.columns) != PAIR:
        return {"basis": "none", "why": f"{plan.method} does not compare a reference with a test arm, so this program has no characteristic for its design."}
    try:
        return _characteristic(plan.model_dump_json(), protocol.seed, protocol.simulations)
    except HoldfastError as refusal:
        return {"basis": "none", "why": str(refusal)}


@lru_cache(maxsize=256)
def _characteristic(planned: str, seed: int, simulations: int) -> dict[str, Any]:
    plan = AttributePlan.model_validate_json(planned)
    assert plan.planned is not None
    sd = float(plan.planned.sd)
    shifts, margin_words = _shifts(plan, sd)
    curve = np.linspace(1.5 * shifts[1], 1.5 * shifts[2], 31)
    exact = _by_quadrature(plan, np.concatenate([shifts, curve]))
    found = exact if exact is not None else _by_simulation(plan, shifts, seed, simulations)
    at = np.concatenate([shifts, curve]) if exact is not None else shifts  # what was not simulated is not drawn
    at_margin = max(found[1:3])
    return {
        "basis": "quadrature" if exact is not None else "simulation",
        "seed": None if exact is not None else seed,
        "simulations": None if exact is not None else simulations,
        "sd": plan.planned.sd,
        "n_reference": plan.planned.n_reference,
        "n_test": plan.planned.n_test,
        "unmoved": _probability(found[0]),
        "at_margin": _probability(at_margin),
        "margin": margin_words,
        "error": None if exact is not None else _probability(float(np.sqrt(max(p * (1 - p) for p in found[:3]) / simulations))),
        "weak": bool(found[0] < WEAK),
        "curve": [{"shift": repr(shift), "passes": _probability(p)} for shift, p in sorted(set(zip(at.tolist(), found, strict=True)))],
        "sentence": _sentence(plan, found[0], at_margin, margin_words),
    }


def _sentence(plan: AttributePlan, unmoved: float, at_margin: float, margin: str) -> str:
    assert plan.planned is not None
    weak = " It is too weak: an unmoved product would fail more often than one time in five." if unmoved < WEAK else ""
    return (
        f"With {plan.planned.n_reference} reference and {plan.planned.n_test} test values and a standard deviation of {plan.planned.sd} {plan.unit}".rstrip()
        + f", the study passes an unmoved product with probability {_probability(unmoved)} and one that moved by {margin} with {_probability(at_margin)}.{weak}"
    )


def _shifts(plan: AttributePlan, sd: float) -> tuple[Numbers, str]:
    """True shifts that must be known: none, and the two margins; with the margin in words."""
    given = {name: float(value) for name, value in plan.parameters.items() if name in {"lower", "upper"} and _is_number(value)}
    if len(given) == 2 and "ratio" in plan.method:
        if plan.planned is None or plan.planned.mean is None:
            raise HoldfastError(f"{plan.code}: the design of a ratio needs the mean that is expected (`planned.mean`).")
        mean = float(plan.planned.mean)
        lower, upper = (mean * (given[name] - 1) for name in ("lower", "upper"))
        words = "the margin"
    elif len(given) == 2:
        lower, upper, words = given["lower"], given["upper"], "the margin"
    else:
        lower, upper, words = -3 * sd, 3 * sd, "three standard deviations"
    return np.array([0.0, lower, upper]), words


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return not isinstance(value, bool)


def _by_quadrature(plan: AttributePlan, shifts: Numbers) -> list[float] | None:
    """Probabilities of passing at each shift, or None when the method has no quadrature here."""
    assert plan.planned is not None
    sd, n = float(plan.planned.sd), (plan.planned.n_reference, plan.planned.n_test)
    given = method_parameters(plan)
    if plan.method == "tost-welch":
        return _floats(tost_welch_power(shifts, (sd, sd), n, given["lower"], given["upper"], given["alpha"]))
    if plan.method == "tost-pooled":
        spread = sd * np.sqrt(1 / n[0] + 1 / n[1])
        return _floats(tost_power(shifts, spread, n[0] + n[1] - 2, given["lower"], given["upper"], given["alpha"]))
    if plan.method == "quality-range":
        factor = range_factor(given["rule"], n[0], given["k"], given["content"], given["confidence"])
        return _floats(passing_function(factor, n, min(given["needed_share"], 1.0))(np.abs(shifts) / sd))
    return None


def method_parameters(plan: AttributePlan) -> dict[str, Any]:
    """Every parameter of the plan's method, read, with its defaults. Raises `WrongParameter`."""
    return {parameter.name: parameter.read(plan.parameters.get(parameter.name)) for parameter in method_named(plan.method).parameters}


def _by_simulation(plan: AttributePlan, shifts: Numbers, seed: int, simulations: int) -> list[float]:
    """Share of simulated studies that pass at each shift: normal values with the planned deviation, the same draws at every shift."""
    assert plan.planned is not None
    method, mean, sd = method_named(plan.method), float(plan.planned.mean or 0), float(plan.planned.sd)
    generator = np.random.default_rng(seed)
    reference = generator.normal(mean, sd, (simulations, plan.planned.n_reference))
    test = generator.normal(mean, sd, (simulations, plan.planned.n_test))

    def share(shift: float) -> float:
        passed = 0
        for one, other in zip(reference, test + shift, strict=True):
            result = method(reference=Series(tuple(one), (), plan.unit), test=Series(tuple(other), (), plan.unit), **plan.parameters)
            passed += result.decision in plan.passes
        return passed / simulations

    return [share(float(shift)) for shift in shifts]


def _floats(found: Numbers) -> list[float]:
    return [float(each) for each in found]


def _probability(value: float) -> str:
    return f"{value:.4f}"


__all__ = ["design_of", "method_parameters"]
