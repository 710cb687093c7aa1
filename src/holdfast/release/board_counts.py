"""The whole board counted, whatever page is shown: batches by state, by destination and state, by what holds them back, by view."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection

from .board_filter import BATCH, CELLS, FILTERS, HELD, BoardFilter
from .questions import DESTINATIONS

T = TypeVar("T")


@dataclass(frozen=True)
class Held:
    """A rule that holds batches back from a destination: how many, and how many by itself alone, so that meeting it frees them."""

    destination: str
    rule: str
    batches: int
    alone: int


@dataclass(frozen=True)
class BoardCounts:
    """Counts over everything that the open identity sees. `states`: batches by state of any of their cells; `at`: cells by destination and state."""

    total: int
    states: dict[str, int]
    at: dict[str, dict[str, int]]
    held: tuple[Held, ...]  # most batches freed first


#: what was counted lately, by who sees what of which state of the boards; a process's own
_KEPT: OrderedDict[Hashable, Any] = OrderedDict()
MOST = 256


def counted_once(known: Mapping[str, Any], what: Hashable, count: Callable[[], T]) -> T:
    """What was counted of this state of the boards for this scope, or is counted now.

    The place it is kept at names everything the counts hang on: the viewer's scope as the database has it, the programmes, the state of their boards (which
    any change of a standing verdict makes new), the day, and what judges. A board that has no state yet, or rows that a replica knows to be touched, are
    counted every time.
    """
    states, scope = _states(known["programmes"])
    if not states or None in states or known["touched"]:
        return count()
    place = (connection.settings_dict["NAME"], *scope, tuple(known["programmes"]), tuple(states), known["day"], tuple(known["judged_by"]), what)
    if place not in _KEPT:
        _KEPT[place] = count()
        while len(_KEPT) > MOST:
            _KEPT.popitem(last=False)
    kept: T = _KEPT[place]
    return kept


def forget() -> None:
    """Keep nothing of what was counted: for measuring, and for tests."""
    _KEPT.clear()


def _states(programmes: Sequence[int]) -> tuple[list[int | None], list[str]]:
    """The states of the boards, and the viewer's scope, as the database has both."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT holdfast_board_states(%s::bigint[]), holdfast_scope_now()", [list(programmes)])
        states, scope = cursor.fetchone()
        return list(states or []), list(scope)


def board_counts(known: Mapping[str, Any]) -> BoardCounts:
    """Counts over the whole board, in one pass, once for each state of it. `known` are the parameters of `CELLS`."""
    return counted_once(known, "counts", lambda: _count(known))


def _count(known: Mapping[str, Any]) -> BoardCounts:
    sql = f"""
        WITH cells AS MATERIALIZED ({CELLS})
        SELECT 'total', '', '', count(*), 0 FROM cells WHERE question = %(batches)s
        UNION ALL SELECT 'state', '', state, count(*), 0 FROM (SELECT lot_id, state FROM cells GROUP BY lot_id, state) batches GROUP BY state
        UNION ALL SELECT 'state', '', 'flagged', count(DISTINCT lot_id), 0 FROM cells WHERE is_flagged AND state = 'decided'
        UNION ALL SELECT 'at', question, state, count(*), 0 FROM cells GROUP BY question, state
        UNION ALL SELECT 'at', question, 'flagged', count(*), 0 FROM cells WHERE is_flagged AND state = 'decided' GROUP BY question
        UNION ALL SELECT 'held', question, rule, count(*), count(*) FILTER (WHERE cardinality(rules) = 1)
          FROM cells, unnest(rules) rule WHERE {HELD} GROUP BY question, rule"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {**known, "batches": BATCH})
        found = cursor.fetchall()
    region = {str(question): name for name, question in DESTINATIONS.items()}
    at = {name: dict.fromkeys(FILTERS, 0) for name in DESTINATIONS}
    for kind, question, state, number, _ in found:
        if kind == "at":
            at[region[question]][state] = number
    held = [Held(region[question], rule, number, alone) for kind, question, rule, number, alone in found if kind == "held"]
    return BoardCounts(
        total=next(row[3] for row in found if row[0] == "total"),
        states=dict.fromkeys(FILTERS, 0) | {row[2]: row[3] for row in found if row[0] == "state"},
        at=at,
        held=tuple(sorted(held, key=lambda one: (-one.alone, -one.batches, one.destination, one.rule))),
    )


def count_views(known: Mapping[str, Any], views: Sequence[BoardFilter]) -> list[int]:
    """How many batches each of several filters finds, in one pass, once for each state of the board."""
    return counted_once(known, tuple(views), lambda: _count_views(known, views))


def _count_views(known: Mapping[str, Any], views: Sequence[BoardFilter]) -> list[int]:
    values: dict[str, Any] = {**known, "batches": BATCH}
    hits, counts = [], []
    for index, view in enumerate(views):
        of_cell, cell_values = view.of_cell(f"c{index}_")
        of_lot, lot_values = view.of_lot(f"l{index}_")
        hits.append(f"bool_or({of_cell}) AS hit{index}")
        counts.append(f"count(*) FILTER (WHERE hit{index} AND {of_lot})")
        values |= cell_values | lot_values
    sql = f"""
        WITH cells AS ({CELLS}), c AS (SELECT lot_id, {", ".join(hits)} FROM cells GROUP BY lot_id)
        SELECT {", ".join(counts)} FROM c JOIN release_standingverdict b ON b.lot_id = c.lot_id AND b.question = %(batches)s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchone())
