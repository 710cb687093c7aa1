"""Cells to values by the kind of their column. What cannot be read is a problem with its place, never a guess."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from holdfast.exchange.table import Row, Table
from holdfast.kernel.errors import HoldfastError
from holdfast.kernel.reported_value import parse_reported
from holdfast.kernel.unit import find_unit

from .sheets import Column, Sheet

OPEN_ENDED = "open-ended"
YES_NO = {"yes": True, "no": False, "true": True, "false": False}


class Unreadable(Exception):
    """A cell that is not what its column holds: the message, and what to do."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.message, self.advice = message, advice


@dataclass
class ParsedRow:
    """A row whose cells are read: values by field, references still as text."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    is_sound: bool = True


def parse_sheet(sheet: Sheet, table: Table) -> list[ParsedRow]:
    """Read every row of a sheet; problems are added to the table."""
    for name in table.columns:
        if name not in sheet.columns:
            table.wrong(f"The sheet {sheet.name} has no column {name!r}.", f"It has: {', '.join(sheet.columns)}.", 1, name)
    for name in sheet.required:
        if name not in table.columns and table.columns:
            table.wrong(f"The column {name!r} is missing.", "Add it.", 1, name)
    if any(problem.row == 1 for problem in table.problems):
        return []
    parsed = [_parse_row(sheet, table, row) for row in table.rows]
    _check_doubles(sheet, table, parsed)
    return parsed


def _parse_row(sheet: Sheet, table: Table, row: Row) -> ParsedRow:
    parsed = ParsedRow(row)
    for name, text in row.cells.items():
        column = sheet.columns[name]
        try:
            _parse_cell(column, text.strip(), parsed)
        except Unreadable as error:
            table.wrong(error.message, error.advice, row.number, name)
            parsed.is_sound = False
    if "reported" in parsed.values:
        _read_reported(table, parsed)
    unit = parsed.values.get("unit")
    if unit:
        try:
            find_unit(unit)
        except HoldfastError as error:
            table.wrong(str(error), "", row.number, "unit")
            parsed.is_sound = False
    return parsed


def _parse_cell(column: Column, text: str, parsed: ParsedRow) -> None:
    if column.kind == "until":
        _parse_until(column, text, parsed)
        return
    if not text:
        if column.required:
            raise Unreadable("The cell is empty.", "Give a value.")
        _leave_empty(column, parsed)
        return
    if column.kind == "reference":
        parsed.references[column.name] = text
        return
    parsed.values[column.name] = READERS[column.kind](column, text)


def _leave_empty(column: Column, parsed: ParsedRow) -> None:
    """An empty cell is absent evidence: null where the column can be null, an empty text otherwise, or the column's own default."""
    if column.name == "version":
        return
    if column.field is None or not column.field.null:
        if column.field is not None and column.field.has_default():
            parsed.values[column.name] = column.field.get_default()
        else:
            parsed.values[column.name] = ""
    else:
        parsed.values[column.name] = None


def _parse_until(column: Column, text: str, parsed: ParsedRow) -> None:
    parsed.values[column.flag] = text != ""
    parsed.values[column.name] = None if text in {"", OPEN_ENDED} else _read_date(column, text)


def _read_text(column: Column, text: str) -> str:
    if column.max_length and len(text) > column.max_length:
        raise Unreadable(f"The text has {len(text)} characters; {column.max_length} fit.", "Shorten it.")
    return text


def _read_integer(column: Column, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Unreadable(f"{text!r} is not a whole number.", "Write digits only.")
    return int(text)


def _read_yes_no(column: Column, text: str) -> bool:
    if text.lower() not in YES_NO:
        raise Unreadable(f"{text!r} is neither yes nor no.", "Write yes or no, or leave the cell empty if nobody recorded it.")
    return YES_NO[text.lower()]


def _read_date(column: Column, text: str) -> date:
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        extra = f" or {OPEN_ENDED}" if column.kind == "until" else ""
        raise Unreadable(f"{text!r} is not a date.", f"Write it like 2026-03-12{extra}.") from None


def _read_moment(column: Column, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"{text!r} is not a moment.", "Write it like 2026-03-12T14:05:00+01:00.") from None
    if moment.tzinfo is None:
        raise Unreadable(f"{text!r} has no offset from UTC.", "Write it like 2026-03-12T14:05:00+01:00.")
    return moment


def _read_choice(column: Column, text: str) -> str:
    if text not in column.choices:
        raise Unreadable(f"{text!r} is not one of the words of {column.name}.", f"Use: {', '.join(column.choices)}.")
    return text


READERS = {"text": _read_text, "integer": _read_integer, "yes_no": _read_yes_no, "date": _read_date, "moment": _read_moment, "choice": _read_choice}


def _read_reported(table: Table, parsed: ParsedRow) -> None:
    """The value, censoring and digits of a reported text: read from it, never given beside it."""
    try:
        reported = parse_reported(str(parsed.values["reported"]))
    except HoldfastError as error:
        table.wrong(str(error), "", parsed.row.number, "reported")
        parsed.is_sound = False
        return
    parsed.values |= {"value": reported.value}
    if "status" in parsed.values:
        parsed.values |= {"censoring": reported.censoring, "digits": reported.digits}


def _check_doubles(sheet: Sheet, table: Table, parsed: list[ParsedRow]) -> None:
    seen: dict[tuple[str, ...], Row] = {}
    for one in parsed:
        key = key_of(sheet, one.row)
        if key in seen:
            say_double(sheet, table, one.row, seen[key])
            one.is_sound = False
        seen.setdefault(key, one.row)


def key_of(sheet: Sheet, row: Row) -> tuple[str, ...]:
    """The texts that tell a row from the others of its sheet."""
    return tuple(row.cells.get(name, "").strip() or ("1" if name == "version" else "") for name in sheet.key)


def say_double(sheet: Sheet, table: Table, row: Row, earlier: Row, said: Collection[tuple[int | None, str]] = ()) -> None:
    """A row repeats an earlier one, unless that was said already."""
    message = f"The row repeats row {earlier.number}: {' / '.join(key_of(sheet, row))}."
    if (row.number, message) not in said:
        table.wrong(message, "Keep one.", row.number, sheet.key[0])
