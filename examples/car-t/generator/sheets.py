"""The programme folder being written: rows by sheet, and the CSV files they become."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

Cell = str | int | bool | date | datetime | None


class Folder:
    """Rows of a programme folder, by sheet, in the order in which they were added."""

    def __init__(self) -> None:
        self.sheets: dict[str, list[dict[str, Cell]]] = {}

    def add(self, sheet: str, **row: Cell) -> str:
        """Add a row; returns its `number` (or an empty text), so that other rows can refer to it."""
        self.sheets.setdefault(sheet, []).append(row)
        return str(row.get("number", ""))

    def write(self, folder: Path) -> None:
        """Write one CSV a sheet: UTF-8, comma, header in order of first use, lines ending in a newline."""
        for sheet, rows in self.sheets.items():
            columns = list(dict.fromkeys(name for row in rows for name in row))
            with (folder / f"{sheet}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, lineterminator="\n")
                writer.writeheader()
                writer.writerows({name: as_cell(value) for name, value in row.items()} for row in rows)


def as_cell(value: Any) -> str:
    """A value as the import reads it: yes and no, ISO dates, moments with their offset, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)
