"""The release board: batches by destination, what holds each back, soonest expiry first."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.kernel.errors import Refused
from holdfast.release.board import FILTERS, BoardFilter, board_page

from ..access import for_people, signed_in

BLOCKERS_SHOWN = 6


@for_people
def board(request: HttpRequest) -> HttpResponse:
    """A page of the board of every programme that the viewer sees; `state`, `destination`, `q`, `blocker` and `sort` in the address narrow and order it."""
    context = signed_in(request)
    asked = {name: request.GET.get(name, "").strip() for name in ("state", "destination", "blocker", "sort", "q", "after")}
    try:
        wanted = BoardFilter(asked["state"], asked["destination"], asked["q"], asked["blocker"], asked["sort"] or "expiry")
        page = board_page(context["programmes"], wanted, asked["after"] or None)
    except Refused as error:
        raise Http404(str(error)) from error
    following = request.GET.copy()
    following["after"] = page.after or ""
    return render(
        request,
        "board/board.html",
        context
        | {
            "page": page,
            "wanted": wanted,
            "filters": [(name, page.counts[name]) for name in FILTERS],
            "blockers": page.blockers[:BLOCKERS_SHOWN],
            "following": following.urlencode() if page.after else "",
            "is_narrowed": any(asked.values()),
        },
    )
