"""A report as sections of words, facts, tables and figures: the same on a page and as PDF."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any, Literal

import typst

from holdfast.figures.figure import Figure


@dataclass(frozen=True)
class Block:
    """One part of a section: words (`lines`), facts (`rows` of two), a table (`head`, `rows`) or a `figure`."""

    kind: Literal["words", "list", "facts", "table", "figure"]
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    figure: Figure | None = None


@dataclass(frozen=True)
class Section:
    """A numbered section."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """A whole report. `standing` says in a line what it is worth: concluded and signed, or not yet. `moment` is the date in the file."""

    number: str
    title: str
    kind: str
    standing: str
    is_fictional: bool
    moment: datetime
    sections: tuple[Section, ...]


def words(*lines: str) -> Block:
    """Paragraphs; empty ones are left away."""
    return Block("words", tuple(line for line in lines if line))


def listing(*lines: str) -> Block:
    """A list."""
    return Block("list", tuple(lines))


def facts(*rows: tuple[str, str]) -> Block:
    """Labels with their values."""
    return Block("facts", rows=rows)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Block:
    """A table with its head."""
    return Block("table", head=head, rows=tuple(rows))


def picture(figure: Figure | None) -> tuple[Block, ...]:
    """A figure, where there is one."""
    return (Block("figure", figure=figure),) if figure else ()


def render_report(report: Report) -> bytes:
    """The PDF's bytes (PDF/A-2b requested). The same report gives the same bytes."""
    template = resources.files(__package__).joinpath("report.typ").read_bytes()
    data = json.dumps(_plain(report))
    return bytes(typst.compile(template, sys_inputs={"data": data}, pdf_standards=["a-2b"], timestamp=int(report.moment.timestamp())))


def _plain(report: Report) -> dict[str, Any]:
    sections = [{"title": section.title, "blocks": [_block(block) for block in section.blocks]} for section in report.sections]
    head = {"number": report.number, "title": report.title, "kind": report.kind, "standing": report.standing, "fictional": report.is_fictional}
    return {**head, "sections": sections}


def _block(block: Block) -> dict[str, Any]:
    drawn = block.figure and {"svg": block.figure.svg, "title": block.figure.title, "description": block.figure.description}
    return {"kind": block.kind, "lines": block.lines, "head": block.head, "rows": block.rows, "figure": drawn}
