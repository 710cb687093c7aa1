"""The board by page, from standing verdicts, and one search over everything."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from holdfast.ledger.queries import search
from holdfast.release.board import BoardCell, BoardFilter, BoardLine, board_page

from .access import programmes
from .routes import reads
from .schema.base import Page
from .schema.search import BoardPageAsked, BoardShown, FoundShown, SearchAsked

router = Router()


@router.get("/board", response=reads(BoardShown))
def show_board(request: HttpRequest, asked: Query[BoardPageAsked]) -> Any:
    """The release board by page over every programme that you see, from standing verdicts. `GET /batches/{key}/verdicts/{destination}` judges afresh."""
    wanted = BoardFilter(
        asked.state or "", asked.destination or "", asked.text, asked.blocker, alone=asked.alone, within=asked.within, sort=asked.sort,
    )  # fmt: skip
    page = board_page(list(programmes(asked.programme)), wanted, asked.after, asked.limit)
    return {
        "items": [_line(line) for line in page.lines],
        "next": page.after,
        "found": page.found,
        "total": page.total,
        "states": page.counts.states,
        "held_back": [{**asdict(one), "title": page.titles.get(one.rule, "")} for one in page.counts.held],
    }


def _line(line: BoardLine) -> dict[str, Any]:
    cells = [_cell(cell) for cell in line.cells.values()]
    return {"id": line.lot, "number": line.number, "programme": line.programme, "patient": line.patient, "expires_on": line.expires_on, "destinations": cells}


def _cell(cell: BoardCell) -> dict[str, Any]:
    return {
        "destination": cell.destination, "state": cell.state, "flagged": cell.flag, "blockers": [rule.id for rule in cell.blockers],
        "unknown": [rule.id for rule in cell.unknown], "judged_on": cell.judged_on, "decision": cell.decision.pk if cell.decision else None,
    }  # fmt: skip


@router.get("/search", response=reads(Page[FoundShown]))
def find(request: HttpRequest, asked: Query[SearchAsked]) -> Any:
    """Everything that you may see and that a text names: an exact number first. Every search is kept in the ledger's list of searches."""
    page = search(asked.text, asked.kind, asked.after, asked.limit)
    rows = [{**asdict(one), "programme": one.programme_id, "voided": one.is_voided} for one in page.found]
    return {"items": rows, "next": page.after}
