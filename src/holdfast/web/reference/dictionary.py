"""The attribute dictionary: its entries, which of them a laboratory's name means, and one entry with its compendial texts in every region."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from holdfast.standards.crosswalks.counterparts import Counterpart, find_compendial
from holdfast.standards.crosswalks.loading import compendia
from holdfast.standards.crosswalks.reference import parse_reference
from holdfast.standards.crosswalks.schema import OF_REGION
from holdfast.standards.dictionary.loading import dictionary
from holdfast.standards.dictionary.matching import match_name
from holdfast.standards.dictionary.schema import DIRECTION_WORDS, Entry
from holdfast.standards.reference.finding import plain

from ..access import for_people, signed_in
from .addresses import FRONT, cite_table, other_version
from .found import search_reference


@for_people
def attribute_list(request: HttpRequest) -> HttpResponse:
    """Every entry under its group, narrowed by words; and the answer for a laboratory's name that was looked up."""
    text, name, unit, method = (request.GET.get(key, "").strip()[:200] for key in ("q", "name", "unit", "method"))
    found = {item.key for item in search_reference(text, "attribute").items} if plain(text) else None
    groups = [(group, [entry for entry in entries if found is None or entry.id in found]) for group, entries in dictionary().groups.items()]
    matched = match_name(dictionary(), name, unit or None, method or None) if name else None
    context = signed_in(request) | {
        "text": text,
        "name": name,
        "unit": unit,
        "method": method,
        "groups": [(group, entries) for group, entries in groups if entries],
        "number": sum(len(entries) for _, entries in groups),
        "total": len(dictionary().entries),
        "match": matched,
        "matched": dictionary().entries.get(matched.entry) if matched and matched.entry else None,
        "candidates": [(dictionary().get(one.entry), one.reason) for one in matched.candidates] if matched else [],
        "crumbs": [FRONT, ("Attribute dictionary", "")],
    }
    return render(request, "reference/dictionary.html", context)


@for_people
def attribute(request: HttpRequest, entry_id: str) -> HttpResponse:
    """One entry."""
    found = dictionary().entries.get(entry_id)
    if found is None:
        raise Http404(f"The dictionary has no entry {entry_id}.")
    header = dictionary().header
    context = signed_in(request) | {
        "entry": found,
        "facts": _facts(found),
        "compendial": [(reference, _elsewhere(reference)) for reference in found.compendial],
        "value_set": header.fhir_value_set,
        "system": header.fhir_system.split("://")[-1],
        "version": header.version,
        "other_version": other_version(request, header.version),
        "cite": cite_table(request, f"{found.name} ({found.id})", header),
        "crumbs": [FRONT, ("Attribute dictionary", reverse("reference_dictionary")), (found.name, "")],
    }
    return render(request, "reference/attribute.html", context)


def _facts(entry: Entry) -> list[tuple[str, str, str]]:
    families = {family.id: family.name for family in dictionary().families}
    group = next(name for name, entries in dictionary().groups.items() if entry in entries)
    lines = [
        ("Code", entry.id),
        ("Group", group),
        ("Kind of quantity", entry.kind),
        ("Limit usually", DIRECTION_WORDS[entry.direction]),
        ("Families of methods", "; ".join(families[name] for name in entry.methods) or "none named"),
        ("Also called", "; ".join(entry.synonyms) or "no other name"),
        ("Names shared with others", "; ".join(entry.ambiguous) or "none"),
        ("Pooled only with the same", ", ".join(entry.pool) or "no further condition"),
        ("How sure", f"confidence {entry.confidence}, {'looked up' if entry.source_check == 'lookup' else 'from memory'}"),
    ]
    return [(label, value, "") for label, value in lines]


def _elsewhere(reference: str) -> list[tuple[str, str, tuple[Counterpart, ...], str]]:
    """For each region with a pharmacopoeia of its own: region, pharmacopoeia, what answers to the reference there, and the crosswalk's sentence."""
    own = parse_reference(reference).pharmacopoeia
    asked = [(region, wanted) for region, wanted in OF_REGION.items() if wanted != own]
    answers = [(region, wanted, find_compendial(compendia(), reference, region)) for region, wanted in asked]
    return [(region, wanted, answer.counterparts, answer.sentence) for region, wanted, answer in answers]
