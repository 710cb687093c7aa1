"""Write a programme as one workbook or as a folder of CSV files, so that an import of either brings the same record back."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import xlsxwriter  # type: ignore[import-untyped]
import yaml
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from holdfast.exchange.programme.loading import MANIFEST
from holdfast.kernel.errors import Refused
from holdfast.ledger.models import Programme

from .marks import letter_of
from .reading import HEAD, PROGRAMME
from .rows import ProgrammeRows, programme_rows

#: what Excel holds: characters of a cell, rows of a worksheet
MOST_CHARACTERS, MOST_ROWS = 32_767, 1_048_576
#: characters that are no XML and that Excel's own way of writing them does not bring back
NEVER = "\ufffe\uffff"
WIDEST = 60
#: the same record gives the same bytes, so the workbook says no time of its own
CREATED = datetime(2000, 1, 1)


def write_workbook(programme: Programme, target: Path | BinaryIO) -> ProgrammeRows:
    """Write the programme as the open identity sees it; every cell is text. Raises `Refused` for what no workbook can hold."""
    made = programme_rows(programme)
    content = workbook_of(made)
    if isinstance(target, Path):
        target.write_bytes(content)
    else:
        target.write(content)
    return made


def write_folder(programme: Programme, folder: Path) -> ProgrammeRows:
    """Write the programme as the open identity sees it: `programme.yaml` and a CSV file a sheet, into a new or empty folder. Raises `Refused`."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is there already and not empty. Give a new folder.")
    made = programme_rows(programme)
    folder.mkdir(parents=True, exist_ok=True)
    head = {"number": made.number, "name": made.name, "is_fictional": made.is_fictional, "note": made.note}
    (folder / MANIFEST).write_text(yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=150), "utf-8")
    for one in made.sheets:
        with (folder / f"{one.sheet.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")  # so that a lone carriage return in a text is quoted
            writer.writerow(one.sheet.columns)
            writer.writerows(one.rows)
    return made


def workbook_of(made: ProgrammeRows) -> bytes:
    """The rows as the bytes of a workbook. Raises `Refused` for what no workbook can hold."""
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
    workbook.set_properties({"title": made.number, "created": CREATED})
    bold, text = workbook.add_format({"bold": True, "num_format": "@"}), workbook.add_format({"num_format": "@"})
    head = [made.number, made.name, "yes" if made.is_fictional else "no", made.note]
    _write_sheet(workbook.add_worksheet(PROGRAMME), list(HEAD), [head], bold, text)
    for one in made.sheets:
        _write_sheet(workbook.add_worksheet(one.sheet.name), list(one.sheet.columns), one.rows, bold, text)
    workbook.close()
    return stream.getvalue()


def _write_sheet(worksheet: Worksheet, columns: list[str], rows: list[list[str]], bold: Format, text: Format) -> None:
    """One worksheet, its columns formatted as Text, so that what a person types there later keeps its digits too."""
    _check(worksheet.name, columns, rows)
    for index, name in enumerate(columns):
        widest = max([len(name), *(len(row[index]) for row in rows)])
        worksheet.set_column(index, index, min(widest, WIDEST) + 2, text)
        worksheet.write_string(0, index, name, bold)
    for number, row in enumerate(rows, 1):
        for index, cell in enumerate(row):
            if cell:
                worksheet.write_string(number, index, cell, text)
    worksheet.freeze_panes(1, 0)
    worksheet.ignore_errors({"number_stored_as_text": f"A1:{letter_of(len(columns))}{MOST_ROWS}"})


def _check(name: str, columns: list[str], rows: list[list[str]]) -> None:
    if len(rows) >= MOST_ROWS:
        raise Refused(f"The sheet {name} has {len(rows)} rows, and a worksheet holds {MOST_ROWS}. Export the programme as a folder.")
    for number, row in enumerate(rows, 2):
        for column, cell in zip(columns, row, strict=True):
            if len(cell) > MOST_CHARACTERS or any(character in cell for character in NEVER):
                says = f"a text of {len(cell)} characters" if len(cell) > MOST_CHARACTERS else "a character (U+FFFE or U+FFFF)"
                raise Refused(f"Sheet {name}, row {number}, column {column}: {says}, which no cell holds. Export the programme as a folder.")
