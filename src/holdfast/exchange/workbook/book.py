"""A workbook, opened: its worksheets by name, each as a grid of values with the marks of its cells."""

from __future__ import annotations

import datetime
import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from .elements import NotXml, walk
from .marks import Marks, letter_of, marks_of, number_formats
from .package import NotAWorkbook, repack, unpack

Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta
#: cells of a worksheet's rectangle; the reader holds it whole, also where it is empty
MOST_CELLS = 5_000_000
WORKBOOK, RELATIONS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
T = TypeVar("T")


class NotAWorksheet(Exception):
    """One worksheet cannot be read; the message says why."""


@dataclass(frozen=True)
class Grid:
    """The values of a worksheet, row by row from the first, and what else is to say of its cells."""

    rows: list[list[Value]]
    marks: Marks
    merged: list[tuple[int, str]]  # the row a merged range begins in, and the range as Excel writes it

    def value(self, row: int, column: int) -> Value:
        """The value at a row and column, both counted from 1; an empty text where there is none."""
        cells = self.rows[row - 1] if row <= len(self.rows) else []
        return cells[column - 1] if column <= len(cells) else ""

    def is_filled(self, row: int, column: int) -> bool:
        """Whether the cell holds anything, be it an error."""
        return self.value(row, column) != "" or (row, column) in self.marks.errors or (row, column) in self.marks.formulas


class Book:
    """A workbook whose parts were checked. Raises `NotAWorkbook`."""

    def __init__(self, content: bytes) -> None:
        self.parts = unpack(content)
        self.paths = worksheet_paths(self.parts)
        self._formats = _formats(self.parts)
        self._values = _open(self.parts)
        if sorted(self._values.sheet_names) != sorted(self.paths):
            raise NotAWorkbook("The file's list of worksheets contradicts itself.")

    @property
    def names(self) -> list[str]:
        """Names of the worksheets, in their order."""
        return list(self._values.sheet_names)

    @property
    def hidden(self) -> list[str]:
        """Names of the worksheets that Excel does not show."""
        return [sheet.name for sheet in self._values.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible]

    def grid(self, name: str) -> Grid:
        """The worksheet of this name. Raises `NotAWorksheet`."""
        try:
            marks = marks_of(self.parts[self.paths[name]], self._formats)
        except (NotXml, KeyError) as error:
            raise NotAWorksheet(str(error)) from error
        if marks.height * marks.width > MOST_CELLS:
            raise NotAWorksheet(f"it reaches to cell {letter_of(marks.width)}{marks.height}, and {MOST_CELLS} cells are read")
        sheet = _guarded(lambda: self._values.get_sheet_by_name(name))
        rows: list[list[Value]] = _guarded(lambda: sheet.to_python(skip_empty_area=False)) if marks.height else []
        return Grid(rows, marks, [_range(*corners) for corners in sheet.merged_cell_ranges or []])


def _range(first: tuple[int, int], last: tuple[int, int]) -> tuple[int, str]:
    return first[0] + 1, f"{letter_of(first[1] + 1)}{first[0] + 1}:{letter_of(last[1] + 1)}{last[0] + 1}"


def worksheet_paths(parts: dict[str, bytes]) -> dict[str, str]:
    """The part in which each worksheet stands, by its name. Raises `NotAWorkbook`."""
    sheets: list[tuple[str, str]] = []
    targets: dict[str, str] = {}

    def sheet(element: str, attributes: dict[str, str]) -> None:
        if element == "sheet":
            relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            sheets.append((attributes.get("name", ""), relation))

    def relation(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship":
            targets[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")

    try:
        walk(parts[WORKBOOK], sheet)
        walk(parts[RELATIONS], relation)
    except (KeyError, NotXml) as error:
        raise NotAWorkbook(f"The file is a zip, but no workbook: {error}.") from error
    return {name: targets.get(relation, "") for name, relation in sheets}


def _formats(parts: dict[str, bytes]) -> list[str]:
    try:
        return number_formats(parts.get(STYLES, b"<styleSheet/>"))
    except NotXml as error:
        raise NotAWorkbook(f"The file's styles cannot be read: {error}.") from error


def _open(parts: dict[str, bytes]) -> CalamineWorkbook:
    try:
        return _guarded(lambda: CalamineWorkbook.from_filelike(repack(parts)))
    except NotAWorksheet as error:
        raise NotAWorkbook(f"The file cannot be read as a workbook: {error}.") from error


def _guarded(read: Callable[[], T]) -> T:
    """What the reader gives, or its complaint as ours. It is written in Rust, whose panics are no `Exception`."""
    try:
        return read()
    except CalamineError as error:
        raise NotAWorksheet(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise NotAWorksheet("its cells are broken") from error
