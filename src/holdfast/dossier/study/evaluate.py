"""What the locked methods answer on the frozen data: each attribute with and without exclusions, and the whole study in a word.

Missing is never a pass: a method that refuses, an arm without results, or results that may not be pooled make the answer *cannot tell*.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from holdfast.kernel.errors import HoldfastError
from holdfast.science import method_named

from .columns import apart, between_arms, columns_of
from .data import Departure, Exclusion, Row, StudyData
from .design import design_of
from .protocol import AttributePlan, Protocol

Answer = Literal["demonstrated", "not demonstrated", "cannot tell", "for information"]


def evaluate(protocol: Protocol, data: StudyData, exclusions: Sequence[Exclusion] = (), departures: Sequence[Departure] = ()) -> dict[str, Any]:
    """The evaluation as JSON values without floats (every number is the shortest text that reads back to it), the same to the byte for the same input."""
    attributes = [_attribute(protocol, plan, data, exclusions) for plan in protocol.attributes]
    answer = overall([each["answer"] for each in attributes])
    return {
        "format": "holdfast-study-evaluation/1",
        "study": data.study,
        "protocol_digest": data.protocol_digest,
        "answer": answer,
        "sentence": _sentence(answer, attributes),
        "attributes": attributes,
        "exclusions": [each.model_dump(mode="json") for each in exclusions],
        "departures": [each.model_dump(mode="json") for each in departures],
    }


def overall(answers: Sequence[str]) -> Answer:
    """The study's answer: what is shown to fail comes first, then what nobody can tell; attributes for information decide nothing."""
    deciding = [each for each in answers if each != "for information"]
    if "not demonstrated" in deciding:
        return "not demonstrated"
    if not deciding or "cannot tell" in deciding:
        return "cannot tell"
    return "demonstrated"


def _attribute(protocol: Protocol, plan: AttributePlan, data: StudyData, exclusions: Sequence[Exclusion]) -> dict[str, Any]:
    rows = [row for row in data.rows if row.attribute == plan.code]
    left_out = {each.row for each in exclusions if each.attribute == plan.code}
    kept = answer_on(protocol, plan, [row for row in rows if row.id not in left_out])
    found: dict[str, Any] = {
        "code": plan.code,
        "name": plan.name,
        "unit": plan.unit,
        "risk": plan.risk,
        "tier": plan.tier,
        "method": plan.method,
        "rows": [row.id for row in rows if row.id not in left_out],
        "excluded": sorted(left_out),
        "design": design_of(protocol, plan),
        **kept,
    }
    if left_out:
        found["with_all_results"] = answer_on(protocol, plan, rows)
    return found


def answer_on(protocol: Protocol, plan: AttributePlan, rows: Sequence[Row]) -> dict[str, Any]:
    """What an attribute's locked method says on these of its rows: `answer`, `reasons` where nobody can tell, and the method's `result`."""
    reasons = apart(plan, rows)
    if protocol.keep_methods_apart and plan.tier in {"equivalence", "quality_range"}:
        reasons += between_arms(plan, rows)
    for source in plan.columns.values():
        reasons += [f"The arm {arm} has no result of {plan.name}." for arm in source.arms if not any(row.arm == arm for row in rows)]
    if reasons:
        return {"answer": "cannot tell", "reasons": list(dict.fromkeys(reasons)), "result": None}
    try:
        result = method_named(plan.method)(**columns_of(plan, rows), **plan.parameters)
    except HoldfastError as refusal:
        return {"answer": "cannot tell", "reasons": [str(refusal)], "result": None}
    return {"answer": _answer(plan, result.decision), "reasons": [], "result": exact(result.as_dict())}


def _answer(plan: AttributePlan, decision: str | None) -> Answer:
    if plan.tier in {"side_by_side", "estimation"}:
        return "for information"
    return "demonstrated" if decision in plan.passes else "not demonstrated"


def exact(value: Any) -> Any:
    """JSON values with every float as the shortest text that reads back to the same number (Python's repr)."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {name: exact(part) for name, part in value.items()}
    return [exact(part) for part in value] if isinstance(value, (list, tuple)) else value


def _sentence(answer: str, attributes: Sequence[dict[str, Any]]) -> str:
    deciding = [each for each in attributes if each["answer"] != "for information"]
    by = {word: [each["name"] for each in deciding if each["answer"] == word] for word in ("demonstrated", "not demonstrated", "cannot tell")}
    parts = [f"{word} for {', '.join(names)}" for word, names in by.items() if names]
    if not parts:
        return "No attribute of this study decides: its results are for information."
    words = {"demonstrated": "The protocol's criteria are met", "not demonstrated": "The protocol's criteria are not met", "cannot tell": "Nobody can tell yet"}
    return f"{words[answer]}: {'; '.join(parts)}."


__all__ = ["answer_on", "evaluate", "exact", "overall"]
