"""Judge a dossier by rule packs: pure, deterministic, from the document alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from .loading import Pack, Rule
from .outcome import Outcome, nearest_record
from .pack import Answer, Applies
from .reading import walk
from .values import shown
from .verdict import EvidenceNode, EvidenceRecord, NotJudged, OverriddenBy, PackUsed, RuleAnswer, State, Verdict, blocks, leaves_open, state_of

ENGINE_VERSION = "1.0"
TRUTHS = {True: "holds", False: "fails", None: "unknown"}
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

    `overrides` are by rule id; one on a rule that may not be overridden is ignored, and the rule still blocks.
    """
    question = walk(dossier, ("decision", "question"))
    answers: list[RuleAnswer] = []
    left_out: list[NotJudged] = []
    for pack in packs:
        asked = [rule for rule in pack.rules if rule.text.question == question]
        if not asked:
            continue
        for rule in asked:
            why = _not_judged(rule, dossier)
            if why:
                left_out.append(NotJudged(what=f"{rule.id} {rule.text.title}", why=why))
            else:
                answers.append(_overridden(_answer(rule, pack, dossier), (overrides or {}).get(rule.id)))
        left_out += [NotJudged(what=item.what, why=item.why) for item in pack.header.not_covered]
    used = [PackUsed(id=p.id, version=p.version, sha256=p.sha256) for p in packs if any(r.text.question == question for r in p.rules)]
    return Verdict(
        question=str(question), state=state_of(answers) if answers else "cannot_tell", engine_version=ENGINE_VERSION, engine_digest=engine_digest(),
        schema_version=str(dossier.get("schema_version", "")), dossier_digest=dossier_digest, packs=used, rules=answers, not_judged=left_out,
    )  # fmt: skip


@dataclass(frozen=True)
class BriefVerdict:
    """A verdict without its reasons: the state, the rules that block and those that cannot tell, by id. What a board of thousands needs."""

    state: State
    blockers: tuple[str, ...]
    unknown: tuple[str, ...]


def judge_briefly(packs: Sequence[Pack], dossier: dict[str, Any]) -> BriefVerdict:
    """As `judge`, without evidence and sentences, in a fifth of the time."""
    question = walk(dossier, ("decision", "question"))
    asked = [rule for pack in packs for rule in pack.rules if rule.text.question == question and not _not_judged(rule, dossier)]
    answers = [(rule.text, answer_of(rule, dossier)[0]) for rule in asked]
    blockers = tuple(text.id for text, answer in answers if blocks(answer, text.severity))
    unknown = tuple(text.id for text, answer in answers if answer == "cannot tell")
    holding_back = [text.id for text, answer in answers if leaves_open(answer, text.severity)]
    state: State = "blocked" if blockers else "cannot_tell" if holding_back or not answers else "ready"
    return BriefVerdict(state, blockers, unknown)


def _not_judged(rule: Rule, dossier: dict[str, Any]) -> str:
    """Why a rule is not judged on this dossier, in a sentence; empty when it is."""
    if rule.text.stage == "signature" and dossier.get("signer") is None:
        return "It asks about the person who signs, and nobody is signing yet."
    applies: Applies = rule.text.applies
    axes = (
        ("region", applies.regions, walk(dossier, ("decision", "region"))),
        ("phase", applies.phases, walk(dossier, ("decision", "phase"))),
        ("modality", applies.modalities, walk(dossier, ("product", "modality"))),
        ("route", applies.routes, walk(dossier, ("decision", "route"))),
    )
    for name, wanted, value in axes:
        # An axis that nobody recorded does not excuse a rule: it is judged, and answers for itself.
        if value is not None and "any" not in wanted and value not in wanted:
            return f"It is for {name} {', '.join(wanted)}; this is {value}."
    return ""


def answer_of(rule: Rule, dossier: dict[str, Any]) -> tuple[Answer, Outcome]:
    """The bare answer of one rule, with the outcome that made it."""
    frames = (dossier,)
    if rule.when is not None:
        applicable = rule.when(frames)
        if applicable.answer is not True:
            return ("not applicable" if applicable.answer is False else "cannot tell"), applicable
    outcome = rule.require(frames)
    answers: dict[bool | None, Answer] = {True: "met", False: "not met", None: "cannot tell"}
    return answers[outcome.answer], outcome


def _answer(rule: Rule, pack: Pack, dossier: dict[str, Any]) -> RuleAnswer:
    answer, outcome = answer_of(rule, dossier)
    text = rule.text
    return RuleAnswer(
        id=rule.id, title=text.title, question=text.question, stage=text.stage, severity=text.severity, override=text.override, answer=answer,
        says=_sentence(rule, answer, outcome), binds=text.binds, cite=text.cite, pack=pack.id, evidence=evidence_of(outcome),
    )  # fmt: skip


def _overridden(answer: RuleAnswer, override: OverriddenBy | None) -> RuleAnswer:
    from .verdict import overridable

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
    record = nearest_record(outcome.frames)
    # Built without validation: every value is our own, and a verdict has hundreds of nodes.
    return EvidenceNode.model_construct(
        condition=outcome.condition,
        answer=TRUTHS[outcome.answer],
        value=outcome.value,
        record=EvidenceRecord.model_construct(**{"version": None, "id": None, **record}) if record else None,
        withheld=0,
        children=[evidence_of(child) for child in outcome.children],
    )
