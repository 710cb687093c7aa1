"""Reading rows for dossiers: standing rows only, grouped, each counted by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.db.models import QuerySet

from holdfast.dossier.schema.base import OPEN_ENDED, Reference, Validity
from holdfast.ledger.models import Detail, Fact, StoredFile
from holdfast.people.models import Person, Site

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
EEA = {
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO",
    "SK", "SI", "ES", "SE", "IS", "LI", "NO",
}  # fmt: skip


def standing(model: type[models.Model], *related: str, **wanted: Any) -> QuerySet[Any]:
    """Rows of a table that are not voided, with the related rows that are named (and a record's own header), in a fixed order."""
    rows = model._base_manager.filter(**wanted).order_by("pk")
    if issubclass(model, Detail):
        return rows.filter(record__voided_at__isnull=True).select_related("record", *related)
    if issubclass(model, Fact):
        rows = rows.filter(voided_at__isnull=True)
    return rows.select_related(*related) if related else rows  # without names Django would join everything that is never empty


#: what is read with a row that many others share
ALONG: dict[type[models.Model], tuple[str, ...]] = {Site: ("organisation",), Person: ("organisation",)}


class Known:
    """Rows that many others name (sites, people, processes, materials), each read once and set on all that name it.

    A join would make one object a row of each: most of the time that gathering a thousand lots takes.
    """

    def __init__(self) -> None:
        self._rows: dict[type[models.Model], dict[int, Any]] = defaultdict(dict)

    def set_on(self, rows: Iterable[T], *names: str) -> list[T]:
        """Set these relations on the rows: one query for each table they name, or none when all of it is known."""
        found = list(rows)
        fields: list[Any] = [type(found[0])._meta.get_field(name) for name in names] if found else []  # type: ignore[attr-defined]
        wanted: dict[Any, set[int]] = defaultdict(set)
        for field in fields:
            wanted[field.related_model] |= {getattr(row, field.attname) for row in found} - {None}
        for model, keys in wanted.items():
            self._read(model, keys - self._rows[model].keys())
        for field in fields:
            known = self._rows[field.related_model]
            for row in found:
                key = getattr(row, field.attname)
                if key is not None:
                    field.set_cached_value(row, known[key])
        return found

    def _read(self, model: type[models.Model], keys: set[int]) -> None:
        if keys:
            along = ALONG.get(model, ("record",) if issubclass(model, Detail) else ())
            rows = model._base_manager.select_related(*along)
            self._rows[model] |= (rows.defer("content") if model is StoredFile else rows).in_bulk(keys)


def grouped(rows: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Rows by a key, in their order."""
    groups: dict[K, list[T]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def validity(row: Any) -> Validity:
    """Begin and end as the dossier has them: a date, `open-ended`, or absent when nobody stated an end."""
    until: Any = row.valid_until if row.valid_until is not None else (OPEN_ENDED if row.until_stated else None)
    return Validity(begin=row.valid_from, until=until)


def covers(row: Any, day: date | None) -> bool:
    """Whether a row certainly holds on a day."""
    if day is None or row.valid_from is None or row.valid_from > day:
        return False
    return (row.valid_until is not None and row.valid_until >= day) or (row.valid_until is None and row.until_stated)


def current(rows: Iterable[Any], day: date | None) -> Any | None:
    """The row that holds on a day: of several, the one that began last."""
    holding = [row for row in rows if covers(row, day)]
    return max(holding, key=lambda row: (row.valid_from, row.pk)) if holding else None


def reference(row: Any) -> Reference:
    """The stored record a part was read from."""
    record = row.record
    return Reference(kind=record.kind, number=record.number, version=record.version, id=record.pk)


def text(value: Any) -> str | None:
    """Empty text is absence."""
    return None if value in (None, "") else str(value)


def number_of(row: Any) -> str | None:
    """The number of a related organisation, site, person or record; None where there is none."""
    if row is None:
        return None
    return str(row.record.number) if hasattr(row, "record_id") else str(row.number)
