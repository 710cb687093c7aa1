"""A change set, opened: every row it touched with old and new values by the field's label, and where each leads. Set-based."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, DateField, DateTimeField, Field

from .browsing import names_of_rows
from .install import regulated_models
from .models import ChangeSet, Detail, KeptCheckpoint, Leaf, Record, Regulated, RowChange

#: columns that repeat another, or are bytes
HIDDEN = {"id", "record_id", "programme_id", "scope_site_id", "content", "signer_id", "change_set_id"}
ROWS = 100
References = dict[type[Any], dict[int, Any]]


@dataclass(frozen=True)
class Value:
    """A value as a person reads it, and the record that it leads to, if it is one."""

    said: Any
    record: int | None = None


@dataclass(frozen=True)
class ChangedField:
    """One field of a row with its old and its new value."""

    label: str
    before: Value
    after: Value


@dataclass(frozen=True)
class ChangedRow:
    """One row that a change set touched. `record` is the record that it is, or belongs to; none where that is not seen or there is none."""

    id: int
    operation: str
    of: str
    name: str
    record: int | None
    fields: tuple[ChangedField, ...]


@dataclass(frozen=True)
class SealState:
    """Where a change set stands in the tree, and the first checkpoint that covers it; neither, while it waits."""

    index: int | None
    checkpoint_size: int | None
    checkpoint_at: datetime | None


def seal_state(made: ChangeSet) -> SealState:
    """The place of a change set in the tree and the first kept checkpoint that covers it."""
    leaf = Leaf.objects.filter(change_set=made.pk).first()
    kept = KeptCheckpoint.objects.filter(size__gt=leaf.index).order_by("size", "id").first() if leaf else None
    return SealState(leaf.index if leaf else None, kept.size if kept else None, kept.issued_at if kept else None)


def changed_rows(made: ChangeSet, after: int = 0, limit: int = ROWS) -> tuple[list[ChangedRow], int | None]:
    """Rows that a change set touched, in order, as far as they are seen; and the place of what follows, if anything does."""
    found = list(RowChange.objects.filter(change_set=made, pk__gt=after).order_by("pk")[: limit + 1])
    return described(found[:limit]), found[limit - 1].pk if len(found) > limit else None


def described(changes: Sequence[RowChange]) -> list[ChangedRow]:
    """These images as a person reads them."""
    models = {model._meta.db_table: model for model in regulated_models()}
    known = _references(changes, models)
    return [_described(change, models.get(change.table_name), known) for change in changes]


def _references(changes: Iterable[RowChange], models: dict[str, type[Regulated]]) -> References:
    """Everything that the images name, one query a kind of thing. A record's detail is read as its header."""
    wanted: dict[type[Any], set[int]] = defaultdict(set)
    for change in changes:
        model = models.get(change.table_name)
        for one in _relations(model) if model else ():
            for image in (change.before, change.after):
                if image and image.get(one.attname):
                    wanted[_target(one)].add(int(image[one.attname]))
        if model and issubclass(model, Detail | Record):
            wanted[Record].add(change.row_id)
    return {model: model._base_manager.defer(*_bytes(model)).in_bulk(keys) for model, keys in wanted.items()}


def _bytes(model: type[Any]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.name == "content"]


def _relations(model: type[Regulated]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.is_relation]


def _target(field: Any) -> type[Any]:
    return Record if issubclass(field.related_model, Detail) else field.related_model


def _described(change: RowChange, model: type[Regulated] | None, known: References) -> ChangedRow:
    of = names_of_rows(change.table_name, 1)
    if model is None:
        return ChangedRow(change.pk, change.operation, of, f"{change.table_name} {change.row_id}", None, ())
    image = change.after or change.before or {}
    record = _record_of(change, model, image, known)
    before, after = change.before or {}, change.after or {}
    shown = tuple(_fields(model, change.operation, before, after, known))
    return ChangedRow(change.pk, change.operation, of, _name(change, model, image, record), record.pk if record else None, shown)


def _fields(model: type[Regulated], operation: str, before: dict[str, Any], after: dict[str, Any], known: References) -> Iterable[ChangedField]:
    """Of a row that is new, what it holds; of one that changed, what differs."""
    for field in model._meta.concrete_fields:
        old, new = before.get(field.attname), after.get(field.attname)
        is_told = old != new if operation == "update" else new not in (None, "")
        if is_told and field.attname not in HIDDEN:
            yield ChangedField(_label(field), _value(field, old, known), _value(field, new, known))


def _record_of(change: RowChange, model: type[Regulated], image: dict[str, Any], known: References) -> Record | None:
    """The record that a row is, or else the first one that it names: its own before others."""
    records = known.get(Record, {})
    if issubclass(model, Detail | Record):
        return records.get(change.row_id)
    part = getattr(model, "part_of", None)
    relations = sorted((one for one in _relations(model) if _target(one) is Record), key=lambda one: one.name != part)
    return next((records[int(image[one.attname])] for one in relations if image.get(one.attname) and int(image[one.attname]) in records), None)


def _name(change: RowChange, model: type[Regulated], image: dict[str, Any], record: Record | None) -> str:
    if model is Record:
        return f"{image.get('kind', '')} {image.get('number', '')} v{image.get('version', '')}".replace("_", " ")
    if record:
        return f"{record.kind} {record.number} v{record.version}".replace("_", " ")
    return str(image.get("printed_name") or image.get("name") or image.get("number") or f"row {change.row_id}")


def _label(field: Field[Any, Any]) -> str:
    name = str(field.verbose_name)
    return name[:1].upper() + name[1:]


def _value(field: Any, raw: Any, known: References) -> Value:
    """A stored value: what a reference names, the words of a choice, a moment as a moment. What cannot be read so is shown as it is stored."""
    if raw in (None, ""):
        return Value(None)
    if field.is_relation:
        found = known.get(_target(field), {}).get(int(raw))
        if found is None or "__str__" not in vars(type(found)):  # not seen, or it has no name of its own
            return Value(f"{names_of_rows(field.related_model._meta.db_table, 1)} {raw}")
        return Value(str(found).replace("_", " "), found.pk) if isinstance(found, Record) else Value(str(found))
    if field.choices:
        return Value(dict(field.choices).get(raw, raw))
    if isinstance(field, BooleanField):
        return Value(bool(raw))
    try:
        return Value(_moment(field, raw))
    except ValueError:
        return Value(raw)


def _moment(field: Any, raw: Any) -> Any:
    if isinstance(field, DateTimeField):
        return datetime.fromisoformat(raw)
    return date.fromisoformat(raw) if isinstance(field, DateField) else raw


__all__ = ["ChangedField", "ChangedRow", "SealState", "Value", "changed_rows", "described", "seal_state"]
