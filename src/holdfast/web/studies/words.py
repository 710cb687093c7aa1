"""A study's parts in words: how far it is, the rule of an arm, the margins of an attribute, what a design is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from holdfast.dossier.study.protocol import Arm, AttributePlan

WAITS = {
    "drafted": "Waits for another member of the Quality Unit to approve its protocol. No result has been read.",
    "approved": "The protocol is locked. Waits for its data to be taken by the protocol's own rules.",
    "data taken": "The data are frozen. Waits for the Quality Unit to conclude.",
}
#: parameters that are the criterion of an attribute, in the order they are read
CRITERIA = {
    "lower": "Lower margin", "upper": "Upper margin", "limit": "Limit", "target": "Target", "rule": "Rule", "k": "Standard deviations",
    "content": "Content", "confidence": "Confidence", "needed_share": "Share that must lie inside", "alpha": "Alpha",
}  # fmt: skip


def rule_of(arm: Arm) -> str:
    """An arm's rule as a sentence: what a lot must be, for it to be in."""
    version = f" version {arm.procedure_version}" if arm.procedure_version is not None else ""
    parts = (
        f"contain {arm.contains_change}" if arm.contains_change else "",
        f"do not contain {arm.without_change}" if arm.without_change else "",
        f"were made at {arm.made_at}" if arm.made_at else "",
        f"were made by process version {arm.process_version}" if arm.process_version is not None else "",
        f"were made from {arm.manufactured_from:%-d %b %Y} on" if arm.manufactured_from else "",
        f"were made until {arm.manufactured_until:%-d %b %Y}" if arm.manufactured_until else "",
        f"are stored at {arm.storage}" if arm.storage else "",
        f"were tested at {arm.laboratory}" if arm.laboratory else "",
        f"were tested by {arm.procedure}{version}" if arm.procedure else "",
    )
    said = " and ".join(part for part in parts if part)
    which = f"The newest {arm.newest} lots" if arm.newest is not None else "Lots"
    return f"{which} of {arm.lot_kind.replace('_', ' ')}" + (f" that {said}" if said else "")


def margins(plan: AttributePlan) -> tuple[tuple[str, str], ...]:
    """The criterion as label and value, and which decision passes."""
    found = []
    for name, label in CRITERIA.items():
        if name in plan.parameters:
            unit = f" {plan.unit}" if name in {"lower", "upper", "limit", "target"} and plan.unit and "ratio" not in plan.method else ""
            found.append((label, f"{plan.parameters[name]}{unit}"))
    others = [(name.replace("_", " ").capitalize(), str(value)) for name, value in plan.parameters.items() if name not in CRITERIA]
    return (*found, *others, *((("Passes when", " or ".join(plan.passes)),) if plan.passes else ()))


def concluded(conclusion: str) -> str:
    """The state that a signed conclusion is shown as: its sign, beside its own word."""
    if conclusion in {"not_comparable", "does_not_meet_criteria"}:
        return "not met"
    return "cannot tell" if conclusion == "inconclusive" else "met"


def designed(design: dict[str, Any] | None) -> str:
    """What the planned design is worth, in a sentence; where nothing was planned that is said."""
    if design is None:
        return "Nothing was planned for this attribute, so nobody can tell how often its test would pass."
    return str(design.get("sentence") or f"No operating characteristic: {design.get('why')}")


def passed_over(lots: Iterable[tuple[str, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Lots that a rule did not find, by why."""
    found: dict[str, list[str]] = defaultdict(list)
    for lot, why in lots:
        found[why].append(lot)
    return tuple((why, tuple(names)) for why, names in found.items())
