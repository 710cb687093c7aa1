"""Batches: the board, one batch, its results, genealogy and history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from holdfast.batch.models import Lot, LotUse, Result
from holdfast.batch.queries import inputs_of, results_of_lot, timeline_of, uses_of
from holdfast.ledger.models import Record
from holdfast.people.policy import may_sign
from holdfast.release.queries import BoardRow, Cell, batches, board, sponsor_release_cell, standing_decisions
from holdfast.release.questions import DESTINATIONS

from .access import found, programmes, roles_on
from .paging import cut, key_in, page_in, page_of
from .routes import reads
from .schema.base import Key, Page, Paging
from .schema.batch import BatchRow, BatchShown, BoardAsked, EventShown, LotUseShown, ResultShown

router = Router()
RELATED = ("record", "programme", "product__record", "made_at__organisation", "process__record")


def batch_of(key: int) -> Any:
    """A drug product lot that the person sees. Raises `Http404`."""
    return found(Lot.objects.select_related(*RELATED), pk=key, lot_kind="drug_product", record__voided_at__isnull=True)


@router.get("/batches", response=reads(Page[BatchRow]))
def list_batches(request: HttpRequest, asked: Query[BoardAsked]) -> Any:
    """The release board: batches by destination, soonest expiry first, programme by programme."""
    rows = islice(_rows(asked), asked.limit + 1)
    return cut(rows, asked.limit, row_shown, lambda row: place_of(row.lot))


def place_of(lot: Any) -> list[Any]:
    """Where a batch stands on the board."""
    return [lot.programme.number, (lot.expires_on or date.max).isoformat(), lot.record.number, lot.pk]


def _rows(asked: BoardAsked) -> Iterator[BoardRow]:
    """Rows that match, judged a page at a time: a state is known only when a batch is judged."""
    after = key_in(asked.after, [str, str, str, int])
    text = (asked.text or "").casefold()
    for programme in programmes(asked.programme):
        lots = batches(programme, [asked.number] if asked.number else None)
        chosen = [lot for lot in lots if (after is None or place_of(lot) > after) and (text in lot.record.number.casefold() or text in lot.patient.casefold())]
        for start in range(0, len(chosen), asked.limit + 1):
            yield from (row for row in board(programme, chosen[start : start + asked.limit + 1]) if _matches(row, asked.state))


def _matches(row: BoardRow, state: str | None) -> bool:
    if state == "flagged":
        return any(cell.flag for cell in row.cells.values())
    return state is None or any(cell.state == state for cell in row.cells.values())


def row_shown(row: BoardRow) -> dict[str, Any]:
    """A batch as the board shows it."""
    lot = row.lot
    return {
        "id": lot.pk, "number": lot.record.number, "version": lot.record.version, "programme": lot.programme.number,
        "product": lot.product.record.title if lot.product else None, "patient": lot.patient, "expires_on": lot.expires_on,
        "destinations": [cell_shown(cell) for cell in row.cells.values()],
    }  # fmt: skip


def cell_shown(cell: Cell) -> dict[str, Any]:
    """A batch at a destination. What changed since a decision is told to who may open it."""
    decision = cell.decision
    return {
        "destination": cell.destination, "state": cell.state, "flagged": cell.flag is not None,
        "changes": list(cell.flag.changes) if cell.flag and decision else [], "decision": decision.pk if decision else None,
        "outcome": decision.outcome if decision else None, "decided_by": decision.signer.printed_name if decision else None,
        "rules": [
            {"id": rule.id, "title": rule.title, "answer": rule.answer, "severity": rule.severity, "says": rule.says, "overridden": rule.overridden is not None}
            for rule in cell.rules
        ],
    }  # fmt: skip


def reference(record: Record | None) -> dict[str, Any] | None:
    """A record version by what a person calls it."""
    return {"id": record.pk, "kind": record.kind, "number": record.number, "version": record.version} if record else None


@router.get("/batches/{key}", response=reads(BatchShown))
def show_batch(request: HttpRequest, key: Path[Key]) -> Any:
    """One batch: its facts, how it stands at each destination, and what you may sign of it today."""
    lot = batch_of(key)
    row, roles = board(lot.programme, [lot])[0], roles_on(request, lot.programme)
    sponsor_release = sponsor_release_cell(lot.programme, lot, standing_decisions([lot.pk]))
    signable = [name for name, question in DESTINATIONS.items() if may_sign(question, roles) and row.cells[name].state not in {"decided", "not_destined"}]
    if sponsor_release is not None and sponsor_release.state != "decided" and may_sign("sponsor_release", roles):
        signable.append("EU-USE")
    return row_shown(row) | {
        "made_at": lot.made_at.name if lot.made_at else None, "manufacture_began_on": lot.manufacture_began_on, "manufactured_on": lot.manufactured_on,
        "process": reference(lot.process.record) if lot.process else None, "identity": lot.identity,
        "sponsor_release": cell_shown(sponsor_release) if sponsor_release else None, "may_sign": signable,
    }  # fmt: skip


@router.get("/batches/{key}/results", response=reads(Page[ResultShown]))
def list_results(request: HttpRequest, key: Path[Key], asked: Query[Paging]) -> Any:
    """Every standing result of the batch, as reported."""
    return page_of(results_of_lot(batch_of(key)), asked, _result)


def _result(row: Result) -> dict[str, Any]:
    run = row.test_run
    return {
        "id": row.pk, "attribute": row.attribute.code, "attribute_name": row.attribute.name, "reported": row.reported, "unit": row.unit,
        "censoring": row.censoring, "status": row.status, "test_run": run.pk, "test_run_number": run.record.number,
        "procedure": reference(run.procedure.record) if run.procedure else None, "site": run.site.name if run.site else None, "performed_at": run.performed_at,
    }  # fmt: skip


@router.get("/batches/{key}/inputs", response=reads(Page[LotUseShown]))
def list_inputs(request: HttpRequest, key: Path[Key], asked: Query[Paging]) -> Any:
    """Lots that went directly into the batch."""
    return page_of(inputs_of(batch_of(key)).select_related("parent__record", "child__record"), asked, _use)


@router.get("/batches/{key}/uses", response=reads(Page[LotUseShown]))
def list_uses(request: HttpRequest, key: Path[Key], asked: Query[Paging]) -> Any:
    """Lots that the batch went directly into."""
    return page_of(uses_of(batch_of(key)).select_related("parent__record", "child__record"), asked, _use)


def _use(row: LotUse) -> dict[str, Any]:
    return {"id": row.pk, "parent": reference(row.parent.record), "child": reference(row.child.record), "used_on": row.used_on}


@router.get("/batches/{key}/timeline", response=reads(Page[EventShown]))
def show_timeline(request: HttpRequest, key: Path[Key], asked: Query[Paging]) -> Any:
    """Everything that happened to the batch, in order, as far as you see it."""
    return page_in(timeline_of(batch_of(key)), asked, lambda event: event)
