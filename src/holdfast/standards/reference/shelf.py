"""Every rule of the loaded packs with each place it stands in, today's edition first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..library import UnjudgedRule
from ..loading import Pack, Rule
from ..pack import Authority, Citation, Document, RuleText, Status
from .slug import slug_of

#: what a reader tells apart first: law, what guides, what a standard body wrote, what is only custom, and what does not bind yet
Standing = str
LAW, GUIDELINE, STANDARD, CONVENTION, DRAFT = "law", "guideline", "standard", "convention", "draft"
STANDINGS = (LAW, GUIDELINE, STANDARD, CONVENTION, DRAFT)
STANDING_WORDS = {
    LAW: "Law",
    GUIDELINE: "Guideline",
    STANDARD: "Pharmacopoeia or standard",
    CONVENTION: "Convention",
    DRAFT: "Draft or not yet in force",
}
_OF_AUTHORITY: dict[Authority, Standing] = {
    "law": LAW,
    "gmp_guideline": GUIDELINE,
    "guidance": GUIDELINE,
    "ich": GUIDELINE,
    "compendial": STANDARD,
    "standard": STANDARD,
    "convention": CONVENTION,
    "draft": DRAFT,
}


def standing_of_authority(authority: Authority) -> Standing:
    """Which of the five standings an authority belongs to."""
    return _OF_AUTHORITY[authority]


@dataclass(frozen=True)
class Place:
    """A rule as it stands in one pack."""

    pack: Pack
    rule: Rule

    @property
    def id(self) -> str:
        return self.rule.id

    @property
    def text(self) -> RuleText:
        return self.rule.text

    @property
    def key(self) -> tuple[str, str]:
        return self.rule.id, self.rule.text.question

    @property
    def status(self) -> Status:
        """The rule's status, or its pack's where that is the weaker."""
        return self.text.status if self.text.status != "in_force" else self.pack.status

    @property
    def standing(self) -> Standing:
        """How binding the rule is as a whole: nothing that is a draft or not yet in force counts as what it may become."""
        return DRAFT if self.status != "in_force" else standing_of_authority(self.text.authority)

    @property
    def edition(self) -> tuple[str, str]:
        return edition_of(self.pack)


def edition_of(pack: Pack) -> tuple[str, str]:
    """What orders the editions of packs: the day of the edition, then the version."""
    return pack.header.edition, pack.version


@dataclass(frozen=True)
class Shelf:
    """The packs, the rules that are not judged, and the documents that may be cited."""

    packs: tuple[Pack, ...]
    unjudged: tuple[UnjudgedRule, ...]
    documents: Mapping[str, Document]
    known: tuple[str, ...] = ()  # the ids of every rule known, written or not

    @cached_property
    def places(self) -> dict[str, tuple[Place, ...]]:
        """Every place of every rule by its id: in force before draft, the newest edition first."""
        found: dict[str, list[Place]] = {}
        for pack in self.packs:
            for rule in pack.rules:
                found.setdefault(rule.id, []).append(Place(pack, rule))
        return {name: tuple(sorted(places, key=_first, reverse=True)) for name, places in sorted(found.items())}

    @cached_property
    def leading(self) -> tuple[Place, ...]:
        """Today's edition of each rule, once for each question it answers, in the order of ids."""
        return tuple(place for places in self.places.values() for place in {p.key: p for p in reversed(places)}.values())

    @cached_property
    def pack_by_id(self) -> dict[str, Pack]:
        """Each pack by id; of several versions the newest."""
        return {pack.id: pack for pack in sorted(self.packs, key=edition_of)}

    @cached_property
    def unjudged_by_id(self) -> dict[str, UnjudgedRule]:
        return {rule.id: rule for rule in self.unjudged}

    @cached_property
    def unwritten(self) -> tuple[str, ...]:
        """The ids of rules that are known, and that no loaded pack asks: nothing judges them."""
        return tuple(name for name in self.known if name not in self.places and name not in self.unjudged_by_id)

    @cached_property
    def document_by_slug(self) -> dict[str, Document]:
        return {slug_of(name): document for name, document in self.documents.items()}

    @cached_property
    def citing(self) -> dict[str, tuple[tuple[Place, Citation], ...]]:
        """Today's rules that cite a document, each with its citation, in the order of the paragraphs."""
        found: dict[str, list[tuple[Place, Citation]]] = {name: [] for name in self.documents}
        for place in self.leading:
            for cite in place.text.cite:
                found.setdefault(cite.document, []).append((place, cite))
        return {name: tuple(sorted(pairs, key=lambda pair: (_paragraph(pair[1]), pair[0].id))) for name, pairs in found.items()}

    @cached_property
    def suspends(self) -> dict[str, tuple[str, ...]]:
        """The rules that a rule makes an exception from, by its id."""
        found: dict[str, list[str]] = {}
        for place in self.leading:
            for suspension in place.text.suspended_by:
                found.setdefault(suspension.rule, []).append(place.id)
        return {name: tuple(dict.fromkeys(ids)) for name, ids in found.items()}


def _first(place: Place) -> tuple[bool, tuple[str, str]]:
    return place.status == "in_force", place.edition


def _paragraph(cite: Citation) -> list[tuple[int, str]]:
    """A paragraph in an order in which 211.22 comes before 211.165: numbers as numbers."""
    words = "".join(c if c.isalnum() else " " for c in cite.paragraph).split()
    return [(int(word), "") if word.isdecimal() else (-1, word) for word in words]


def counted(places: Iterable[Place]) -> dict[str, dict[Standing, int]]:
    """How many rules each question has of each standing."""
    found: dict[str, dict[Standing, int]] = {}
    for place in places:
        row = found.setdefault(place.text.question, dict.fromkeys(STANDINGS, 0))
        row[place.standing] += 1
    return found
