"""The same verdict for a viewer who may not see every record: answers and state never change, evidence is withheld.

Evidence is withheld by record, and by text: a condition on a record that the viewer sees may name a value of one that they do not
(`is {/registration.number}`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Any

from .values import shown
from .verdict import EvidenceNode, NotJudged, OverriddenBy, RuleAnswer, Verdict

WITHHELD = "Evidence for this answer is withheld from you."
WITHHELD_CONDITION = "a condition on evidence that is withheld from you"
#: parts of a dossier that say what is asked, not what was found
ASKED = {"decision", "scope"}
LONG_ENOUGH = 3  # a shorter text stands in too many places to say where it comes from

MaySee = Callable[[int | None], bool]


def redact(verdict: Verdict, may_see: MaySee, hidden: Collection[str] = ()) -> Verdict:
    """Withhold the evidence that rests on records the viewer may not see (`may_see(record id)`) or that says one of the `hidden` texts; never an answer.

    A sentence that names a withheld record's facts is withheld too.
    """
    said = verdict.model_dump_json() if hidden else ""
    texts = tuple(text for text in hidden if text in said)
    rules = [_redacted(rule, may_see, texts) for rule in verdict.rules]
    not_judged = [NotJudged(what=item.what, why=WITHHELD) if _says(item.why, texts) else item for item in verdict.not_judged]
    changed = any(new is not old for new, old in zip([*rules, *not_judged], [*verdict.rules, *verdict.not_judged], strict=True))
    return verdict.model_copy(update={"rules": rules, "not_judged": not_judged, "redacted": changed or verdict.redacted})


def hidden_texts(document: dict[str, Any], may_see: MaySee, public: str = "") -> set[str]:
    """Texts of the parts of a dossier that were read from records the viewer may not see, and that stand in no part they see nor in the `public` text.

    A part without a record of its own is its parent's; at the top, it is nobody's and counts as hidden.
    """
    visible: set[str] = set()
    hidden: set[str] = set()
    for name, part in document.items():
        for text, is_seen in _texts(part, may_see, name in ASKED):
            (visible if is_seen else hidden).add(text)
    seen = "\n".join([*visible, public])
    return {text for text in hidden if len(text) >= LONG_ENOUGH and text not in seen}


def _texts(part: Any, may_see: MaySee, is_seen: bool) -> Iterator[tuple[str, bool]]:
    """Each scalar of a part as rules would show it, with whether the record it was read from is seen."""
    if isinstance(part, dict):
        record = part.get("record")
        if isinstance(record, dict) and record.get("id") is not None:
            is_seen = may_see(record["id"])
        for value in part.values():
            yield from _texts(value, may_see, is_seen)
    elif isinstance(part, list):
        for item in part:
            yield from _texts(item, may_see, is_seen)
    elif part is not None and not isinstance(part, bool):
        yield shown(part), is_seen
        yield str(part), is_seen


def _says(text: str, hidden: Collection[str]) -> bool:
    return any(part in text for part in hidden)


def _redacted(rule: RuleAnswer, may_see: MaySee, hidden: Collection[str]) -> RuleAnswer:
    evidence = rule.evidence
    changes: dict[str, Any] = {}
    if evidence is not None and not _all_visible(evidence, may_see, hidden):
        changes = {"evidence": _withheld(evidence, may_see, hidden), "says": WITHHELD}
    elif _says(rule.says, hidden):
        changes = {"says": WITHHELD}
    if rule.overridden is not None and _says(rule.overridden.reason, hidden):
        changes["overridden"] = OverriddenBy(reason=WITHHELD, by=rule.overridden.by, second=rule.overridden.second)
    return rule.model_copy(update=changes) if changes else rule


def _shows(node: EvidenceNode, may_see: MaySee, hidden: Collection[str]) -> bool:
    return (node.record is None or may_see(node.record.id)) and not _says(node.condition, hidden) and not _says(node.value, hidden)


def _all_visible(node: EvidenceNode, may_see: MaySee, hidden: Collection[str]) -> bool:
    return _shows(node, may_see, hidden) and all(_all_visible(child, may_see, hidden) for child in node.children)


def _withheld(node: EvidenceNode, may_see: MaySee, hidden: Collection[str]) -> EvidenceNode:
    kept = [_withheld(child, may_see, hidden) for child in node.children if child.record is None or may_see(child.record.id)]
    gone = len(node.children) - len(kept)
    if _shows(node, may_see, hidden):
        return replace(node, children=kept, withheld=gone)
    record = node.record if node.record is None or may_see(node.record.id) else None
    condition = WITHHELD_CONDITION if _says(node.condition, hidden) else node.condition
    return replace(node, children=kept, withheld=gone + 1, record=record, value="", condition=condition)
