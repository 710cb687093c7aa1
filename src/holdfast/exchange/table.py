"""Reading a delimited or YAML file into rows of text, with the place of every cell. Nothing is skipped in silence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from holdfast.kernel.errors import Problem
from holdfast.standards.positions import PackProblem, read_positioned


@dataclass(frozen=True)
class Row:
    """One row: its number as a person counts it in the file (the header is row 1), and its cells as text."""

    number: int
    cells: dict[str, str]


@dataclass
class Table:
    """A file as read: its name, columns, rows, and what is wrong with it."""

    file: str
    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def cells(self) -> int:
        return sum(len(row.cells) for row in self.rows)

    def wrong(self, message: str, advice: str = "", row: int | None = None, column: str | None = None) -> None:
        self.problems.append(Problem(self.file, message, advice, row, column))


def decode(table: Table, content: bytes, encoding: str = "utf-8-sig") -> str | None:
    """The bytes as text; a problem that names the row when they are not in the encoding, or hold a NUL."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        table.wrong(f"Byte {content[error.start]:#04x} is not {encoding.removesuffix('-sig').upper()}.", "Save the file as UTF-8.", row)
        return None
    except LookupError:
        table.wrong(f"The encoding {encoding!r} is not known.", "Name one such as utf-8 or latin-1.")
        return None
    if "\x00" in text:
        table.wrong("The file holds a NUL character.", "Save it as plain text.", text[: text.index("\x00")].count("\n") + 1)
        return None
    return text


def read_delimited(file: str, content: bytes, *, delimiter: str = ",", encoding: str = "utf-8-sig") -> Table:
    """Read a delimited file. Ragged rows, doubled or empty headers and broken quotes are problems with their row."""
    table = Table(file)
    table.rows = list(delimited_rows(table, content, delimiter=delimiter, encoding=encoding))
    return table


def delimited_rows(table: Table, content: bytes, *, delimiter: str = ",", encoding: str = "utf-8-sig") -> Iterator[Row]:
    """The rows of a delimited file one by one, so that a large one is never in memory as rows; columns and problems are the table's."""
    if decode(table, content, encoding) is None:
        return
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding, newline=""), delimiter=delimiter, strict=True)
    try:
        table.columns = [name.strip() for name in next(reader, [])]
        _check_header(table)
        if table.problems:
            return
        for cells in reader:
            if len(cells) == len(table.columns):
                yield Row(reader.line_num, dict(zip(table.columns, cells, strict=True)))
            elif cells:
                message = f"The row has {len(cells)} cells; the header has {len(table.columns)}."
                table.wrong(message, "Check its delimiters and quotation marks.", reader.line_num)
    except csv.Error as error:
        table.wrong(f"The row cannot be read: {error}.", "Check its quotation marks and delimiters.", reader.line_num)


def _check_header(table: Table) -> None:
    if not table.columns:
        table.wrong("The file is empty.", "Give it a header row, or leave the file out.")
    for index, name in enumerate(table.columns):
        if not name:
            table.wrong(f"Column {index + 1} has no name.", "Name it, or remove it.", 1)
        elif name in table.columns[:index]:
            table.wrong(f"The column {name!r} stands twice.", "Keep one.", 1, name)


def read_yaml_rows(file: str, content: bytes) -> Table:
    """Read a YAML list of mappings as rows; a row's number is the line on which it begins."""
    table = Table(file)
    text = decode(table, content)
    if text is None:
        return table
    try:
        document = read_positioned(file, text)
    except PackProblem as error:
        table.wrong(error.message, "Correct the YAML.", error.line)
        return table
    if not isinstance(document.data, list) or not all(isinstance(item, dict) for item in document.data):
        table.wrong("The file is not a list of rows.", "Write each row as '- name: value' lines.", 1)
        return table
    table.columns = list(dict.fromkeys(name for item in document.data for name in item))
    for index, item in enumerate(document.data):
        nested = [name for name, value in item.items() if isinstance(value, (dict, list))]
        for name in nested:
            table.wrong("The cell holds a list or mapping.", "Write one value; separate several with ';'.", document.places[(index,)][0], name)
        table.rows.append(Row(document.places[(index,)][0], {name: _text(item.get(name)) for name in table.columns if name not in nested}))
    return table


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
