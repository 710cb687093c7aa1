"""Reads of decisions: the board, one batch's verdicts, what changed since a decision."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from holdfast.batch.models import Lot, LotDestination
from holdfast.dossier.canonical import differences, differences_across_schemas, dossier_json, evidence_digest
from holdfast.kernel.clock import today
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import Programme
from holdfast.standards.verdict import RuleAnswer, Verdict

from .dossiers.build import dossiers_from
from .dossiers.gather import Gathered, gather
from .models import Decision, Question
from .packs import packs_in_force
from .questions import DESTINATIONS, REGION_OF
from .verdicts import for_viewer, verdicts_for, verdicts_from


@dataclass(frozen=True)
class Flag:
    """Evidence behind a decision changed after it: what differs, one line a place."""

    changes: tuple[str, ...]


@dataclass
class Cell:
    """One batch at one destination, as the board shows it and scripts read it."""

    destination: str
    state: str  # ready | blocked | cannot_tell | decided | not_destined
    verdict: Verdict | None = None
    decision: Decision | None = None
    flag: Flag | None = None

    @property
    def rules(self) -> list[RuleAnswer]:
        return self.verdict.rules if self.verdict else []

    @property
    def blockers(self) -> list[RuleAnswer]:
        return [rule for rule in self.rules if rule.blocks]

    @property
    def unknown(self) -> list[RuleAnswer]:
        return [rule for rule in self.rules if rule.answer == "cannot tell" and rule.overridden is None and rule.suspended is None]


@dataclass
class BoardRow:
    """One batch with its cells by destination."""

    lot: Any
    cells: dict[str, Cell] = field(default_factory=dict)


def batches(programme: Programme, numbers: Collection[str] | None = None) -> list[Any]:
    """Drug product lots that the viewer sees, soonest expiry first, those without an expiry last."""
    rows = Lot.objects.filter(programme=programme, lot_kind="drug_product", record__voided_at__isnull=True)
    if numbers is not None:
        rows = rows.filter(record__number__in=numbers)
    found = rows.select_related("record", "programme", "product__record", "made_at__organisation", "process__record")
    return sorted(found, key=lambda lot: (lot.expires_on or date.max, lot.record.number))


def board(programme: Programme, lots: Iterable[Any] | None = None) -> list[BoardRow]:
    """The release board of a programme as the open identity may see it: a number of queries that does not grow with the batches."""
    chosen = list(batches(programme) if lots is None else lots)
    keys = [lot.pk for lot in chosen]
    rows = {lot.pk: BoardRow(lot) for lot in chosen}
    with viewing(Viewer.evaluator(programme.pk)):
        # What a viewer may not see must not read as "not destined" or "not decided yet".
        destined, decisions = destinations(keys), standing_decisions(keys)
        gathered = gather(programme.pk, keys)
    packs = packs_in_force(programme, today())
    flags = flags_of(programme, decisions.values(), gathered)
    visible = set(Decision.objects.filter(pk__in=[d.pk for d in decisions.values()]).values_list("pk", flat=True))
    for destination, question in DESTINATIONS.items():
        open_lots = [key for key in keys if destination in destined[key] and (key, question) not in decisions]
        judged = verdicts_from(gathered, programme, open_lots, question, packs)
        shown = dict(zip(judged, for_viewer(list(judged.values())), strict=True))
        for key in keys:
            decision = decisions.get((key, question))
            rows[key].cells[destination] = _cell(destination, destination in destined[key], decision, shown.get(key), flags, visible)
    return [rows[key] for key in keys]


def _cell(destination: str, is_destined: bool, decision: Decision | None, verdict: Verdict | None, flags: dict[int, Flag], visible: set[int]) -> Cell:
    if decision is not None:
        flag = flags.get(decision.pk)
        if decision.pk not in visible:  # who may not open it is told that it was decided, and whether evidence changed, no more
            return Cell(destination, "decided", decided_verdict(decision), None, flag and Flag(()))
        return Cell(destination, "decided", decided_verdict(decision), decision, flag)
    if not is_destined:
        return Cell(destination, "not_destined")
    return Cell(destination, verdict.state if verdict else "cannot_tell", verdict)


def destinations(lots: Collection[int]) -> dict[int, set[str]]:
    """Regions that each lot is bound for. Read as the evaluator by callers that must not miss one."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = LotDestination.objects.filter(lot__in=lots, voided_at__isnull=True).values_list("lot_id", "registration__region")
    for lot, region in rows:
        found[lot].add(region)
    return found


def standing_decisions(lots: Collection[int]) -> dict[tuple[int, str], Decision]:
    """Decisions that stand, by lot and question."""
    rows = Decision.objects.filter(lot__in=lots, record__voided_at__isnull=True).select_related(
        "record", "programme", "lot__record", "signer__organisation", "signature", "dossier__verdict", "register_entry__authorisation__record"
    )
    return {(row.lot_id, row.question): row for row in rows.prefetch_related("overrides__person", "overrides__second_person")}


def decided_verdict(decision: Decision) -> Verdict:
    """The verdict exactly as it was signed, as the open identity may see it."""
    signed = Verdict.model_validate_json(bytes(decision.dossier.verdict.content))
    return for_viewer([(json.loads(bytes(decision.dossier.content)), signed)])[0]


def flags_of(programme: Programme, decisions: Iterable[Decision], gathered: Gathered | None = None) -> dict[int, Flag]:
    """Decisions whose evidence, gathered again as of their own day, is no longer what was signed. Nothing stored is altered.

    `gathered` are the rows of their lots, where the caller has them already (as the evaluator).
    """
    groups: dict[tuple[str, date], list[Decision]] = defaultdict(list)
    for decision in decisions:
        groups[(decision.question, decision.decided_on)].append(decision)
    found: dict[int, Flag] = {}
    if not groups:
        return found
    with viewing(Viewer.evaluator(programme.pk)):
        gathered = gathered or gather(programme.pk, {d.lot_id for members in groups.values() for d in members})
        for (question, day), members in groups.items():
            again = dossiers_from(gathered, programme, [d.lot_id for d in members], question, REGION_OF[question], day)
            for decision in members:
                if decision.lot_id not in again:
                    found[decision.pk] = Flag(("The batch was voided after the decision.",))
                    continue
                document = dossier_json(again[decision.lot_id])
                if evidence_digest(document) != decision.dossier.evidence_digest:
                    changes = _changes(json.loads(bytes(decision.dossier.content)), document)
                    if changes is not None:
                        found[decision.pk] = Flag(tuple(changes))
    return found


def _changes(signed: dict[str, Any], document: dict[str, Any]) -> list[str] | None:
    """What changed since it was signed; None when only the schema did: a newer Holdfast is no new evidence."""
    if signed.get("schema_version") == document.get("schema_version"):
        return differences(signed, document)
    return differences_across_schemas(signed, document) or None


def sponsor_release_cell(programme: Programme, lot: Any, decisions: dict[tuple[int, str], Decision]) -> Cell | None:
    """The sponsor's release for use, a step of its own after certification; None before the batch is certified."""
    certification = decisions.get((lot.pk, Question.EU_CERTIFICATION))
    if certification is None or certification.outcome != "certified":
        return None
    decision = decisions.get((lot.pk, Question.SPONSOR_RELEASE))
    if decision is not None:
        return Cell("EU", "decided", decided_verdict(decision), decision, flags_of(programme, [decision]).get(decision.pk))
    judged = verdicts_for(programme, [lot.pk], Question.SPONSOR_RELEASE)[lot.pk]
    return Cell("EU", judged[1].state, for_viewer([judged])[0])
