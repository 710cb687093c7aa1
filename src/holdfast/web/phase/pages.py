"""The phase view of one product in one region."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.kernel.clock import today
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import sees_whole
from holdfast.release.phase import ProgrammePhase, phase_of
from holdfast.standards.phase_view import PHASES, WEIGHT, WORDS, Expectation
from holdfast.standards.questions import TITLES

from ..access import for_people, signed_in
from ..products import chosen_product, products

REGIONS = {"US": "United States", "EU": "European Union"}
ANSWERS = ("not met", "cannot tell", "met", "not applicable")
Part = tuple[str, str, str, tuple[Expectation, ...]]


@for_people
def phase(request: HttpRequest) -> HttpResponse:
    """What must be true of a product now, at its next milestone, and what may wait; drafts and flexibilities apart."""
    known = products()
    product = chosen_product(known, request.GET.get("product", ""))
    region = request.GET.get("region", "US")
    region = region if region in REGIONS else "US"
    context: dict[str, Any] = {"products": known, "product": product, "region": region, "phases": WORDS, "asked": _asked(request)}
    if product is not None:
        context |= _seen(product, region, context["asked"])
        context["tabs"] = [(name, _address(product, code, context["asked"]), code == region, "") for code, name in REGIONS.items()]
    return render(request, "phase/phase.html", signed_in(request) | context)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The phases that who asks named: as if the programme were there, and heading there. What is no phase was not asked."""
    given = {name: request.GET.get(name, "") for name in ("at", "next")}
    return {name: value for name, value in given.items() if value in PHASES}


def _seen(product: Any, region: str, asked: dict[str, str]) -> dict[str, Any]:
    at: Any = asked.get("at")
    following: Any = asked.get("next")
    problem = ""
    try:
        found = phase_of(product, region, today(), at, following)
    except Refused as refusal:
        problem, found = str(refusal), phase_of(product, region, today(), at)
    return {
        "found": found,
        "problem": problem,
        "parts": _parts(found),
        "elsewhere": _by_question(found.elsewhere),
        "sees_whole": sees_whole(product.programme.number),
    }


def _parts(found: ProgrammePhase) -> list[Part]:
    """The three parts as a page shows them: key, heading, what an empty one means, expectations with what is open first."""
    view = found.view
    if view is None:
        return []
    following = WORDS[view.next_phase] if view.next_phase else ""
    return [
        ("now", f"Now, at {WORDS[view.phase]}", "No rule of this phase applies to the product.", _sorted(view.now)),
        ("next", f"At the next milestone: {following}" if following else "At the next milestone", _nothing_next(following), _sorted(view.next)),
        ("later", "May wait", "Nothing more is asked later.", _sorted(view.later)),
    ]


def _nothing_next(following: str) -> str:
    return f"Nothing comes, weighs more or asks more at {following}." if following else "There is no phase after commercial supply."


def _sorted(expectations: tuple[Expectation, ...]) -> tuple[Expectation, ...]:
    return tuple(sorted(expectations, key=lambda one: (ANSWERS.index(one.answer.answer), -WEIGHT[one.answer.severity], one.answer.id)))


def _by_question(expectations: tuple[Expectation, ...]) -> list[tuple[str, list[Expectation]]]:
    return [(TITLES[question], list(rows)) for question, rows in groupby(expectations, key=lambda one: one.answer.question)]  # type: ignore[index]


def _address(product: Any, region: str, asked: dict[str, str]) -> str:
    return "?" + urlencode({"product": product.pk, "region": region, **asked})
