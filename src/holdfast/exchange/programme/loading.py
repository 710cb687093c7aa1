"""Load a programme folder: every problem by file, row and column, and then all or nothing in one change set."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from django.db import DatabaseError, OperationalError, transaction
from django.db.models import CharField

from holdfast.exchange.report import ImportReport
from holdfast.exchange.table import Table, read_delimited, read_yaml_rows
from holdfast.kernel.errors import Problem
from holdfast.kernel.failpoint import failpoint
from holdfast.ledger.actions import keep_file, start_programme, store_rows
from holdfast.ledger.changes import SIGNED, Actor, OpenChangeSet, change_set, sqlstate
from holdfast.ledger.models import Programme, StoredFile
from holdfast.ledger.storing import StoreOutcome
from holdfast.people.models import Organisation
from holdfast.programme.models import Attribute
from holdfast.standards.positions import PackProblem, read_positioned

from . import pieces
from .naming import name_attributes
from .parsing import ParsedRow, parse_sheet
from .resolving import References, keys_in, resolve
from .sheets import REFUSED_SHEETS, Sheet, all_sheets

Source = Callable[[ParsedRow], tuple[StoredFile | None, str]]
ASIDE = {"README.md", "README.txt", "demo.yaml"}
MANIFEST = "programme.yaml"


class NothingToCommit(Exception):
    """Raised inside the change set to leave nothing behind: a check, problems, or a folder that changes nothing."""


@dataclass
class SheetFile:
    """A file of the folder with the sheet it is, its bytes and its rows."""

    sheet: Sheet
    content: bytes
    table: Table
    keys: list[str] = field(default_factory=list)  # of made rows: the keys under which their origin is known
    book: str = ""  # of a worksheet: the workbook that is kept, whose bytes `content` are
    is_large: bool = False  # read piece by piece, never whole

    @property
    def source(self) -> str:
        """The name of the file that is kept for it."""
        return self.book or self.table.file

    def place(self, row: int) -> str:
        """Where in that file the reported value of a row stands."""
        return (f"sheet {self.sheet.name}, " if self.book else "") + f"row {row}, column reported"


@dataclass(frozen=True)
class Origin:
    """For sheets that were made from other files: those files, and the source cell that each row of a sheet came from."""

    files: list[tuple[str, bytes]]
    places: dict[tuple[str, str], tuple[str, int, str]]


@dataclass
class ProgrammeHead:
    number: str
    name: str
    is_fictional: bool

    @property
    def too_long(self) -> str | None:
        """What of it does not fit its column in the record, in a sentence."""
        for name in ("number", "name"):
            text, column = getattr(self, name), cast("CharField[str, str]", Programme._meta.get_field(name))
            if len(text) > (column.max_length or 0):
                return f"The programme's {name} has {len(text)} characters; {column.max_length} fit."
        return None


def load_folder(folder: Path, actor: Actor, *, reason: str, check_only: bool = False, supplied_by: str = "") -> ImportReport:
    """Import a programme folder. With problems, or with `check_only`, nothing is written.

    `supplied_by` is the number of the organisation whose words for attributes the folder uses.
    """
    report = ImportReport(checked_only=check_only, supplied_by=supplied_by)
    head, files = read_folder(folder, report)
    if head is not None:
        store_files(head, files, actor, reason, report)
    return report


def read_folder(folder: Path, report: ImportReport) -> tuple[ProgrammeHead | None, list[SheetFile]]:
    """The manifest and the sheets of a folder, in load order; whatever is neither is a problem."""
    if not folder.is_dir():
        report.problems.append(Problem(str(folder), "There is no such folder.", "Give the folder that holds programme.yaml."))
        return None, []
    files: dict[str, SheetFile] = {}
    for path in sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith(".")):
        if path.name != MANIFEST and path.name not in ASIDE:
            _take(path, files, report)
    report.notes += [f"The folder {p.name} was not read." for p in sorted(folder.iterdir()) if p.is_dir()]
    ordered = [files[name] for name in all_sheets() if name in files]
    return _manifest(folder / MANIFEST, report), ordered


def _take(path: Path, files: dict[str, SheetFile], report: ImportReport) -> None:
    name, suffix = path.stem, path.suffix
    if name in REFUSED_SHEETS:
        report.problems.append(Problem(path.name, REFUSED_SHEETS[name], "Remove the file."))
        return
    sheet = all_sheets().get(name)
    if sheet is None or suffix not in {".csv", ".yaml"}:
        advice = "Remove it, or name it after a sheet: " + ", ".join(all_sheets()) + " (.csv or .yaml)."
        report.problems.append(Problem(path.name, "The file is no sheet of a programme.", advice))
        return
    if name in files:
        report.problems.append(Problem(path.name, f"The sheet {name} stands twice, as CSV and as YAML.", "Keep one."))
        return
    content = path.read_bytes()
    if suffix == ".csv" and len(content) >= pieces.LARGE and pieces.is_named_by_none(sheet):
        files[name] = SheetFile(sheet, content, Table(path.name), is_large=True)
        return
    table = read_delimited(path.name, content) if suffix == ".csv" else read_yaml_rows(path.name, content)
    files[name] = SheetFile(sheet, content, table)


def _manifest(path: Path, report: ImportReport) -> ProgrammeHead | None:
    if not path.is_file():
        report.problems.append(Problem(MANIFEST, "The file is missing.", "Write programme.yaml with number, name and is_fictional."))
        return None
    try:
        data = read_positioned(MANIFEST, path.read_text("utf-8-sig")).data
    except (PackProblem, UnicodeDecodeError) as error:
        report.problems.append(Problem(MANIFEST, str(error), "Correct the YAML."))
        return None
    if not isinstance(data, dict) or not data.get("number") or not data.get("name") or set(data) - {"number", "name", "is_fictional", "note"}:
        report.problems.append(Problem(MANIFEST, "It needs number and name, and may have is_fictional and note.", "Correct it.", 1))
        return None
    head = ProgrammeHead(str(data["number"]), str(data["name"]), data.get("is_fictional") is True)
    if head.too_long:
        report.problems.append(Problem(MANIFEST, head.too_long, "Shorten it."))
        return None
    return head


def store_files(head: ProgrammeHead, files: Iterable[SheetFile], actor: Actor, reason: str, report: ImportReport, origin: Origin | None = None) -> None:
    """Parse, resolve and store sheets in one change set; leave nothing behind when there is a problem or no row to write."""
    files = list(files)
    parsed = {file.sheet.name: _parsed(file) for file in files if not file.is_large}
    contents = {file.source: file.content for file in files}
    report.files += [{"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)} for name, content in contents.items()]
    try:
        with change_set(actor, action="import programme", reason=reason) as opened:
            failpoint("import opened")
            bound, state = start_programme(opened, number=head.number, name=head.name, is_fictional=head.is_fictional)
            report.wrote = state != "unchanged"
            fresh = _store_all(bound, files, parsed, report, origin)
            _check_supplier(report)
            report.problems += [problem for file in files for problem in file.table.problems]
            if not report.wrote and fresh and not report.problems:
                report.notes.append(f"Every row is already so: {len(fresh)} files that were not kept before are not kept now.")
            if report.problems or report.checked_only or not report.wrote:
                raise NothingToCommit
            failpoint("import before commit")
        failpoint("import committed")
    except NothingToCommit:
        report.wrote = False
    if report.problems:
        report.refuse_everything()


def _check_supplier(report: ImportReport) -> None:
    if report.supplied_by and not Organisation.objects.filter(number=report.supplied_by).exists():
        report.problems.append(Problem("--from", f"There is no organisation {report.supplied_by!r}.", "Give the number of the organisation it came from."))


def _parsed(file: SheetFile) -> list[ParsedRow]:
    """The rows of a sheet, read. A row of which a cell was refused before is not sound, whatever its other cells say."""
    rows = parse_sheet(file.sheet, file.table)
    for row in rows:
        row.is_sound = row.is_sound and len(row.row.cells) == len(file.table.columns)
    return rows


def _store_all(bound: OpenChangeSet, files: list[SheetFile], parsed: dict[str, list[ParsedRow]], report: ImportReport, origin: Origin | None) -> list[str]:
    """Store the sheets and keep the files they came from; returns the names of files that were not kept before."""
    assert bound.programme is not None
    references = References(bound.programme)
    pending = {f.sheet.model: keys_in(f.sheet, f.table, parsed[f.sheet.name]) for f in files if not f.is_large}
    contents = dict(origin.files) if origin else {file.source: file.content for file in files}
    sources = {name: keep_file(bound, name, content) for name, content in contents.items()}
    kept = {name: file for name, (file, _) in sources.items()}
    for file in files:
        source = _origin_of(file, origin, kept) if origin else _itself(file, kept[file.source])
        for rows in pieces.read(file.sheet, file.table, file.content) if file.is_large else [parsed[file.sheet.name]]:
            resolve(file.sheet, file.table, rows, references, pending)
            if file.sheet.model is Attribute:
                name_attributes(bound.programme, file.table, rows, report.supplied_by, report)
            _store_sheet(bound, file, [row for row in rows if row.is_sound], source, report)
            _count_refused(file, rows, report)
        failpoint("import sheet stored")
        references.forget(file.sheet.model)
    return [name for name, (_, is_new) in sources.items() if is_new]


def _itself(file: SheetFile, kept: StoredFile) -> Source:
    """A row of the file itself: its own place in it."""
    return lambda row: (kept, file.place(row.row.number))


def _origin_of(file: SheetFile, origin: Origin, sources: dict[str, StoredFile]) -> Source:
    """Where a made row came from: the file and the cell, through the key that the row has in its sheet."""
    by_row = {row.number: key for row, key in zip(file.table.rows, file.keys, strict=False)}

    def source(row: ParsedRow) -> tuple[StoredFile | None, str]:
        place = origin.places.get((file.sheet.name, by_row.get(row.row.number, "")))
        return (sources[place[0]], f"row {place[1]}, column {place[2]}") if place else (None, "")

    return source


def _store_sheet(bound: OpenChangeSet, file: SheetFile, rows: list[ParsedRow], source: Source, report: ImportReport) -> None:
    values = [_with_source(file.sheet, row, source) for row in rows]
    try:
        with transaction.atomic():
            outcome = store_rows(bound, file.sheet.model, values)
    except OperationalError:
        raise  # a full disk or a lost connection is no fault of a row
    except (DatabaseError, ValueError) as error:
        _name_the_row(bound, file, rows, values, error)
        for row in rows:
            row.is_sound = False
        return
    _count_stored(file, rows, outcome, report)


def _count_stored(file: SheetFile, rows: list[ParsedRow], outcome: StoreOutcome, report: ImportReport) -> None:
    """Rows and cells that were written or already so. A changed row counts as written, and of its cells those that differ."""
    states = Counter(outcome.states)
    report.rows["written"] += states["written"] + states["changed"]
    report.rows["unchanged"] += states["unchanged"]
    report.wrote = report.wrote or states["unchanged"] < len(rows)
    for name in file.table.columns:
        column = report.column(file.table.file, name)
        column.add("written", states["written"])
        column.add("unchanged", states["unchanged"])
    for row, state, differing in zip(rows, outcome.states, outcome.differing, strict=True):
        if file.keys:
            report.row_states[(file.table.file, row.row.number)] = "written" if state == "changed" else state
        if state == "changed":
            changed = {name.removesuffix("_id") for name in differing}
            for name in row.row.cells:
                report.column(file.table.file, name).add("written" if name in changed else "unchanged")


def _with_source(sheet: Sheet, row: ParsedRow, source: Source) -> dict[str, object]:
    if "reported" not in sheet.columns:
        return row.values
    kept, place = source(row)
    return {**row.values, "source_file": kept, "source_place": place}


def _count_refused(file: SheetFile, rows: list[ParsedRow], report: ImportReport) -> None:
    sound = {row.row.number for row in rows if row.is_sound}
    refused = [row for row in file.table.rows if row.number not in sound]
    report.rows["refused"] += len(refused)
    for row in refused:
        for name in row.cells:
            report.column(file.table.file, name).add("refused")


def _name_the_row(bound: OpenChangeSet, file: SheetFile, rows: list[ParsedRow], values: list[dict[str, object]], error: Exception) -> None:
    """The database refused rows as a whole: store them by halves (to be rolled back) to name each that it refuses."""
    if len(rows) == 1:
        message, column = _explained(file.sheet, error)
        file.table.wrong(message, "Correct the row." if column else "", rows[0].row.number, column)
        return
    refused, middle = False, len(rows) // 2
    for part in (slice(None, middle), slice(middle, None)):
        try:
            with transaction.atomic():
                store_rows(bound, file.sheet.model, values[part])
        except (DatabaseError, ValueError) as refusal:
            refused = True
            _name_the_row(bound, file, rows[part], values[part], refusal)
    if not refused:
        file.table.wrong(str(error).splitlines()[0], "")


def _explained(sheet: Sheet, error: Exception) -> tuple[str, str | None]:
    """What the database said, in words, with the column it is about where its constraint names one."""
    if isinstance(error, DatabaseError) and sqlstate(error) == SIGNED:
        return str(error).splitlines()[0] + " Give the row a new version number.", None
    diagnostics = getattr(error.__cause__, "diag", None)
    name = getattr(diagnostics, "constraint_name", None) or ""
    if not name:
        return str(error).splitlines()[0], getattr(diagnostics, "column_name", None)
    words = name.replace("_", " ")
    columns = [column for column in sheet.columns if column in name]
    return f"The database refuses the row: {words}.", columns[0] if columns else sheet.key[0]
