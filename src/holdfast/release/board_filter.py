"""What can be asked of the board, as conditions on standing verdicts, and the places at which its pages begin."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from holdfast.kernel.errors import Refused

from .questions import DESTINATIONS

STATES = ("blocked", "cannot_tell", "not_judged", "ready", "decided", "not_destined")  # in the order in which `sort="state"` shows them
FILTERS = (*STATES, "flagged")
SORTS = ("expiry", "number", "state", "blockers")

#: the state of a standing verdict as it may be shown today; parameters: the day, what judges, and what was touched and is not marked
STATE = """CASE WHEN v.stale_since IS NULL AND NOT v.lot_id = ANY (%(touched)s::bigint[])
                 AND (v.state NOT IN ('ready', 'blocked', 'cannot_tell') OR (v.judged_on = %(day)s AND v.judged_by = ANY (%(judged_by)s)))
                THEN v.state ELSE 'not_judged' END"""
CELLS = f"""SELECT v.lot_id, v.question, v.is_flagged, v.blockers, v.unknown, v.blockers || v.unknown AS rules, {STATE} AS state
              FROM release_standingverdict v WHERE v.programme_id = ANY (%(programmes)s)"""
HELD = "state IN ('blocked', 'cannot_tell')"
OPEN = "state NOT IN ('decided', 'not_destined')"
#: every batch has a row for each question: the one of this question stands for the batch
BATCH = str(DESTINATIONS["US"])
#: what a list is ordered by before number and key, and of which kind it is
ORDERS = {"expiry": ("b.sorts_on", "date"), "number": ("", ""), "state": ("c.rank", "integer"), "blockers": ("c.weight", "bigint")}


LARGEST = 2**31  # of what a cursor may count


class NotAPlace(Refused):
    """A cursor that no page of this list gave."""


@dataclass(frozen=True)
class BoardFilter:
    """What is asked of the board; every condition must hold for one and the same destination of a batch.

    `text` is looked for in number, patient, identity and product; `blocker` is the id of a rule that stands in the way; `alone`: exactly one rule stands in
    the way; `ready_for`: ready at one of these destinations; `within`: days to expiry of a batch that is still open.
    """

    state: str = ""
    destination: str = ""
    text: str = ""
    blocker: str = ""
    alone: bool = False
    ready_for: tuple[str, ...] | None = None
    within: int = 0
    sort: str = "expiry"

    def __post_init__(self) -> None:
        for name, value, known in (("state", self.state, FILTERS), ("destination", self.destination, tuple(DESTINATIONS)), ("sort", self.sort, SORTS)):
            if value not in known and (value or name == "sort"):
                raise Refused(f"{value!r} is no {name} of the board. Use: {', '.join(known)}.")

    def of_cell(self, prefix: str = "") -> tuple[str, dict[str, Any]]:
        """What one cell of a batch must be, as SQL and its values (their names begin with `prefix`)."""
        found: list[str] = []
        values: dict[str, Any] = {}
        if self.destination:
            found.append(f"question = %({prefix}question)s" + ("" if self.state == "not_destined" else " AND state <> 'not_destined'"))
            values["question"] = str(DESTINATIONS[self.destination])
        if self.state == "flagged":
            found.append("is_flagged AND state = 'decided'")
        elif self.state:
            found.append(f"state = %({prefix}state)s")
            values["state"] = self.state
        if self.blocker:
            found.append(f"{HELD} AND %({prefix}blocker)s = ANY (rules)")
            values["blocker"] = self.blocker
        if self.alone:
            found.append(f"{HELD} AND cardinality(rules) = 1")
        if self.ready_for is not None:
            found.append(f"state = 'ready' AND question = ANY (%({prefix}ready_for)s::text[])")
            values["ready_for"] = [str(DESTINATIONS[name]) for name in self.ready_for]
        if self.within:
            found.append(OPEN)
        return " AND ".join(found) or "true", {prefix + name: value for name, value in values.items()}

    def of_batch(self) -> tuple[str, dict[str, Any]]:
        """What the row that stands for a batch (`b`) must be, its cells included."""
        (of_cell, cell_values), (of_lot, lot_values) = self.of_cell(), self.of_lot()
        if of_cell != "true":
            of_lot = f"{of_lot} AND EXISTS (SELECT FROM ({CELLS} AND v.lot_id = b.lot_id) cell WHERE {of_cell})"
        return of_lot, cell_values | lot_values

    def of_lot(self, prefix: str = "") -> tuple[str, dict[str, Any]]:
        """What the batch must be, as SQL and its values."""
        found: list[str] = []
        values: dict[str, Any] = {}
        if self.text.strip():
            holds = "strpos(lower({text}), %({prefix}text)s) > 0"
            near = " OR ".join(holds.format(text=text, prefix=prefix) for text in ("b.number", "b.patient"))
            far = " OR ".join(holds.format(text=text, prefix=prefix) for text in ("l.identity", "p.title"))
            found.append(
                f"({near} OR EXISTS (SELECT FROM batch_lot l LEFT JOIN ledger_record p ON p.id = l.product_id WHERE l.record_id = b.lot_id AND ({far})))"
            )
            values["text"] = self.text.strip().lower()
        if self.within:
            found.append(f"b.expires_on <= %(day)s + %({prefix}within)s::int")
            values["within"] = self.within
        return " AND ".join(found) or "true", {prefix + name: value for name, value in values.items()}


@dataclass(frozen=True)
class Place:
    """Where a page begins: after the batch with this order, number and key, which was the `shown`-th of so many that were `found` when the list began."""

    first: Any
    number: str
    key: int
    shown: int
    found: int

    def cursor(self, wanted: BoardFilter) -> str:
        """The place as text for an address."""
        return base64.urlsafe_b64encode(json.dumps([wanted.sort, self.first, self.number, self.key, self.shown, self.found]).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, wanted: BoardFilter, cursor: str) -> Place:
        """The place that a page before gave. Raises `NotAPlace`."""
        try:
            sort, first, number, key, shown, found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if sort == "expiry":
                date.fromisoformat(first)
            kinds = (type(first), type(number), type(key), type(shown), type(found))
        except (ValueError, TypeError, binascii.Error) as error:
            raise NotAPlace("This is no place in the board. Begin at its first page.") from error
        if "\0" in str(number) or not all(-LARGEST < part < LARGEST for part in (first, key, shown, found) if isinstance(part, int)):
            raise NotAPlace("This is no place in the board. Begin at its first page.")
        if sort != wanted.sort or kinds != (int if sort in {"state", "blockers"} else str, str, int, int, int):
            raise NotAPlace("This place is of another order of the board. Begin at its first page.")
        return cls(first, number, key, shown, found)
