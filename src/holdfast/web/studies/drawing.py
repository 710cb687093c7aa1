"""The figures of a study, from what its methods answered: nothing is computed here that the evaluation does not say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from holdfast.dossier.study.columns import in_unit
from holdfast.dossier.study.data import Row
from holdfast.dossier.study.protocol import AttributePlan, Protocol
from holdfast.figures.bland_altman import bland_altman
from holdfast.figures.equivalence_forest import Estimate, equivalence_forest
from holdfast.figures.figure import Figure
from holdfast.figures.lots_in_range import Arm, Band, lots_in_range
from holdfast.figures.operating_curve import operating_curve
from holdfast.figures.point import Limit, Point
from holdfast.kernel.errors import HoldfastError

from .stability_figure import stability_figure

ESTIMATES = ("difference", "ratio", "shift")


def forest_of(evaluation: dict[str, Any]) -> Figure | None:
    """Every attribute that has an estimate with an interval and two margins; where results were left out, the same with all of them below it."""
    rows: list[Estimate] = []
    for each in evaluation["attributes"]:
        rows += _estimate(each, each["name"], is_aside=False)
        rows += _estimate(each | each.get("with_all_results", {}), f"{each['name']}, with every result", is_aside=True) if "with_all_results" in each else []
    return equivalence_forest(tuple(rows))


def _estimate(found: dict[str, Any], name: str, *, is_aside: bool) -> list[Estimate]:
    q = (found["result"] or {}).get("quantities", {})
    ratio = {"ratio_interval", "ratio_lower", "ratio_upper"} <= q.keys()
    interval, low, high = (q.get(key) for key in (("ratio_interval", "ratio_lower", "ratio_upper") if ratio else ("interval", "lower", "upper")))
    estimate = q.get("ratio") if ratio else next((q[key] for key in ESTIMATES if key in q), None)
    if not isinstance(interval, dict) or None in (estimate, low, high, interval["lower"], interval["upper"]):
        return []
    unit = "" if ratio or "ratio" in q else found["unit"]
    at, start, end, level, bottom, top = (float(str(each)) for each in (estimate, interval["lower"], interval["upper"], interval["confidence"], low, high))
    return [Estimate(name, unit, at, start, end, level, bottom, top, found["answer"], is_log=ratio, is_aside=is_aside)]


def attribute_figure(protocol: Protocol, plan: AttributePlan, found: dict[str, Any], rows: Sequence[Row], limits: tuple[Limit, ...]) -> Figure | None:
    """The figure that the attribute's method asks for; None where its values cannot be placed."""
    result = found["result"] or {}
    kept = [row for row in rows if row.id not in set(found["excluded"])]
    try:
        if {"bias", "differences", "means"} <= result.get("quantities", {}).keys():
            return _agreement(plan, result["quantities"], kept)
        if "time" in plan.columns:
            return stability_figure(plan, result, kept)
    except HoldfastError:
        return None
    arms = tuple(Arm(arm.title, _points(plan, [row for row in rows if row.arm == arm.name], set(found["excluded"]))) for arm in protocol.arms)
    return lots_in_range(f"lots-{plan.code}", plan.name, plan.unit, arms, _band(result), limits)


def _points(plan: AttributePlan, rows: Iterable[Row], left_out: set[int]) -> tuple[Point, ...]:
    return tuple(_point(plan, row, "left out" if row.id in left_out else "") for row in rows)


def _point(plan: AttributePlan, row: Row, note: str) -> Point:
    try:
        read = in_unit(row, plan.unit)
    except HoldfastError as refusal:
        return Point(row.lot, row.manufactured_on, row.reported, None, note=note or str(refusal))
    return Point(row.lot, row.manufactured_on, row.reported, read.value, read.censoring, note=note)


def _band(result: dict[str, Any]) -> Band | None:
    q = result.get("quantities", {})
    if "low" in q and "high" in q:
        return Band("quality range", float(q["low"]), float(q["high"]))
    if "interval" in q and q["interval"].get("kind") == "tolerance":
        low, high = (None if q["interval"][end] is None else float(q["interval"][end]) for end in ("lower", "upper"))
        return Band("tolerance interval", low, high)
    return None


def _agreement(plan: AttributePlan, q: dict[str, Any], rows: Sequence[Row]) -> Figure | None:
    """Pairs in the order of the data, named by the lot of the reference."""
    lots = [row.lot for row in rows if row.arm in plan.columns["reference"].arms]
    pairs = tuple((lot, float(mean), float(gap)) for lot, mean, gap in zip(lots, q["means"], q["differences"], strict=True))
    return bland_altman(f"agreement-{plan.code}", plan.name, plan.unit, pairs, float(q["bias"]), (float(q["lower"]), float(q["upper"])))


def design_curve(plan: AttributePlan, design: dict[str, Any] | None) -> Figure | None:
    """The operating characteristic of the planned test; None where the design has no curve."""
    if not design or len(design.get("curve", ())) < 2:
        return None
    curve = tuple((float(each["shift"]), float(each["passes"])) for each in design["curve"])
    margins = tuple(shift for shift in (_given(plan, "lower"), _given(plan, "upper")) if shift is not None and "ratio" not in plan.method)
    return operating_curve(f"design-{plan.code}", plan.name, plan.unit, curve, margins)


def _given(plan: AttributePlan, name: str) -> float | None:
    try:
        return float(plan.parameters[name])
    except (KeyError, ValueError):
        return None
