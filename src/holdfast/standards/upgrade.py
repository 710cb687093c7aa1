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
from .questions import Question
from .verdict import RuleAnswer, State, Verdict


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
    found = []
    for name, dossier in dossiers.items():
        old, new = judge([before, *others], dossier), judge([after, *others], dossier)
        answers = _changes(before, after, old, new)
        if answers or old.state != new.state:
            found.append(DossierChange(name, old.question, old.state, new.state, tuple(answers)))
    return found


def _changes(before: Pack, after: Pack, old: Verdict, new: Verdict) -> list[AnswerChange]:
    was, now = {answer.id: answer for answer in old.rules}, {answer.id: answer for answer in new.rules}
    return [_change(before, after, was.get(key), now.get(key)) for key in dict.fromkeys([*was, *now]) if _differs(was.get(key), now.get(key))]


def _differs(was: RuleAnswer | None, now: RuleAnswer | None) -> bool:
    if was is None or now is None:
        return True
    return (was.answer, was.severity, was.suspended) != (now.answer, now.severity, now.suspended)


def _change(before: Pack, after: Pack, was: RuleAnswer | None, now: RuleAnswer | None) -> AnswerChange:
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
        why=_why(before, after, shown.id, shown.question),
    )


def _why(before: Pack, after: Pack, rule_id: str, question: Question | str) -> str:
    """Why a rule answers otherwise: what of it the other version says differently, and which of its figures."""
    old, new = _rule(before, rule_id, question), _rule(after, rule_id, question)
    if old is None and new is None:
        return "An exception to it, or from it, answers otherwise."
    if old is None:
        return f"{after.version} adds the rule."
    if new is None:
        return f"{after.version} takes the rule away."
    changed = [*rule_differences(old, new), *_figures(before, after, new)]
    return f"{after.version} changes {', '.join(changed)}." if changed else "An exception to it answers otherwise."


def _figures(before: Pack, after: Pack, rule: Rule) -> list[str]:
    """The figures that a rule uses and that have another value in the other version."""
    text = json.dumps([rule.text.require, rule.text.when], default=str)
    old, new = before.header.parameters, after.header.parameters
    moved = [name for name in new if name in old and old[name].value != new[name].value]
    return [f"{name} from {old[name].value} to {new[name].value}" for name in moved if f'"${name}"' in text]


def _rule(pack: Pack, rule_id: str, question: Question | str) -> Rule | None:
    return next((rule for rule in pack.rules if (rule.id, rule.text.question) == (rule_id, question)), None)
