"""A cell of a workbook as the text that its column would hold in a CSV file; what Excel has made of it is refused, never guessed at."""

from __future__ import annotations

import datetime
from decimal import Decimal

from holdfast.exchange.programme.parsing import Unreadable
from holdfast.exchange.programme.sheets import Column

from .book import Value

AS_TEXT = "Format the column as Text and type the value as it was reported."
#: Excel keeps fifteen digits of a number: of a longer one the last are not those that were typed
EXACT = 10**15
DAYS = {"date", "until", "moment"}


def cell_text(column: Column | None, value: Value, shown: str = "") -> str:
    """The text of a cell; `shown` is its number format where that shows more than the digits. Raises `Unreadable` where Excel keeps something else than what
    was typed or is read on the screen. Of a column that is not known, anything."""
    if isinstance(value, str):
        return value
    if column is None:
        return str(value)
    if isinstance(value, bool):
        return _logical(column, value)
    if isinstance(value, (int, float)):
        return _number(column, value, shown)
    if isinstance(value, datetime.date):
        return _day(column, value)
    raise Unreadable(f"Excel keeps the cell as a time or a duration ({value}).", AS_TEXT)


def _logical(column: Column, value: bool) -> str:
    if column.kind == "yes_no":
        return "yes" if value else "no"
    raise Unreadable(f"Excel keeps the cell as the logical value {str(value).upper()}, not as the word that was typed.", AS_TEXT)


def _number(column: Column, value: float, formatted: str) -> str:
    shown = format(Decimal(repr(value)).normalize(), "f") if abs(value) < EXACT else repr(value)
    if column.kind in DAYS:
        raise Unreadable(f"The cell holds the number {shown}, which says no day.", "Format the column as Date, or as Text and write 2026-03-12.")
    if formatted and is_identifier(column):
        raise Unreadable(f"The cell holds the number {shown}, shown as {formatted}: zeros that are read on the screen are not in it.", AS_TEXT)
    is_whole = abs(value) < EXACT and value == int(value)
    if column.kind in {"integer", "yes_no", "choice"} or (is_whole and is_identifier(column)):
        return shown
    raise Unreadable(f"Excel keeps the cell as the number {shown}: digits that were reported, such as a last zero, are lost.", AS_TEXT)


def is_identifier(column: Column) -> bool:
    """Whether a column names something by its number, so that a whole number says the same as its digits."""
    return column.kind == "reference" or column.name == "number" or column.name.endswith("_number")


def _day(column: Column, value: datetime.date) -> str:
    if column.kind not in DAYS:
        raise Unreadable(f"Excel keeps the cell as the date {value.isoformat()}, not as what was typed.", AS_TEXT)
    if isinstance(value, datetime.datetime) and column.kind != "moment" and value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat()
