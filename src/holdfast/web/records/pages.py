"""Any record: its facts, its signatures, its history, and how it was at a past moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.ledger.install import regulated_models
from holdfast.ledger.models import Detail, Fact, Record
from holdfast.ledger.queries import as_of, detail_of, history_of

from ..access import for_people, signed_in

PART_HIDDEN = {"id", "voided_at", "void_reason", "source_file", "value"}
HIDDEN = {"record", "programme", "scope_site_id", "until_stated", "content"}


@for_people
def record(request: HttpRequest, key: int) -> HttpResponse:
    """A record version that the viewer sees; `at` in the address shows it as it was at that moment (UTC)."""
    found = Record.objects.filter(pk=key).select_related("programme", "supersedes").first()
    if found is None:
        raise Http404("There is no such record, or it is not yours to see.")
    detail = detail_of(found)
    moment, problem = _moment(request.GET.get("at", ""))
    context = signed_in(request) | {
        "record": found,
        "facts": facts_of(detail) if detail else [],
        "parts": parts_of(detail) if detail else [],
        "past": past_of(found, detail, moment) if moment else None,
        "moment": moment,
        "problem": problem,
        "versions": Record.objects.filter(programme=found.programme, kind=found.kind, number=found.number).order_by("version"),
        "history": history_of(found),
        "signatures": found.signatures.order_by("signed_at"),
    }
    return render(request, "records/record.html", context)


def _moment(text: str) -> tuple[datetime | None, str]:
    if not text:
        return None, ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None, f"{text} is not a moment. Write it like 2026-03-12T14:05."
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), ""


def facts_of(detail: Detail) -> list[tuple[str, Any, int | None]]:
    """Each field with its value, and the record it leads to where it is a reference to one."""
    facts = []
    for field in detail._meta.concrete_fields:
        if field.name in HIDDEN or field.name.endswith("_stated"):
            continue
        value = getattr(detail, field.name)
        target = value.pk if isinstance(value, Detail) else None
        text = value.record if isinstance(value, Detail) else getattr(detail, f"get_{field.name}_display")() if field.choices and value else value
        if value is None and field.name == "valid_until" and getattr(detail, "until_stated", False):
            text = "open-ended"
        facts.append((str(field.verbose_name), text, target))
    return facts


def parts_of(detail: Detail) -> list[dict[str, Any]]:
    """The rows that a record is made of (results of a test run, steps of a batch record, tests of a specification), a table each, as far as they are seen."""
    tables = []
    for model in regulated_models():
        if not issubclass(model, Fact) or not model.part_of or model._meta.get_field(model.part_of).related_model is not type(detail):
            continue
        fields = [f for f in model._meta.concrete_fields if f.name not in HIDDEN | PART_HIDDEN | {model.part_of} and not f.name.endswith("_stated")]
        related = [f.name for f in fields if f.is_relation]
        rows = model._base_manager.filter(**{model.part_of: detail, "voided_at__isnull": True}).select_related(*related).order_by("pk")
        cells = [[getattr(row, f.name) for f in fields] for row in rows]
        if cells:
            tables.append({"name": str(model._meta.verbose_name_plural), "columns": [str(f.verbose_name) for f in fields], "rows": cells})
    return tables


def past_of(found: Record, detail: Detail | None, moment: datetime) -> dict[str, Any]:
    """Header and detail as the ledger knew them at a moment; empty when the record did not exist yet."""
    header = as_of(Record, found.pk, moment) or {}
    facts = (as_of(type(detail), found.pk, moment) or {}) if detail else {}
    names = ("kind", "number", "version", "title", "voided_at", "void_reason")
    return {name.replace("_", " "): value for name, value in {**{n: header.get(n) for n in names}, **facts}.items() if name not in HIDDEN} if header else {}
