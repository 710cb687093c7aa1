"""The release board: batches by destination, what holds each back and for whom it waits, soonest expiry first."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.kernel.clock import today
from holdfast.people.bookmarks import views_of
from holdfast.people.policy import may_sign, roles_held
from holdfast.release.board import NotAPlace
from holdfast.release.questions import DESTINATIONS

from ..access import for_people, signed_in
from .asked import DAYS, PLACES, STATES, Asked
from .reading import VIEWS, read_board


@for_people
def board(request: HttpRequest) -> HttpResponse:
    """The board of every programme that the viewer sees, narrowed and ordered as the address says."""
    context, asked = signed_in(request), Asked.of(request.GET)
    signs = destinations_signed(request.user.person, context["programmes"])  # type: ignore[union-attr]
    try:
        page = read_board(context["programmes"], asked, signs, today())
    except NotAPlace as error:
        raise Http404(str(error)) from error
    offered = [(name, view.address(), view.but() == asked.but(), page.views[view.address()]) for name, view in VIEWS if signs or not view.mine]
    context |= {
        "page": page,
        "asked": asked,
        "views": offered,
        "own_views": [(one.pk, one.name, f"?{one.query}", f"?{one.query}" == asked.but().address()) for one in views_of(request.user)],
        "here_now": asked.but().address(),
        "states": STATES,
        "destinations": PLACES,
        "days": DAYS,
        "signs": signs,
        "sorts": {name: asked.but(sort=name).address() for name in ("expires", "batch", "blockers")},
        "last": page.first + len(page.lines) - 1,
        "after": asked.but(after=page.after).address() if page.after else "",
        "before": asked.but().address() if asked.after else "",
    }
    return render(request, "board/board.html", context)


def destinations_signed(person: Any, programmes: list[Any]) -> set[str]:
    """Destinations whose decision a person's roles let them sign on any of the programmes today."""
    held = [roles_held(person, programme, today()) for programme in programmes]
    return {name for name, question in DESTINATIONS.items() if any(may_sign(question, roles) for roles in held)}
