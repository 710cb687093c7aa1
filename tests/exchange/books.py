"""Workbooks as a spreadsheet program writes them, made for tests: the sheets of a small programme, with cells replaced by whatever a test needs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

SMALL: dict[str, list[list[Any]]] = {
    "programme": [["number", "name", "is_fictional"], ["FT-1", "Fictional programme", "yes"]],
    "organisations": [["number", "name", "kind", "country"], ["ORG-1", "Fictional One", "sponsor", "US"], ["ORG-2", "Fictional Two", "cdmo", "DE"]],
    "people": [["number", "printed_name", "organisation"], ["PER-1", "Fictional Person", "ORG-1"]],
    "products": [["number", "title", "modality", "donor_type", "is_atmp"], ["PRD-1", "Fictional product", "cell_therapy", "autologous", "yes"]],
}
#: how a cell is written, where it is not as text: takes the worksheet, row and column (from 0)
Write = Callable[[Any, int, int], Any]


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Any]]] = SMALL,
    cells: Mapping[tuple[str, int, int], Any] | None = None,
    finish: Callable[[Any], None] = lambda _: None,
    **options: Any,
) -> bytes:
    """The bytes of a workbook. `cells` replaces cells by sheet, row and column (counted from 1); `finish` gets the workbook before it is closed."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                _write(sheet, row, column, value)
    for (name, row, column), value in (cells or {}).items():
        _write(book.get_worksheet_by_name(name), row - 1, column - 1, value)
    finish(book)
    book.close()
    return stream.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if callable(value):
        value(sheet, row, column)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write(row, column, value)


def of_folder(folder: Path) -> dict[str, list[list[str]]]:
    """The CSV sheets of a programme folder as rows of text."""
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.stem] = list(csv.reader(file))
    return found
