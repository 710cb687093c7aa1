"""Rule packs: what each is, its figures, what it leaves out, its rules, and what its edition says otherwise than the one before."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from holdfast.standards.loading import Pack
from holdfast.standards.questions import TITLES, Question
from holdfast.standards.reference.history import EditionChange, changes, earlier, later
from holdfast.standards.reference.naming import figure_value
from holdfast.standards.reference.shelf import STANDING_WORDS, Place

from ..access import for_people, signed_in
from .addresses import FRONT, cite_pack, other_version
from .held import shelf
from .rules import weakest


@for_people
def pack_list(request: HttpRequest) -> HttpResponse:
    """Every pack, by the question it answers first."""
    packs = sorted(shelf().packs, key=lambda pack: (list(TITLES).index(_first_question(pack)), pack.id))
    lines = [(pack, [TITLES[question] for question in _questions(pack)], bool(later(pack, shelf().packs))) for pack in packs]
    return render(request, "reference/packs.html", signed_in(request) | {"lines": lines, "crumbs": [FRONT, ("Rule packs", "")]})


def _questions(pack: Pack) -> list[Question]:
    return list(dict.fromkeys(rule.text.question for rule in pack.rules))


def _first_question(pack: Pack) -> Question:
    return _questions(pack)[0]


@for_people
def pack(request: HttpRequest, pack_id: str) -> HttpResponse:
    """One pack."""
    found = shelf().pack_by_id.get(pack_id)
    if found is None:
        raise Http404(f"There is no pack {pack_id}.")
    header, places = found.header, [Place(found, rule) for rule in found.rules]
    context = signed_in(request) | {
        "pack": found,
        "facts": _facts(found),
        "figures": [(name.replace("_", " "), figure_value(figure), figure.authority, figure.why) for name, figure in header.parameters.items()],
        "rows": [(place, STANDING_WORDS[place.standing], weakest(place)) for place in places],
        "before": [changes(one, found) for one in earlier(found, shelf().packs)],
        "after": [changes(found, one) for one in later(found, shelf().packs)],
        "nowhere": _nowhere(found),
        "other_version": other_version(request, found.version),
        "cite": cite_pack(request, found),
        "crumbs": [FRONT, ("Rule packs", reverse("reference_packs")), (found.id, "")],
    }
    return render(request, "reference/pack.html", context)


def _facts(pack: Pack) -> list[tuple[str, str, str]]:
    questions = "; ".join(TITLES[question] for question in _questions(pack))
    return [
        ("Questions", questions, ""),
        ("Version", pack.version, ""),
        ("Edition", pack.header.edition, ""),
        ("Status", pack.status.replace("_", " "), ""),
        ("Written for dossier schema", pack.header.dossier_schema, ""),
        ("File", f"packs/{pack.document.file}", ""),
    ]


def _nowhere(pack: Pack) -> list[Place]:
    """The rules of an older edition that no newer one says again."""
    newer: list[EditionChange] = [changes(pack, one) for one in later(pack, shelf().packs)]
    said = {id(change.before) for one in newer for change in one.kept}
    return [Place(pack, rule) for rule in pack.rules if newer and id(rule) not in said]
