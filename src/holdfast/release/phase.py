"""A programme at its phase: what must be true now, what at the next milestone, what may wait; drafts and flexibilities apart, each with its status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from holdfast.dossier.canonical import canonical, dossier_json, sha256
from holdfast.dossier.schema import Dossier
from holdfast.kernel.errors import Refused
from holdfast.programme.models import Product
from holdfast.standards.judge import judge
from holdfast.standards.library import current_packs
from holdfast.standards.loading import Pack
from holdfast.standards.pack import Phase
from holdfast.standards.phase_view import PHASES, WEIGHT, WORDS, Expectation, PhaseView, phase_view
from holdfast.standards.values import shown
from holdfast.standards.verdict import EvidenceNode, EvidenceRecord, NotJudged, Verdict

from .dossiers.development_part import NO_RECORD
from .dossiers.product_dossier import ProductDossier, build_product_dossier
from .verdicts import for_viewer

QUESTION = "phase"
CONFIDENCE = ("low", "medium", "high")


@dataclass(frozen=True)
class Apart:
    """A pack that is no settled rule (a draft, a flexibility): its status, what it says of that, how sure we are of its text, and what its rules answer.

    `left_out` are its rules that do not apply to this programme, with the reason.
    """

    pack: Pack
    confidence: str
    expectations: tuple[Expectation, ...]
    left_out: tuple[NotJudged, ...]


@dataclass(frozen=True)
class ProgrammePhase:
    """A product in one region on a day. `view` is None when neither a record nor who asks says the phase.

    `elsewhere` are rules of other questions (of a batch, a site, a change) that come or weigh more from the next milestone on: without an answer here.
    `no_record` names, in words, what Holdfast has no record of yet.
    """

    product: Product
    region: str
    on: date
    gathered: ProductDossier
    phase: Phase | None
    view: PhaseView | None
    apart: tuple[Apart, ...]
    elsewhere: tuple[Expectation, ...]
    not_judged: tuple[NotJudged, ...]
    withheld: bool

    @property
    def is_recorded(self) -> bool:
        """Whether the phase is the one that the record says."""
        return self.phase is not None and self.phase == self.gathered.phase

    @property
    def no_record(self) -> tuple[str, ...]:
        return tuple(NO_RECORD)


def phase_of(product: Product, region: str, on: date, phase: Phase | None = None, next_phase: Phase | None = None) -> ProgrammePhase:
    """The phase view of a product in one region, judged as the evaluator and shown as the open identity may see it.

    `phase`: as if the programme were there; without it, the phase on record. Raises `Refused` when `next_phase` does not come after it.
    """
    gathered = build_product_dossier(product, region, on, QUESTION)
    document = dossier_json(gathered.dossier)
    at: Any = phase or gathered.phase
    if at is None:
        return ProgrammePhase(product, region, on, gathered, None, None, (), (), (), withheld=False)
    if next_phase is not None and PHASES.index(next_phase) <= PHASES.index(at):
        raise Refused(f"{WORDS[next_phase].capitalize()} does not come after {WORDS[at]}.")
    packs = current_packs(Dossier)
    asked = [pack for pack in packs if QUESTION in pack.questions]
    settled = [pack for pack in asked if not pack.header.status_note]
    document["decision"] |= {"phase": at}
    view, withheld = _for_viewer(phase_view(settled, document, at, next_phase), document, settled)
    return ProgrammePhase(
        product,
        region,
        on,
        gathered,
        at,
        view,
        tuple(_apart(pack, document, at, next_phase) for pack in asked if pack.header.status_note),
        _elsewhere([pack for pack in packs if QUESTION not in pack.questions and pack.status == "in_force"], document, at, next_phase),
        tuple(judge(settled, document).not_judged),
        withheld,
    )


def _for_viewer(view: PhaseView, document: dict[str, Any], packs: Sequence[Pack]) -> tuple[PhaseView, bool]:
    """The view as the open identity may see it, and whether something of it is withheld. Answers are the same for everybody."""
    source = ((document.get("development") or {}).get("record")) or None
    view = _attributed(view, EvidenceRecord(**source) if source else None)
    everything = judge(packs, document, dossier_digest=sha256(canonical(document))).model_copy(update={"rules": [one.answer for one in view.all]})
    (seen,) = for_viewer([(document, everything)])
    parts = iter([_seen(one, seen, index) for index, one in enumerate(view.all)])
    now, coming, later, idle = (tuple(islice(parts, len(part))) for part in (view.now, view.next, view.later, view.idle))
    return PhaseView(view.phase, view.next_phase, now, coming, later, idle), seen.redacted


def _attributed(view: PhaseView, source: EvidenceRecord | None) -> PhaseView:
    """The view with each value of the development named as read from its record: a condition on the dossier as a whole names none by itself."""

    def named(node: EvidenceNode) -> EvidenceNode:
        is_read = node.record is None and node.condition.startswith("development.") and node.value != shown(None)
        return replace(node, record=source if is_read else node.record, children=[named(child) for child in node.children])

    def expected(one: Expectation) -> Expectation:
        evidence = one.answer.evidence
        return replace(one, answer=one.answer.model_copy(update={"evidence": named(evidence)})) if evidence and source else one

    now, coming, later, idle = (tuple(expected(one) for one in part) for part in (view.now, view.next, view.later, view.idle))
    return PhaseView(view.phase, view.next_phase, now, coming, later, idle)


def _seen(one: Expectation, verdict: Verdict, index: int) -> Expectation:
    """What is open may name what is withheld: where a rule is shown otherwise than it was judged, only its own sentence stays."""
    answer = verdict.rules[index]
    return replace(one, answer=answer, needs=one.needs if answer == one.answer else (answer.says,) if one.needs else ())


def _apart(pack: Pack, document: dict[str, Any], phase: Phase, next_phase: Phase | None) -> Apart:
    view, _ = _for_viewer(phase_view([pack], document, phase, next_phase), document, [pack])
    levels = [cite.confidence for rule in pack.rules for cite in rule.text.cite]
    named = {rule.id for rule in pack.rules}
    left = tuple(item for item in judge([pack], document).not_judged if item.what.split(" ")[0] in named)
    return Apart(pack, min(levels, key=CONFIDENCE.index), (*view.now, *view.next, *view.idle), left)


def _elsewhere(packs: Sequence[Pack], document: dict[str, Any], phase: Phase, next_phase: Phase | None) -> tuple[Expectation, ...]:
    """Rules of other questions that come or weigh more at the next milestone, heaviest first; their answers are of no batch, and so not shown."""
    view = phase_view(packs, document, phase, next_phase)
    standing = {(one.answer.question, one.answer.id): one.answer for one in view.now}
    coming = [one for one in view.next if _is_heavier(one, standing.get((one.answer.question, one.answer.id)))]
    return tuple(sorted(coming, key=lambda one: (one.answer.question, -WEIGHT[one.answer.severity], one.answer.id)))


def _is_heavier(one: Expectation, before: Any) -> bool:
    return before is None or WEIGHT[one.answer.severity] > WEIGHT[before.severity]


def phase_values(found: ProgrammePhase) -> dict[str, Any]:
    """The view as scripts read it."""
    view = found.view
    return {
        "product": found.product.record.number, "region": found.region, "on": found.on.isoformat(), "phase": found.phase,
        "phase_on_record": found.gathered.phase, "next_phase": view.next_phase if view else None,
        "now": [_line(one) for one in view.now] if view else [], "next": [_line(one) for one in view.next] if view else [],
        "later": [_line(one) for one in view.later] if view else [], "not_applicable": [_line(one) for one in view.idle] if view else [],
        "apart": [_apart_values(one) for one in found.apart],
        "elsewhere_from_next": [{"question": one.answer.question, "rule": one.answer.id, "title": one.answer.title, "why": one.why} for one in found.elsewhere],
        "no_record_of": list(found.no_record), "not_judged": [{"what": item.what, "why": item.why} for item in found.not_judged],
        "withheld": found.withheld,
    }  # fmt: skip


def _line(one: Expectation) -> dict[str, Any]:
    answer = one.answer
    return {
        "rule": answer.id, "title": answer.title, "answer": answer.answer, "severity": answer.severity, "at": one.phase, "why": one.why,
        "open": list(one.needs), "cite": [f"{cite.document} {cite.paragraph}".strip() for cite in answer.cite],
    }  # fmt: skip


def _apart_values(one: Apart) -> dict[str, Any]:
    return {
        "pack": one.pack.id, "version": one.pack.version, "title": one.pack.header.title, "status": one.pack.status, "says": one.pack.header.status_note,
        "confidence": one.confidence, "rules": [_line(each) for each in one.expectations],
        "left_out": [{"what": item.what, "why": item.why} for item in one.left_out],
    }  # fmt: skip


__all__ = ["Apart", "ProgrammePhase", "phase_of", "phase_values"]
