"""Reading the ledger: what happened to a record, and how it stood at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from .models import Detail, Record, Regulated, RowChange


@dataclass(frozen=True)
class FieldChange:
    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class HistoryEntry:
    """One change set's effect on one row: who, when, why, and each field's old and new value."""

    change_set_id: int
    recorded_at: datetime
    actor_name: str
    action: str
    reason: str
    table: str
    operation: str
    changes: tuple[FieldChange, ...]


def detail_of(record: Record) -> Detail | None:
    """The typed detail of a record header, found by its kind; None when its kind has none or it cannot be seen."""
    from .install import regulated_models

    for model in regulated_models():
        if issubclass(model, Detail) and model.kind == record.kind:
            return model._base_manager.filter(pk=record.pk).first()
    return None


def history_of(row: Regulated) -> list[HistoryEntry]:
    """Every change to a row, oldest first; for a record or its detail, both the header's and the detail's."""
    wanted = _images_of(row)
    changes = RowChange.objects.filter(wanted).select_related("change_set").order_by("id")
    return [_entry(change) for change in changes]


def _images_of(row: Regulated) -> Q:
    if isinstance(row, Detail):
        return Q(table_name__in=[row._meta.db_table, Record._meta.db_table], row_id=row.pk)
    if isinstance(row, Record):
        detail = detail_of(row)
        tables = [Record._meta.db_table] + ([detail._meta.db_table] if detail else [])
        return Q(table_name__in=tables, row_id=row.pk)
    return Q(table_name=row._meta.db_table, row_id=row.pk)


def _entry(change: RowChange) -> HistoryEntry:
    before, after = change.before or {}, change.after or {}
    fields = tuple(FieldChange(name, before.get(name), after.get(name)) for name in {**before, **after} if before.get(name) != after.get(name))
    made = change.change_set
    return HistoryEntry(made.pk, made.recorded_at, made.actor_name, made.action, made.reason, change.table_name, change.operation, fields)


def as_of(model: type[models.Model], pk: int, moment: datetime) -> dict[str, Any] | None:
    """The image of a row as the ledger knew it at `moment` (UTC); None when it did not exist yet."""
    change = RowChange.objects.filter(table_name=model._meta.db_table, row_id=pk, change_set__recorded_at__lte=moment).order_by("-id").first()
    return change.after if change else None


__all__ = ["FieldChange", "HistoryEntry", "as_of", "detail_of", "history_of"]
