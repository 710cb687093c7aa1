"""The release board, page by page: batches by destination with their standing verdicts, never older than the record without saying so."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import connection

from holdfast.kernel.clock import today
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import Programme

from . import standing
from .models import Decision, StandingVerdict
from .questions import DESTINATIONS
from .verdicts import packs_in_force

STATES = ("blocked", "cannot_tell", "not_judged", "ready", "decided", "not_destined")  # in the order in which `sort="state"` shows them
FILTERS = (*STATES, "flagged")
SORTS = ("expiry", "number", "state")
BATCH = str(DESTINATIONS["US"])
SOON = 100  # so many batches that are not current are judged before a page is shown, whichever page it is
LIMIT = 50


class NotAPlace(Refused):
    """A cursor that no page of this list gave."""


@dataclass(frozen=True)
class BoardFilter:
    """What is asked of the board. `blocker` is a rule's id; `text` is looked for in batch number and patient pseudonym."""

    state: str = ""
    destination: str = ""
    text: str = ""
    blocker: str = ""
    sort: str = "expiry"

    def __post_init__(self) -> None:
        for name, value, known in (("state", self.state, FILTERS), ("destination", self.destination, tuple(DESTINATIONS)), ("sort", self.sort, SORTS)):
            if value not in known and (value or name == "sort"):
                raise Refused(f"{value!r} is no {name} of the board. Use: {', '.join(known)}.")


@dataclass(frozen=True)
class BlockingRule:
    """A rule that stands in the way, as the board names it."""

    id: str
    title: str


@dataclass(frozen=True)
class BoardCell:
    """One batch at one destination. What is not current is `not_judged`, never green."""

    destination: str
    state: str
    blockers: tuple[BlockingRule, ...] = ()
    unknown: tuple[BlockingRule, ...] = ()
    decision: Decision | None = None
    flag: bool = False
    judged_on: date | None = None

    @property
    def rules(self) -> tuple[BlockingRule, ...]:
        """Rules that were judged and hold it back."""
        return self.blockers + self.unknown


@dataclass(frozen=True)
class BoardLine:
    """One batch with its cells by destination."""

    lot: int
    programme: int
    number: str
    patient: str
    expires_on: date | None
    cells: dict[str, BoardCell]


@dataclass(frozen=True)
class BoardPage:
    """A page of the board, with counts over everything that the viewer sees, whatever is filtered."""

    lines: tuple[BoardLine, ...]
    after: str | None  # the cursor of the next page
    total: int
    counts: dict[str, int]  # batches by state of any of their cells
    blockers: tuple[tuple[BlockingRule, int], ...]  # cells that each rule blocks, most first


def board_page(programmes: Sequence[Programme], wanted: BoardFilter | None = None, after: str | None = None, limit: int = LIMIT) -> BoardPage:
    """A page of the board of some programmes, as the open identity sees it.

    What is not current among the batches shown is judged first; `after` is the cursor that the page before gave. Raises `NotAPlace`.
    """
    wanted = wanted or BoardFilter()
    writable = not standing.is_read_only()
    touched: list[int] = []
    for programme in programmes:
        if writable:
            standing.mark(programme)
        else:
            touched += standing.touched_and_not_marked(programme)
    known = {
        "programmes": [programme.pk for programme in programmes], "touched": touched, "day": today(), "judged_by": standing.judged_by(), "states": list(STATES),
    }  # fmt: skip
    total, counts, blockers = _counts(known)
    if writable and 0 < counts["not_judged"] <= SOON:
        for programme in programmes:
            list(standing.refresh(programme, standing.not_current(programme)))
        total, counts, blockers = _counts(known)
    rows = _rows(wanted, after, known | {"limit": limit + 1})
    shown = rows[:limit]
    cells = _judged({programme.pk: programme for programme in programmes}, shown, touched, writable)
    following = _cursor(wanted, shown[-1]) if len(rows) > limit else None
    return BoardPage(tuple(_lines(shown, cells)), following, total, counts, blockers)


@dataclass(frozen=True)
class _Row:
    lot: int
    programme: int
    number: str
    patient: str
    expires_on: date | None
    rank: int


#: the state of a standing verdict as it may be shown today; parameters: the day, and what judges
STATE = """CASE WHEN v.stale_since IS NULL AND NOT v.lot_id = ANY (%(touched)s::bigint[])
                 AND (v.state NOT IN ('ready', 'blocked', 'cannot_tell') OR (v.judged_on = %(day)s AND v.judged_by = %(judged_by)s))
                THEN v.state ELSE 'not_judged' END"""
CELLS = f"SELECT v.lot_id, v.question, v.is_flagged, v.blockers, {STATE} AS state FROM release_standingverdict v WHERE v.programme_id = ANY (%(programmes)s)"
#: every batch has a row for each question: one of them stands for the batch
BATCHES = "FROM release_standingverdict b"
RANKED = f"""JOIN (SELECT lot_id, min(array_position(%(states)s::text[], state)) AS rank FROM ({CELLS}) ranked GROUP BY lot_id) c ON c.lot_id = b.lot_id"""
ORDERS = {"expiry": ("b.sorts_on, ", "date", ""), "number": ("", "", ""), "state": ("c.rank, ", "integer", RANKED)}


def _rows(wanted: BoardFilter, after: str | None, known: dict[str, Any]) -> list[_Row]:
    """Batches of a page in order. The order ends in number and key, so that no two batches share a place."""
    order, kind, ranked = ORDERS[wanted.sort]
    conditions, values = _conditions(wanted)
    if after:
        first, number, key = _place(wanted, after)
        begins = f"%(first)s::{kind}, " if kind else ""
        conditions.append(f"({order}b.number, b.lot_id) > ({begins}%(number)s, %(key)s)")
        values |= {"first": first, "number": number, "key": key}
    sql = f"""
        SELECT b.lot_id, b.programme_id, b.number, b.patient, b.expires_on, {"c.rank" if ranked else "0"}
          {BATCHES} {ranked}
         WHERE {" AND ".join(conditions)}
         ORDER BY {order}b.number, b.lot_id LIMIT %(limit)s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, values | known)
        return [_Row(*row) for row in cursor.fetchall()]


def _conditions_of_cells(wanted: BoardFilter) -> list[str]:
    """What one and the same cell of a batch must be."""
    found = []
    if wanted.destination:
        found.append("question = %(question)s AND state <> 'not_destined'" if wanted.state != "not_destined" else "question = %(question)s")
    if wanted.state == "flagged":
        found.append("is_flagged AND state = 'decided'")
    elif wanted.state:
        found.append("state = %(state)s")
    if wanted.blocker:
        found.append("state = 'blocked' AND %(blocker)s = ANY (blockers)")
    return found


def _conditions(wanted: BoardFilter) -> tuple[list[str], dict[str, Any]]:
    """What the batch must be, and the values of every condition."""
    conditions = ["b.programme_id = ANY (%(programmes)s)", "b.question = %(batches)s"]
    cell = _conditions_of_cells(wanted)
    if cell:
        conditions.append(f"EXISTS (SELECT FROM ({CELLS} AND v.lot_id = b.lot_id) cell WHERE {' AND '.join(cell)})")
    if wanted.text:
        conditions.append("(strpos(lower(b.number), %(text)s) > 0 OR strpos(lower(b.patient), %(text)s) > 0)")
    question = DESTINATIONS.get(wanted.destination, "")
    return conditions, {"text": wanted.text.strip().lower(), "question": str(question), "state": wanted.state, "blocker": wanted.blocker, "batches": BATCH}


def _counts(known: dict[str, Any]) -> tuple[int, dict[str, int], tuple[tuple[BlockingRule, int], ...]]:
    """Batches, batches by state, and cells by blocking rule, over everything that the open identity sees, in one pass."""
    sql = f"""
        WITH cells AS MATERIALIZED ({CELLS})
        SELECT 'total', '', count(*) FROM cells WHERE question = %(batches)s
        UNION ALL SELECT 'state', state, count(*) FROM (SELECT lot_id, state FROM cells GROUP BY lot_id, state) batches GROUP BY state
        UNION ALL SELECT 'state', 'flagged', count(DISTINCT lot_id) FROM cells WHERE is_flagged AND state = 'decided'
        UNION ALL (SELECT 'blocker', rule, count(*) FROM cells, unnest(blockers) rule WHERE state = 'blocked' GROUP BY rule ORDER BY 3 DESC, 2)"""
    with connection.cursor() as cursor:
        cursor.execute(sql, known | {"batches": BATCH})
        found = cursor.fetchall()
    counts = dict.fromkeys(FILTERS, 0) | {name: number for kind, name, number in found if kind == "state"}
    blockers = tuple((_rule(name), number) for kind, name, number in found if kind == "blocker")
    return next(number for kind, _, number in found if kind == "total"), counts, blockers


def _judged(programmes: dict[int, Programme], rows: Sequence[_Row], touched: Sequence[int], writable: bool) -> dict[tuple[int, str], StandingVerdict]:
    """The standing verdicts of the batches shown, judged now where they are not current, and kept where the database takes writes."""
    lots = [row.lot for row in rows]
    kept = {(v.lot_id, v.question): v for v in StandingVerdict.objects.filter(lot__in=lots)}
    current = set(StandingVerdict.objects.filter(standing.is_current(today()), lot__in=lots).exclude(lot__in=touched).values_list("lot_id", "question"))
    stale: dict[int, list[int]] = {}
    for row in rows:
        if any((row.lot, question) not in current for question in DESTINATIONS.values()):
            stale.setdefault(row.programme, []).append(row.lot)
    for programme, some in stale.items():
        with viewing(Viewer.evaluator(programme)):
            basis = standing.basis_now()
            made = standing.judge_standing(programmes[programme], some, basis)
            if writable:
                standing.keep(programmes[programme], made, basis)
        kept |= {(v.lot_id, v.question): v for v in made}
    return kept


def _lines(rows: Sequence[_Row], cells: dict[tuple[int, str], StandingVerdict]) -> Iterator[BoardLine]:
    decided = [row.lot for row in rows if any(_is_decided(cells, row.lot, question) for question in DESTINATIONS.values())]
    decisions = {(d.lot_id, d.question): d for d in Decision.objects.filter(lot__in=decided, record__voided_at__isnull=True).select_related("signer")}
    for row in rows:
        line = {name: _cell(name, cells.get((row.lot, question)), decisions.get((row.lot, question))) for name, question in DESTINATIONS.items()}
        yield BoardLine(row.lot, row.programme, row.number, row.patient, row.expires_on, line)


def _is_decided(cells: dict[tuple[int, str], StandingVerdict], lot: int, question: str) -> bool:
    found = cells.get((lot, question))
    return found is not None and found.state == "decided"


def _cell(destination: str, verdict: StandingVerdict | None, decision: Decision | None) -> BoardCell:
    """A verdict as it is shown: who may not open the decision is told that it was decided, and whether evidence changed, no more."""
    if verdict is None or verdict.state == "not_judged":
        return BoardCell(destination, "not_judged")
    blockers, unknown = tuple(map(_rule, verdict.blockers)), tuple(map(_rule, verdict.unknown))
    return BoardCell(destination, verdict.state, blockers, unknown, decision, verdict.is_flagged, verdict.judged_on)


@cache
def _rule(identity: str) -> BlockingRule:
    titles = {rule.id: rule.text.title for pack in packs_in_force() for rule in pack.rules}
    return BlockingRule(identity, titles.get(identity, ""))


def _cursor(wanted: BoardFilter, row: _Row) -> str:
    first = {"expiry": (row.expires_on or date.max).isoformat(), "number": "", "state": row.rank}[wanted.sort]
    return base64.urlsafe_b64encode(json.dumps([wanted.sort, first, row.number, row.lot]).encode()).decode()


def _place(wanted: BoardFilter, cursor: str) -> tuple[Any, str, int]:
    """The place after which a page begins. Raises `NotAPlace`."""
    try:
        sort, first, number, key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if sort == "expiry":
            date.fromisoformat(first)
        kinds = (type(first), type(number), type(key))
    except (ValueError, TypeError, binascii.Error) as error:
        raise NotAPlace("This is no place in the board. Begin at its first page.") from error
    if sort != wanted.sort or kinds != (int if sort == "state" else str, str, int):
        raise NotAPlace("This place is of another order of the board. Begin at its first page.")
    return first, number, key


__all__ = ["FILTERS", "SORTS", "BoardCell", "BoardFilter", "BoardLine", "BoardPage", "NotAPlace", "board_page"]
