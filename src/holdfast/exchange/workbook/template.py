"""An empty workbook for who begins: a worksheet a sheet, a note on every header that says what the column holds, and lists where it has choices."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from holdfast.exchange.programme.meanings import holds, meaning, purpose
from holdfast.exchange.programme.sheets import Column, Sheet, all_sheets

from .reading import HEAD, PROGRAMME
from .writing import CREATED, MOST_ROWS

#: what Excel lets a list of choices have, in characters
LONGEST_LIST = 255
WIDTH, NOTE = 20, {"x_scale": 2.4, "y_scale": 1.6}
OF_THE_PROGRAMME = {
    "number": "The number of the programme. One row: a workbook is one programme.",
    "name": "Its name.",
    "is_fictional": "yes for a demonstration or a training: every page then says so.",
    "note": "For people; an import does not read it.",
}


def template_workbook() -> bytes:
    """The bytes of the template. The same software gives the same bytes."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": "A programme", "created": CREATED})
    formats = Formats(book)
    first = book.add_worksheet(PROGRAMME)
    for index, column in enumerate(HEAD.values()):
        _write_column(first, index, column, OF_THE_PROGRAMME[column.name], formats)
    for sheet in all_sheets().values():
        worksheet = book.add_worksheet(sheet.name)
        for index, column in enumerate(sheet.columns.values()):
            _write_column(worksheet, index, column, _note(sheet, index, column), formats)
    for worksheet in book.worksheets():
        worksheet.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()


class Formats:
    """Cells are text, so that what is typed keeps its digits; a header that must be filled is bold."""

    def __init__(self, book: Any) -> None:
        self.text = book.add_format({"num_format": "@"})
        self.header = {
            True: book.add_format({"num_format": "@", "bold": True, "bottom": 1}),
            False: book.add_format({"num_format": "@", "italic": True, "bottom": 1}),
        }


def _note(sheet: Sheet, index: int, column: Column) -> str:
    """What a person needs to fill the column; the first column also says what the sheet is for."""
    must = "Must be filled." if column.required else "May be empty."
    about = [purpose(sheet)] if index == 0 else []
    return "\n".join(filter(None, [*about, meaning(sheet, column), holds(column) + ".", must]))


def _write_column(worksheet: Any, index: int, column: Column, note: str, formats: Formats) -> None:
    worksheet.set_column(index, index, max(len(column.name) + 2, WIDTH), formats.text)
    worksheet.write_string(0, index, column.name, formats.header[column.required])
    worksheet.write_comment(0, index, note, NOTE)
    choice = _choice(column)
    if choice:
        worksheet.data_validation(1, index, MOST_ROWS - 1, index, choice)


def _choice(column: Column) -> dict[str, Any] | None:
    """The list that a cell offers: its words, yes and no, or the numbers in the sheet that it refers to (any text may be typed there)."""
    words = ["yes", "no"] if column.kind == "yes_no" else list(column.choices)
    if words and len(",".join(words)) <= LONGEST_LIST:
        return {"validate": "list", "source": words, "error_title": column.name, "error_message": "Choose one of the list."}
    if column.kind == "reference" and column.target is not None:
        target = all_sheets()[str(column.target.sheet)]
        if len(target.key) == 1 or "version" in target.key:
            return {"validate": "list", "source": f"={target.name}!$A$2:$A${MOST_ROWS}", "show_error": False}
    return None
