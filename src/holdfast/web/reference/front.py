"""The front of the reference: search, the questions with how many rules each rests on, and the ways in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from holdfast.standards.crosswalks.loading import compendia, guidance
from holdfast.standards.dictionary.loading import dictionary
from holdfast.standards.questions import TITLES
from holdfast.standards.reference.finding import Finds
from holdfast.standards.reference.shelf import STANDING_WORDS, STANDINGS, counted

from ..access import for_people, signed_in
from .found import KINDS, line_of, search_reference
from .held import shelf

SHOWN = 60


@for_people
def front(request: HttpRequest) -> HttpResponse:
    """With words: what was found, best first. Without: the questions, and what there is to look through."""
    text, kind = request.GET.get("q", "").strip()[:200], request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    finds = search_reference(text, kind)
    context = signed_in(request) | {"text": text, "kind": kind, "standings": [(name, STANDING_WORDS[name]) for name in STANDINGS]}
    context |= _found(finds) if text else {"questions": _questions(), "ways": _ways()}
    return render(request, "reference/front.html", context)


def _found(finds: Finds) -> dict[str, Any]:
    return {
        "searched": True,
        "lines": [line_of(item) for item in finds.items[:SHOWN]],
        "number": len(finds.items),
        "is_loose": finds.is_loose,
        "chips": [(name, each.several, finds.counts.get(name, 0)) for name, each in KINDS.items() if finds.counts.get(name)],
        "total": sum(finds.counts.values()),
    }


def _questions() -> list[tuple[str, str, list[tuple[str, int]], int]]:
    """Each question that has rules: its code, its words, the number of rules of each standing, and of all."""
    counts = counted(shelf().leading)
    return [(code, title, list(counts[code].items()), sum(counts[code].values())) for code, title in TITLES.items() if code in counts]


def _ways() -> list[tuple[str, str, str, str]]:
    """Where to look through: address, name, how much there is, icon."""
    held = shelf()
    rows = len(guidance().rows) + len(compendia().rows)
    return [
        (reverse("reference_rules"), "Rules", f"{len(held.leading)} rules, {len(held.unjudged)} not judged", "scale"),
        (reverse("reference_packs"), "Rule packs", f"{len(held.packs)} packs", "book-marked"),
        (reverse("reference_crosswalk"), "Crosswalk", f"{rows} rows: guidance and pharmacopoeias", "git-compare"),
        (reverse("reference_dictionary"), "Attribute dictionary", f"{len(dictionary().entries)} attributes", "flask-conical"),
        (reverse("reference_documents"), "Cited documents", f"{len(held.documents)} documents", "file-text"),
        (reverse("glossary"), "Glossary", "terms in our own words", "book-open-text"),
    ]
