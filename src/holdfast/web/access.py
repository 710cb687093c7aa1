"""Who may open a page: signed in, a person, and the programme visible to them. What cannot be seen does not exist (404)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from operator import getitem
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from holdfast.kernel.clock import today
from holdfast.ledger.models import Programme
from holdfast.people.policy import roles_held

from .start.walk import SESSION, walk_of

Page = Callable[..., HttpResponse]


def for_people(page: Page) -> Page:
    """Only for a log-in that belongs to a person: anybody else is told what is missing and whom to ask."""

    @login_required
    @wraps(page)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request.user, "person", None) is None:
            return render(request, "403.html", {"why": "This log-in belongs to no person in the record."}, status=403)
        return page(request, *args, **kwargs)

    return opened


def who(request: HttpRequest) -> dict[str, Any]:
    """Context of pages that are not ours (the sign-in library's), so that they carry the same header: read only when a page's own context has none."""
    if not request.user.is_authenticated or getattr(request.user, "person_id", None) is None:
        return {}
    known = SimpleLazyObject(lambda: signed_in(request))
    return {name: SimpleLazyObject(partial(getitem, known, name)) for name in ("person", "roles", "is_fictional")}


def signed_in(request: HttpRequest) -> dict[str, Any]:
    """What the page header says of who is signed in, and the programmes they see."""
    person: Any = request.user.person  # type: ignore[union-attr]
    programmes = list(Programme.objects.order_by("number"))
    roles = sorted({role for programme in programmes for role in roles_held(person, programme, today())})
    walking = {"walk": walk_of(person, request.session)} if 0 < request.session.get(SESSION, 0) < 7 else {}
    return {
        **walking,
        "person": person,
        "roles": [role.replace("_", " ") for role in roles],
        "programmes": programmes,
        "is_fictional": any(p.is_fictional for p in programmes),
    }
