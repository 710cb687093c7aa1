"""Read a workbook as a programme: the sheets that a folder would hold as files, and every problem by sheet, row and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from holdfast.exchange.programme.loading import ProgrammeHead, SheetFile, store_files
from holdfast.exchange.programme.parsing import YES_NO, Unreadable
from holdfast.exchange.programme.sheets import REFUSED_SHEETS, Column, all_sheets
from holdfast.exchange.report import ImportReport
from holdfast.exchange.table import Row, Table
from holdfast.kernel.errors import Problem
from holdfast.ledger.changes import Actor

from .book import Book, Grid, NotAWorksheet
from .cells import cell_text
from .marks import letter_of
from .package import MOST_BYTES, SAVE_AS, NotAWorkbook

SUFFIX = ".xlsx"
PROGRAMME = "programme"
HEAD = {
    "number": Column("number", "text", True),
    "name": Column("name", "text", True),
    "is_fictional": Column("is_fictional", "yes_no", False),
    "note": Column("note", "text", False),
}
PASTE = "Copy the cell and paste it as a value, as text where its digits matter."


@dataclass
class Worksheet(Table):
    """A worksheet as read. Its problems name the workbook, the sheet, and a column also by its letter."""

    book: str = ""
    name: str = ""
    letters: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)  # the columns of cells that Excel made something else of, one a cell

    def wrong(self, message: str, advice: str = "", row: int | None = None, column: str | None = None, letter: str | None = None) -> None:
        known = self.letters.get(column) if column else None
        self.problems.append(Problem(self.book, message, advice, row, column, self.name, letter or known))


def load_workbook(path: Path, actor: Actor, *, reason: str, check_only: bool = False, supplied_by: str = "") -> ImportReport:
    """Import a programme from one workbook, as a folder is imported. With problems, or with `check_only`, nothing is written."""
    report = ImportReport(checked_only=check_only, supplied_by=supplied_by)
    head, files = read_workbook(path, report)
    if head is not None:
        store_files(head, files, actor, reason, report)
    return report


def read_workbook(path: Path, report: ImportReport) -> tuple[ProgrammeHead | None, list[SheetFile]]:
    """The programme and the sheets of a workbook, in load order; whatever is neither is a problem."""
    says = None
    if not path.is_file():
        says = Problem(path.name, "There is no such file.", "Give the workbook.")
    elif path.suffix.lower() != SUFFIX:
        says = Problem(path.name, "Only workbooks of the kind .xlsx are read.", SAVE_AS)
    elif path.stat().st_size > MOST_BYTES:
        says = Problem(path.name, f"The file is larger than {MOST_BYTES // 1024 // 1024} MB.", "Split it.")
    if says:
        report.problems.append(says)
        return None, []
    return read_content(path.name, path.read_bytes(), report)


def read_content(name: str, content: bytes, report: ImportReport) -> tuple[ProgrammeHead | None, list[SheetFile]]:
    """As `read_workbook`, for bytes that came under a name."""
    try:
        book = Book(content)
    except NotAWorkbook as error:
        report.problems.append(Problem(name, error.message, error.advice))
        return None, []
    report.notes += [f"The worksheet {hidden} is hidden; it was read like the others." for hidden in book.hidden]
    files: dict[str, SheetFile] = {}
    for worksheet in book.names:
        if worksheet != PROGRAMME and _is_sheet(name, worksheet, report):
            sheet = all_sheets()[worksheet]
            table = _table(name, worksheet, book, sheet.columns)
            _count_refused(table, report)
            files[worksheet] = SheetFile(sheet, content, table, book=name)
    return _head(name, book, report), [files[known] for known in all_sheets() if known in files]


def _is_sheet(book: str, name: str, report: ImportReport) -> bool:
    if name in REFUSED_SHEETS:
        report.problems.append(Problem(book, REFUSED_SHEETS[name], "Remove the worksheet.", sheet=name))
    elif name not in all_sheets():
        advice = f"Remove it, or name it {PROGRAMME} or after a sheet: " + ", ".join(all_sheets()) + "."
        report.problems.append(Problem(book, "The worksheet is no sheet of a programme.", advice, sheet=name))
    else:
        return True
    return False


def _count_refused(table: Worksheet, report: ImportReport) -> None:
    for column in table.refused:
        report.column(table.file, column).add("refused")


def _table(book: str, name: str, opened: Book, columns: dict[str, Column]) -> Worksheet:
    """The rows of a worksheet as text, and what is wrong with them so far."""
    table = Worksheet(f"{book}, sheet {name}", book=book, name=name)
    try:
        grid = opened.grid(name)
    except NotAWorksheet as error:
        table.wrong(f"The worksheet cannot be read: {error}.", "Save the workbook again in Excel or LibreOffice.", 1)
        return table
    _say_flagged(table, grid)
    _read_header(table, grid)
    if not any(problem.row == 1 for problem in table.problems):
        for number in range(2, grid.marks.height + 1):
            _read_row(table, grid, number, columns)
    return table


def _say_flagged(table: Worksheet, grid: Grid) -> None:
    names = {column: str(grid.value(1, column)).strip() for column in range(1, grid.marks.width + 1)}
    for row, column in sorted(grid.marks.flagged):
        error = grid.marks.errors.get((row, column))
        message = (
            f"The cell holds Excel's error {error}."
            if error is not None
            else "The cell holds a formula; only what was entered is taken, not what was computed."
        )
        table.wrong(message, "Give the value." if error is not None else PASTE, row, (names[column] if row > 1 else "") or None, letter_of(column))
    for row, merged in grid.merged:
        table.wrong(f"The cells {merged} are merged, so that only one of them holds anything.", "Unmerge them and fill each.", row)


def _read_header(table: Worksheet, grid: Grid) -> None:
    width = max((column for column in range(1, grid.marks.width + 1) if grid.is_filled(1, column)), default=0)
    table.columns = [str(grid.value(1, column)).strip() for column in range(1, width + 1)]
    if not table.columns:
        table.wrong("The worksheet has no header." if grid.marks.height else "The worksheet is empty.", "Give it a header in row 1, or remove it.", 1)
    for index, name in enumerate(table.columns):
        letter = letter_of(index + 1)
        table.letters.setdefault(name, letter)
        if not name:
            table.wrong(f"Column {letter} has no name.", "Name it, or remove it.", 1, None, letter)
        elif name in table.columns[:index]:
            table.wrong(f"The column {name!r} stands twice.", "Keep one.", 1, name, letter)


def _read_row(table: Worksheet, grid: Grid, number: int, columns: dict[str, Column]) -> None:
    """One row. A cell that cannot be taken is left out of it, which refuses the row; an empty row is no row."""
    filled = [column for column in range(1, grid.marks.width + 1) if grid.is_filled(number, column)]
    if not filled:
        return
    cells: dict[str, str] = {}
    for index, name in enumerate(table.columns, 1):
        try:
            if (number, index) not in grid.marks.flagged:
                cells[name] = cell_text(columns.get(name), grid.value(number, index), grid.marks.shown.get((number, index), ""))
        except Unreadable as error:
            table.wrong(error.message, error.advice, number, name)
    table.refused += [name for name in table.columns if name not in cells]
    table.rows.append(Row(number, cells))
    for column in filled:
        if column > len(table.columns):
            table.wrong("The cell lies beyond the columns of the header.", "Name its column in row 1, or empty it.", number, None, letter_of(column))


def _head(book: str, opened: Book, report: ImportReport) -> ProgrammeHead | None:
    """What the worksheet `programme` says: one row under its header."""
    if PROGRAMME not in opened.names:
        message = "The worksheet programme is missing."
        report.problems.append(Problem(book, message, "Add it, with the columns number, name and is_fictional, and one row.", sheet=PROGRAMME))
        return None
    table = _table(book, PROGRAMME, opened, HEAD)
    head = _only_row(table) if not table.problems else None
    report.problems += table.problems
    return head


def _only_row(table: Worksheet) -> ProgrammeHead | None:
    for name in table.columns:
        if name not in HEAD:
            table.wrong(f"The sheet {PROGRAMME} has no column {name!r}.", f"It has: {', '.join(HEAD)}.", 1, name)
    if len(table.rows) != 1:
        table.wrong(f"The sheet {PROGRAMME} has {len(table.rows)} rows; it needs one.", "Give one programme.", 1)
    if table.problems:
        return None
    row = table.rows[0]
    cells = {name: row.cells.get(name, "").strip() for name in HEAD}
    for name in ("number", "name"):
        if not cells[name]:
            table.wrong("The cell is empty." if name in table.columns else f"The column {name!r} is missing.", "Give a value.", row.number, name)
    if cells["is_fictional"].lower() not in {"", *YES_NO}:
        table.wrong(f"{cells['is_fictional']!r} is neither yes nor no.", "Write yes or no.", row.number, "is_fictional")
    head = ProgrammeHead(cells["number"], cells["name"], YES_NO.get(cells["is_fictional"].lower(), False))
    if head.too_long:
        table.wrong(head.too_long, "Shorten it.", row.number)
    return None if table.problems else head
