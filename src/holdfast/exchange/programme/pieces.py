"""Large sheets, read piece by piece: however many rows a file has, as many are in memory at once as a piece holds."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import islice, pairwise

from holdfast.exchange.table import Row, Table, delimited_rows

from .parsing import ParsedRow, key_of, parse_sheet, say_double
from .sheets import Sheet, all_sheets

LARGE = 1_000_000  # bytes
ROWS = 10_000


def is_named_by_none(sheet: Sheet) -> bool:
    """Whether no other sheet's rows can name this one's: only then may its rows be forgotten once they are stored."""
    return not any(column.target is sheet.model for other in all_sheets().values() for column in other.columns.values())


def read(sheet: Sheet, table: Table, content: bytes) -> Iterator[list[ParsedRow]]:
    """Parsed rows, piece by piece; `table.rows` are those of the piece. Problems are added to the table, rows that repeat an earlier piece's at the end."""
    keys = array("q")
    source = delimited_rows(table, content)
    while piece := list(islice(source, ROWS)):
        table.rows = piece
        parsed = parse_sheet(sheet, table)
        if not parsed:  # the header is wrong, which no further row can mend
            return
        keys.extend(hash(key_of(sheet, row.row)) for row in parsed)
        yield parsed
    table.rows = []
    if len(keys) > ROWS:
        _say_doubles(sheet, table, content, keys)


def _say_doubles(sheet: Sheet, table: Table, content: bytes, keys: array[int]) -> None:
    """Eight bytes a row were kept of each key; where two agree the file is read again and the keys themselves are compared."""
    ordered = sorted(keys)
    doubtful = {one for one, other in pairwise(ordered) if one == other}
    if not doubtful:
        return
    said = {(problem.row, problem.message) for problem in table.problems}
    seen: dict[tuple[str, ...], Row] = {}
    for row in delimited_rows(Table(table.file), content):
        key = key_of(sheet, row)
        if hash(key) in doubtful and key in seen:
            say_double(sheet, table, row, seen[key], said)
        elif hash(key) in doubtful:
            seen[key] = row


__all__ = ["LARGE", "is_named_by_none", "read"]
