"""The release board: batches by destination, what holds each back, soonest expiry first."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.release.queries import BoardRow
from holdfast.release.queries import board as board_rows

from ..access import for_people, signed_in

FILTERS = ("ready", "blocked", "cannot_tell", "decided", "flagged", "not_destined")


@for_people
def board(request: HttpRequest) -> HttpResponse:
    """The board of every programme that the viewer sees; `state` and `q` in the address narrow it."""
    context = signed_in(request)
    rows = [row for programme in context["programmes"] for row in board_rows(programme)]
    wanted, text = request.GET.get("state", ""), request.GET.get("q", "").strip()
    chosen = [row for row in rows if _matches(row, wanted, text)]
    counts = Counter(state for row in rows for state in _states(row))
    return render(
        request,
        "board/board.html",
        context
        | {
            "rows": chosen,
            "total": len(rows),
            "wanted": wanted,
            "text": text,
            "filters": [(name, counts[name]) for name in FILTERS],
            "blockers": _blockers(rows),
        },
    )


def _states(row: BoardRow) -> set[str]:
    found = {cell.state for cell in row.cells.values()}
    return found | ({"flagged"} if any(cell.flag for cell in row.cells.values()) else set())


def _matches(row: BoardRow, wanted: str, text: str) -> bool:
    if wanted in FILTERS and wanted not in _states(row):
        return False
    return text.casefold() in row.lot.record.number.casefold() or text.casefold() in row.lot.patient.casefold()


def _blockers(rows: list[BoardRow]) -> list[tuple[str, str, int]]:
    """Rules by how many cells each blocks: one fix that frees several batches is seen."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for cell in row.cells.values():
            if cell.state != "decided":
                counts.update((rule.id, rule.title) for rule in cell.blockers)
    return [(rule, title, number) for (rule, title), number in counts.most_common(6)]
