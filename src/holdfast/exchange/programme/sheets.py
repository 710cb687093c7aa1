"""The sheets of a programme folder, derived from the models: which columns each has, and what a cell must hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from django.apps import apps
from django.db import models

from holdfast.ledger.models import Detail, Regulated
from holdfast.ledger.storing import key_fields

Kind = Literal["text", "integer", "yes_no", "date", "moment", "choice", "reference", "until"]
HEADER = {"number": 80, "version": 0, "title": 200}
#: filled by the import itself, never given
COMPUTED = {"value", "censoring", "digits", "source_file", "source_place"}
REFUSED_SHEETS = dict.fromkeys(
    ("signatures", "decisions", "verdicts", "dossiers", "overrides", "register_entries", "accounts", "change_sets", "row_changes"),
    "A signature or decision is made by a person in Holdfast; it is never imported.",
)


@dataclass(frozen=True)
class Column:
    """A column of a sheet: what its cells hold, and whether a row must have one."""

    name: str
    kind: Kind
    required: bool
    field: models.Field[Any, Any] | None = None
    max_length: int | None = None
    choices: tuple[str, ...] = ()
    target: type[Regulated] | None = None
    flag: str = ""  # of an `until` column: the field that says whether an end was stated


@dataclass(frozen=True)
class Sheet:
    """A sheet: the model its rows become, its columns, and those that identify a row."""

    name: str
    model: type[Regulated]
    columns: dict[str, Column]
    key: tuple[str, ...]

    @property
    def required(self) -> list[str]:
        return [name for name, column in self.columns.items() if column.required]


@cache
def all_sheets() -> dict[str, Sheet]:
    """Every sheet by name, in an order in which each comes after those it refers to."""
    found = {model.sheet: _sheet(model) for model in apps.get_models() if issubclass(model, Regulated) and model.sheet}
    ordered: dict[str, Sheet] = {}
    for name in sorted(found):
        _place(found, name, ordered)  # type: ignore[arg-type]
    return ordered


def _place(found: dict[str, Sheet], name: str, ordered: dict[str, Sheet]) -> None:
    if name in ordered:
        return
    sheet = found[name]
    for column in sheet.columns.values():
        if column.target and column.target.sheet and column.target is not sheet.model:
            _place(found, column.target.sheet, ordered)
    ordered[name] = sheet


def _sheet(model: type[Regulated]) -> Sheet:
    columns: dict[str, Column] = {}
    if issubclass(model, Detail):
        for name, length in HEADER.items():
            columns[name] = Column(name, "integer" if name == "version" else "text", name == "number", max_length=length or None)
    names = {f.name for f in model._meta.concrete_fields}
    for field in model._meta.concrete_fields:
        if _is_given(model, field):
            columns[field.name] = _column(field, names)
    return Sheet(str(model.sheet), model, columns, key_fields(model))


def _is_given(model: type[Regulated], field: Any) -> bool:
    own = field.name in {"programme", "record"} or field.primary_key or not field.editable
    computed = field.name in COMPUTED and "reported" in {f.name for f in model._meta.concrete_fields}
    return not own and not computed


def _column(field: Any, names: set[str]) -> Column:
    required = not field.null and not field.blank and not field.has_default()
    flag = "until_stated" if field.name == "valid_until" else f"{field.name}_stated"
    if isinstance(field, models.ForeignKey):
        return Column(field.name, "reference", required, field, target=field.related_model)  # type: ignore[arg-type]
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return Column(field.name, "until" if flag in names else "date", required, field, flag=flag if flag in names else "")
    kinds: list[tuple[type[Any], Kind]] = [(models.DateTimeField, "moment"), (models.BooleanField, "yes_no"), (models.IntegerField, "integer")]
    for base, kind in kinds:
        if isinstance(field, base):
            return Column(field.name, kind, required, field)
    choices = tuple(str(value) for value, _ in field.choices or ())
    return Column(field.name, "choice" if choices else "text", required, field, max_length=field.max_length, choices=choices)
