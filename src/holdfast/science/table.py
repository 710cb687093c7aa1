"""Columns of a CSV file, for a method: units from headers, rows chosen by a level, and nothing skipped in silence."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdfast.kernel.errors import Problem, Problems

from .method import Column, Method
from .refusal import Unsuitable
from .result import Result
from .series import Series

_HEADER = re.compile(r"^(?P<name>.*?)\s*[\[(](?P<unit>[^\])]*)[\])]\s*$")


@dataclass(frozen=True)
class Table:
    """A file's columns as text, by header without its unit; `units` from headers like `assay [%]`."""

    file: str
    columns: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]


def read_table(path: Path) -> Table:
    """Read a CSV file with one header row (comma, semicolon or tab). Raises `Problems` naming the row that has too many or too few fields."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Problems([Problem(path.name, f"The file cannot be read: {error}.", "Give a CSV file in UTF-8.")]) from error
    first = text.split("\n", 1)[0]
    rows = [row for row in csv.reader(text.splitlines(), delimiter=max(",;\t", key=first.count)) if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise Problems([Problem(path.name, "The file has no rows below its header.", "Give one header row and one row a value.")])
    wrong = [Problem(path.name, f"The row has {len(row)} fields and the header {len(rows[0])}.", row=number) for number, row in enumerate(rows, 1)
             if len(row) != len(rows[0])]  # fmt: skip
    if wrong:
        raise Problems(wrong)
    heads = [_HEADER.match(head) for head in rows[0]]
    names = [match["name"] if match else head.strip() for match, head in zip(heads, rows[0], strict=True)]
    units = {name: match["unit"].strip() for name, match in zip(names, heads, strict=True) if match}
    return Table(path.name, {name: tuple(row[i].strip() for row in rows[1:]) for i, name in enumerate(names)}, units)


def column_values(table: Table, column: Column, source: str, unit: str | None = None) -> Series | tuple[str, ...]:
    """A method's column from a table. `source` is a header, or `header@other=level` for the rows where another column has that level
    (`header@other=one|two` for either).

    Blank cells at the end are no rows (columns may differ in length; those read row by row are held to one length later); any other blank
    is a problem.
    """
    header, _, condition = source.partition("@")
    cells = list(enumerate(_cells(table, header), 2))
    if condition:
        other, _, level = condition.partition("=")
        kept = _cells(table, other)
        cells = [cell for cell, found in zip(cells, kept, strict=True) if found in level.split("|")]
        if not cells:
            raise Problems([Problem(table.file, f"No row has {other} = {level!r}.", f"It has: {', '.join(sorted(set(kept)))}.", column=other)])
    while cells and not cells[-1][1]:
        cells.pop()
    if column.kind == "label":
        return tuple(text for _, text in cells)
    return _series(table, column, header, cells, table.units.get(header, "") if unit is None else unit)


def _series(table: Table, column: Column, header: str, cells: Sequence[tuple[int, str]], unit: str) -> Series:
    parts: list[Series] = []
    problems: list[Problem] = []
    for row, text in cells:
        try:
            parts.append(Series.of([text], unit, column.name))
        except Unsuitable as error:
            problems.append(Problem(table.file, str(error).partition(": ")[2] or str(error), row=row, column=header))
    if problems:
        raise Problems(problems)
    return Series(tuple(part.values[0] for part in parts), tuple(part.marks[0] for part in parts), unit, column.name)


def _cells(table: Table, header: str) -> tuple[str, ...]:
    if header not in table.columns:
        raise Problems([Problem(table.file, f"There is no column {header!r}.", f"It has: {', '.join(table.columns)}.")])
    return table.columns[header]


def run(method: Method[Any, Any], table: Table | None, sources: Mapping[str, str], parameters: Mapping[str, Any], units: Mapping[str, str]) -> Result:
    """Run a method on a table. `sources` says which header each column is read from (its own name without one), `units` overrides header units."""
    columns: dict[str, Any] = {}
    for column in method.columns:
        source = sources.get(column.name, column.name)
        if table is not None and (column.required or column.name in sources or column.name in table.columns):
            columns[column.name] = column_values(table, column, source, units.get(column.name))
    result: Result = method(**columns, **parameters)
    return result
