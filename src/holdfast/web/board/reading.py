"""The board's data: which batches wait, for whom and why. All that the page reads, it reads here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from holdfast.ledger.models import Programme
from holdfast.people.policy import SIGNS
from holdfast.people.queries import holders, keepers
from holdfast.release.queries import BoardRow, Cell, board
from holdfast.release.questions import DESTINATIONS
from holdfast.release.verdicts import records_at_fault

from .asked import STATES, Asked

PAGE = 50
_DECIDERS = {"US": "the Quality Unit", "EU": "a Qualified Person"}
SOON, NOW = 30, 14  # days to expiry that are marked: conventions of this page, not of any rule


@dataclass(frozen=True)
class Blocker:
    """A rule that holds batches back from a destination: how many, and how many by itself alone, so that meeting it frees them."""

    place: str
    rule: str
    title: str
    batches: int
    alone: int


@dataclass(frozen=True)
class Place:
    """One destination as a whole: who decides there, and how many batches stand in each state."""

    name: str
    role: str
    people: tuple[str, ...]
    counts: dict[str, int]

    @property
    def shares(self) -> list[tuple[str, float, float]]:
        """Each state with where its share of the bar begins and how wide it is, in percent. A flag is no state of its own: it is left out."""
        whole, begin, shares = sum(number for state, number in self.counts.items() if state != "flagged") or 1, 0.0, []
        for state, number in self.counts.items():
            if state != "flagged" and number:
                shares.append((state, begin, 100 * number / whole))
                begin += 100 * number / whole
        return shares


@dataclass
class Line:
    """One batch on the page: how long it keeps, and for each destination what it waits for."""

    row: BoardRow
    days_left: int | None
    waits_for: dict[str, str] = field(default_factory=dict)

    @property
    def urgency(self) -> str:
        if self.days_left is None or not self.is_open:
            return ""
        return "past" if self.days_left < 0 else "now" if self.days_left <= NOW else "soon" if self.days_left <= SOON else ""

    @property
    def is_open(self) -> bool:
        """Whether a decision is still to be taken for a destination of the batch."""
        return any(cell.state not in {"decided", "not_destined"} for cell in self.row.cells.values())


@dataclass(frozen=True)
class BoardPage:
    """What the page shows: the lines of this page, the whole counted, and where the list goes on."""

    lines: list[Line]
    found: int
    total: int
    first: int
    after: str
    places: list[Place]
    blockers: list[Blocker]
    views: dict[str, int]
    held: str  # title of the rule that the view is narrowed to


def read_board(programmes: list[Programme], asked: Asked, signs: set[str], on: date) -> BoardPage:
    """The board of the programmes that the reader sees. `signs`: destinations whose decision the reader's roles let them sign."""
    rows = [row for programme in programmes for row in board(programme)]
    chosen = sorted((row for row in rows if _matches(row, asked, signs, on)), key=_orders[asked.sort])
    start = next((index + 1 for index, row in enumerate(chosen) if row.lot.record.number == asked.after), 0) if asked.after else 0
    shown = chosen[start : start + PAGE]
    people = holders(programmes, on)
    return BoardPage(
        lines=_lines(shown, on),
        found=len(chosen),
        total=len(rows),
        first=start + 1,
        after=shown[-1].lot.record.number if shown and start + PAGE < len(chosen) else "",
        places=[_place(name, rows, people) for name in DESTINATIONS],
        blockers=_blockers(rows),
        views=_views(rows, signs, on),
        held=next((rule.title for row in rows for cell in _asked_cells(row, asked) for rule in cell.rules if rule.id == asked.rule), ""),
    )


def _expiry(row: BoardRow) -> tuple[date, str]:
    return row.lot.expires_on or date.max, row.lot.record.number


_orders: dict[str, Callable[[BoardRow], Any]] = {
    "expires": _expiry,
    "batch": lambda row: row.lot.record.number,
    "blockers": lambda row: (-sum(len(cell.blockers) for cell in _open(row)), *_expiry(row)),
}


def _open(row: BoardRow) -> list[Cell]:
    return [cell for cell in row.cells.values() if cell.state not in {"decided", "not_destined"}]


def _in_the_way(cell: Cell) -> list[Any]:
    """Rules that stand between an open cell and ready."""
    return [*cell.blockers, *(rule for rule in cell.unknown if rule.severity != "advice")]


def _matches(row: BoardRow, asked: Asked, signs: set[str], on: date) -> bool:
    cells = _asked_cells(row, asked)
    open_cells = [cell for cell in cells if cell in _open(row)]
    return all(
        (
            not asked.state or any(asked.state in _states(cell) for cell in cells),
            not asked.rule or any(asked.rule == rule.id for cell in open_cells for rule in _in_the_way(cell)),
            not asked.alone or any(len(_in_the_way(cell)) == 1 for cell in open_cells),
            not asked.mine or any(row.cells[name].state == "ready" for name in signs),
            not asked.within or _is_within(row, asked.within, on),
            any(asked.text.casefold() in text.casefold() for text in _texts(row)),
        )
    )


def _asked_cells(row: BoardRow, asked: Asked) -> list[Cell]:
    return [cell for name, cell in row.cells.items() if not asked.place or name == asked.place]


def _texts(row: BoardRow) -> Iterable[str]:
    lot = row.lot
    return lot.record.number, lot.patient, lot.identity, lot.product.record.title if lot.product else ""


def _is_within(row: BoardRow, days: int, on: date) -> bool:
    return row.lot.expires_on is not None and (row.lot.expires_on - on).days <= days and bool(_open(row))


def _states(cell: Cell) -> set[str]:
    return {cell.state} | ({"flagged"} if cell.flag else set())


def _lines(rows: list[BoardRow], on: date) -> list[Line]:
    """Lines with whom each open cell waits for: who decides where it is ready, otherwise the organisation whose record stands in the way."""
    lines = [Line(row, (row.lot.expires_on - on).days if row.lot.expires_on else None) for row in rows]
    faults = {id(cell): [record for rule in _in_the_way(cell)[:1] for record in records_at_fault(rule)] for row in rows for cell in _open(row)}
    names = keepers({record for records in faults.values() for record in records})
    for line in lines:
        for cell in _open(line.row):
            keeper = next((names[record] for record in faults[id(cell)] if record in names), "")
            if cell.state == "ready":
                line.waits_for[cell.destination] = f"waits for {_DECIDERS[cell.destination]}"
            elif keeper:
                line.waits_for[cell.destination] = f"in a record of {keeper}"
    return lines


def _place(name: str, rows: list[BoardRow], people: dict[str, list[str]]) -> Place:
    counts = Counter(state for row in rows for state in _states(row.cells[name]))
    role = SIGNS[DESTINATIONS[name]]
    return Place(name, role.label, tuple(people.get(role, ())), {state: counts[state] for state in STATES if state != "not_destined"})


def _blockers(rows: list[BoardRow]) -> list[Blocker]:
    """Rules by how many batches each alone holds back from a destination, then by how many it holds back at all."""
    titles: dict[tuple[str, str], str] = {}
    batches: Counter[tuple[str, str]] = Counter()
    alone: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for cell in _open(row):
            rules = {(cell.destination, rule.id): rule.title for rule in _in_the_way(cell)}
            titles |= rules
            batches.update(rules.keys())
            if len(rules) == 1:
                alone.update(rules.keys())
    ranked = sorted(batches, key=lambda key: (-alone[key], -batches[key], key))
    return [Blocker(place, rule, titles[place, rule], batches[place, rule], alone[place, rule]) for place, rule in ranked]


def _views(rows: list[BoardRow], signs: set[str], on: date) -> dict[str, int]:
    """How many batches each offered view holds, by its address."""
    return {asked.address(): sum(1 for row in rows if _matches(row, asked, signs, on)) for _, asked in VIEWS}


VIEWS: tuple[tuple[str, Asked], ...] = (
    ("All", Asked()),
    ("Waiting for you", Asked(mine=True)),
    ("Expiring in 30 days", Asked(within=30)),
    ("One thing away", Asked(alone=True)),
    ("Blocked", Asked(state="blocked")),
    ("Cannot tell", Asked(state="cannot_tell")),
    ("Flagged since", Asked(state="flagged")),
    ("Decided", Asked(state="decided")),
)
