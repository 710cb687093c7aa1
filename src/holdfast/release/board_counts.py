"""The whole board counted, whatever page is shown: batches by state, by destination and state, by what holds them back, by view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from .board_filter import BATCH, CELLS, FILTERS, HELD, BoardFilter
from .questions import DESTINATIONS


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


def board_counts(known: Mapping[str, Any]) -> BoardCounts:
    """Count in one pass. `known` are the parameters of `CELLS`."""
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
    """How many batches each of several filters finds, in one pass."""
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
