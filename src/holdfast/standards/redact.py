"""The same verdict for a viewer who may not see every record: answers and state never change, evidence is withheld."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .verdict import EvidenceNode, Verdict

WITHHELD = "Evidence for this answer is withheld from you."


def redact(verdict: Verdict, may_see: Callable[[int | None], bool]) -> Verdict:
    """Withhold the evidence that rests on records the viewer may not see (`may_see(record id)`), never the answer.

    A sentence that names a withheld record's facts is withheld too.
    """
    rules = []
    any_withheld = False
    for rule in verdict.rules:
        if rule.evidence is None or _all_visible(rule.evidence, may_see):
            rules.append(rule)
            continue
        any_withheld = True
        rules.append(rule.model_copy(update={"evidence": _withheld(rule.evidence, may_see), "says": WITHHELD}))
    return verdict.model_copy(update={"rules": rules, "redacted": any_withheld})


def _all_visible(node: EvidenceNode, may_see: Callable[[int | None], bool]) -> bool:
    return (node.record is None or may_see(node.record.id)) and all(_all_visible(child, may_see) for child in node.children)


def _withheld(node: EvidenceNode, may_see: Callable[[int | None], bool]) -> EvidenceNode:
    kept = [_withheld(child, may_see) for child in node.children if child.record is None or may_see(child.record.id)]
    hidden = len(node.children) - len(kept)
    visible = node.record is None or may_see(node.record.id)
    return replace(node, children=kept, withheld=hidden + (not visible), record=node.record if visible else None, value=node.value if visible else "")
