"""Judge a dossier by rule packs: pure, deterministic, from the document alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from .applicability import axes_of, citations, left_out, weight
from .completeness import as_judged
from .loading import Pack, Rule
from .outcome import Outcome, nearest_record
from .pack import Answer
from .reading import walk
from .suspensions import Exceptions, exceptions_in, suspension_of
from .values import brief, shown, written_out
from .verdict import (
    EvidenceNode,
    EvidenceRecord,
    NotJudged,
    OverriddenBy,
    PackUsed,
    RuleAnswer,
    SettingUsed,
    State,
    Verdict,
    blocks,
    leaves_open,
    overridable,
    state_of,
)

ENGINE_VERSION = "1.1"
OPEN = ("not met", "cannot tell")
ANSWERS: dict[bool | None, Answer] = {True: "met", False: "not met", None: "cannot tell"}
TRUTHS: dict[bool | None, Literal["holds", "fails", "unknown"]] = {True: "holds", False: "fails", None: "unknown"}
_PLACEHOLDER = re.compile(r"\{([/^.\w]+)\}")


@cache
def engine_digest() -> str:
    """SHA-256 over the source of the engine, its checks and the kernel: what exactly judged."""
    digest = hashlib.sha256()
    for package, folder in (("holdfast.standards", ""), ("holdfast.standards", "checks"), ("holdfast.kernel", "")):
        root = resources.files(package)
        place = root.joinpath(folder) if folder else root
        for name in sorted(p.name for p in place.iterdir() if p.name.endswith((".py", ".yaml"))):
            digest.update(f"{package}/{folder}/{name}\n".encode() + place.joinpath(name).read_bytes())
    return digest.hexdigest()


def judge(packs: Sequence[Pack], dossier: dict[str, Any], *, overrides: Mapping[str, OverriddenBy] | None = None, dossier_digest: str = "") -> Verdict:
    """Judge a dossier (as JSON values) by every rule of the packs that asks its question and applies to it.

    A rule that stands in two of the packs is judged by the first. `overrides` are by rule id; one on a rule that may not be overridden is
    ignored, and the rule still blocks. Raises `SuspensionProblem` when a rule is suspended by one that may not.
    """
    question = walk(dossier, ("decision", "question"))
    case = _Case(as_judged(dossier), axes_of(dossier), exceptions_in(packs))
    answers: dict[str, RuleAnswer] = {}
    left: list[NotJudged] = []
    asked = [pack for pack in packs if question in pack.questions]
    for pack in asked:
        for rule in pack.rules:
            if rule.text.question == question:
                _judge_rule(case, pack, rule, answers, left)
        left += [NotJudged(what=item.what, why=item.why) for item in pack.header.not_covered]
    kept = [_overridden(answer, (overrides or {}).get(answer.id)) for answer in answers.values()]
    return Verdict(
        question=str(question), state=state_of(kept) if kept else "cannot_tell", engine_version=ENGINE_VERSION, engine_digest=engine_digest(),
        schema_version=str(dossier.get("schema_version", "")), dossier_digest=dossier_digest, packs=[_used(pack) for pack in asked], rules=kept,
        not_judged=left,
    )  # fmt: skip


@dataclass(frozen=True)
class _Case:
    """A dossier as it is judged: what each axis says, and the exceptions that the packs know."""

    dossier: dict[str, Any]
    axes: dict[str, Any]
    exceptions: Exceptions


def _judge_rule(case: _Case, pack: Pack, rule: Rule, answers: dict[str, RuleAnswer], left: list[NotJudged]) -> None:
    why = _not_judged(rule, case)
    if not why and rule.id in answers:
        why = f"{answers[rule.id].pack} has judged it."
    if why:
        left.append(NotJudged(what=f"{rule.id} {rule.text.title}", why=why))
    else:
        answers[rule.id] = _answer(rule, pack, case)


def _used(pack: Pack) -> PackUsed:
    settings = [
        SettingUsed(name=name, value=setting.value, default=pack.defaults[name].value, unit=pack.defaults[name].unit, reason=setting.reason, by=setting.by)
        for name, setting in sorted(pack.settings.items())
    ]
    return PackUsed(id=pack.id, version=pack.version, sha256=pack.sha256, status=pack.status, settings=settings)


@dataclass(frozen=True)
class BriefVerdict:
    """A verdict without its reasons: the state, and by id the rules that block and those that leave it open. What a board of thousands needs.

    `fault` is the stored record in which the first of them fails or finds nothing.
    """

    state: State
    blockers: tuple[str, ...]
    unknown: tuple[str, ...]
    fault: int | None = None


def judge_briefly(packs: Sequence[Pack], dossier: dict[str, Any], *, just_gathered: bool = False) -> BriefVerdict:
    """As `judge`, without evidence and sentences, in a fraction of the time. `just_gathered`: nobody has had the dossier since it was counted."""
    question = walk(dossier, ("decision", "question"))
    case = _Case(as_judged(dossier, just_gathered=just_gathered), axes_of(dossier), exceptions_in(packs))
    judged: set[str] = set()
    standing: list[tuple[bool, Rule]] = []  # whether it blocks, and the rule
    for pack in packs:
        for rule in pack.rules if question in pack.questions else ():
            if rule.text.question == question and rule.id not in judged and not _not_judged(rule, case):
                judged.add(rule.id)
                answer = bare_answer(rule, case.dossier)
                if answer in OPEN and (leaves := _leaves(rule, answer, case)) is not None:
                    standing.append((leaves, rule))
    standing.sort(key=lambda one: not one[0])
    blockers, unknown = tuple(rule.id for is_blocker, rule in standing if is_blocker), tuple(rule.id for is_blocker, rule in standing if not is_blocker)
    state: State = "blocked" if blockers else "cannot_tell" if unknown or not judged else "ready"
    return BriefVerdict(state, blockers, unknown, _fault(answer_of(standing[0][1], case.dossier)[1]) if standing else None)


def _leaves(rule: Rule, answer: Answer, case: _Case) -> bool | None:
    """Whether an open answer blocks (True) or leaves the question open (False); None where it does neither, or is suspended."""
    severity, _ = weight(rule.text, case.dossier, case.axes)
    if not (blocks(answer, severity) or leaves_open(answer, severity)):
        return None
    if rule.text.suspended_by and suspension_of(rule, case.exceptions, case.dossier, case.axes, bare_answer) is not None:
        return None
    return blocks(answer, severity)


def _fault(outcome: Outcome) -> int | None:
    record = nearest_record(outcome.decisive().frames)
    return record.get("id") if record else None


def _not_judged(rule: Rule, case: _Case) -> str:
    """Why a rule is not judged on this dossier, in a sentence; empty when it is."""
    if rule.text.stage == "signature" and case.dossier.get("signer") is None:
        return "It asks about the person who signs, and nobody is signing yet."
    return left_out(rule.text.applies, case.axes)


def answer_of(rule: Rule, dossier: dict[str, Any]) -> tuple[Answer, Outcome]:
    """The bare answer of one rule, with the outcome that made it."""
    frames = (dossier,)
    if rule.when is not None:
        applicable = rule.when.explain(frames)
        if applicable.answer is not True:
            return ("not applicable" if applicable.answer is False else "cannot tell"), applicable
    outcome = rule.require.explain(frames)
    return ANSWERS[outcome.answer], outcome


def bare_answer(rule: Rule, dossier: dict[str, Any]) -> Answer:
    """The answer of one rule without its reasons: the same as `answer_of` gives, in a fraction of the time."""
    frames = (dossier,)
    if rule.when is not None:
        applies = rule.when.truth(frames)
        if applies is not True:
            return "not applicable" if applies is False else "cannot tell"
    return ANSWERS[rule.require.truth(frames)]


def _answer(rule: Rule, pack: Pack, case: _Case) -> RuleAnswer:
    answer, outcome = answer_of(rule, case.dossier)
    text = rule.text
    severity, lighter = weight(text, case.dossier, case.axes)
    suspended = suspension_of(rule, case.exceptions, case.dossier, case.axes, bare_answer) if text.suspended_by and answer in OPEN else None
    return RuleAnswer(
        id=rule.id, title=text.title, question=text.question, stage=text.stage, severity=severity, override=text.override, answer=answer,
        says=_sentence(rule, answer, outcome), binds=text.binds, cite=citations(text, case.axes), pack=pack.id, evidence=evidence_of(outcome),
        status=text.status if text.status != "in_force" else pack.status, lighter=lighter, suspended=suspended,
    )  # fmt: skip


def _overridden(answer: RuleAnswer, override: OverriddenBy | None) -> RuleAnswer:
    return answer.model_copy(update={"overridden": override}) if override and overridable(answer) else answer


def _sentence(rule: Rule, answer: Answer, outcome: Outcome) -> str:
    says = rule.text.says
    template = (outcome.sentence() if answer in {"not met", "cannot tell"} else "") or (says.get(answer, "") if isinstance(says, dict) else "")
    if not template and isinstance(says, str) and answer == "not met":
        template = says
    if not template:
        template = {"met": "Holds.", "not applicable": "Does not apply here.", "cannot tell": "The evidence does not settle it.", "not met": "Does not hold."}[
            answer
        ]
    return fill(template, outcome.decisive().frames)


def fill(template: str, frames: tuple[dict[str, Any], ...]) -> str:
    """Fill `{field}` from the item the sentence is about, or the nearest item around it; `{/path}` from the dossier."""

    def replaced(match: re.Match[str]) -> str:
        path = match[1]
        if path.startswith("/"):
            return shown(walk(frames[0], tuple(path[1:].split("."))))
        steps = tuple(path.lstrip("^.").split("."))
        for frame in reversed(frames):
            value = walk(frame, steps)
            if value is not None:
                return shown(value)
        return shown(None)

    return _PLACEHOLDER.sub(replaced, template)


def evidence_of(outcome: Outcome) -> EvidenceNode:
    """The tree of reasons as data; each node names the nearest stored record."""
    return _node(outcome, {})


def _node(outcome: Outcome, records: dict[int, EvidenceRecord | None]) -> EvidenceNode:
    """One node with those below it. `records` holds, by the identity of a condition's frames, the record they were read from."""
    answer, condition, frames, value, _, children = outcome
    key = id(frames)
    if key not in records:
        found = nearest_record(frames)
        records[key] = EvidenceRecord(**found) if found else None
    return EvidenceNode(
        condition if type(condition) is str else written_out(condition),
        TRUTHS[answer],
        value if type(value) is str and len(value) < len("YYYY-MM-DD") else brief(value),  # a text too short for a date is shown as it is
        records[key],
        0,
        [_node(child, records) for child in children] if children else [],
    )
