"""Every record and every fact: as it is, as it was, what happened to it; and voiding one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import DateTimeField, DecimalField, Field
from django.http import Http404, HttpRequest
from ninja import Path, Query, Router
from ninja.errors import ValidationError

from holdfast.kernel.errors import Refused
from holdfast.ledger.actions import void_fact, void_record
from holdfast.ledger.changes import change_set
from holdfast.ledger.install import regulated_models
from holdfast.ledger.models import Detail, Fact, Record, Regulated
from holdfast.ledger.queries import HistoryEntry, as_of, detail_of, history_of
from holdfast.people.models import Grant, Role
from holdfast.people.policy import QUALITY_ROLES
from holdfast.people.signing import actor_of

from .access import found, need_administrator, person, programme_of, roles_on
from .paging import page_in, page_of
from .problems import NOT_YOURS, NotAllowed
from .routes import reads, writes
from .schema.base import Asked, Given, Key, Moment, Page, Paging, utc
from .schema.records import FactsAsked, FactShown, HistoryShown, RecordHeader, RecordsAsked, RecordShown, TableShown, Void

router = Router()
HIDDEN = {"id", "record_id", "scope_site_id", "content"}


class AsOf(Asked):
    at: Moment | None = None


def name_of(model: type[Regulated]) -> str:
    """What a table is called here: its sheet, or for what is never imported its own name."""
    return model.sheet or str(model._meta.verbose_name_plural).replace(" ", "_")


def tables() -> dict[str, type[Regulated]]:
    """Every table of the record, by name."""
    return {name_of(model): model for model in regulated_models()}


@router.get("/tables", response=reads(Page[TableShown]))
def list_tables(request: HttpRequest, asked: Query[Paging]) -> Any:
    """The tables of the record, with their columns."""
    return page_in(list(tables().items()), asked, lambda pair: _table(*pair))


def _table(name: str, model: type[Regulated]) -> dict[str, Any]:
    shown = [field for field in model._meta.concrete_fields if field.attname not in HIDDEN]
    return {
        "name": name,
        "record_kind": getattr(model, "kind", None) if issubclass(model, Detail) else None,
        "part_of": getattr(model, "part_of", None),
        "is_imported": model.sheet is not None,
        "columns": [_column(field) for field in shown],
    }


def _column(field: Field[Any, Any]) -> dict[str, Any]:
    target = field.related_model if field.is_relation else None
    choices = [str(value) for value, _ in field.choices or ()]  # type: ignore[misc]
    refers = name_of(target) if isinstance(target, type) and issubclass(target, Regulated) else None
    return {"name": field.attname, "type": field.get_internal_type(), "refers_to": refers, "choices": choices}


def values_of(row: Regulated) -> dict[str, Any]:
    """The values of a row by column: no digit of a decimal is lost, and nothing is looked up."""
    return {field.attname: as_value(getattr(row, field.attname)) for field in row._meta.concrete_fields if field.attname not in HIDDEN}


def image_values(table: str, image: dict[str, Any]) -> dict[str, Any]:
    """The values of a row's image in the ledger, written as the row itself is: decimals as text, moments in UTC."""
    fields = {field.attname: field for model in regulated_models() if model._meta.db_table == table for field in model._meta.concrete_fields}
    return {name: _image_value(fields.get(name), value) for name, value in image.items() if name not in HIDDEN - {"id"}}


def _image_value(field: Field[Any, Any] | None, value: Any) -> Any:
    if isinstance(field, DateTimeField) and isinstance(value, str):
        return utc(datetime.fromisoformat(value))
    return str(value) if isinstance(field, DecimalField) and value is not None else as_value(value)


def as_value(value: Any) -> str | int | bool | None:
    """A stored value as it goes over the wire."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return utc(value)
    return value.isoformat() if isinstance(value, date) else str(value)


@router.get("/records", response=reads(Page[RecordHeader]))
def list_records(request: HttpRequest, asked: Query[RecordsAsked]) -> Any:
    """Record versions that you see, of a programme, a kind, a number."""
    where: dict[str, Any] = {name: value for name in ("kind", "number") if (value := getattr(asked, name))}
    if asked.programme:
        where["programme"] = programme_of(asked.programme)
    return page_of(Record.objects.filter(**where), asked, lambda row: row)


@router.get("/records/{key}", response=reads(RecordShown))
def show_record(request: HttpRequest, key: Path[Key], asked: Query[AsOf]) -> Any:
    """One record version; with `at`, its facts as the ledger knew them at that moment."""
    record = found(Record.objects.all(), pk=key)
    detail = detail_of(record)
    moment = asked.at if asked.at is None or asked.at.tzinfo else asked.at.replace(tzinfo=UTC)
    others = Record.objects.filter(programme=record.programme_id, kind=record.kind, number=record.number).order_by("version")
    return {
        **{field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields},
        "at": moment,
        "facts": _past(record, detail, moment) if moment else values_of(detail) if detail else {},
        "signatures": record.signatures.order_by("signed_at", "pk").defer("content"),
        "versions": others,
    }


def _past(record: Record, detail: Detail | None, moment: datetime) -> dict[str, Any] | None:
    """The facts at a moment; None when the record, as far as the person sees its history, was not there."""
    if as_of(Record, record.pk, moment) is None:
        return None
    image = (as_of(type(detail), record.pk, moment) if detail else None) or {}
    return {name: value for name, value in image_values(detail._meta.db_table, image).items() if name != "id"} if detail else {}


@router.get("/records/{key}/history", response=reads(Page[HistoryShown]))
def record_history(request: HttpRequest, key: Path[Key], asked: Query[Paging]) -> Any:
    """Everything that happened to a record version, oldest first."""
    return page_in(history_of(found(Record.objects.all(), pk=key)), asked, _entry)


def _entry(entry: HistoryEntry) -> dict[str, Any]:
    before, after = (image_values(entry.table, {change.field: getattr(change, when) for change in entry.changes}) for when in ("before", "after"))
    changes = [{"field": name, "before": before[name], "after": after[name]} for name in after]
    return {
        "change_set": entry.change_set_id, "recorded_at": entry.recorded_at, "actor": entry.actor_name, "action": entry.action, "reason": entry.reason,
        "table": entry.table, "operation": entry.operation, "changes": changes,
    }  # fmt: skip


@router.post("/records/{key}/void", response=writes(RecordHeader))
def end_record(request: HttpRequest, key: Path[Key], given: Void) -> Any:
    """Void a record version: it stays readable, with the reason, and counts for nothing. A signed one is voided by its programme's Quality Unit or QP."""
    record = found(Record.objects.select_related("programme"), pk=key)
    if record.kind not in {model.kind for model in tables().values() if issubclass(model, Detail) and model.sheet}:
        raise Refused(f"A {record.kind} is not voided: it stands as it was signed.")
    if record.is_signed and not roles_on(request, record.programme) & QUALITY_ROLES:
        raise NotAllowed("A signed version is voided by the Quality Unit or the QP.")
    _refuse_voided(record)
    with change_set(actor_of(person(request)), action="void record", reason=given.reason, programme=record.programme) as opened:
        return void_record(opened, record, given.reason)


@router.get("/facts/{table}", response=reads(Page[FactShown]))
def list_facts(request: HttpRequest, table: Path[Given], asked: Query[FactsAsked]) -> Any:
    """Rows of a table that you see: of a programme, or of one record."""
    model = _fact_table(table)
    where: dict[str, Any] = {"programme": programme_of(asked.programme)} if asked.programme else {}
    if asked.of is not None:
        where[_reference(model, asked.by or model.part_of)] = asked.of
    return page_of(model._default_manager.filter(**where).defer(*_unread(model)), asked, lambda row: _fact(table, row))


def _fact_table(name: str) -> type[Fact]:
    model = tables().get(name)
    if model is None or not issubclass(model, Fact):
        raise Http404(f"There is no table {name} of facts. GET /tables lists them.")
    return model


def _reference(model: type[Fact], name: str | None) -> str:
    """The column through which rows belong to a record. Raises `ValidationError`."""
    known = {field.name: field.attname for field in model._meta.concrete_fields if field.is_relation and field.name != "programme"}
    if name is None or name.removesuffix("_id") not in known:
        raise ValidationError([{"loc": ("query", "by"), "msg": f"Name the column that refers to the record: {', '.join(known) or 'this table has none'}."}])
    return known[name.removesuffix("_id")]


def _unread(model: type[Regulated]) -> list[str]:
    return ["content"] if any(field.name == "content" for field in model._meta.concrete_fields) else []


def _fact(table: str, row: Fact) -> dict[str, Any]:
    return {"id": row.pk, "table": table, "values": values_of(row)}


def _find_fact(table: str, key: int) -> Any:
    model = _fact_table(table)
    row = model._default_manager.filter(pk=key).select_related("programme").defer(*_unread(model)).first()
    if row is None:
        raise Http404(NOT_YOURS)
    return row


@router.get("/facts/{table}/{key}", response=reads(FactShown))
def show_fact(request: HttpRequest, table: Path[Given], key: Path[Key]) -> Any:
    """One row."""
    return _fact(table, _find_fact(table, key))


@router.get("/facts/{table}/{key}/history", response=reads(Page[HistoryShown]))
def fact_history(request: HttpRequest, table: Path[Given], key: Path[Key], asked: Query[Paging]) -> Any:
    """Everything that happened to a row, oldest first."""
    return page_in(history_of(_find_fact(table, key)), asked, _entry)


@router.post("/facts/{table}/{key}/void", response=writes(FactShown))
def end_fact(request: HttpRequest, table: Path[Given], key: Path[Key], given: Void) -> Any:
    """Void a row, with the reason. Roles and grants are voided by the programme's system administrator; what was signed is not voided."""
    row = _find_fact(table, key)
    if row.sheet is None:
        raise Refused(f"Rows of {table} are not voided: they stand as they were signed.")
    if isinstance(row, Role | Grant):
        need_administrator(request, row.programme)
    _refuse_voided(row)
    with change_set(actor_of(person(request)), action="void fact", reason=given.reason, programme=row.programme) as opened:
        return _fact(table, void_fact(opened, row, given.reason))


def _refuse_voided(row: Record | Fact) -> None:
    if row.voided_at is not None:
        raise Refused(f"It was voided already: {row.void_reason}")
