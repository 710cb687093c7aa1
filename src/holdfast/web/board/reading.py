"""The board's data: which batches wait, for whom and why. All that the page reads, it reads here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from holdfast.ledger.models import Programme
from holdfast.people.policy import SIGNS
from holdfast.people.queries import holders, keepers
from holdfast.release.board import BoardCell, BoardLine, board_page
from holdfast.release.board_counts import BoardCounts
from holdfast.release.questions import DESTINATIONS

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
class Destination:
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

    batch: BoardLine
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
        return any(cell.is_open for cell in self.batch.cells.values())


@dataclass(frozen=True)
class Reading:
    """What the page shows: the lines of this page, the whole counted, and where the list goes on."""

    lines: list[Line]
    found: int
    total: int
    first: int
    after: str
    places: list[Destination]
    blockers: list[Blocker]
    views: dict[str, int]
    held: str  # title of the rule that the view is narrowed to


def read_board(programmes: Sequence[Programme], asked: Asked, signs: set[str], on: date) -> Reading:
    """The board of the programmes that the reader sees. `signs`: destinations whose decision the reader's roles let them sign. Raises `NotAPlace`."""
    offered = [view for _, view in VIEWS if signs or not view.mine]
    page = board_page(programmes, asked.wanted(signs), asked.after or None, PAGE, [view.wanted(signs) for view in offered])
    people = holders(programmes, on)
    return Reading(
        lines=_lines(page.lines, on),
        found=page.found,
        total=page.total,
        first=page.first,
        after=page.after or "",
        places=[_destination(name, page.counts, people) for name in DESTINATIONS],
        blockers=[Blocker(one.destination, one.rule, page.titles.get(one.rule, ""), one.batches, one.alone) for one in page.counts.held],
        views={view.address(): number for view, number in zip(offered, page.views, strict=True)},
        held=page.titles.get(asked.rule, ""),
    )


def _lines(batches: Sequence[BoardLine], on: date) -> list[Line]:
    """Lines with whom each open cell waits for: who decides where it is ready, otherwise the organisation whose record stands in the way."""
    lines = [Line(batch, (batch.expires_on - on).days if batch.expires_on else None) for batch in batches]
    names = keepers({cell.fault for batch in batches for cell in batch.cells.values() if cell.fault})
    for line in lines:
        waits = {name: _waits_for(cell, names) for name, cell in line.batch.cells.items() if cell.is_open}
        line.waits_for = {name: text for name, text in waits.items() if text}
    return lines


def _waits_for(cell: BoardCell, names: dict[int, str]) -> str:
    if cell.state == "ready":
        return f"waits for {_DECIDERS[cell.destination]}"
    keeper = names.get(cell.fault or 0, "")
    return f"in a record of {keeper}" if keeper else ""


def _destination(name: str, counts: BoardCounts, people: dict[str, list[str]]) -> Destination:
    role = SIGNS[DESTINATIONS[name]]
    return Destination(name, role.label, tuple(people.get(role, ())), {state: counts.at[name][state] for state in STATES if state != "not_destined"})


VIEWS: tuple[tuple[str, Asked], ...] = (
    ("All", Asked()),
    ("Waiting for you", Asked(mine=True)),
    ("Expiring in 30 days", Asked(within=30)),
    ("One thing away", Asked(alone=True)),
    ("Blocked", Asked(state="blocked")),
    ("Cannot tell", Asked(state="cannot_tell")),
    ("Not judged", Asked(state="not_judged")),
    ("Flagged since", Asked(state="flagged")),
    ("Decided", Asked(state="decided")),
)
