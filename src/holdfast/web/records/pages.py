"""Any record, directory entry or single row: its facts, what it is linked with, its source, its signatures, its history, and how it was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from holdfast.ledger.install import regulated_models
from holdfast.ledger.models import Detail, Fact, Record, Regulated, StoredFile
from holdfast.ledger.queries import detail_of, history_of
from holdfast.people.bookmarks import is_pinned, remember

from ..access import for_people, signed_in
from ..studies.address import address_of_study
from .facts import facts_of, parts_of, past_of, read, source_of
from .kinds import DIRECTORY, kind_named
from .links import links_through, links_to, named, referring

NOT_THERE = "There is no such record, or it is not yours to see."


@for_people
def record(request: HttpRequest, key: int) -> HttpResponse:
    """A record version that the viewer sees; `at` in the address shows it as it was at that moment (UTC)."""
    found = Record.objects.filter(pk=key).select_related("programme", "supersedes").first()
    if found is None:
        raise Http404(NOT_THERE)
    detail = _detail(found)
    moment, problem = _moment(request.GET.get("at", ""))
    remember(request.user, found.pk)
    kind, source = kind_named(found.kind), source_of(detail) if detail else (None, "")
    context = signed_in(request) | {
        "record": found,
        "kind": kind,
        "title": named(found),
        "lead": found.title,
        "crumbs": [("Release board", reverse("board")), (kind.several, f"{reverse('search')}?kind={found.kind}&q={found.number[:3]}"), (found.number, "")],
        "facts": facts_of(detail) if detail else [],
        "parts": parts_of(detail) if detail else [],
        "links": links_to(detail) if detail else [],
        "source": source[0],
        "source_place": source[1],
        "opens": opens(found, detail),
        "past": past_of(found, detail, moment) if moment else None,
        "moment": moment,
        "problem": problem,
        "versions": Record.objects.filter(programme=found.programme, kind=found.kind, number=found.number).order_by("version"),
        "history": history_of(found),
        "signatures": found.signatures.order_by("signed_at").defer("content"),
        "pinned": is_pinned(request.user, found.pk),
    }
    return render(request, "records/record.html", context)


def _detail(found: Record) -> Any:
    kept = detail_of(found)
    return read(type(kept), kept.pk) if kept else None


def opens(found: Record, detail: Any) -> tuple[str, str] | None:
    """The screen of its own that a record has, with the word for it: a batch's, a decision's."""
    if found.kind == "lot" and detail is not None and detail.lot_kind == "drug_product":
        return reverse("batch", args=[found.pk]), "Open the batch"
    if found.kind == "decision":
        return reverse("decision", args=[found.pk]), "Open the decision"
    if found.kind in {"study", "study_report"} and detail is not None:
        study = detail if found.kind == "study" else detail.study
        return address_of_study(study.record.number, found.programme.number), "Open the study"
    if found.kind == "audit_trail_review":
        return reverse("audit_trail_review", args=[found.pk]), "Open the review"
    return None


def _moment(text: str) -> tuple[datetime | None, str]:
    if not text:
        return None, ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None, f"{text} is not a moment. Write it like 2026-03-12T14:05."
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), ""


@for_people
def entry(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """An organisation, a site or a person of the directory: facts, what names it as far as the viewer sees that, history."""
    model = DIRECTORY.get(kind)
    found = read(model, key) if model else None
    if found is None:
        raise Http404(NOT_THERE)
    shown = kind_named(kind)
    context = signed_in(request) | {
        "kind": shown,
        "title": str(found),
        "lead": found.number,
        "crumbs": [("Release board", reverse("board")), (shown.several, f"{reverse('search')}?kind={kind}&q={found.number[:3]}"), (found.number, "")],
        "facts": facts_of(found),
        "links": links_to(found),
        "links_kind": kind,
        "links_key": key,
        "history": history_of(found),
    }
    return render(request, "records/entry.html", context)


@for_people
def fact(request: HttpRequest, table: str, key: int) -> HttpResponse:
    """A single row that is no record of its own (a result, a step, a role): facts, source, history."""
    model = next((m for m in regulated_models() if issubclass(m, Fact) and m._meta.db_table == table), None)
    found = read(model, key) if model else None
    if model is None or found is None:
        raise Http404(NOT_THERE)
    source = source_of(found)
    name = str(model._meta.verbose_name)
    context = signed_in(request) | {
        "kind": kind_named(name),
        "title": f"{name[:1].upper()}{name[1:]} {key}",
        "crumbs": [("Release board", reverse("board")), (f"{name[:1].upper()}{name[1:]}", "")],
        "facts": facts_of(found),
        "links": links_to(found),
        "links_kind": table,
        "links_key": key,
        "source": source[0],
        "source_place": source[1],
        "voided": found,
        "history": history_of(found),
    }
    return render(request, "records/entry.html", context)


@for_people
def links(request: HttpRequest, kind: str, key: int, table: str, field: str) -> HttpResponse:
    """Every row of one table that refers to a thing through one field, a page at a time."""
    row = _row(kind, key)
    if row is None:
        raise Http404(NOT_THERE)
    through = next(((other, name) for other, name in referring(type(row)) if (other._meta.db_table, name) == (table, field)), None)
    if through is None:
        raise Http404(NOT_THERE)
    after = request.GET.get("after", "")
    found = links_through(*through, row, after=int(after) if after.isdecimal() and len(after) < 19 else 0)
    title = named(row.record) if isinstance(row, Detail) else str(row)
    back = reverse("record", args=[key]) if kind == "record" else reverse("entry", args=[kind, key]) if kind in DIRECTORY else reverse("fact", args=[kind, key])
    context = signed_in(request) | {"found": found, "title": found.title, "crumbs": [(title, back), (found.title, "")], "after": after}
    return render(request, "records/links.html", context)


def _row(kind: str, key: int) -> Any:
    """The thing that links are asked of: a record's detail, a directory entry, or a fact by its table."""
    if kind == "record":
        header = Record.objects.filter(pk=key).first()
        return _detail(header) if header else None
    tables: dict[str, type[Regulated]] = {m._meta.db_table: m for m in regulated_models() if issubclass(m, Fact)}
    model = DIRECTORY.get(kind) or tables.get(kind)
    return read(model, key) if model else None


@for_people
def source_file(request: HttpRequest, key: int) -> HttpResponse:
    """A source file byte for byte, as it was brought in."""
    found = StoredFile.objects.filter(pk=key).first()
    if found is None:
        raise Http404(NOT_THERE)
    response = HttpResponse(bytes(found.content), content_type="application/octet-stream")
    name = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in found.name.rsplit("/", 1)[-1]) or "file"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
