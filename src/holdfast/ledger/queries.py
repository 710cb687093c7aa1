"""Reading the ledger: what happened to a record, and how it stood at a moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import Q

from holdfast.kernel.errors import Refused

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


class NotSearchable(Refused):
    """A text that is too short or too long to search for, or a place that no page of this search gave."""


@dataclass(frozen=True)
class Found:
    """A record version, person, organisation or site that a search found; `rank` 0 is its exact number."""

    rank: int
    kind: str
    id: int
    number: str
    version: int | None
    title: str
    programme_id: int | None
    is_voided: bool


@dataclass(frozen=True)
class SearchPage:
    """What a search found, best first, and the cursor of what follows."""

    found: tuple[Found, ...]
    after: str | None


def search(text: str, kinds: Collection[str] = (), after: str | None = None, limit: int = 20) -> SearchPage:
    """Everything of these kinds (all, when none is named) that the open identity may see: by exact number, the beginning of a number, a patient's
    pseudonym, words of a title or name, in this order. Every search is kept. Raises `NotSearchable`.
    """
    if not 2 <= len(text.strip()) <= 200:
        raise NotSearchable("Type between 2 and 200 characters.")
    rank, number, key = _search_place(after) if after else (None, None, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM holdfast_search(%s, %s::text[], %s, %s, %s, %s)", [text, list(kinds), rank, number, key, limit + 1])
        rows = [Found(*row) for row in cursor.fetchall()]
    last = rows[limit - 1] if len(rows) > limit else None
    return SearchPage(tuple(rows[:limit]), f"{last.rank}.{last.id}.{last.number}" if last else None)


def _search_place(after: str) -> tuple[int, str, int]:
    rank, _, rest = after.partition(".")
    key, _, number = rest.partition(".")
    if not (rank.isdecimal() and key.isdecimal() and number and len(rank) == 1 and len(key) < 19 and "\0" not in number):
        raise NotSearchable("This is no place in what was found. Search again.")
    return int(rank), number, int(key)


__all__ = ["FieldChange", "Found", "HistoryEntry", "NotSearchable", "SearchPage", "as_of", "detail_of", "history_of", "search"]
