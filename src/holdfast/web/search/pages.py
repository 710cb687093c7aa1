"""One search over everything, the palette that finds it from anywhere, and what a person keeps at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.kernel.errors import Refused
from holdfast.ledger.models import Record
from holdfast.ledger.queries import Found, NotSearchable
from holdfast.ledger.queries import search as search_everything
from holdfast.people import bookmarks
from holdfast.standards.reference.finding import Item

from ..access import for_people, signed_in
from ..navigation import PLACES
from ..records.kinds import DIRECTORY, KINDS, Kind, address_of_kind, kind_named
from ..records.links import named
from ..reference.found import Line, line_of, search_reference

OPTIONS, OF_REFERENCE = 8, 5


@dataclass(frozen=True)
class Option:
    """One line of what was found, or of what is at hand."""

    address: str
    name: str
    about: str
    kind: Kind


@for_people
def search(request: HttpRequest) -> HttpResponse:
    """Numbers, names, lots and people, best first, a page at a time; without words, what is at hand."""
    text, kind, after = (request.GET.get(name, "").strip() for name in ("q", "kind", "after"))
    kind = kind if kind in KINDS else ""
    page, problem = None, ""
    if text:
        try:
            page = search_everything(text, [kind] if kind else [], after or None)
        except NotSearchable as refused:
            problem = str(refused)
    pinned, recent = bookmarks.at_hand(request.user)
    context = signed_in(request) | {
        "text": text,
        "kind": kind,
        "kinds": sorted(((name, each.several) for name, each in KINDS.items()), key=lambda pair: pair[1]),
        "options": [_option(found) for found in page.found] if page else [],
        "searched": page is not None,
        "problem": problem,
        "next": f"?{urlencode({'q': text, 'kind': kind, 'after': page.after})}" if page and page.after else "",
        "reference": [line_of(item) for item in of_reference(text)],
        "pinned": [_of_record(one) for one in pinned],
        "recent": [_of_record(one) for one in recent],
    }
    return render(request, "search/search.html", context)


@for_people
def palette(request: HttpRequest) -> HttpResponse:
    """The lines of the palette: places whose name fits, then what is found; without words, places and what is at hand."""
    text = request.GET.get("q", "").strip()
    fitting = [place for place in PLACES if text.casefold() in place.label.casefold()]
    places = [Option(reverse(place.name), place.label, "", Kind("Page", "Pages", place.icon)) for place in fitting]
    groups: list[tuple[str, Sequence[Option | Line]]] = [("Go to", places)]
    if not text:
        pinned, recent = bookmarks.at_hand(request.user)
        groups += [("Pinned", [_of_record(one) for one in pinned]), ("Seen lately", [_of_record(one) for one in recent])]
    elif len(text) > 1:
        try:
            found = search_everything(text, limit=OPTIONS)
        except NotSearchable:
            found = None
        groups += [("Records and people", [_option(one) for one in found.found] if found else [])]
        groups += [("Reference", [line_of(item) for item in of_reference(text)])]
    more = f"{reverse('search')}?{urlencode({'q': text})}" if text else ""
    return render(request, "search/options.html", {"groups": [(name, lines) for name, lines in groups if lines], "text": text, "more": more})


def of_reference(text: str) -> tuple[Item, ...]:
    """The best finds of the reference, which every signed-in person sees; only those that hold every word."""
    finds = search_reference(text)
    return () if finds.is_loose else finds.items[:OF_REFERENCE]


def _option(found: Found) -> Option:
    version = f" v{found.version}" if found.version and found.version > 1 else ""
    kind = kind_named(found.kind)
    about = found.title + (" (voided)" if found.is_voided else "")
    if found.kind in DIRECTORY:
        return Option(address_of_kind(found.kind, found.id), found.title, found.number, kind)
    return Option(address_of_kind(found.kind, found.id), f"{found.number}{version}", about, kind)


def _of_record(record: Record) -> Option:
    return Option(reverse("record", args=[record.pk]), named(record), record.title, kind_named(record.kind))


@for_people
@require_POST
def pin(request: HttpRequest, key: int) -> HttpResponse:
    """Keep a record at hand, or no longer."""
    record = Record.objects.filter(pk=key).first()
    if record is None:
        raise Http404("There is no such record, or it is not yours to see.")
    account: Any = request.user
    try:
        if request.POST.get("pinned") == "no":
            bookmarks.unpin(account, record)
        else:
            bookmarks.pin(account, record)
    except Refused as refused:
        messages.info(request, str(refused))
    return HttpResponseRedirect(reverse("record", args=[key]))


@for_people
@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep a view of the board under a name, or take one away."""
    account: Any = request.user
    query = request.POST.get("query", "").lstrip("?")
    try:
        if "forget" in request.POST:
            bookmarks.forget_view(account, int(request.POST["forget"]) if request.POST["forget"].isdecimal() else 0)
        else:
            bookmarks.save_view(account, request.POST.get("name", ""), query)
    except Refused as refused:
        messages.info(request, str(refused))
    return HttpResponseRedirect(reverse("board") + (f"?{query}" if query else ""))
