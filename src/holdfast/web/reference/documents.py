"""The documents that rules and the crosswalk cite, and the rules that rest on each."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from holdfast.standards.crosswalks.loading import guidance
from holdfast.standards.crosswalks.schema import SOURCE_NAMES
from holdfast.standards.pack import Document
from holdfast.standards.reference.finding import plain
from holdfast.standards.reference.shelf import DRAFT, STANDING_WORDS, STANDINGS, standing_of_authority
from holdfast.standards.reference.slug import slug_of

from ..access import for_people, signed_in
from .addresses import FRONT, HowToCite, place_address
from .found import search_reference
from .held import shelf


def standing_of(document: Document) -> str:
    """How binding a document is by itself; one that is a draft or not yet in force counts as that."""
    return DRAFT if document.status != "in_force" else standing_of_authority(document.authority)


@for_people
def document_list(request: HttpRequest) -> HttpResponse:
    """Every document with the number of rules that cite it, the most binding first; then those of the crosswalk."""
    text, standing = request.GET.get("q", "").strip()[:200], request.GET.get("standing", "")
    standing = standing if standing in STANDINGS else ""
    found = {item.key for item in search_reference(text, "document").items} if plain(text) else None
    held = shelf()
    documents = [one for slug, one in held.document_by_slug.items() if (found is None or slug in found) and standing in ("", standing_of(one))]
    documents.sort(key=lambda one: (STANDINGS.index(standing_of(one)), one.name))
    context = signed_in(request) | {
        "text": text,
        "standing": standing,
        "standings": [(name, STANDING_WORDS[name]) for name in STANDINGS],
        "lines": [(one, slug_of(one.name), STANDING_WORDS[standing_of(one)], standing_of(one), len(_rules(one))) for one in documents],
        "total": len(held.documents),
        "of_crosswalk": [(one, slug_of(one.prefix), SOURCE_NAMES[one.source]) for one in guidance().documents] if not (text or standing) else [],
        "crumbs": [FRONT, ("Cited documents", "")],
    }
    return render(request, "reference/documents.html", context)


def _rules(document: Document) -> set[str]:
    return {place.id for place, _ in shelf().citing.get(document.name, ())}


@for_people
def document(request: HttpRequest, slug: str) -> HttpResponse:
    """One document: how binding it is, and every rule that cites it, paragraph by paragraph."""
    found = shelf().document_by_slug.get(slug)
    if found is None:
        raise Http404("No rule cites such a document.")
    cited = [(cite, place, place_address(place)) for place, cite in shelf().citing[found.name]]
    edition = found.edition or "edition not stated"
    context = signed_in(request) | {
        "document": found,
        "standing": standing_of(found),
        "standing_word": STANDING_WORDS[standing_of(found)],
        "facts": [
            ("Authority", found.authority.replace("_", " "), ""),
            ("Status", found.status.replace("_", " "), ""),
            ("Edition", found.edition or "not stated", ""),
            ("Cited by", f"{len(_rules(found))} rules", ""),
        ],
        "cited": cited,
        "cite": HowToCite(found.name, edition, f"{request.get_host()}{request.path}"),
        "crumbs": [FRONT, ("Cited documents", reverse("reference_documents")), (found.name, "")],
    }
    return render(request, "reference/document.html", context)
