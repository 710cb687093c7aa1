"""The first run and the glossary: what helps somebody who is here for the first time, or once a month."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.standards.glossary import glossary as terms

from ..access import for_people, signed_in
from .walk import SESSION, walk_of


@for_people
def start(request: HttpRequest) -> HttpResponse:
    """The six steps, and how far this person is."""
    person: Any = request.user.person  # type: ignore[union-attr]
    return render(request, "start/start.html", signed_in(request) | {"walk": walk_of(person, request.session)})


@for_people
@require_POST
def walk(request: HttpRequest) -> HttpResponse:
    """Begin the walk, go to a step, or leave it. Step 6 needs a decision that this person signed: it is not reached by asking for it."""
    person: Any = request.user.person  # type: ignore[union-attr]
    asked = request.POST.get("to", "")
    if asked == "leave" or not asked.isdecimal():
        request.session.pop(SESSION, None)
        return HttpResponseRedirect(reverse("start"))
    found = walk_of(person, request.session)
    wanted = min(int(asked), 7 if found.signed else 5)
    request.session[SESSION] = wanted
    step = next((one for one in found.steps if one.number == wanted), None)
    return HttpResponseRedirect(step.address if step and step.address else reverse("start"))


@for_people
def glossary(request: HttpRequest) -> HttpResponse:
    """Every term, narrowed by the words that are looked for."""
    text = request.GET.get("q", "").strip()
    found = [term for term in terms().values() if text.casefold() in f"{term.term} {term.says}".casefold()]
    return render(request, "start/glossary.html", signed_in(request) | {"terms": found, "text": text, "total": len(terms())})
