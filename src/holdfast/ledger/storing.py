"""Set-based storing of regulated rows by their natural key: what an import and every bulk action share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from .changes import OpenChangeSet
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
    header = HEADER_FIELDS if issubclass(model, Detail) else ()
    prepared: dict[str, Any] = {}
    for name, value in row.items():
        if name in header:
            prepared[name] = value
            continue
        attribute = model._meta.get_field(name).attname  # type: ignore[union-attr]
        prepared[attribute] = value.pk if isinstance(value, models.Model) else value
    if header:
        prepared.setdefault("version", 1)
        prepared.setdefault("title", "")
    else:
        for name in key_fields(model):
            field = model._meta.get_field(name)
            prepared.setdefault(field.attname, field.get_default() if not field.null else None)  # type: ignore[union-attr]
    return prepared


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
        found = dict(target._base_manager.filter(pk__in={v for v in values if v}).values_list("pk", relation.attname))  # type: ignore[union-attr]
        values = [found.get(value) for value in values]
    return values


def _store_plain(model: type[Regulated], rows: list[dict[str, Any]]) -> StoreOutcome:
    attributes = [model._meta.get_field(name).attname for name in key_fields(model)]  # type: ignore[union-attr]
    known = _existing(model, attributes, rows)
    outcome = StoreOutcome()
    new: list[Any] = []
    changed: list[Any] = []
    for row in rows:
        present = known.get(tuple(row.get(a) for a in attributes))
        instance, state = _compared(model, present, row)
        outcome.states.append(state)
        outcome.differing.append(list(getattr(instance, "_holdfast_changed", [])) if state == "changed" else [])
        (new if state == "written" else changed if state == "changed" else []).append(instance)
        outcome.keys.append(instance)  # type: ignore[arg-type]  # replaced by its key below, once it has one
    model._base_manager.bulk_create(new, batch_size=BATCH)
    _update(model, changed)
    outcome.keys = [instance.pk for instance in outcome.keys]  # type: ignore[attr-defined]
    return outcome


def _existing(model: type[Regulated], attributes: list[str], rows: list[dict[str, Any]]) -> dict[Key, Regulated]:
    """Rows of the table that may be meant, by key: narrowed by the first key column, which every row gives."""
    first = attributes[0]
    found: Any = model._base_manager.filter(**{f"{first}__in": {row.get(first) for row in rows}})
    if issubclass(model, Fact):
        found = found.filter(programme_id__in={row["programme_id"] for row in rows})
    return {tuple(getattr(instance, a) for a in attributes): instance for instance in found}


def _compared(model: type[Regulated], present: Regulated | None, row: dict[str, Any]) -> tuple[Regulated, str]:
    """The instance to keep and whether it is new, changed (and then how, in `_holdfast_changed`) or unchanged."""
    if present is None:
        return model(**row), "written"
    differing = [name for name, value in row.items() if name not in PROVENANCE and not _same(model, name, getattr(present, name), value)]
    if differing:
        differing += [name for name in PROVENANCE if name in row]
    for name in differing:
        setattr(present, name, row[name])
    present._holdfast_changed = differing  # type: ignore[attr-defined]
    return present, "changed" if differing else "unchanged"


def _same(model: type[Regulated], attribute: str, stored: Any, given: Any) -> bool:
    column = next(f for f in model._meta.concrete_fields if f.attname == attribute)
    return bool(stored == column.to_python(given)) if given is not None else stored is None


def _update(model: type[Regulated], changed: list[Any]) -> None:
    names = sorted({name for instance in changed for name in instance._holdfast_changed})
    if changed:
        fields = [next(f.name for f in model._meta.concrete_fields if f.attname == name) for name in names]
        model._base_manager.bulk_update(changed, fields, batch_size=BATCH)


def _store_details(change_set: OpenChangeSet, model: type[Detail], rows: list[dict[str, Any]]) -> StoreOutcome:
    headers = _store_headers(model, rows)
    known = {d.pk: d for d in model._base_manager.filter(pk__in=[h.pk for h, _ in headers])}
    outcome = StoreOutcome()
    new: list[Any] = []
    changed: list[Any] = []
    for (header, header_state), row in zip(headers, rows, strict=True):
        own = {name: value for name, value in row.items() if name not in HEADER_FIELDS}
        instance, state = _compared(model, known.get(header.pk), {**own, "record_id": header.pk})
        (new if state == "written" else changed if state == "changed" else []).append(instance)
        outcome.states.append(state if state != "unchanged" else header_state)
        both = [*getattr(header, "_holdfast_changed", []), *getattr(instance, "_holdfast_changed", [])]
        outcome.differing.append(both if outcome.states[-1] == "changed" else [])
        outcome.keys.append(header.pk)
    model._base_manager.bulk_create(new, batch_size=BATCH)
    _update(model, changed)
    return outcome


def _store_headers(model: type[Detail], rows: list[dict[str, Any]]) -> list[tuple[Record, str]]:
    """One header a row, new or kept; `supersedes` is the version before, where there is one."""
    by_number: dict[tuple[int, str], dict[int, Record]] = {}
    present = Record.objects.filter(kind=model.kind, number__in={row["number"] for row in rows}, programme_id__in={row["programme_id"] for row in rows})
    for record in present:
        by_number.setdefault((record.programme_id, record.number), {})[record.version] = record
    kept: list[tuple[Any, str]] = []
    new: list[Any] = []
    changed: list[Any] = []
    for row in rows:
        values = {name: row[name] for name in HEADER_FIELDS} | {
            "programme_id": row["programme_id"],
            "kind": model.kind,
            "shared": model.access is Access.SHARED,
            "scope_site_id": row.get("scope_site_id"),
        }
        versions = by_number.setdefault((row["programme_id"], row["number"]), {})
        header, state = _compared(Record, versions.get(int(row["version"])), values)
        (new if state == "written" else changed if state == "changed" else []).append(header)
        versions[int(row["version"])] = header  # type: ignore[assignment]
        kept.append((header, state))
    _chain(new, by_number)
    _update(Record, changed)
    return kept  # type: ignore[return-value]


def _chain(new: list[Any], by_number: dict[tuple[int, str], dict[int, Record]]) -> None:
    """Create headers version by version, so that each can point to the one before it."""
    for version in sorted({int(record.version) for record in new}):
        layer = [record for record in new if int(record.version) == version]
        for record in layer:
            record.supersedes = by_number[(record.programme_id, record.number)].get(version - 1)
        Record.objects.bulk_create(layer, batch_size=BATCH)


def programme_of(change_set: OpenChangeSet) -> Programme:
    """The programme a change set is for; an error when it is for none."""
    if change_set.programme is None:
        raise ValueError("This change set is for no programme.")
    return change_set.programme
