"""What went into a lot and what it went into, left to right.

Lots of one kind at one level are folded into one box where there are many, so that 200 inputs stay readable.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from .figure import Figure
from .theme import FONT, PALETTE

FOLDED = 4  # more lots than this of one kind at one level become one box
BOX, TALL, GAP, ACROSS, EDGE = 178, 44, 12, 64, 8
COLUMNS = ("Lot", "Kind", "What", "Level", "Made into")


@dataclass(frozen=True)
class Lot:
    """A lot in the family: `level` is 0 for the lot itself, -1 for what went directly into it, 1 for what it went into."""

    key: int
    number: str
    kind: str
    what: str
    level: int
    address: str = ""


@dataclass(frozen=True)
class Box:
    """A lot, or several of one kind folded: what is written on it, and where it leads."""

    lots: tuple[Lot, ...]
    fold_address: str

    @property
    def first(self) -> Lot:
        return self.lots[0]

    @property
    def lines(self) -> tuple[str, str]:
        if len(self.lots) == 1:
            return self.first.number, self.first.what or self.first.kind
        return f"{len(self.lots)} lots", self.first.kind

    @property
    def address(self) -> str:
        return self.first.address if len(self.lots) == 1 else self.fold_address


def genealogy(name: str, lots: tuple[Lot, ...], uses: tuple[tuple[int, int], ...], fold_address: str = "") -> Figure | None:
    """The figure of a family; `uses` are pairs (lot that went in, lot it went into). None when the lot stands alone."""
    this = next(lot for lot in lots if lot.level == 0)
    if len(lots) < 2:
        return None
    columns = _columns(lots, uses, fold_address)
    place = _places(columns)
    height = max(y for _, y in place.values()) + TALL + EDGE
    width = EDGE * 2 + len(columns) * BOX + (len(columns) - 1) * ACROSS
    holder = {lot.key: box for column in columns for box in column for lot in box.lots}
    links = {(holder[parent], holder[child]) for parent, child in uses if parent in holder and child in holder}
    lines = [_line(place[a], place[b]) for a, b in sorted(links, key=lambda pair: (place[pair[0]], place[pair[1]]))]
    boxes = [_box(box, place[box], box.first.level == 0) for column in columns for box in column]
    drawing = (
        f'<svg class="diagram" xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f" font-family={quoteattr(FONT)}>{''.join(lines + boxes)}</svg>"
    )
    return Figure(name, f"Genealogy of {this.number}", _said(this, lots, columns), COLUMNS, _rows(lots, uses), _specification(lots, uses), drawing)


def _columns(lots: tuple[Lot, ...], uses: tuple[tuple[int, int], ...], fold_address: str) -> list[list[Box]]:
    """Boxes by level, farthest ancestors first; within a level by kind, then near what they lead to."""
    by_level: dict[int, dict[str, list[Lot]]] = defaultdict(lambda: defaultdict(list))
    for lot in sorted(lots, key=lambda lot: (lot.kind, lot.number)):
        by_level[lot.level][lot.kind].append(lot)
    columns = []
    for level in sorted(by_level):
        column: list[Box] = []
        for members in by_level[level].values():
            groups = [tuple(members)] if len(members) > FOLDED else [(lot,) for lot in members]
            column += [Box(group, fold_address) for group in groups]
        columns.append(column)
    _bring_near(columns, uses)
    return columns


def _bring_near(columns: list[list[Box]], uses: tuple[tuple[int, int], ...]) -> None:
    """One sweep from the right: a box moves to the middle of those it leads to, so that fewer lines cross."""
    children: dict[int, list[int]] = defaultdict(list)
    for parent, child in uses:
        children[parent].append(child)
    for left, right in zip(columns[-2::-1], columns[:0:-1], strict=True):
        rank = {lot.key: index for index, box in enumerate(right) for lot in box.lots}

        def middle(box: Box, rank: dict[int, int] = rank) -> float:
            ranks = [rank[child] for lot in box.lots for child in children[lot.key] if child in rank]
            return sum(ranks) / len(ranks) if ranks else float(len(rank))

        left.sort(key=middle)


def _places(columns: list[list[Box]]) -> dict[Box, tuple[int, int]]:
    tallest = max(len(column) for column in columns)
    place = {}
    for index, column in enumerate(columns):
        top = EDGE + (tallest - len(column)) * (TALL + GAP) // 2
        for row, box in enumerate(column):
            place[box] = (EDGE + index * (BOX + ACROSS), top + row * (TALL + GAP))
    return place


def _line(a: tuple[int, int], b: tuple[int, int]) -> str:
    x1, y1, x2, y2 = a[0] + BOX, a[1] + TALL // 2, b[0], b[1] + TALL // 2
    bend = max(24, (x2 - x1) // 2)
    return (
        f'<path d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}" fill="none" stroke="{PALETTE["quiet"]}" stroke-width="1.25" stroke-opacity="0.7"/>'
    )


def _box(box: Box, place: tuple[int, int], is_this: bool) -> str:
    x, y = place
    first, second = box.lines
    edge = PALETTE["accent"] if is_this else PALETTE["quiet"]
    stack = f'<rect x="{x + 4}" y="{y + 4}" width="{BOX}" height="{TALL}" rx="6" fill="{PALETTE["paper"]}" stroke="{edge}"/>' if len(box.lots) > 1 else ""
    drawn = (
        f'{stack}<rect x="{x}" y="{y}" width="{BOX}" height="{TALL}" rx="6" fill="{PALETTE["band"] if is_this else PALETTE["paper"]}" stroke="{edge}"/>'
        f'<text x="{x + 10}" y="{y + 18}" font-size="12" font-weight="650" fill="{PALETTE["ink"]}">{escape(_short(first, 22))}</text>'
        f'<text x="{x + 10}" y="{y + 34}" font-size="11" fill="{PALETTE["quiet"]}">{escape(_short(second, 27))}</text>'
    )
    return f"<a href={quoteattr(box.address)}>{drawn}</a>" if box.address else f"<g>{drawn}</g>"


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _said(this: Lot, lots: tuple[Lot, ...], columns: list[list[Box]]) -> str:
    up, down = [lot for lot in lots if lot.level < 0], [lot for lot in lots if lot.level > 0]
    kinds: dict[str, int] = defaultdict(int)
    for lot in up:
        kinds[lot.kind] += 1
    made_from = ", ".join(f"{number} {kind.lower()}" for kind, number in sorted(kinds.items()))
    said = f"{this.number} was made from {len(up)} lots ({made_from})" if up else f"Nothing that went into {this.number} is recorded"
    said += f", and went into {len(down)}." if down else ", and went into no other lot."
    folded = sum(1 for column in columns for box in column if len(box.lots) > 1)
    return said + (" Where more than four of a kind stand side by side they are one box; the table names each." if folded else "")


def _rows(lots: tuple[Lot, ...], uses: tuple[tuple[int, int], ...]) -> tuple[tuple[str, ...], ...]:
    numbers = {lot.key: lot.number for lot in lots}
    into: dict[int, list[str]] = defaultdict(list)
    for parent, child in uses:
        if child in numbers:
            into[parent].append(numbers[child])
    ordered = sorted(lots, key=lambda lot: (lot.level, lot.kind, lot.number))
    return tuple((lot.number, lot.kind, lot.what, str(lot.level), ", ".join(sorted(into[lot.key]))) for lot in ordered)


def _specification(lots: tuple[Lot, ...], uses: tuple[tuple[int, int], ...]) -> dict[str, object]:
    """A diagram's specification is its graph: Vega-Lite has no layout of graphs."""
    numbers = {lot.key: lot.number for lot in lots}
    nodes = [{"number": lot.number, "kind": lot.kind, "what": lot.what, "level": lot.level} for lot in lots]
    links = [{"from": numbers[a], "into": numbers[b]} for a, b in uses if a in numbers and b in numbers]
    return {"kind": "genealogy", "nodes": nodes, "links": links}
