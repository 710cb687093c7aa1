"""A programme as one workbook: the same record after a round trip, and every problem by sheet, row and column; a refusal changes nothing."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from hypothesis import example, given, settings
from hypothesis import strategies as some

from holdfast.exchange.programme.loading import load_folder, read_folder
from holdfast.exchange.programme.sheets import all_sheets
from holdfast.exchange.report import ImportReport
from holdfast.exchange.workbook import book, package, reading
from holdfast.exchange.workbook.reading import load_workbook, read_content
from holdfast.exchange.workbook.rows import NOT_VISIBLE, ProgrammeRows, SheetRows, programme_rows
from holdfast.exchange.workbook.writing import workbook_of, write_folder, write_workbook
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.install import regulated_models
from holdfast.ledger.models import ChangeSet, Detail, Programme, Record, StoredFile
from holdfast.ledger.verification import verify_ledger
from holdfast.people.models import Organisation, Person
from holdfast.project.home import example as example_folder
from tests.conftest import drop_database, make_database, point_django_at
from tests.exchange.books import SMALL, of_folder, workbook

pytestmark = [pytest.mark.req("3.7")]
OPERATOR = Actor.operator("operator")


def load(content: bytes, folder: Path, *, check: bool = False, name: str = "book.xlsx") -> ImportReport:
    path = folder / name
    path.write_bytes(content)
    return load_workbook(path, OPERATOR, reason="test", check_only=check)


def counts() -> tuple[int, int, int, int]:
    with viewing(Viewer.operator()):
        return Record.objects.count(), ChangeSet.objects.count(), StoredFile.objects.count(), Organisation.objects.count()


# The round trip.


@pytest.fixture
def second_database(server: Any, own_database: str, template_database: str) -> Iterator[Callable[[], None]]:
    """Call it to go on in a second, empty database."""
    name = f"{own_database}_second"
    make_database(server, name, template_database)
    yield lambda: point_django_at(server, name)
    point_django_at(server, own_database)
    connections["default"].close()
    drop_database(server, name)


def content() -> dict[str, list[dict[str, Any]]]:
    """Every regulated row by its table, keys of the database replaced by what they name; where a value was read is not content."""
    with viewing(Viewer.operator()):
        named = {model: {row.pk: _name(row) for row in model._base_manager.all()} for model in regulated_models()}
        return {
            model._meta.db_table: sorted((_facts(row, named) for row in model._base_manager.all()), key=repr)
            for model in regulated_models()
            if model is not StoredFile
        }


def _name(row: Any) -> str:
    if isinstance(row, Detail):
        return str(row.record)
    parts = [row]
    for path in row.natural_key or ("number",):
        value: Any = row
        for step in path.split("__"):
            value = getattr(value, step)
        parts.append(value)
    return "@".join(str(part) for part in parts[1:]) if row.natural_key else str(row)


def _facts(row: Any, named: dict[Any, dict[int, str]]) -> dict[str, Any]:
    facts = {}
    for field in row._meta.concrete_fields:
        if field.name in {"id", "source_file", "source_place", "scope_site_id"}:
            continue
        value = getattr(row, field.attname)
        facts[field.name] = named[field.related_model].get(value) if field.is_relation and field.related_model in named else value
    return facts


def test_a_programme_comes_back_the_same_through_a_workbook_in_an_empty_database(
    own_database: str, second_database: Callable[[], None], tmp_path: Path
) -> None:
    assert load_folder(example_folder("car-t"), OPERATOR, reason="test").problems == []
    before = content()
    with viewing(Viewer.operator()):
        programme = Programme.objects.get()
        write_folder(programme, tmp_path / "first")
        written = write_workbook(programme, tmp_path / "book.xlsx")
        assert (tmp_path / "book.xlsx").read_bytes() == workbook_of(programme_rows(programme))
    second_database()
    assert content() != before
    report = load_workbook(tmp_path / "book.xlsx", OPERATOR, reason="test")
    assert (report.problems, report.rows["refused"], report.rows["written"]) == ([], 0, written.count)
    after = content()
    left_out = [row for row in before["people_person"] if row not in after["people_person"]]
    assert [row["number"] for row in left_out] == ["PER-013"]  # holds no role and is named by nothing: the directory's, not the programme's
    before["people_person"] = [row for row in before["people_person"] if row not in left_out]
    assert after == before
    with viewing(Viewer.operator()):
        write_folder(Programme.objects.get(), tmp_path / "second")
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("first", "second"))
    assert (len(first), second) == (len(written.sheets) + 1, first)
    made = counts()
    again = load_workbook(tmp_path / "book.xlsx", OPERATOR, reason="test")
    assert (again.wrote, counts()) == (False, made)
    assert verify_ledger().findings == []


def test_the_worksheets_say_the_same_as_the_files_of_the_folder(own_database: str, tmp_path: Path) -> None:
    folder = example_folder("car-t")
    sheets = {
        "programme": [["number", "name", "is_fictional"], ["FHT-201", "fernicel, autologous CAR-T (fictional demonstration)", "yes"]],
        **of_folder(folder),
    }
    report = load(workbook(sheets), tmp_path)
    assert report.problems == []
    by_workbook = content()
    made = counts()
    again = load_folder(folder, OPERATOR, reason="test")
    assert (again.problems, again.wrote, counts()) == ([], False, made)
    assert content() == by_workbook


def read_back(rows: list[list[str]]) -> list[list[str]]:
    sheet = all_sheets()["organisations"]
    made = ProgrammeRows("FT-1", "Fictional", True, "", [SheetRows(sheet, rows)])
    report = ImportReport()
    _, files = read_content("book.xlsx", workbook_of(made), report)
    assert report.problems == []
    assert [problem for file in files for problem in file.table.problems] == []
    return [[row.cells[name] for name in sheet.columns] for row in files[0].table.rows]


NASTY = some.text(
    some.one_of(some.sampled_from("0=+-@'\"\t\n\r_x0041;,<>& \u00a0\u2028"), some.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff")),
    max_size=40,
)


@given(some.lists(some.tuples(some.sampled_from(["007", "=1+1", "A"]), NASTY, NASTY, NASTY).map(list), min_size=1, max_size=4))
@example([["0012", "=1+1", "+1", "-1"]])
@example([["1e5", "@SUM(A1)", "'quoted", " leading and trailing "]])
@example([["_x0041_", "_x005F_", "_x000D_", "x" * 32_767]])
@example([["a\nb", "a\r\nb", "a\rb", "\t\x01\x1f\x7f"]])
@example([["2026-03-12", "TRUE", "#DIV/0!", "12.10"]])
@settings(deadline=None, max_examples=60)
def test_any_text_comes_back_letter_by_letter(rows: list[list[str]]) -> None:
    assert read_back(rows) == rows


@pytest.mark.parametrize("text", ["x" * 32_768, "\ufffe", "\uffff"])
def test_what_no_cell_can_hold_is_refused_on_the_way_out(text: str) -> None:
    made = ProgrammeRows("FT-1", "Fictional", True, "", [SheetRows(all_sheets()["organisations"], [["ORG-1", text, "supplier", "US"]])])
    with pytest.raises(Refused, match="Sheet organisations, row 2, column name"):
        workbook_of(made)


def test_voided_rows_are_left_out_counted_and_said(own_database: str, tmp_path: Path) -> None:
    from holdfast.ledger.actions import void_record

    load_folder(example_folder("car-t"), OPERATOR, reason="test")
    with viewing(Viewer.operator()):
        lot = Record.objects.get(kind="lot", number="DP-26-001")
        programme = Programme.objects.get()
    with change_set(OPERATOR, action="void", reason="entered twice", programme=programme) as opened:
        void_record(opened, lot, "entered twice")
    with viewing(Viewer.operator()):
        made = programme_rows(programme)
    lots = next(one for one in made.sheets if one.sheet.name == "lots")
    assert "DP-26-001" not in {row[0] for row in lots.rows}
    assert "Left out, voided: 1 rows (lots 1)." in made.note
    assert "belongs to a voided row" in made.note


def test_who_sees_a_part_gets_a_part_that_says_so_and_cannot_be_taken_for_the_whole(demo: str, tmp_path: Path) -> None:
    with viewing(Viewer.operator()):
        whole = programme_rows(Programme.objects.get())
        nia = Person.objects.get(printed_name__startswith="Nia")
    with viewing(Viewer.person(nia.pk)):
        part = programme_rows(Programme.objects.get())
    assert part.count < whole.count
    assert "As seen by Nia" in part.note and "part of the programme" in part.note
    before = counts()
    if any(NOT_VISIBLE in row for one in part.sheets for row in one.rows):
        report = load(workbook_of(part), tmp_path)
        assert any(NOT_VISIBLE in problem.message for problem in report.problems)
        assert counts() == before


# What is wrong, and where.


def formula(text: str, value: Any) -> Callable[[Any, int, int], Any]:
    return lambda sheet, row, column: sheet.write_formula(row, column, text, None, value)


PROBLEMS: dict[str, tuple[dict[tuple[str, int, int], Any], str, int, str, str, str]] = {
    "an error cell": ({("organisations", 3, 2): formula("=1/0", "#DIV/0!")}, "organisations", 3, "name", "B", "Excel's error #DIV/0!"),
    "a formula": ({("organisations", 2, 2): formula('="Fictional"&" One"', "Fictional One")}, "organisations", 2, "name", "B", "a formula"),
    "a formula in the header": ({("organisations", 1, 2): formula('="name"', "name")}, "organisations", 1, "", "B", "a formula"),
    "a number in a text": ({("organisations", 2, 2): 12.10}, "organisations", 2, "name", "B", "the number 12.1: digits that were reported"),
    "a whole number in a text": ({("organisations", 2, 2): 12}, "organisations", 2, "name", "B", "the number 12: digits"),
    "more digits than Excel keeps": ({("organisations", 2, 1): 12345678901234567}, "organisations", 2, "number", "A", "digits"),
    "a logical value": ({("organisations", 2, 2): True}, "organisations", 2, "name", "B", "logical value TRUE"),
    "a number where a yes is due": ({("products", 2, 5): 2}, "products", 2, "is_atmp", "E", "neither yes nor no"),
    "an unknown word": ({("organisations", 3, 3): "sponser"}, "organisations", 3, "kind", "C", "not one of the words"),
    "an empty cell that must be filled": ({("organisations", 3, 2): ""}, "organisations", 3, "name", "B", "empty"),
    "an unknown reference": ({("people", 2, 3): "ORG-9"}, "people", 2, "organisation", "C", "There is no organisation 'ORG-9'"),
    "an unknown column": ({("organisations", 1, 5): "remarks"}, "organisations", 1, "remarks", "E", "no column 'remarks'"),
    "a missing column": ({("organisations", 1, 4): "land"}, "organisations", 1, "country", "", "missing"),
    "a column twice": ({("organisations", 1, 5): "name"}, "organisations", 1, "name", "E", "stands twice"),
    "a cell beyond the header": ({("organisations", 3, 7): "note to self"}, "organisations", 3, "", "G", "beyond the columns"),
    "a column without a name": ({("organisations", 1, 6): "remarks"}, "organisations", 1, "", "E", "no name"),
    "a row twice": ({("organisations", 3, 1): "ORG-1"}, "organisations", 3, "number", "A", "repeats row 2"),
    "a text that is too long": ({("organisations", 2, 2): "x" * 300}, "organisations", 2, "name", "B", "300 characters"),
    "a programme without a name": ({("programme", 2, 2): ""}, "programme", 2, "name", "B", "empty"),
    "a programme that is maybe fictional": ({("programme", 2, 3): "maybe"}, "programme", 2, "is_fictional", "C", "neither yes nor no"),
    "two programmes": ({("programme", 3, 1): "FT-2", ("programme", 3, 2): "Other"}, "programme", 1, "", "", "2 rows"),
}


@pytest.mark.parametrize("what", PROBLEMS)
@pytest.mark.django_db
def test_a_problem_names_sheet_row_and_column_and_nothing_is_written(what: str, tmp_path: Path) -> None:
    cells, sheet, row, column, letter, says = PROBLEMS[what]
    before = counts()
    report = load(workbook(cells=cells), tmp_path)
    found = [(p.file, p.sheet, p.row, p.column or "", p.letter or "", p.message) for p in report.problems]
    assert any(place[:5] == ("book.xlsx", sheet, row, column, letter) and says in place[5] for place in found), found
    assert (report.wrote, report.cells["written"], counts()) == (False, 0, before)
    shown = report.as_dict()["cells"]
    assert shown["read"] == shown["unchanged"] + shown["refused"] + shown["ignored"]


@pytest.mark.django_db
def test_a_place_in_a_workbook_reads_like_a_sentence(tmp_path: Path) -> None:
    report = load(workbook(cells={("people", 2, 3): "ORG-9"}), tmp_path)
    assert [str(problem) for problem in report.problems] == [
        "book.xlsx, sheet people, row 2, column organisation (C): There is no organisation 'ORG-9'. Add it to the sheet organisations, or correct the cell."
    ]


LOTS = [["number", "lot_kind", "manufactured_on", "shelf_life_months", "identity_tested"], ["LOT-1", "reagent", "2026-03-12", "24", "yes"]]


def _lot(cells: dict[tuple[str, int, int], Any], **options: Any) -> bytes:
    return workbook({**SMALL, "lots": LOTS}, cells, **options)


@pytest.mark.parametrize("options", [{}, {"date_1904": True}])
@pytest.mark.django_db
def test_a_real_date_a_whole_number_and_a_logical_value_are_taken_where_they_are_due(tmp_path: Path, options: dict[str, Any]) -> None:
    from holdfast.batch.models import Lot

    def finish(made: Any) -> None:
        made.get_worksheet_by_name("lots").write_datetime(1, 2, datetime.datetime(2026, 3, 12), made.add_format({"num_format": "dd.mm.yyyy"}))

    report = load(_lot({("lots", 2, 1): 230145, ("lots", 2, 4): 24, ("lots", 2, 5): True}, finish=finish, **options), tmp_path)
    assert report.problems == []
    with viewing(Viewer.operator()):
        lot = Lot.objects.select_related("record").get()
        assert (lot.record.number, str(lot.manufactured_on), lot.shelf_life_months, lot.identity_tested) == ("230145", "2026-03-12", 24, True)


@pytest.mark.parametrize(
    ("shown", "value", "column", "says"),
    [
        ("dd.mm.yyyy hh:mm", datetime.datetime(2026, 3, 12, 14, 5), 3, "is not a date"),
        ("hh:mm", datetime.time(14, 5), 3, "a time or a duration"),
        ("[h]:mm", datetime.timedelta(hours=30), 3, "a time or a duration"),
        ("dd.mm.yyyy", datetime.datetime(2026, 3, 12), 1, "the date 2026-03-12"),
        ("General", 46093, 3, "the number 46093, which says no day"),
        ("000000", 12, 1, "shown as 000000"),
    ],
)
@pytest.mark.django_db
def test_what_excel_made_of_a_cell_is_refused_where_it_says_something_else(tmp_path: Path, shown: str, value: Any, column: int, says: str) -> None:
    def finish(made: Any) -> None:
        sheet, form = made.get_worksheet_by_name("lots"), made.add_format({"num_format": shown})
        (sheet.write_number if isinstance(value, int) else sheet.write_datetime)(1, column - 1, value, form)

    before = counts()
    report = load(_lot({}, finish=finish), tmp_path)
    assert [(p.sheet, p.row, p.letter) for p in report.problems] == [("lots", 2, "ABC"[column - 1])]
    assert says in report.problems[0].message
    assert counts() == before


@pytest.mark.django_db
def test_merged_cells_are_named_and_hidden_sheets_are_read_and_said(tmp_path: Path) -> None:
    merged = load(workbook(finish=lambda made: made.get_worksheet_by_name("organisations").merge_range("A4:B5", "ORG-3")), tmp_path)
    assert [(p.sheet, p.row) for p in merged.problems if "A4:B5 are merged" in p.message] == [("organisations", 4)]
    hidden = load(workbook(finish=lambda made: made.get_worksheet_by_name("people").hide()), tmp_path)
    assert hidden.problems == []
    assert hidden.notes == ["The worksheet people is hidden; it was read like the others."]
    very = load(workbook(cells={("people", 2, 2): "Other"}, finish=lambda made: made.get_worksheet_by_name("people").very_hidden()), tmp_path)
    assert (very.problems, very.wrote, very.notes) == ([], True, ["The worksheet people is hidden; it was read like the others."])


@pytest.mark.parametrize(
    ("sheet", "says"),
    [("signatures", "never imported"), ("decisions", "never imported"), ("Sheet1", "no sheet of a programme"), ("Organisations", "no sheet of a programme")],
)
@pytest.mark.django_db
def test_a_worksheet_that_is_no_sheet_is_refused_by_name(tmp_path: Path, sheet: str, says: str) -> None:
    before = counts()
    sheets = {name: rows for name, rows in SMALL.items() if name.lower() != sheet.lower()} | {sheet: [["number"], ["1"]]}
    report = load(workbook(sheets), tmp_path)
    assert [says in p.message for p in report.problems if p.sheet == sheet] == [True]
    assert (report.wrote, counts()) == (False, before)


@pytest.mark.django_db
def test_a_workbook_without_a_programme_and_an_empty_worksheet_are_refused(tmp_path: Path) -> None:
    without = load(workbook({"organisations": SMALL["organisations"]}), tmp_path)
    assert [(p.sheet, p.message) for p in without.problems] == [("programme", "The worksheet programme is missing.")]
    empty = load(workbook({**SMALL, "sites": []}), tmp_path)
    assert [(p.sheet, p.row, p.message) for p in empty.problems] == [("sites", 1, "The worksheet is empty.")]


@pytest.mark.django_db
def test_rows_with_nothing_in_them_are_no_rows(tmp_path: Path) -> None:
    report = load(
        workbook(cells={("organisations", 9, 1): "ORG-9", ("organisations", 9, 2): "N", ("organisations", 9, 3): "cdmo", ("organisations", 9, 4): "DE"}),
        tmp_path,
    )
    assert (report.problems, report.rows["written"]) == ([], 5)


@pytest.mark.django_db
def test_a_check_and_the_same_workbook_twice_change_nothing(tmp_path: Path) -> None:
    before = counts()
    checked = load(workbook(), tmp_path, check=True)
    assert (checked.problems, checked.wrote, counts()) == ([], False, before)
    assert load(workbook(), tmp_path).wrote
    after = counts()
    assert (load(workbook(), tmp_path).wrote, counts()) == (False, after)


# Files that are no workbook, or mean harm.


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def replaced(part: str, old: bytes, new: bytes) -> bytes:
    """The small workbook with some bytes of a part replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            assert name != part or old in content
            target.writestr(name, content.replace(old, new) if name == part else content)
    return stream.getvalue()


SHEET2 = "xl/worksheets/sheet2.xml"
BOMB = b'<!DOCTYPE x [<!ENTITY a "' + b"ha" * 1000 + b'"><!ENTITY b "' + b"&a;" * 1000 + b'">]>'
HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "nothing": ("book.xlsx", b"", "not a workbook"),
    "text": ("book.xlsx", b"number,name\n", "not a workbook"),
    "a password, or an old kind": ("book.xlsx", package.OLE + bytes(512), "has a password, or is of an older kind"),
    "an old kind by name": ("book.xls", package.OLE + bytes(512), "Only workbooks of the kind .xlsx are read"),
    "LibreOffice's own kind": ("book.ods", zipped(**{"content.xml": b"<a/>"}), "Only workbooks of the kind .xlsx are read"),
    "a kind with macros": ("book.xlsm", workbook(), "Only workbooks of the kind .xlsx are read"),
    "LibreOffice's own kind renamed": ("book.xlsx", zipped(**{"content.xml": b"<a/>"}), "a zip, but no workbook"),
    "cut short": ("book.xlsx", workbook()[:-200], "is not whole"),
    "a flipped byte": ("book.xlsx", workbook()[:400] + bytes([workbook()[400] ^ 1]) + workbook()[401:], "not"),
    "a part that swells": ("book.xlsx", zipped(**{"xl/workbook.xml": bytes(package.MOST_BYTES + 1)}), "MB"),
    "thousands of parts": ("book.xlsx", zipped(**{f"p{n}.xml": b"" for n in range(package.MOST_PARTS + 1)}), "parts"),
    "entities": ("book.xlsx", replaced("xl/workbook.xml", b"<workbook", BOMB + b"<workbook"), "document type"),
    "a cell at the end of the world": ("book.xlsx", replaced(SHEET2, b'<c r="A3"', b'<c r="XFD1048576"'), "reaches to cell XFD1048576"),
    "a cell nowhere": ("book.xlsx", replaced(SHEET2, b'<c r="A3"', b'<c r="Nowhere"'), "stands at"),
    "a row nowhere": ("book.xlsx", replaced(SHEET2, b'<row r="3"', b'<row r="-3"'), "its number is"),
    "a string that is not there": ("book.xlsx", replaced(SHEET2, b"<v>", b"<v>9999"), "cannot be read"),
    "no worksheet behind the name": ("book.xlsx", replaced("xl/_rels/workbook.xml.rels", b"sheet2.xml", b"sheet9.xml"), ""),
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.django_db
def test_a_file_that_is_no_workbook_is_refused_in_words_and_changes_nothing(what: str, tmp_path: Path) -> None:
    name, hostile, says = HOSTILE[what]
    before = counts()
    report = load(hostile, tmp_path, name=name)
    assert report.problems and all(problem.file == name for problem in report.problems)
    assert any(says in problem.message for problem in report.problems), report.problems
    assert all(problem.advice for problem in report.problems if "Only workbooks" in problem.message or "password" in problem.message)
    assert (report.wrote, counts()) == (False, before)


@pytest.mark.django_db
def test_a_sheet_as_large_as_excel_allows_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MOST_CELLS", 100)
    report = load(workbook(cells={("organisations", 60, 2): "far below"}), tmp_path)
    assert [(p.sheet, "reaches to cell D60" in p.message) for p in report.problems] == [("organisations", True)]
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    assert "larger than" in load(workbook(), tmp_path).problems[0].message


@given(some.binary(max_size=400))
@settings(deadline=None, max_examples=60)
def test_no_bytes_make_the_reader_fail_otherwise_than_with_a_problem(content: bytes) -> None:
    report = ImportReport()
    head, _ = read_content("book.xlsx", content, report)
    assert (head, len(report.problems)) == (None, 1)


WHOLE = workbook()


@given(some.integers(0, len(WHOLE) - 1), some.integers(1, 255))
@settings(deadline=None, max_examples=120)
def test_a_workbook_with_a_flipped_byte_is_read_the_same_or_refused(place: int, flip: int) -> None:
    altered = bytearray(WHOLE)
    altered[place] ^= flip
    report, sound = ImportReport(), ImportReport()
    head, files = read_content("book.xlsx", bytes(altered), report)
    wrong = report.problems or [problem for file in files for problem in file.table.problems]
    if not wrong:
        expected, same = read_content("book.xlsx", WHOLE, sound)
        assert (head, [(f.sheet.name, f.table.rows) for f in files]) == (expected, [(f.sheet.name, f.table.rows) for f in same])


def test_the_folder_reader_still_names_files_and_not_sheets(tmp_path: Path) -> None:
    report = ImportReport()
    (tmp_path / "programme.yaml").write_text("number: FT-1\nname: Fictional\n")
    (tmp_path / "organisations.csv").write_text("number,name\nORG-1\n")
    _, files = read_folder(tmp_path, report)
    assert [(p.file, p.sheet, p.row) for p in files[0].table.problems] == [("organisations.csv", None, 2)]
