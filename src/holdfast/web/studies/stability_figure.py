"""The line of a stability attribute with its bound, drawn from the fit that the method reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import special

from holdfast.dossier.study.columns import columns_of
from holdfast.dossier.study.data import Row
from holdfast.dossier.study.protocol import AttributePlan
from holdfast.figures.figure import Figure
from holdfast.figures.stability_lines import Fit, Pull, stability_lines
from holdfast.science.stability.batch_lines import design, fit
from holdfast.science.stability.line import line

STEPS = 41


def stability_figure(plan: AttributePlan, result: dict[str, Any], rows: Sequence[Row]) -> Figure | None:
    """The figure of `shelf-life` and `regression-bounds` on a linear scale; None for a method whose line is of another form."""
    columns = columns_of(plan, rows)
    time, value = columns["time"], columns["value"]
    labels = [str(each) for each in columns.get("batch", [row.lot for row in rows if row.arm in plan.columns["time"].arms])]
    if not result or result["method"] not in {"shelf-life", "regression-bounds"} or result["parameters"].get("scale") == "log":
        return None
    found = (_shelf_life if result["method"] == "shelf-life" else _bounds)(result, time.array, value.array, labels)
    pulls = tuple(Pull(*each) for each in zip(labels, time.values, value.values, [f"{each:g} {plan.unit}" for each in value.values], strict=True))
    limits = tuple(float(each) for name in ("lower", "upper", "limit") if (each := result["parameters"].get(name)) is not None)
    return stability_lines(f"stability-{plan.code}", plan.name, (plan.unit, "months"), pulls, found, limits)


def _course(intercept: float, slope: float, half: float, variance: Sequence[float], last: float, side: str) -> tuple[tuple[float, float, float], ...]:
    """The line and its bound: line -/+ half · sqrt(v0 + v1 t + v2 t²), as the crossing is computed."""
    sign = -1 if side == "lower" else 1
    times = np.linspace(0, last, STEPS)
    lines = intercept + slope * times
    bounds = lines + sign * half * np.sqrt(variance[0] + variance[1] * times + variance[2] * times**2)
    return tuple(zip(times.tolist(), lines.tolist(), bounds.tolist(), strict=True))


def _shelf_life(result: dict[str, Any], time: Any, value: Any, labels: list[str]) -> Fit:
    q, given = result["quantities"], result["parameters"]
    of = design(time, labels)
    own = q["model"] in {"individual", "full"} and given["worst_batch_fit"] == "individual"
    model = "individual" if own else q["model"]
    lines, at = fit(value, of)[model], of.names.index(q["worst_batch"])
    two = given["sides"] == "two" or (given["sides"] == "auto" and given.get("lower") is not None and given.get("upper") is not None)
    df, mse = (float(np.broadcast_to(each, (of.k,))[at]) for each in (lines.df, lines.mse))
    half = float(special.stdtrit(df, 1 - float(given["alpha"]) / (2 if two else 1))) * mse**0.5
    variance = np.array(lines.variance[:, at], float)
    if given["bound"] == "prediction":
        variance[0] += 1
    meets = None if q["shelf_life"] is None else float(q["shelf_life"])
    intercept, slope = (float(np.broadcast_to(each, (of.k,))[at]) for each in (lines.intercept, lines.slope))
    side = "lower" if given.get("upper") is None or (given.get("lower") is not None and slope <= 0) else "upper"
    course = _course(intercept, slope, half, variance.tolist(), max(float(q["last_time"]), meets or 0), side)
    return Fit(f"the line of {q['worst_batch']}, which decides ({model} model)", course, meets)


def _bounds(result: dict[str, Any], time: Any, value: Any, labels: list[str]) -> Fit:
    q, given, fitted = result["quantities"], result["parameters"], line(time, value)
    crossing = (q["confidence_crossing"] or {}).get("time")
    meets = None if crossing is None else float(crossing)
    last = max(float(time.max()), float(given["at"]), meets or 0)
    variance = (1 / fitted.n + fitted.centre**2 / fitted.spread, -2 * fitted.centre / fitted.spread, 1 / fitted.spread)
    course = _course(fitted.intercept, fitted.slope, fitted.t(float(given["confidence"])) * fitted.s, variance, last, str(given["side"]))
    return Fit("the line of all results", course, meets)
