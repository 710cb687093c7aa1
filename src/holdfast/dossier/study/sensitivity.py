"""What would change a study's answer: how near its margins are, what one lot decides, and what the exclusions do. No database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from holdfast.science.words import say, share, with_unit

from .columns import in_unit
from .data import Exclusion, Row, StudyData
from .evaluate import answer_on
from .protocol import AttributePlan, Protocol

NAMED = 5  # lots named one by one in a sentence


@dataclass(frozen=True)
class Hinge:
    """What one deciding attribute's answer hangs on. `is_fragile`: one lot or one exclusion decides it."""

    code: str
    name: str
    answer: str
    sentences: tuple[str, ...]
    is_fragile: bool = False


def hinges(protocol: Protocol, data: StudyData, exclusions: Sequence[Exclusion], evaluation: dict[str, Any]) -> list[Hinge]:
    """Each attribute that decides, in the protocol's order, with what would change its answer; attributes for information have none."""
    found = {each["code"]: each for each in evaluation["attributes"]}
    deciding = [plan for plan in protocol.attributes if found[plan.code]["answer"] != "for information"]
    return [_hinge(protocol, plan, data, exclusions, found[plan.code]) for plan in deciding]


@lru_cache(maxsize=64)
def hinges_of(protocol: bytes, data: bytes, exclusions: tuple[Exclusion, ...], evaluation: bytes) -> tuple[Hinge, ...]:
    """The same from the documents' bytes, which never change once they are signed: each method runs once a lot, so it is remembered."""
    return tuple(hinges(Protocol.model_validate_json(protocol), StudyData.model_validate_json(data), exclusions, json.loads(evaluation)))


def _hinge(protocol: Protocol, plan: AttributePlan, data: StudyData, exclusions: Sequence[Exclusion], found: dict[str, Any]) -> Hinge:
    left_out = {each.row for each in exclusions if each.attribute == plan.code}
    rows = [row for row in data.rows if row.attribute == plan.code and row.id not in left_out]
    answer = found["answer"]
    if found["result"] is None:
        needed = ("The method gave no answer. What it needs: " + " ".join(found["reasons"]),)
        return Hinge(plan.code, plan.name, answer, needed, is_fragile=False)
    changed = _by_one_lot(protocol, plan, rows, answer)
    excluded, rests_on_exclusion = _exclusions(found)
    sentences = [*_distance(plan, found["result"], rows), _one_lot(changed, rows, answer), *excluded]
    return Hinge(plan.code, plan.name, answer, tuple(sentences), bool(changed) or rests_on_exclusion)


def _by_one_lot(protocol: Protocol, plan: AttributePlan, rows: Sequence[Row], answer: str) -> list[tuple[str, str]]:
    """Lots whose absence changes the answer, each with the answer there would be."""
    lots = dict.fromkeys(row.lot for row in rows)
    without = [(lot, str(answer_on(protocol, plan, [row for row in rows if row.lot != lot])["answer"])) for lot in lots]
    return [(lot, other) for lot, other in without if other != answer]


def _one_lot(changed: Sequence[tuple[str, str]], rows: Sequence[Row], answer: str) -> str:
    count = len({row.lot for row in rows})
    if not changed:
        return f"No single lot decides: leaving out any one of the {count} leaves the answer {answer}."
    named = "; ".join(f"without {lot} it would be {other}" for lot, other in changed[:NAMED])
    more = f"; and so with {len(changed) - NAMED} more" if len(changed) > NAMED else ""
    return f"One lot decides: {named}{more}."


def _exclusions(found: dict[str, Any]) -> tuple[list[str], bool]:
    if "with_all_results" not in found:
        return [], False
    other, count = found["with_all_results"]["answer"], len(found["excluded"])
    which = "the excluded result" if count == 1 else f"the {count} excluded results"
    if other == found["answer"]:
        return [f"The answer does not rest on what was left out: with {which} in, it is {other} too."], False
    return [f"The answer rests on what was left out: with {which} in, it would be {other}."], True


def _distance(plan: AttributePlan, result: dict[str, Any], rows: Sequence[Row]) -> list[str]:
    """How far the result is from the other answer, for the methods that have such a distance."""
    q = result["quantities"]
    if {"low", "high", "n_inside", "n_needed"} <= q.keys():
        return [*_spare_lots(q), *_nearest_lot(plan, q, rows)]
    if {"ratio_interval", "ratio_lower", "ratio_upper"} <= q.keys():
        return _to_margin("1", q["ratio_interval"], q["ratio_lower"], q["ratio_upper"])
    if "interval" in q and "lower" in q and "upper" in q:
        unit = str(result["units"].get("interval.lower") or result["units"].get("lower") or "")
        return _to_margin(unit, q["interval"], q["lower"], q["upper"])
    return []


def _to_margin(unit: str, interval: dict[str, Any], lower: Any, upper: Any) -> list[str]:
    if None in (interval["lower"], interval["upper"], lower, upper):
        return []
    low, high, bottom, top = (float(each) for each in (interval["lower"], interval["upper"], lower, upper))
    end, margin, room = min(((low, bottom, low - bottom), (high, top, top - high)), key=lambda each: each[2])
    level = share(float(interval["confidence"]))
    if room >= 0:
        return [
            f"The {level} interval comes as near as {with_unit(end, unit)} to the margin {with_unit(margin, unit)}:"
            f" with the same scatter the estimate could move {with_unit(room, unit)} that way before equivalence is lost."
        ]
    return [f"The {level} interval reaches {with_unit(end, unit)}, which is {with_unit(-room, unit)} beyond the margin {with_unit(margin, unit)}."]


def _spare_lots(q: dict[str, Any]) -> list[str]:
    inside, needed = int(q["n_inside"]), int(q["n_needed"])
    if inside >= needed:
        spare = inside - needed + 1
        return [f"{inside} of {q['n_test']} lots lie inside and {needed} are needed: the answer changes when {_lots(spare)} of them would lie outside."]
    return [f"{inside} of {q['n_test']} lots lie inside and {needed} are needed: {needed - inside} more would have to."]


def _lots(count: int) -> str:
    return "one" if count == 1 else str(count)


def _nearest_lot(plan: AttributePlan, q: dict[str, Any], rows: Sequence[Row]) -> list[str]:
    """The test lot that lies nearest to an end of the range, from inside or outside."""
    arms = plan.columns["test"].arms if "test" in plan.columns else ()
    read = [(row.lot, row.reported, in_unit(row, plan.unit).value) for row in rows if row.arm in arms]
    placed = [(lot, text, float(value)) for lot, text, value in read if value is not None]
    if not placed:
        return []
    ends = (float(q["low"]), float(q["high"]))
    gap, end, lot, text = min((abs(value - end), end, lot, text) for lot, text, value in placed for end in ends)
    return [f"Nearest to an end is {lot}: {text} {plan.unit}".rstrip() + f", {with_unit(gap, plan.unit)} from {say(end)}."]


__all__ = ["Hinge", "hinges", "hinges_of"]
