"""The crosswalks: their rows as a list that narrows, one row, and what answers to a reference elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from holdfast.kernel.errors import NotReadable
from holdfast.standards.crosswalks.counterparts import Answer, find_compendial, find_guidance
from holdfast.standards.crosswalks.loading import AreaRow, chapters_of, compendia, guidance
from holdfast.standards.crosswalks.schema import OF_REGION, PHARMACOPOEIAS, SOURCE_NAMES, SOURCES, STATUSES, CompendialRow, Source
from holdfast.standards.dictionary.loading import dictionary
from holdfast.standards.dictionary.schema import Entry
from holdfast.standards.reference.finding import plain
from holdfast.standards.reference.slug import slug_of

from ..access import for_people, signed_in
from .addresses import FRONT, cite_table, other_version, place_address
from .found import search_reference
from .held import rules_of_rows
from .paging import page_of

TABLES = ("guidance", "pharmacopoeias")
PLACES: dict[str, Source] = {name: source for source, name in SOURCE_NAMES.items()}


@dataclass(frozen=True)
class Row:
    """A row of either crosswalk: its texts by where they belong."""

    id: str
    table: str
    area: str
    topic: str
    status: str
    differs: str
    confidence: str
    source_check: str
    texts: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def all_rows() -> dict[str, Row]:
    """The rows of both crosswalks by id."""
    return {row.id: row for row in (*map(_guided, guidance().rows), *map(_compendial, compendia().rows))}


def _guided(one: AreaRow) -> Row:
    texts = tuple((SOURCE_NAMES[source], one.row.references(source)) for source in SOURCES)
    return Row(one.row.id, "guidance", one.area, one.row.topic, one.row.status, one.row.differs, one.row.confidence, one.row.source_check, texts)


def _compendial(row: CompendialRow) -> Row:
    texts = tuple((name, tuple(map(str, chapters_of(row, name)))) for name in PHARMACOPOEIAS)
    return Row(row.id, "pharmacopoeias", "Pharmacopoeias", row.topic, row.status, row.differs, row.confidence, row.source_check, texts)


def topic_of(row: str) -> str:
    return all_rows()[row].topic


@for_people
def crosswalk(request: HttpRequest) -> HttpResponse:
    """Every row, narrowed as the address says; and the answer to a reference that was looked up."""
    asked = {name: request.GET.get(name, "").strip()[:200] for name in ("q", "table", "status", "document", "reference", "to")}
    found = {item.key for item in search_reference(asked["q"], "crosswalk").items} if plain(asked["q"]) else None
    rows = [row for row in all_rows().values() if _fits(row, asked) and (found is None or row.id in found)]
    answer, problem = _looked_up(asked["reference"], asked["to"]) if asked["reference"] else (None, "")
    context = signed_in(request) | {
        "asked": asked,
        "is_narrowed": any(asked[name] for name in ("q", "table", "status", "document")),
        "page": page_of(rows, request.GET, lambda row: row.id, "rows"),
        "tables": TABLES,
        "statuses": STATUSES,
        "documents": [(slug_of(document.prefix), document.prefix) for document in guidance().documents],
        "known_places": list(dict.fromkeys((*OF_REGION, *PLACES))),
        "answer": answer,
        "problem": problem,
        "crumbs": [FRONT, ("Crosswalk", "")],
    }
    return render(request, "reference/crosswalk.html", context)


def _fits(row: Row, asked: dict[str, str]) -> bool:
    if asked["table"] in TABLES and row.table != asked["table"]:
        return False
    if asked["status"] in STATUSES and row.status != asked["status"]:
        return False
    return not asked["document"] or any(slug == asked["document"] for slug in _documents_of(row))


def _documents_of(row: Row) -> list[str]:
    if row.table != "guidance":
        return []
    return [slug_of(document.prefix) for _, texts in row.texts for document in map(guidance().document_of, texts) if document]


def _looked_up(reference: str, place: str) -> tuple[Answer | None, str]:
    """What answers to a reference in a place, from the pharmacopoeias or else from guidance; or why that cannot be said."""
    place = place if place in OF_REGION or place in PLACES else "EU"
    try:
        return find_compendial(compendia(), reference, place), ""
    except NotReadable:
        pass
    if place not in PLACES:
        return (
            None,
            f"{reference} is no compendial reference, and {place} is known here for its pharmacopoeia alone. Write it like USP <71>.",
        )
    try:
        return find_guidance(guidance(), reference, PLACES[place]), ""
    except NotReadable:
        return None, f"{reference} is neither a compendial reference (USP <71>, Ph. Eur. 2.6.1) nor one of a document in the crosswalk (21 CFR 211.192)."


@for_people
def row(request: HttpRequest, row_id: str) -> HttpResponse:
    """One row: the texts of each region, how they stand to each other, what differs, and who cites them."""
    found = all_rows().get(row_id)
    if found is None:
        raise Http404(f"The crosswalks have no row {row_id}.")
    header: Any = guidance().header if found.table == "guidance" else compendia().header
    compendial = next((one for one in compendia().rows if one.id == row_id), None)
    context = signed_in(request) | {
        "row": found,
        "sides": _guidance_sides(found) if compendial is None else _compendial_sides(compendial),
        "statuses": _statuses(found, compendial),
        "edition": compendial.edition if compendial else "",
        "note": compendia().header.note if compendial else "",
        "rules": [(place, cite, place_address(place)) for place, cite in rules_of_rows().get(row_id, ())],
        "attributes": _attributes(found),
        "version": header.version,
        "other_version": other_version(request, header.version),
        "cite": cite_table(request, f"{found.id}: {found.topic}", header, compendial),
        "crumbs": [FRONT, ("Crosswalk", reverse("reference_crosswalk")), (row_id, "")],
    }
    return render(request, "reference/row.html", context)


def _guidance_sides(row: Row) -> list[tuple[str, list[dict[str, str]]]]:
    """Each source with its texts, and what document each belongs to."""
    return [(name, [_cited(text) for text in texts]) for name, texts in row.texts]


def _cited(text: str) -> dict[str, str]:
    document = guidance().document_of(text)
    if document is None:
        return {"text": text}
    sure = f"confidence {document.confidence}, {'looked up' if document.source_check == 'lookup' else 'from memory'}"
    said = {"title": document.title, "edition": document.edition, "authority": document.authority.replace("_", " "), "sure": sure, "note": document.note}
    return {"text": text, **said}


def _compendial_sides(row: CompendialRow) -> list[tuple[str, list[dict[str, str]]]]:
    editions = compendia().header.editions
    informs = "informs; by itself it does not bind"
    return [
        (name, [{"text": str(text), "edition": editions[name], "note": informs if text.is_informational else ""} for text in chapters_of(row, name)])
        for name in PHARMACOPOEIAS
    ]


def _statuses(row: Row, compendial: CompendialRow | None) -> list[tuple[str, str]]:
    if compendial is None:
        return [("US and EU", row.status)]
    pairs = (("USP", "Ph. Eur."), ("USP", "JP"), ("Ph. Eur.", "JP"))
    return [(f"{one} and {other}", compendial.between(one, other)) for one, other in pairs]  # type: ignore[arg-type]


def _attributes(row: Row) -> list[Entry]:
    """The dictionary's entries that name a chapter of this row."""
    chapters = {text for _, texts in row.texts for text in texts} if row.table == "pharmacopoeias" else set()
    return [entry for entry in dictionary().entries.values() if chapters & set(entry.compendial)]
