"""Judge batches: dossiers as the evaluator sees them, verdicts as the viewer may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from holdfast.dossier.canonical import canonical, dossier_json, sha256
from holdfast.dossier.schema import Dossier
from holdfast.kernel.clock import today
from holdfast.ledger.access import sees_whole
from holdfast.ledger.models import Programme, Record
from holdfast.standards.judge import judge
from holdfast.standards.redact import hidden_texts, redact
from holdfast.standards.verdict import EvidenceNode, OverriddenBy, RuleAnswer, Verdict

from .dossiers import build_dossiers
from .dossiers.build import dossiers_from
from .dossiers.gather import Gathered
from .packs import PacksInForce, packs_in_force, texts_of
from .questions import REGION_OF


def verdict_on(dossier: Dossier, packs: PacksInForce, overrides: Mapping[str, OverriddenBy] | None = None) -> Verdict:
    """The verdict on one dossier by the packs in force, bound to its digest."""
    document = dossier_json(dossier)
    return judge(packs.on(document), document, overrides=overrides, dossier_digest=sha256(canonical(document)))


def verdicts_for(programme: Programme, lots: Collection[int], question: str, on: date | None = None) -> dict[int, tuple[Dossier, Verdict]]:
    """Dossier and verdict of each lot, unredacted: for the evaluator's own use. Show `for_viewer(...)` of it."""
    day = on or today()
    packs = packs_in_force(programme, day)
    dossiers = build_dossiers(programme, lots, question, REGION_OF[question], day)
    return {key: (dossier, verdict_on(dossier, packs)) for key, dossier in dossiers.items()}


def verdicts_from(found: Gathered, programme: Programme, lots: Collection[int], question: str, packs: PacksInForce) -> dict[int, tuple[Dossier, Verdict]]:
    """Today's dossier and verdict of each lot, unredacted, from rows that were gathered as the evaluator. Show `for_viewer(...)` of it."""
    dossiers = dossiers_from(found, programme, lots, question, REGION_OF[question], today())
    return {key: (dossier, verdict_on(dossier, packs)) for key, dossier in dossiers.items()}


def records_at_fault(rule: RuleAnswer) -> list[int]:
    """Ids of the records in which a rule's conditions fail or find nothing, the closest to the fault first."""
    found: list[int] = []

    def walk(node: EvidenceNode) -> None:
        for child in node.children:
            walk(child)
        if node.answer != "holds" and node.record and node.record.id is not None:
            found.append(node.record.id)

    if rule.evidence and rule.answer in {"not met", "cannot tell"}:
        walk(rule.evidence)
    return found


def for_viewer(judged: Collection[tuple[Dossier | dict[str, Any], Verdict]]) -> list[Verdict]:
    """Verdicts, each given with the dossier it judges, as the open identity may see them: the evidence from rows that it cannot see is withheld.

    Whoever sees the whole programme gets them as they are. Two queries for all, else.
    """
    if not judged or sees_whole(_programme_of(judged)):
        return [verdict for _, verdict in judged]
    documents = [dossier_json(dossier) if isinstance(dossier, Dossier) else dossier for dossier, _ in judged]
    named = {record for document in documents for record in _records_in(document)}
    visible = set(Record.objects.filter(pk__in=named).values_list("pk", flat=True))

    def may_see(record: int | None) -> bool:
        return record is None or record in visible

    public = texts_of(used.sha256 for _, verdict in judged for used in verdict.packs)
    return [redact(verdict, may_see, hidden_texts(document, may_see, public)) for document, (_, verdict) in zip(documents, judged, strict=True)]


def _programme_of(judged: Collection[tuple[Dossier | dict[str, Any], Verdict]]) -> str:
    """The number of the programme that these dossiers are of: a viewer's scope is by programme, and so is every list of verdicts."""
    numbers = {d.scope.programme if isinstance(d, Dossier) else d["scope"]["programme"] for d, _ in judged}
    if len(numbers) != 1:
        raise ValueError("Verdicts of several programmes are shown one programme at a time.")
    return str(numbers.pop())


def _records_in(part: Any) -> Iterator[int]:
    """Ids of every stored record that a dossier names."""
    if isinstance(part, dict):
        record = part.get("record")
        if isinstance(record, dict) and record.get("id") is not None:
            yield int(record["id"])
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _records_in(inner)


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    return verdict.model_dump(mode="json")
