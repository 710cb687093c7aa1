"""Set-based storing of regulated rows by their natural key: what an import and every bulk action share."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

from .changes import OpenChangeSet
from .inserting import insert
from .models import Access, Detail, Fact, Programme, Record, Regulated

HEADER_FIELDS = ("number", "version", "title")
BATCH = 2000
#: where a value was read: kept with a new or changed row, but no reason by itself to call a row changed
PROVENANCE = {"source_file_id", "source_place"}
Key = tuple[Any, ...]


@dataclass
class StoreOutcome:
    """What became of each row given, by its position: `written`, `changed` or `unchanged`, and its primary key."""

    states: list[str] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    differing: list[list[str]] = field(default_factory=list)  # of a changed row, the names of the fields that differ

    def count(self, state: str) -> int:
        return self.states.count(state)

    @property
    def written(self) -> int:
        return self.count("written")

    @property
    def changed(self) -> int:
        return self.count("changed")

    @property
    def unchanged(self) -> int:
        return self.count("unchanged")


def key_fields(model: type[Regulated]) -> tuple[str, ...]:
    """Local fields that identify a row: the first step of each part of the natural key, once.

    For a record's detail they are its header's `number` and `version`.
    """
    if issubclass(model, Detail):
        return ("number", "version")
    return tuple(dict.fromkeys(part.split("__")[0] for part in model.natural_key))


def store(change_set: OpenChangeSet, model: type[Regulated], rows: Sequence[dict[str, Any]]) -> StoreOutcome:
    """Insert the rows that are new, update those that differ, leave the rest, in a constant number of statements.

    A row maps field names to values; a foreign key is given as an instance or a primary key. Rows of one call must have
    different natural keys.
    """
    if not rows:
        return StoreOutcome()
    prepared = [_prepared(model, row) for row in rows]
    _fill_scope(change_set, model, prepared)
    if issubclass(model, Detail):
        return _store_details(change_set, model, prepared)
    return _store_plain(model, prepared)


def _prepared(model: type[Regulated], row: dict[str, Any]) -> dict[str, Any]:
    """Field names to column-level attributes; instances to primary keys."""
    attributes = _attributes(model)
    prepared = {attributes[name]: value.pk if isinstance(value, models.Model) else value for name, value in row.items()}
    return {**_key_defaults(model), **prepared}


@cache
def _attributes(model: type[Regulated]) -> dict[str, str]:
    """The column-level attribute of each field, by the field's name; a record's header fields are their own."""
    header = HEADER_FIELDS if issubclass(model, Detail) else ()
    return {field.name: field.attname for field in model._meta.concrete_fields} | dict(zip(header, header, strict=True))


@cache
def _key_defaults(model: type[Regulated]) -> dict[str, Any]:
    """What a part of the key is when a row does not give it."""
    if issubclass(model, Detail):
        return {"version": 1, "title": ""}
    fields: list[Any] = [model._meta.get_field(name) for name in key_fields(model)]
    return {field.attname: None if field.null else field.get_default() for field in fields}


def _fill_scope(change_set: OpenChangeSet, model: type[Regulated], rows: list[dict[str, Any]]) -> None:
    if not issubclass(model, (Detail, Fact)):
        return
    for row in rows:
        if "programme_id" not in row:
            if change_set.programme is None:
                raise ValueError(f"{model.__name__}: no programme is given, and the change set is for none.")
            row["programme_id"] = change_set.programme.pk
    if model.work_of:
        for row, site in zip(rows, _work_sites(model, model.work_of, rows), strict=True):
            row["scope_site_id"] = site


def _work_sites(model: type[models.Model], path: str, rows: list[dict[str, Any]]) -> list[int | None]:
    """The site whose work each row is, following `path` from the rows' own foreign key with one query a step."""
    first, _, rest = path.partition(".")
    relation = model._meta.get_field(first)
    values = [row.get(relation.attname) for row in rows]  # type: ignore[union-attr]
    while rest:
        target = relation.related_model
        first, _, rest = rest.partition(".")
        relation = target._meta.get_field(first)  # type: ignore[union-attr]
        found = dict(target._base_manager.filter(pk__in=among({v for v in values if v})).values_list("pk", relation.attname))  # type: ignore[union-attr]
        values = [found.get(value) for value in values]
    return values


def _store_plain(model: type[Regulated], rows: list[dict[str, Any]]) -> StoreOutcome:
    attributes = [model._meta.get_field(name).attname for name in key_fields(model)]  # type: ignore[union-attr]
    known = _existing(model, attributes, rows)
    return _write(model, [known.get(tuple(row.get(a) for a in attributes)) for row in rows], rows)


def _write(model: type[Regulated], present: Sequence[Any], rows: list[dict[str, Any]]) -> StoreOutcome:
    """Insert the rows of which none is present, update those that differ."""
    outcome = StoreOutcome()
    new: list[dict[str, Any]] = []
    changed: list[Any] = []
    for kept, row in zip(present, rows, strict=True):
        if kept is None:
            new.append(row)
        differing = _alter(model, kept, row) if kept is not None else []
        if differing:
            changed.append(kept)
        outcome.states.append("written" if kept is None else "changed" if differing else "unchanged")
        outcome.differing.append(differing)
    keys = iter(insert(model, new))
    _update(model, changed)
    outcome.keys = [next(keys) if kept is None else kept.pk for kept in present]
    return outcome


def _existing(model: type[Regulated], attributes: list[str], rows: list[dict[str, Any]]) -> dict[Key, Regulated]:
    """Rows of the table that may be meant, by key: narrowed by the first key column, which every row gives."""
    first = attributes[0]
    found: Any = model._base_manager.filter(**{f"{first}__in": among({row.get(first) for row in rows}, _columns(model)[first])})
    if issubclass(model, Fact):
        found = found.filter(programme_id__in={row["programme_id"] for row in rows})
    return {tuple(getattr(instance, a) for a in attributes): instance for instance in found}


def among(values: Collection[Any], column: Any = None) -> RawSQL:
    """A collection of values of a column (or of keys) as one parameter: thousands as parameters of their own cost more than the query."""
    kind = "text" if isinstance(column, (models.CharField, models.TextField)) else column.db_type(connection) if column is not None else "bigint"
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [list(values)])  # noqa: S611 - the kind is the column's own, the values are a parameter


def _alter(model: type[Regulated], present: Regulated, row: dict[str, Any]) -> list[str]:
    """Set on a stored row what differs; returns the names of what does (and keeps them on it, for the update)."""
    differing = [name for name, value in row.items() if name not in PROVENANCE and not _same(model, name, getattr(present, name), value)]
    if differing:
        differing += [name for name in PROVENANCE if name in row]
    for name in differing:
        setattr(present, name, row[name])
    present._holdfast_changed = differing  # type: ignore[attr-defined]
    return differing


def _same(model: type[Regulated], attribute: str, stored: Any, given: Any) -> bool:
    return bool(stored == _columns(model)[attribute].to_python(given)) if given is not None else stored is None


@cache
def _columns(model: type[Regulated]) -> dict[str, Any]:
    return {field.attname: field for field in model._meta.concrete_fields}


def _update(model: type[Regulated], changed: list[Any]) -> None:
    names = sorted({name for instance in changed for name in instance._holdfast_changed})
    if changed:
        fields = [next(f.name for f in model._meta.concrete_fields if f.attname == name) for name in names]
        model._base_manager.bulk_update(changed, fields, batch_size=BATCH)


def _store_details(change_set: OpenChangeSet, model: type[Detail], rows: list[dict[str, Any]]) -> StoreOutcome:
    headers = _store_headers(model, rows)
    kept = [key for key, state in zip(headers.keys, headers.states, strict=True) if state != "written"]
    known = {d.pk: d for d in model._base_manager.filter(pk__in=kept)} if kept else {}
    own = [{n: v for n, v in row.items() if n not in HEADER_FIELDS} | {"record_id": key} for row, key in zip(rows, headers.keys, strict=True)]
    outcome = _write(model, [known.get(key) for key in headers.keys], own)
    for index, state in enumerate(headers.states):
        if outcome.states[index] == "unchanged":
            outcome.states[index] = state
        if outcome.states[index] == "changed":
            outcome.differing[index] = [*headers.differing[index], *outcome.differing[index]]
    return outcome


def _store_headers(model: type[Detail], rows: list[dict[str, Any]]) -> StoreOutcome:
    """One header a row, new or kept; `supersedes` is the version before, where there is one: so version by version."""
    by_number: dict[tuple[int, str, int], Any] = {}
    numbers = among({row["number"] for row in rows}, _columns(Record)["number"])
    present = Record.objects.filter(kind=model.kind, number__in=numbers, programme_id__in={row["programme_id"] for row in rows})
    for record in present:
        by_number[(record.programme_id, record.number, record.version)] = record
    outcome = StoreOutcome(["unchanged"] * len(rows), [0] * len(rows), [[] for _ in rows])
    keys = {place: record.pk for place, record in by_number.items()}
    for version in sorted({int(row["version"]) for row in rows}):
        layer = [index for index, row in enumerate(rows) if int(row["version"]) == version]
        values = [_header(model, rows[index]) for index in layer]
        places = [(row["programme_id"], row["number"], version) for row in values]
        for value, place in zip(values, places, strict=True):
            if place not in by_number:
                value["supersedes_id"] = keys.get((place[0], place[1], version - 1))
        written = _write(Record, [by_number.get(place) for place in places], values)
        keys |= dict(zip(places, written.keys, strict=True))
        for at, index in enumerate(layer):
            outcome.states[index], outcome.keys[index], outcome.differing[index] = written.states[at], written.keys[at], written.differing[at]
    return outcome


def _header(model: type[Detail], row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in HEADER_FIELDS} | {
        "programme_id": row["programme_id"],
        "kind": model.kind,
        "shared": model.access is Access.SHARED,
        "scope_site_id": row.get("scope_site_id"),
    }


def programme_of(change_set: OpenChangeSet) -> Programme:
    """The programme a change set is for; an error when it is for none."""
    if change_set.programme is None:
        raise ValueError("This change set is for no programme.")
    return change_set.programme
