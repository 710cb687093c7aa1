"""What went wrong and what changes: deviations and changes of a batch, and statements that a list is complete."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from holdfast.quality.models import ChangeLot, CompletenessStatement, DeviationLot
from holdfast.quality.queries import changes_of, deviations_of

from .access import programme_of
from .batch import batch_of, reference
from .paging import page_of
from .records import values_of
from .routes import reads
from .schema.base import Key, Page, Paging
from .schema.quality import StatementsAsked, StatementShown, TouchingShown

router = Router()


@router.get("/batches/{key}/deviations", response=reads(Page[TouchingShown]))
def list_deviations(request: HttpRequest, key: Path[Key], asked: Query[Paging]) -> Any:
    """Standing deviations that touch the batch, as far as you see them: an empty list is no evidence without a statement that it is complete."""
    return page_of(deviations_of(batch_of(key)), asked, _deviation)


def _deviation(row: DeviationLot) -> dict[str, Any]:
    return {"record": reference(row.deviation.record), "facts": values_of(row.deviation), "link": values_of(row)}


@router.get("/batches/{key}/changes", response=reads(Page[TouchingShown]))
def list_changes_of_batch(request: HttpRequest, key: Path[Key], asked: Query[Paging]) -> Any:
    """Standing changes that the batch contains."""
    return page_of(changes_of(batch_of(key)), asked, _change)


def _change(row: ChangeLot) -> dict[str, Any]:
    return {"record": reference(row.change.record), "facts": values_of(row.change), "link": values_of(row)}


@router.get("/statements", response=reads(Page[StatementShown]))
def list_statements(request: HttpRequest, asked: Query[StatementsAsked]) -> Any:
    """Standing statements of completeness that you see."""
    rows = CompletenessStatement.objects.filter(record__voided_at__isnull=True).select_related("record")
    if asked.programme:
        rows = rows.filter(programme=programme_of(asked.programme))
    return page_of(rows.filter(lot=asked.lot) if asked.lot else rows, asked, lambda row: {**values_of(row), "record": reference(row.record)})
