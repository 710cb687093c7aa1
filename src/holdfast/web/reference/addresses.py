"""The stable addresses of the reference, and how to cite what stands there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from holdfast.standards.crosswalks.schema import CompendialRow
from holdfast.standards.loading import Pack
from holdfast.standards.reference.shelf import Place
from holdfast.standards.reference.slug import slug_of

from .held import shelf

FRONT = ("Reference", "/reference/")


def rule_address(rule_id: str, pack: str = "") -> str:
    """The page of a rule, in a pack's edition where one is named; empty for a rule that no loaded pack has and nobody lists as not judged."""
    held = shelf()
    if rule_id not in held.places and rule_id not in held.unjudged_by_id:
        return ""
    address = reverse("reference_rule", args=[rule_id])
    return f"{address}?{urlencode({'pack': pack})}" if any(place.pack.id == pack for place in held.places.get(rule_id, ())) else address


def place_address(place: Place) -> str:
    """The page of a rule as it stands in one pack, for one question: the plain address where that is what the plain address shows."""
    places = shelf().places[place.id]
    if place == places[0]:
        return reverse("reference_rule", args=[place.id])
    several = sum(one.pack.id == place.pack.id for one in places) > 1
    query = {"pack": place.pack.id} | ({"question": place.text.question} if several else {})
    return f"{reverse('reference_rule', args=[place.id])}?{urlencode(query)}"


def document_address(name: str) -> str:
    """The page of a cited document; empty for one that is not on the list of documents."""
    return reverse("reference_document", args=[slug_of(name)]) if name in shelf().documents else ""


def row_address(row: str) -> str:
    return reverse("reference_row", args=[row])


@dataclass(frozen=True)
class HowToCite:
    """A line to cite, with the edition, and the address that leads to that edition."""

    what: str
    edition: str
    address: str

    @property
    def names_version(self) -> bool:
        """Whether the address asks for a version; a document has none of ours."""
        return "version=" in self.address

    @property
    def line(self) -> str:
        return f"{self.what}. {self.edition}. {self.address}"


def cite_rule(request: HttpRequest, place: Place) -> HowToCite:
    """How to cite a rule: its pack's edition and digest, and the address that asks for that edition."""
    several = sum(one.pack.id == place.pack.id for one in shelf().places[place.id]) > 1
    query = {"pack": place.pack.id, "version": place.pack.version} | ({"question": place.text.question} if several else {})
    return HowToCite(f"{place.id}: {place.text.title}", edition_said(place.pack), _whole(request, reverse("reference_rule", args=[place.id]), query))


def cite_pack(request: HttpRequest, pack: Pack) -> HowToCite:
    """How to cite a pack."""
    return HowToCite(pack.header.title, edition_said(pack), _whole(request, reverse("reference_pack", args=[pack.id]), {"version": pack.version}))


def cite_table(request: HttpRequest, what: str, header: Any, row: CompendialRow | None = None) -> HowToCite:
    """How to cite an entry of a table (crosswalk, dictionary) by the table's version and edition."""
    editions = [f"{name} {edition}" for name, edition in header.editions.items()] if row is not None else [header.edition]
    edition = "; ".join(filter(None, [row.edition if row is not None else "", *editions]))
    return HowToCite(what, f"{header.id} {header.version}, {edition}", _whole(request, request.path, {"version": header.version}))


def edition_said(pack: Pack) -> str:
    """A pack's edition in a line: id, version, day, and the beginning of its digest."""
    return f"{pack.id} {pack.version}, edition {pack.header.edition}, SHA-256 {pack.sha256[:12]}…"


def _whole(request: HttpRequest, path: str, query: dict[str, str]) -> str:
    """Host and path without a scheme: the page is reached however this installation is."""
    return f"{request.get_host()}{path}?{urlencode(query)}"


def other_version(request: HttpRequest, version: str) -> str:
    """The version that an address asks for, where it is not the one that is held; empty where it is, or none is asked for."""
    asked = request.GET.get("version", "")[:40]
    return asked if asked and asked != version else ""
