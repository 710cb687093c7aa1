"""What names a thing: every row of the record that refers to it, by table, a first few of each; as far as the viewer sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse

from holdfast.ledger.install import regulated_models
from holdfast.ledger.models import Detail, Fact, Record, Regulated

from ..templatetags.holdfast import shown
from .facts import fact_of, fields_of, label_of, relations_of
from .kinds import KINDS, address_of

#: what is said of a table and field instead of its own name
TITLES = {
    ("batch_lotuse", "child"): "Made from", ("batch_lotuse", "parent"): "Went into", ("batch_lotdestination", "lot"): "Destinations",
    ("batch_lotstatus", "lot"): "Inventory statuses", ("quality_changelot", "lot"): "Changes", ("quality_changelot", "change"): "Lots",
    ("quality_deviationlot", "lot"): "Deviations", ("quality_deviationlot", "deviation"): "Lots", ("batch_shipmentlot", "lot"): "Shipments",
    ("batch_shipmentlot", "shipment"): "Lots", ("people_training", "person"): "Trainings", ("people_role", "person"): "Roles",
}  # fmt: skip
FIRST = 6
PAGE = 50
SKIPPED = {"programme", "record", "supersedes"}


@dataclass(frozen=True)
class Line:
    """A row that refers to the thing: what to call it, where that leads, and what it says, briefly. `row`: the page of the row, where it is no record."""

    name: str
    address: str
    about: str
    row: str = ""


@dataclass(frozen=True)
class Links:
    """Rows of one table that refer to the thing through one field."""

    title: str
    table: str
    field: str
    lines: tuple[Line, ...]
    more: int | None  # the key after which the next page begins


def referring(model: type[models.Model]) -> Iterator[tuple[type[Regulated], str]]:
    """Tables and fields that may refer to a row of this one. Rows that are part of a record are shown with it, and left out."""
    for other in regulated_models():
        for field in other._meta.concrete_fields:
            part_of = getattr(other, "part_of", None)
            if field.is_relation and field.related_model is model and field.name not in SKIPPED and field.name != part_of:
                yield other, field.name


def links_to(row: Regulated) -> list[Links]:
    """Every table that refers to the row, with its first few rows; one query a table, however many rows."""
    found = [links_through(other, field, row, limit=FIRST) for other, field in referring(type(row))]
    return sorted((links for links in found if links.lines), key=lambda links: links.title)


def links_through(other: type[Regulated], field: str, row: Regulated, *, after: int = 0, limit: int = PAGE) -> Links:
    """Rows of one table that refer to the row through one field, after a key."""
    rows: Any = other._base_manager.filter(**{field: row, "pk__gt": after}).order_by("pk")
    if issubclass(other, Detail):
        rows = rows.filter(record__voided_at__isnull=True).select_related("record")
    elif issubclass(other, Fact):
        rows = rows.filter(voided_at__isnull=True)
        names = [name for name in relations_of(other) if name.split("__")[0] != field]
        rows = rows.select_related(*names) if names else rows
    binary = [f.name for f in other._meta.concrete_fields if isinstance(f, models.BinaryField)]
    read = list(rows.defer(*binary)[: limit + 1] if binary else rows[: limit + 1])
    lines = tuple(_line(each, field) for each in read[:limit])
    return Links(_title(other, field), other._meta.db_table, field, lines, read[limit - 1].pk if len(read) > limit else None)


def _title(other: type[Regulated], field: str) -> str:
    if (other._meta.db_table, field) in TITLES:
        return TITLES[other._meta.db_table, field]
    kind = KINDS.get(getattr(other, "kind", "") if issubclass(other, Detail) else "")
    name = kind.several if kind else several(other)
    role = label_of(other._meta.get_field(field)).lower()
    return name if role in {"lot", "product", "site", "person", "change", "deviation", "organisation", "registration", "procedure"} else f"{name}, as {role}"


def several(model: type[models.Model]) -> str:
    """The name of a table's rows, in English."""
    one = str(model._meta.verbose_name).capitalize()
    return one[:-1] + "ies" if one.endswith("y") and one[-2] not in "aeiou" else one + ("es" if one.endswith(("s", "x", "ch")) else "s")


def _line(row: Any, field: str) -> Line:
    if isinstance(row, Detail):
        version = f" v{row.record.version}" if row.record.version > 1 else ""
        return Line(f"{row.record.number}{version}", address_of(row), row.record.title)
    page = reverse("fact", args=[row._meta.db_table, row.pk]) if isinstance(row, Fact) else address_of(row)
    said = [fact_of(row, each)[1:] for each in fields_of(type(row)) if each.name != field]
    words = [(shown(value), address) for value, address in said if value not in (None, "") and not isinstance(value, bool)]
    if not words:
        return Line(f"row {row.pk}", page, "")
    words.sort(key=lambda one: not one[1])  # what has a page of its own first
    (name, address), others = words[0], words[1:4]
    return Line(name, address or page, ", ".join(word for word, _ in others), page if address else "")


def named(record: Record) -> str:
    """A record version as it is called."""
    return record.number + (f" v{record.version}" if record.version > 1 else "")


__all__ = ["Line", "Links", "links_through", "links_to", "named", "referring"]
