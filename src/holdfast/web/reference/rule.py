"""One rule: what it asks in words, where it applies, how much it weighs, what it rests on and how sure that is, its examples and editions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from holdfast.standards.applicability import NAMES
from holdfast.standards.library import UnjudgedRule
from holdfast.standards.pack import AXES, Applies, Citation, Only, RuleText
from holdfast.standards.questions import TITLES, day_needed
from holdfast.standards.reference.clauses import Clause, worded
from holdfast.standards.reference.counterparts import rows_of
from holdfast.standards.reference.examples import given_lines, samples
from holdfast.standards.reference.history import changes
from holdfast.standards.reference.naming import Setting, sentence
from holdfast.standards.reference.shelf import STANDING_WORDS, Place, standing_of_authority
from holdfast.standards.suspensions import GROUNDS

from ..access import for_people, signed_in
from .addresses import FRONT, cite_rule, document_address, other_version, place_address, row_address, rule_address
from .crosswalk import topic_of
from .held import shelf


@for_people
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """The rule in the edition that the address names, or today's."""
    held = shelf()
    if rule_id in held.unjudged_by_id and rule_id not in held.places:
        return _not_judged(request, held.unjudged_by_id[rule_id])
    places = held.places.get(rule_id)
    if not places:
        raise Http404(f"There is no rule {rule_id} in the packs that are loaded.")
    asked, question = request.GET.get("pack", ""), request.GET.get("question", "")
    fitting = [one for one in places if one.pack.id == asked] or list(places)
    place = next((one for one in fitting if one.text.question == question), fitting[0])
    context = signed_in(request) | {
        "place": place,
        "text": place.text,
        "title_of_question": TITLES[place.text.question],
        "standing": place.standing,
        "standing_word": STANDING_WORDS[place.standing],
        "region": ", ".join(place.text.applies.regions),
        "says": _says(place.text),
        "facts": _facts(place),
        "citations": [_citation(cite) for cite in place.text.cite],
        "rows": [(row, topic_of(row), row_address(row)) for row in dict.fromkeys(r for c in place.text.cite for r in rows_of((c.document, c.paragraph)))],
        "suspended_by": [(s.rule, _title(s.rule), GROUNDS[s.ground], rule_address(s.rule)) for s in place.text.suspended_by],
        "suspends": [(name, _title(name), rule_address(name)) for name in held.suspends.get(rule_id, ())],
        "given": given_lines(place.text),
        "samples": samples(place.text),
        "others": [(one, place_address(one), STANDING_WORDS[one.standing]) for one in places if one != place],
        "changes": _changes(place, places),
        "is_today": place in held.leading,
        "missing_pack": asked if asked and place.pack.id != asked else "",
        "other_version": other_version(request, place.pack.version),
        "cite": cite_rule(request, place),
        "crumbs": [FRONT, ("Rules", reverse("reference_rules")), (rule_id, "")],
        **_conditions(place),
    }
    return render(request, "reference/rule.html", context)


def _not_judged(request: HttpRequest, found: UnjudgedRule) -> HttpResponse:
    crumbs = [FRONT, ("Rules", reverse("reference_rules")), (found.id, "")]
    return render(request, "reference/unjudged.html", signed_in(request) | {"rule": found, "crumbs": crumbs})


def _conditions(place: Place) -> dict[str, tuple[Clause, ...]]:
    setting, day = Setting(place.pack.header.parameters), day_needed(place.text.question)
    when = worded(place.text.when, setting, day) if place.text.when is not None else ()
    return {"when": when, "require": worded(place.text.require, setting, day)}


def _says(text: RuleText) -> list[tuple[str, str]]:
    """What the rule says, with the answer it says it to; no answer where it says one thing."""
    return [("", sentence(text.says))] if isinstance(text.says, str) else [(answer, sentence(said)) for answer, said in text.says.items()]


def _facts(place: Place) -> list[tuple[str, str, str]]:
    applies = [(NAMES[axis].capitalize(), _axis(place.text.applies, axis), "") for axis in AXES]
    judged = "the record of the batch" if place.text.stage == "record" else "the decision, when it is signed"
    pack = (f"{place.pack.header.title}", reverse("reference_pack", args=[place.pack.id]))
    return [*applies, ("Judged on", judged, ""), ("Pack", *pack), ("Edition", f"{place.pack.header.edition}, version {place.pack.version}", "")]


def _axis(applies: Applies | Only, axis: str) -> str:
    values = getattr(applies, axis)
    return "any" if values in ([], ["any"]) else ", ".join(values).replace("_", " ")


def _citation(cite: Citation) -> dict[str, Any]:
    only = [f"{NAMES[axis]} {_axis(cite.only, axis)}" for axis in AXES if getattr(cite.only, axis)] if cite.only else []
    known = shelf().documents.get(cite.document)
    return {
        "cite": cite,
        "address": document_address(cite.document),
        "edition": known.edition if known else "",
        "title": known.title if known else "",
        "standing": standing_of_authority(cite.authority),
        "only": "; ".join(only),
        "others": len(shelf().citing.get(cite.document, ())),
    }


def _title(rule_id: str) -> str:
    places = shelf().places.get(rule_id)
    return places[0].text.title if places else "not in a pack that is loaded"


def _changes(place: Place, places: tuple[Place, ...]) -> list[tuple[Place, Any]]:
    """For each older place of the same rule and question, what this edition says otherwise."""
    older = [one for one in places if one.key == place.key and one.edition < place.edition]
    return [(one, next(change for change in changes(one.pack, place.pack).kept if change.after is place.rule)) for one in older]
