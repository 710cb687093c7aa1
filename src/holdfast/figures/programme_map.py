"""The sites of a programme from starting material to certification, what each does, what moves between them, and what is out of date."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from .figure import Figure
from .theme import FONT, PALETTE

WIDE, LINE, GAP, ACROSS, EDGE, HEAD = 196, 15, 18, 92, 8, 42
COLUMNS = ("Site", "Country", "Does", "Out of date", "Sends to")


@dataclass(frozen=True)
class Place:
    """A site: `stage` is its column, from starting material (0) on; `marks` say what is out of date."""

    key: int
    name: str
    country: str
    activities: tuple[str, ...]
    stage: int
    marks: tuple[str, ...] = ()
    address: str = ""

    @property
    def height(self) -> int:
        return HEAD + LINE * (len(self.activities) + len(self.marks))


@dataclass(frozen=True)
class Flow:
    """Shipments from one site to another, and how many of them left their temperature range or are not known to have kept it."""

    origin: int
    target: int
    shipments: int
    excursions: int = 0
    unknown: int = 0

    @property
    def words(self) -> str:
        said = f"{self.shipments} shipment{'' if self.shipments == 1 else 's'}"
        said += f", {self.excursions} out of range" if self.excursions else ""
        return said + (f", {self.unknown} not assessed" if self.unknown else "")


def programme_map(name: str, programme: str, places: tuple[Place, ...], flows: tuple[Flow, ...]) -> Figure | None:
    """The figure; None when no site is known."""
    if not places:
        return None
    spots, width, height = _spots(places)
    known = {place.key: place for place in places}
    drawn = [flow for flow in flows if flow.origin in known and flow.target in known]
    lines = [_flow(spots, known, flow) for flow in drawn]
    labels = [_label(spots, known, flow) for flow in drawn]
    boxes = [_box(place, *spots[place.key]) for place in places]
    drawing = (
        f'<svg class="diagram" xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f" font-family={quoteattr(FONT)}>{''.join(lines + boxes + labels)}</svg>"
    )
    rows = tuple(_row(place, known, drawn) for place in sorted(places, key=lambda p: (p.stage, p.name)))
    graph = {
        "kind": "programme map",
        "nodes": [{"site": p.name, "country": p.country, "does": list(p.activities), "out of date": list(p.marks)} for p in places],
        "links": [{"from": known[f.origin].name, "to": known[f.target].name, "shipments": f.shipments, "out of range": f.excursions} for f in drawn],
    }
    return Figure(name, f"Programme map of {programme}", _said(places, drawn), COLUMNS, rows, graph, drawing)


def _spots(places: tuple[Place, ...]) -> tuple[dict[int, tuple[int, int]], int, int]:
    """Where each site stands, and how large the drawing is. Columns without a site take no room."""
    stages = sorted({place.stage for place in places})
    columns = [[place for place in places if place.stage == stage] for stage in stages]
    heights = [sum(place.height + GAP for place in column) - GAP for column in columns]
    tallest, spots = max(heights), {}
    for index, (column, height) in enumerate(zip(columns, heights, strict=True)):
        y = EDGE + (tallest - height) // 2
        for place in column:
            spots[place.key] = (EDGE + index * (WIDE + ACROSS), y)
            y += place.height + GAP
    return spots, 2 * EDGE + len(columns) * WIDE + (len(columns) - 1) * ACROSS, tallest + 2 * EDGE


def _ends(spots: dict[int, tuple[int, int]], known: dict[int, Place], flow: Flow) -> tuple[int, int, int, int]:
    (x1, y1), (x2, y2) = spots[flow.origin], spots[flow.target]
    y1, y2 = y1 + known[flow.origin].height // 2, y2 + known[flow.target].height // 2
    return (x1 + WIDE, y1, x2, y2) if x2 > x1 else (x1, y1, x2 + WIDE, y2) if x2 < x1 else (x1 + WIDE, y1, x2 + WIDE, y2)


def _flow(spots: dict[int, tuple[int, int]], known: dict[int, Place], flow: Flow) -> str:
    x1, y1, x2, y2 = _ends(spots, known, flow)
    bend = ACROSS // 2 if x2 >= x1 else -ACROSS // 2
    course = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    colour = PALETTE["bad"] if flow.excursions else PALETTE["quiet"]
    dashed = ' stroke-dasharray="5 3"' if flow.excursions else ""
    return f'<path d="{course}" fill="none" stroke="{colour}" stroke-width="1.5"{dashed}/><circle cx="{x2}" cy="{y2}" r="3.5" fill="{colour}"/>'


def _label(spots: dict[int, tuple[int, int]], known: dict[int, Place], flow: Flow) -> str:
    """How many shipments, on the line a third of the way before its end; the rest is in the table."""
    x1, y1, x2, y2 = _ends(spots, known, flow)
    text = f"{flow.shipments}" + (f" · {flow.excursions} out" if flow.excursions else "")
    x, y, room = x1 + (x2 - x1) * 0.72, y1 + (y2 - y1) * 0.8, 8 + 6.4 * len(text)
    colour = PALETTE["bad"] if flow.excursions else PALETTE["ink"]
    return (
        f'<rect x="{x - room / 2:.1f}" y="{y - 9:.1f}" width="{room:.1f}" height="17" rx="8.5" fill="{PALETTE["paper"]}" stroke="{PALETTE["line"]}"/>'
        f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-size="11" font-weight="600" fill="{colour}">{escape(text)}</text>'
    )


def _box(place: Place, x: int, y: int) -> str:
    edge = PALETTE["bad"] if place.marks else PALETTE["quiet"]
    parts = [f'<rect x="{x}" y="{y}" width="{WIDE}" height="{place.height}" rx="6" fill="{PALETTE["paper"]}" stroke="{edge}"/>']
    parts.append(_text(x + 10, y + 18, place.name, 12, "ink", 650))
    parts.append(_text(x + 10, y + 33, place.country, 11, "quiet"))
    for index, said in enumerate([*place.activities, *(f"! {mark}" for mark in place.marks)]):
        parts.append(_text(x + 10, y + 33 + LINE * (index + 1), said, 11, "bad" if index >= len(place.activities) else "ink"))
    return f"<a href={quoteattr(place.address)}>{''.join(parts)}</a>" if place.address else f"<g>{''.join(parts)}</g>"


def _text(x: int, y: int, text: str, size: int, meaning: str, weight: int = 400) -> str:
    short = text if len(text) <= 30 else text[:29] + "…"
    return f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{PALETTE[meaning]}">{escape(short)}</text>'


def _row(place: Place, known: dict[int, Place], flows: list[Flow]) -> tuple[str, ...]:
    sent = "; ".join(f"{known[flow.target].name}: {flow.words}" for flow in flows if flow.origin == place.key)
    return place.name, place.country, ", ".join(place.activities), "; ".join(place.marks), sent


def _said(places: tuple[Place, ...], flows: list[Flow]) -> str:
    shipments, outside = sum(flow.shipments for flow in flows), sum(flow.excursions for flow in flows)
    marked = sum(1 for place in places if place.marks)
    said = f"{len(places)} sites and {shipments} shipments between them, {outside} of which left their temperature range."
    said += " The number on a line counts its shipments."
    return said + (f" Out of date: something at {marked} of them." if marked else " Nothing that is recorded is out of date.")
