"""The rules as a list that narrows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from holdfast.standards.library import UnjudgedRule
from holdfast.standards.pack import Phase, Severity
from holdfast.standards.questions import QUESTIONS, TITLES
from holdfast.standards.reference.finding import plain
from holdfast.standards.reference.shelf import STANDING_WORDS, STANDINGS, Place

from ..access import for_people, signed_in
from .addresses import FRONT
from .found import key_of, search_reference
from .held import shelf
from .paging import page_of

PHASES = get_args(Phase)
SEVERITIES = get_args(Severity)
CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; a word that is none of the choices narrows nothing."""

    q: str = ""
    question: str = ""
    region: str = ""
    phase: str = ""
    standing: str = ""
    severity: str = ""
    confidence: str = ""

    @classmethod
    def of(cls, given: QueryDict) -> Asked:
        choices = {"question": QUESTIONS, "region": regions(), "phase": PHASES, "standing": STANDINGS, "severity": SEVERITIES, "confidence": CONFIDENCES}
        kept = {name: given.get(name, "") for name, allowed in choices.items() if given.get(name, "") in allowed}
        return cls(q=given.get("q", "").strip()[:200], **kept)

    @property
    def is_narrowed(self) -> bool:
        return self != Asked()

    @property
    def is_only_words(self) -> bool:
        return self == Asked(q=self.q)

    def fits(self, place: Place) -> bool:
        """Whether a rule is asked for, words aside. A rule for any region or phase is for each of them."""
        applies = place.text.applies
        wanted = (
            (self.question, [place.text.question]),
            (self.region, applies.regions),
            (self.phase, applies.phases),
            (self.standing, [place.standing]),
            (self.severity, [place.text.severity]),
            (self.confidence, [weakest(place)]),
        )
        return all(not asked or asked in held or "any" in held for asked, held in wanted)


def regions() -> list[str]:
    """The regions that some rule names."""
    return sorted({region for place in shelf().leading for region in place.text.applies.regions} - {"any"})


def weakest(place: Place) -> str:
    """The confidence of the citation that is least sure."""
    return max((cite.confidence for cite in place.text.cite), key=CONFIDENCES.index)


@for_people
def rule_list(request: HttpRequest) -> HttpResponse:
    """Today's edition of every rule, narrowed as the address says; then those that records cannot answer."""
    asked = Asked.of(request.GET)
    page = page_of(chosen(asked), request.GET, key_of, "rules")
    context = signed_in(request) | {
        "asked": asked,
        "page": page,
        "rows": [(place, STANDING_WORDS[place.standing], weakest(place)) for place in page.lines],
        "unjudged": unjudged(asked) if not page.before else [],
        "unwritten": shelf().unwritten if not asked.is_narrowed and not page.before else (),
        "questions": [(code, title) for code, title in TITLES.items() if any(place.text.question == code for place in shelf().leading)],
        "regions": regions(),
        "phases": PHASES,
        "standings": [(name, STANDING_WORDS[name]) for name in STANDINGS],
        "severities": SEVERITIES,
        "confidences": CONFIDENCES,
        "crumbs": [FRONT, ("Rules", "")],
    }
    return render(request, "reference/rules.html", context)


def chosen(asked: Asked) -> list[Place]:
    """The rules that are asked for, in the order of their ids."""
    found = {item.key for item in search_reference(asked.q, "rule").items} if plain(asked.q) else None
    return [place for place in shelf().leading if asked.fits(place) and (found is None or key_of(place) in found)]


def unjudged(asked: Asked) -> list[UnjudgedRule]:
    """The rules that are not judged, where nothing but words narrows the list: they have no region, phase or severity to narrow by."""
    if not asked.is_only_words:
        return []
    found = {item.key for item in search_reference(asked.q, "unjudged").items} if plain(asked.q) else None
    return [rule for rule in shelf().unjudged if found is None or rule.id in found]
