"""Judge batches: dossiers as the evaluator sees them, verdicts as the viewer may see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from holdfast.dossier.canonical import canonical, dossier_json, sha256
from holdfast.dossier.schema import Dossier
from holdfast.kernel.clock import today
from holdfast.ledger.models import Programme, Record
from holdfast.standards.judge import judge
from holdfast.standards.loading import Pack, shipped_packs
from holdfast.standards.redact import redact
from holdfast.standards.verdict import EvidenceNode, OverriddenBy, Verdict

from .dossiers import build_dossiers
from .dossiers.build import dossiers_from
from .dossiers.gather import Gathered
from .questions import REGION_OF


def packs_in_force() -> tuple[Pack, ...]:
    """The rule packs that judge decisions."""
    return shipped_packs(Dossier)


def verdict_on(dossier: Dossier, overrides: Mapping[str, OverriddenBy] | None = None) -> Verdict:
    """The verdict on one dossier, bound to its digest."""
    document = dossier_json(dossier)
    return judge(packs_in_force(), document, overrides=overrides, dossier_digest=sha256(canonical(document)))


def verdicts_for(programme: Programme, lots: Collection[int], question: str, on: date | None = None) -> dict[int, tuple[Dossier, Verdict]]:
    """Dossier and verdict of each lot, unredacted: for the evaluator's own use. Show `for_viewer(...)` of it."""
    dossiers = build_dossiers(programme, lots, question, REGION_OF[question], on or today())
    return {key: (dossier, verdict_on(dossier)) for key, dossier in dossiers.items()}


def verdicts_from(found: Gathered, programme: Programme, lots: Collection[int], question: str) -> list[Verdict]:
    """Today's verdict on each lot, unredacted and in order, from rows that were gathered as the evaluator."""
    return [verdict_on(dossier) for dossier in dossiers_from(found, programme, lots, question, REGION_OF[question], today()).values()]


def records_named(verdict: Verdict) -> set[int]:
    """Ids of every stored record that a verdict's evidence names."""
    found: set[int] = set()

    def walk(node: EvidenceNode) -> None:
        if node.record and node.record.id is not None:
            found.add(node.record.id)
        for child in node.children:
            walk(child)

    for rule in verdict.rules:
        if rule.evidence:
            walk(rule.evidence)
    return found


def for_viewer(verdicts: Collection[Verdict]) -> list[Verdict]:
    """The same verdicts as the open identity may see them: evidence in records that it cannot see is withheld. One query for all."""
    named = {record for verdict in verdicts for record in records_named(verdict)}
    visible = set(Record.objects.filter(pk__in=named).values_list("pk", flat=True))

    def may_see(record: int | None) -> bool:
        return record is None or record in visible

    return [redact(verdict, may_see) for verdict in verdicts]


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    return verdict.model_dump(mode="json")
