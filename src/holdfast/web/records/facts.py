"""A row as facts: each field by its name with its value, and the page it leads to where it names something that has one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from holdfast.ledger.install import regulated_models
from holdfast.ledger.models import Detail, Fact, Record, Regulated, StoredFile
from holdfast.ledger.queries import as_of

from .kinds import address_of

HIDDEN = {
    "id",
    "record",
    "programme",
    "scope_site_id",
    "until_stated",
    "content",
    "protocol",
    "evaluation",
    "source_file",
    "source_place",
    "voided_at",
    "void_reason",
}
READ = {"value", "digits", "censoring"}  # what was read from a reported value, which stands beside them
NAMES = {
    "oos": "Out-of-specification results", "gmp evidence accepted by qp": "GMP evidence accepted by the QP", "is atmp": "Is an ATMP", "lot kind": "Kind",
    "gmp evidence": "GMP evidence", "capa state": "CAPA state", "qp involved": "QP involved",
}  # fmt: skip
FactShown = tuple[str, Any, str]


def relations_of(model: type[models.Model]) -> list[str]:
    """The relations of a row that its facts name, each with its own header where it has one: what to read with it."""
    found = []
    for field in model._meta.concrete_fields:
        if field.is_relation and field.name not in {"record", "programme"} and isinstance(field.related_model, type):
            found.append(field.name)
            found += [f"{field.name}__record"] if issubclass(field.related_model, Detail) else []
    return found


def read(model: type[Regulated], key: int) -> Any:
    """One row with everything its facts name; None when it is not there or not the viewer's to see."""
    rows = model._base_manager.filter(pk=key)
    own = ["record"] if issubclass(model, Detail) else []
    names = own + relations_of(model)
    return (rows.select_related(*names) if names else rows).defer(*_bytes(model)).first()


def _bytes(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if isinstance(field, models.BinaryField)]


def facts_of(row: Regulated) -> list[FactShown]:
    """Label, value and address (or none) of every field that says something of the thing itself."""
    return [fact_of(row, field) for field in fields_of(type(row))]


def fields_of(model: type[models.Model]) -> list[Any]:
    """The fields of a row that a person reads."""
    skipped = HIDDEN | (READ if "reported" in {f.name for f in model._meta.concrete_fields} else set())
    return [f for f in model._meta.concrete_fields if f.name not in skipped and not f.name.endswith("_stated") and not isinstance(f, models.BinaryField)]


def label_of(field: Any) -> str:
    """A field's name as the field's people say it."""
    name = str(field.verbose_name)
    return NAMES.get(name, name[:1].upper() + name[1:])


def fact_of(row: Any, field: Any) -> FactShown:
    """One field as label, value and address."""
    value = getattr(row, field.name)
    if field.name == "valid_until" and value is None and getattr(row, "until_stated", False):
        return label_of(field), "open-ended", ""
    if field.choices and value not in (None, ""):
        return label_of(field), getattr(row, f"get_{field.name}_display")(), ""
    if isinstance(value, Detail):
        version = f" v{value.record.version}" if value.record.version > 1 else ""
        return label_of(field), f"{value.record.number}{version}", address_of(value)
    return label_of(field), value, address_of(value) if isinstance(value, models.Model) else ""


def source_of(row: Any) -> tuple[StoredFile | None, str]:
    """The file a row was read from, with the place in it; the file is None when there is none, or it is not the viewer's to see."""
    key = getattr(row, "source_file_id", None)
    found = StoredFile.objects.filter(pk=key).defer("content").first() if key else None
    return found, str(getattr(row, "source_place", "") or "")


def parts_of(detail: Detail) -> list[dict[str, Any]]:
    """The rows that a record is made of (results of a test run, steps of a batch record, tests of a specification), a table each, as far as they are seen."""
    tables = []
    for model in regulated_models():
        if not issubclass(model, Fact) or not model.part_of or model._meta.get_field(model.part_of).related_model is not type(detail):
            continue
        fields = [field for field in fields_of(model) if field.name != model.part_of]
        rows = model._base_manager.filter(**{model.part_of: detail, "voided_at__isnull": True}).select_related(*relations_of(model)).order_by("pk")
        lines = [{"key": row.pk, "cells": [fact_of(row, field)[1:] for field in fields]} for row in rows]
        if lines:
            name = str(model._meta.verbose_name_plural)
            tables.append({"name": name[:1].upper() + name[1:], "table": model._meta.db_table, "columns": [label_of(f) for f in fields], "rows": lines})
    return tables


def past_of(found: Record, detail: Detail | None, moment: datetime) -> dict[str, Any]:
    """Header and detail as the ledger knew them at a moment; empty when the record did not exist yet."""
    header = as_of(Record, found.pk, moment) or {}
    facts = (as_of(type(detail), found.pk, moment) or {}) if detail else {}
    names = ("kind", "number", "version", "title", "voided_at", "void_reason")
    return {name.replace("_", " "): value for name, value in {**{n: header.get(n) for n in names}, **facts}.items() if name not in HIDDEN} if header else {}


__all__ = ["facts_of", "parts_of", "past_of", "read", "relations_of", "source_of"]
