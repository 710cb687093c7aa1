"""Search over the reference: what can be found, and the line and address of each find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import reverse

from holdfast.standards.crosswalks.loading import compendia, guidance
from holdfast.standards.crosswalks.schema import PHARMACOPOEIAS, SOURCES
from holdfast.standards.dictionary.loading import dictionary
from holdfast.standards.glossary import glossary
from holdfast.standards.reference.finding import Finds, Item, find
from holdfast.standards.reference.naming import sentence
from holdfast.standards.reference.shelf import STANDING_WORDS, Place
from holdfast.standards.reference.slug import slug_of

from ..records.kinds import Kind
from .addresses import place_address
from .held import shelf

KINDS: dict[str, Kind] = {
    "rule": Kind("Rule", "Rules", "scale"),
    "unjudged": Kind("Rule, not judged", "Rules not judged", "circle-question-mark"),
    "pack": Kind("Rule pack", "Rule packs", "book-marked"),
    "document": Kind("Cited document", "Cited documents", "file-text"),
    "crosswalk": Kind("Crosswalk row", "Crosswalk rows", "git-compare"),
    "attribute": Kind("Attribute", "Attributes", "flask-conical"),
    "term": Kind("Term", "Terms", "book-open-text"),
}
PAGES = {
    "unjudged": "reference_rule",
    "pack": "reference_pack",
    "document": "reference_document",
    "crosswalk": "reference_row",
    "attribute": "reference_attribute",
}


@dataclass(frozen=True)
class Line:
    """One line of what was found."""

    address: str
    name: str
    about: str
    kind: Kind


def search_reference(text: str, kind: str = "") -> Finds:
    """What of the reference has these words, best first."""
    return find(items(), text[:200], kind)


def line_of(item: Item) -> Line:
    """A find as a line with its address."""
    address = _address_of(item)
    is_coded = item.kind in {"rule", "unjudged", "crosswalk"}
    name, about = (f"{item.name} {item.title}", item.about) if is_coded else (item.title or item.name, item.about)
    return Line(address, name, about, KINDS[item.kind])


def _address_of(item: Item) -> str:
    if item.kind == "rule":
        return place_address(next(place for place in shelf().places[item.name] if key_of(place) == item.key))
    return f"{reverse('glossary')}#{item.key}" if item.kind == "term" else reverse(PAGES[item.kind], args=[item.key])


def key_of(place: Place) -> str:
    """What tells a rule that answers two questions apart."""
    return f"{place.id}.{place.text.question}"


@cache
def items() -> tuple[Item, ...]:
    """Everything that can be found."""
    return (*_rules(), *_packs(), *_documents(), *_rows(), *_attributes(), *_terms())


def _rules() -> Iterator[Item]:
    for place in shelf().leading:
        yield Item("rule", key_of(place), place.id, place.text.title, _rule_about(place), _rule_text(place))
    for rule in shelf().unjudged:
        yield Item("unjudged", rule.id, rule.id, rule.title, rule.why)


def _rule_about(place: Place) -> str:
    cite = place.text.cite[0]
    regions = ", ".join(place.text.applies.regions)
    return f"{regions}. {STANDING_WORDS[place.standing]}. {cite.document} {cite.paragraph}".strip()


def _rule_text(place: Place) -> str:
    text = place.text
    says = [text.says] if isinstance(text.says, str) else list(text.says.values())
    cites = [f"{cite.document} {cite.paragraph} {cite.note}" for cite in text.cite]
    return " ".join([*map(sentence, says), text.note, text.binds, text.question, text.severity, place.pack.header.title, *cites])


def _packs() -> Iterator[Item]:
    for pack in shelf().pack_by_id.values():
        left_out = " ".join(f"{item.what} {item.why}" for item in pack.header.not_covered)
        figures = " ".join(f"{name} {figure.why}" for name, figure in pack.header.parameters.items())
        about = f"{pack.id} {pack.version}, edition {pack.header.edition}"
        yield Item("pack", pack.id, pack.id, pack.header.title, about, f"{pack.header.module} {pack.header.status_note} {figures} {left_out}")


def _documents() -> Iterator[Item]:
    for document in shelf().documents.values():
        about = ", ".join(filter(None, [document.title, document.edition]))
        yield Item("document", slug_of(document.name), document.name, "", about, f"{document.authority} {document.note}")


def _rows() -> Iterator[Item]:
    for one in guidance().rows:
        texts = "; ".join(text for source in SOURCES for text in one.row.references(source))
        yield Item("crosswalk", one.row.id, one.row.id, one.row.topic, f"{one.row.status}. {texts}", f"{one.area} {one.row.differs}")
    for row in compendia().rows:
        texts = "; ".join(f"{name} {', '.join(row.chapters(name))}" for name in PHARMACOPOEIAS if row.chapters(name))
        yield Item("crosswalk", row.id, row.id, row.topic, f"{row.status}. {texts}", row.differs)


def _attributes() -> Iterator[Item]:
    for group, entries in dictionary().groups.items():
        for entry in entries:
            names = " ".join((*entry.synonyms, *entry.ambiguous, *entry.compendial, entry.fhir, entry.note, group))
            yield Item("attribute", entry.id, entry.id.replace("_", " "), entry.name, entry.definition, names)


def _terms() -> Iterator[Item]:
    for term in glossary().values():
        yield Item("term", term.id, term.term, "", term.says, term.source)
