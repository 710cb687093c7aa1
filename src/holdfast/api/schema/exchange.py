"""Imports over the wire."""

from __future__ import annotations

from ninja import Schema

from .base import Asked, Given, Moment, Paging, Reason


class Counts(Schema):
    """Of everything that was read, what became of it: read = written + unchanged + refused + ignored."""

    read: int
    written: int
    unchanged: int
    refused: int
    ignored: int


class SourceFile(Schema):
    name: str
    sha256: str
    size: int


class ColumnReport(Counts):
    file: str
    column: str
    reasons: dict[str, int]


class ImportShown(Schema):
    """What an import did, to the cell. `wrote` false: everything was so already, or it was only checked."""

    checked_only: bool
    wrote: bool
    rows: Counts
    cells: Counts
    notes: list[str]
    files: list[SourceFile]
    columns: list[ColumnReport]


class ImportAsked(Asked):
    """Why it is brought in, for the ledger; whether it is only checked; and, of a workbook, the name that is kept."""

    reason: Reason
    check_only: bool = False


class WorkbookAsked(ImportAsked):
    name: Given = "programme.xlsx"


class TouchedTable(Schema):
    table: str
    added: int
    changed: int


class PastImport(Schema):
    """An import that wrote something, and how many rows of each table, as far as you see them."""

    change_set: int
    recorded_at: Moment
    actor: str
    reason: str
    tables: list[TouchedTable]


class ImportsAsked(Paging):
    programme: Given | None = None
