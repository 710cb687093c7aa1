"""The release board, page by page: batches by destination with their standing verdicts, never older than the record without saying so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from holdfast.kernel.clock import today
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import Programme

from . import standing
from .board_counts import BoardCounts, board_counts, count_views, counted_once
from .board_filter import BATCH, CELLS, FILTERS, HELD, ORDERS, SORTS, STATES, BoardFilter, NotAPlace, Place
from .models import Decision, StandingVerdict
from .packs import PacksInForce
from .questions import DESTINATIONS

SOON = 100  # so many batches that are not current are judged before a page is shown, whichever page it is
LIMIT = 50


@dataclass(frozen=True)
class BlockingRule:
    """A rule that stands in the way, as the board names it."""

    id: str
    title: str


@dataclass(frozen=True)
class BoardCell:
    """One batch at one destination. What is not current is `not_judged`, never green. `fault`: the stored record in which the first rule fails."""

    destination: str
    state: str
    blockers: tuple[BlockingRule, ...] = ()
    unknown: tuple[BlockingRule, ...] = ()
    decision: Decision | None = None
    flag: bool = False
    judged_on: date | None = None
    fault: int | None = None

    @property
    def rules(self) -> tuple[BlockingRule, ...]:
        """Rules that were judged and hold it back."""
        return self.blockers + self.unknown

    @property
    def is_open(self) -> bool:
        """Whether a decision is still to be taken."""
        return self.state not in {"decided", "not_destined"}


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
    """A page of the board: `found` batches match, `first` is the place of the page's first among them; `counts` are over everything, whatever is filtered."""

    lines: tuple[BoardLine, ...]
    after: str | None  # the cursor of the next page
    found: int
    first: int
    counts: BoardCounts
    views: tuple[int, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)  # of rules, by id

    @property
    def total(self) -> int:
        return self.counts.total


def board_page(
    programmes: Sequence[Programme], wanted: BoardFilter | None = None, after: str | None = None, limit: int = LIMIT, views: Sequence[BoardFilter] = ()
) -> BoardPage:
    """A page of the board of some programmes, as the open identity sees it, and how many batches each of some other `views` finds.

    What is not current among the batches shown is judged first; `after` is the cursor that the page before gave. Raises `NotAPlace`.
    """
    wanted = wanted or BoardFilter()
    place = Place.read(wanted, after) if after else None
    day = today()
    writable, packs = standing.opening([programme.pk for programme in programmes], day)
    touched: list[int] = []
    for programme in programmes:
        if writable:
            standing.mark(programme)
        else:
            touched += standing.touched_and_not_marked(programme)
    known = {
        "programmes": [programme.pk for programme in programmes], "touched": touched, "day": day,
        "judged_by": [one.digest for one in packs.values()], "states": list(STATES),
    }  # fmt: skip
    counts = board_counts(known)
    waiting = counts.states["not_judged"]
    if writable and 0 < waiting <= SOON:
        for programme in programmes:
            judges = packs[programme.pk]
            list(standing.refresh(programme, standing.not_current(programme, judges), judges))
    rows, found = _rows(wanted, place, known, limit + 1, counts.total)
    shown = rows[:limit]
    cells = _judged({programme.pk: programme for programme in programmes}, shown, touched, writable, packs)
    if waiting:  # some were judged just now
        counts = board_counts(known)
    before = place.shown if place else 0
    following = _place_after(wanted, shown[-1], before + len(shown), found).cursor(wanted) if len(rows) > limit else None
    seen = tuple(count_views(known, views)) if views else ()
    return BoardPage(tuple(_lines(shown, cells, packs)), following, found, before + 1, counts, seen, titles_of(packs.values()))


@dataclass(frozen=True)
class _Row:
    lot: int
    programme: int
    number: str
    patient: str
    expires_on: date | None
    rank: int
    weight: int  # minus the rules that block it, over all open destinations


#: rank and weight of each batch, for the orders that need them; by the batch, so that the plan does not hang on what the planner believes of the table
RANKED = f"""CROSS JOIN LATERAL (SELECT min(array_position(%(states)s::text[], state)) AS rank,
                                        -sum(CASE WHEN {HELD} THEN cardinality(blockers) ELSE 0 END) AS weight
                                   FROM ({CELLS} AND v.lot_id = b.lot_id) ranked) c"""


def _rows(wanted: BoardFilter, place: Place | None, known: dict[str, Any], limit: int, total: int) -> tuple[list[_Row], int]:
    """Batches of a page in order, and how many match at all: counted once, where the list begins and is narrowed.

    The order ends in number and key, so that no two batches share a place.
    """
    column, kind = ORDERS[wanted.sort]
    ranked = RANKED if column.startswith("c.") else ""
    matching, values = wanted.of_batch()
    values = known | values | {"limit": limit, "batches": BATCH}
    order, beyond = f"{column}, b.number, b.lot_id" if column else "b.number, b.lot_id", ""
    if place:
        beyond = f" AND ({order}) > ({f'%(first)s::{kind}, ' if column else ''}%(number)s, %(key)s)"
        values |= {"first": place.first, "number": place.number, "key": place.key}
    chosen = f"WHERE b.programme_id = ANY (%(programmes)s) AND b.question = %(batches)s AND {matching}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT b.lot_id, b.programme_id, b.number, b.patient, b.expires_on, {"c.rank, c.weight" if ranked else "0, 0"}
                  FROM release_standingverdict b {ranked} {chosen}{beyond} ORDER BY {order} LIMIT %(limit)s""",
            values,
        )
        rows = [_Row(*row) for row in cursor.fetchall()]
        if place or matching == "true":
            return rows, place.found if place else total

    def matching_batches() -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM release_standingverdict b {chosen}", values)
            return int(cursor.fetchone()[0])

    return rows, counted_once(known, wanted, matching_batches)


def _judged(
    programmes: dict[int, Programme], rows: Sequence[_Row], touched: Sequence[int], writable: bool, packs: Mapping[int, PacksInForce]
) -> dict[tuple[int, str], StandingVerdict]:
    """The standing verdicts of the batches shown, judged now where they are not current, and kept where the database takes writes."""
    lots = [row.lot for row in rows]
    kept = {(v.lot_id, v.question): v for v in StandingVerdict.objects.filter(lot__in=lots)}
    fresh = StandingVerdict.objects.filter(standing.is_current(today(), packs.values()), lot__in=lots).exclude(lot__in=touched)
    current = set(fresh.values_list("lot_id", "question"))
    stale: dict[int, list[int]] = {}
    for row in rows:
        if any((row.lot, question) not in current for question in DESTINATIONS.values()):
            stale.setdefault(row.programme, []).append(row.lot)
    for programme, some in stale.items():
        with viewing(Viewer.evaluator(programme)):
            basis = standing.basis_now()
            made = standing.judge_standing(programmes[programme], some, basis, packs[programme])
            if writable:
                standing.keep(programmes[programme], made, basis)
        kept |= {(v.lot_id, v.question): v for v in made}
    return kept


def _lines(rows: Sequence[_Row], cells: dict[tuple[int, str], StandingVerdict], packs: Mapping[int, PacksInForce]) -> Iterator[BoardLine]:
    decided = [row.lot for row in rows if any(_is_decided(cells, row.lot, question) for question in DESTINATIONS.values())]
    decisions = {(d.lot_id, d.question): d for d in Decision.objects.filter(lot__in=decided, record__voided_at__isnull=True).select_related("signer")}
    for row in rows:
        titles = packs[row.programme].titles
        line = {name: _cell(name, cells.get((row.lot, question)), decisions.get((row.lot, question)), titles) for name, question in DESTINATIONS.items()}
        yield BoardLine(row.lot, row.programme, row.number, row.patient, row.expires_on, line)


def _is_decided(cells: dict[tuple[int, str], StandingVerdict], lot: int, question: str) -> bool:
    found = cells.get((lot, question))
    return found is not None and found.state == "decided"


def _cell(destination: str, verdict: StandingVerdict | None, decision: Decision | None, titles: Mapping[str, str]) -> BoardCell:
    """A verdict as it is shown: who may not open the decision is told that it was decided, and whether evidence changed, no more."""
    if verdict is None or verdict.state == "not_judged":
        return BoardCell(destination, "not_judged")
    blockers, unknown = (tuple(BlockingRule(rule, titles.get(rule, "")) for rule in rules) for rules in (verdict.blockers, verdict.unknown))
    return BoardCell(destination, verdict.state, blockers, unknown, decision, verdict.is_flagged, verdict.judged_on, verdict.fault)


def titles_of(packs: Iterable[PacksInForce]) -> dict[str, str]:
    """Titles of the rules that judge some programmes, by id. Only of these programmes: what a sponsor calls its own rules is nobody else's to read."""
    return {rule: title for one in packs for rule, title in one.titles.items()}


def _place_after(wanted: BoardFilter, row: _Row, shown: int, found: int) -> Place:
    first = {"expiry": (row.expires_on or date.max).isoformat(), "number": "", "state": row.rank, "blockers": int(row.weight)}[wanted.sort]
    return Place(first, row.number, row.lot, shown, found)


__all__ = ["FILTERS", "SORTS", "BoardCell", "BoardFilter", "BoardLine", "BoardPage", "NotAPlace", "board_page"]
