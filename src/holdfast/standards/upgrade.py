"""What another version of a pack would change: which answers on which dossiers, and why. Pure, so that it is shown before anything is adopted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .difference import rule_differences
from .judge import judge
from .loading import Pack, Rule
from .pack import Answer, Severity
from .verdict import RuleAnswer, State


@dataclass(frozen=True)
class AnswerChange:
    """One rule that would answer otherwise. `before` or `after` is None where the rule is not asked."""

    rule: str
    title: str
    before: Answer | None
    after: Answer | None
    severity_before: Severity | None
    severity_after: Severity | None
    blocks_before: bool
    blocks_after: bool
    says: str
    why: str


@dataclass(frozen=True)
class DossierChange:
    """What would change on one dossier: the state of its verdict, and each answer that differs."""

    dossier: str
    question: str
    state_before: State
    state_after: State
    answers: tuple[AnswerChange, ...]


def upgrade_effects(before: Pack, after: Pack, dossiers: Mapping[str, dict[str, Any]], others: Sequence[Pack] = ()) -> list[DossierChange]:
    """For each dossier (by a name of the caller's) that another version of a pack would change: what, and why.

    `others` are the packs in force beside it; an exception may lie in either. Dossiers that keep every answer, weight and suspension are left out.
    """
    found = [dossier_change(name, [before, *others], [after, *others], dossier) for name, dossier in dossiers.items()]
    return [change for change in found if change is not None]


def dossier_change(name: str, before: Sequence[Pack], after: Sequence[Pack], dossier: dict[str, Any]) -> DossierChange | None:
    """What judging by other packs would change on one dossier, and why; None where every answer, weight and suspension stays."""
    old, new = judge(before, dossier), judge(after, dossier)
    was, now = {answer.id: answer for answer in old.rules}, {answer.id: answer for answer in new.rules}
    answers = tuple(_change(before, after, was.get(key), now.get(key)) for key in dict.fromkeys([*was, *now]) if _differs(was.get(key), now.get(key)))
    if not answers and old.state == new.state:
        return None
    return DossierChange(name, old.question, old.state, new.state, answers)


def _differs(was: RuleAnswer | None, now: RuleAnswer | None) -> bool:
    if was is None or now is None:
        return True
    return (was.answer, was.severity, was.suspended) != (now.answer, now.severity, now.suspended)


def _change(before: Sequence[Pack], after: Sequence[Pack], was: RuleAnswer | None, now: RuleAnswer | None) -> AnswerChange:
    shown = now or was
    assert shown is not None
    return AnswerChange(
        rule=shown.id,
        title=shown.title,
        before=was.answer if was else None,
        after=now.answer if now else None,
        severity_before=was.severity if was else None,
        severity_after=now.severity if now else None,
        blocks_before=bool(was and was.blocks),
        blocks_after=bool(now and now.blocks),
        says=shown.says,
        why=_why(before, after, was, now),
    )


def _why(before: Sequence[Pack], after: Sequence[Pack], was: RuleAnswer | None, now: RuleAnswer | None) -> str:
    """Why a rule answers otherwise: what of it the packs after say differently, and which of its figures."""
    old, new = _holding(before, was), _holding(after, now)
    if old is None and new is None:
        return "An exception to it, or from it, answers otherwise."
    if old is None:
        assert new is not None
        return f"{_named(new[0], before)} adds the rule."
    if new is None:
        later = next((pack for pack in after if pack.id == old[0].id), None)
        return f"{later.version} takes the rule away." if later else f"{old[0].id} no longer judges here."
    changed = [*rule_differences(old[1], new[1]), *_figures(old[0], new[0], new[1])]
    return f"{_named(new[0], before)} changes {', '.join(changed)}." if changed else "An exception to it answers otherwise."


def _named(pack: Pack, before: Sequence[Pack]) -> str:
    """A pack by its version where an earlier version judged before, and with its id where it is new."""
    known = next((one for one in before if one.id == pack.id), None)
    if known is None:
        return f"{pack.id} {pack.version}"
    return pack.version if known.sha256 != pack.sha256 else "What the programme sets"


def _figures(before: Pack, after: Pack, rule: Rule) -> list[str]:
    """The figures that a rule uses and that have another value in the other version."""
    text = json.dumps([rule.text.require, rule.text.when], default=str)
    old, new = before.header.parameters, after.header.parameters
    moved = [name for name in new if name in old and old[name].value != new[name].value]
    return [f"{name} from {old[name].value} to {new[name].value}" for name in moved if f'"${name}"' in text]


def _holding(packs: Sequence[Pack], answer: RuleAnswer | None) -> tuple[Pack, Rule] | None:
    """The pack and rule that gave an answer."""
    if answer is None:
        return None
    return next(
        ((pack, rule) for pack in packs if pack.id == answer.pack for rule in pack.rules if (rule.id, rule.text.question) == (answer.id, answer.question)), None
    )
