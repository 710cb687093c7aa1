"""Any record: its facts, its signatures, its history, and how it was at a past moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.ledger.models import Detail, Record
from holdfast.ledger.queries import as_of, detail_of, history_of

from ..access import for_people, signed_in

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


def past_of(found: Record, detail: Detail | None, moment: datetime) -> dict[str, Any]:
    """Header and detail as the ledger knew them at a moment; empty when the record did not exist yet."""
    header = as_of(Record, found.pk, moment) or {}
    facts = (as_of(type(detail), found.pk, moment) or {}) if detail else {}
    names = ("kind", "number", "version", "title", "voided_at", "void_reason")
    return {name.replace("_", " "): value for name, value in {**{n: header.get(n) for n in names}, **facts}.items() if name not in HIDDEN} if header else {}
