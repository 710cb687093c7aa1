"""A programme folder: every problem by file, row and column; all or nothing; the same twice changes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from holdfast.exchange.programme.loading import load_folder
from holdfast.exchange.report import ImportReport
from holdfast.exchange.table import read_delimited
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor
from holdfast.ledger.models import ChangeSet, Record, StoredFile
from holdfast.people.models import Organisation
from holdfast.project.home import example

pytestmark = [pytest.mark.django_db, pytest.mark.req("2.7")]
OPERATOR = Actor.operator("operator")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "programme"
    shutil.copytree(example("car-t"), target)
    return target


def load(folder: Path, check: bool = False) -> ImportReport:
    return load_folder(folder, OPERATOR, reason="test", check_only=check)


def counts() -> tuple[int, int, int]:
    with viewing(Viewer.operator()):
        return Record.objects.count(), ChangeSet.objects.count(), StoredFile.objects.count()


def replace(folder: Path, sheet: str, old: str, new: str) -> None:
    path = folder / f"{sheet}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_check_writes_nothing_and_finds_nothing_wrong_with_the_demonstration(folder: Path) -> None:
    before = counts()
    report = load(folder, check=True)
    assert (report.problems, report.wrote, counts()) == ([], False, before)


@pytest.mark.parametrize(
    ("sheet", "old", "new", "row", "column", "says"),
    [
        ("lots", "2028-06-30", "30/06/2028", 2, "expires_on", "is not a date"),
        ("sites", "FHT-BOS,FHT,", "FHT-BOS,NOBODY,", 2, "organisation", "There is no organisation 'NOBODY'"),
        ("organisations", "sponsor", "sponser", 2, "kind", "not one of the words"),
        ("results", "Clear to slightly opaque", '"5,3"', 2, "reported", "more than one way"),
        ("results", ",%,", ",percent of cells,", 3, "unit", "is not known"),
        ("products", "yes,yes", "yes,maybe", 2, "contains_cells_or_tissues", "neither yes nor no"),
        ("test_runs", "PER-051", "PER-052", 2, "reviewer", "reviewed by somebody else"),
        ("batch_steps", "2026-03-09T09:00:00+00:00", "2026-03-09T09:00:00", 2, "started_at", "no offset"),
    ],
)
def test_a_problem_names_file_row_and_column_and_nothing_is_written(folder: Path, sheet: str, old: str, new: str, row: int, column: str, says: str) -> None:
    before = counts()
    replace(folder, sheet, old, new)
    report = load(folder)
    found = [(p.file, p.row, p.column, p.message) for p in report.problems]
    assert any(f == f"{sheet}.csv" and r == row and says in m and (c == column or column == "reviewer") for f, r, c, m in found), found
    assert (report.wrote, report.cells["written"], counts()) == (False, 0, before)


@pytest.mark.parametrize(
    ("name", "says"),
    [("signatures.csv", "never imported"), ("decisions.yaml", "never imported"), ("notes.txt", "no sheet"), ("lots.yaml", "stands twice")],
)
def test_a_file_that_is_no_sheet_is_refused_by_name(folder: Path, name: str, says: str) -> None:
    (folder / name).write_text("x: 1\n")
    report = load(folder)
    assert [says in p.message for p in report.problems if p.file == name] == [True]
    assert not report.wrote


def test_the_same_folder_twice_leaves_no_change_set_behind(folder: Path) -> None:
    assert load(folder).wrote
    before = counts()
    again = load(folder)
    assert (again.wrote, again.rows["written"], counts()) == (False, 0, before)


def test_source_files_are_kept_byte_for_byte_with_their_digest(folder: Path) -> None:
    report = load(folder)
    by_name = {f["name"]: f["sha256"] for f in report.files}
    with viewing(Viewer.operator()):
        kept = StoredFile.objects.get(name="results.csv")
        assert (bytes(kept.content), kept.sha256) == ((folder / "results.csv").read_bytes(), by_name["results.csv"])


def test_every_cell_read_is_written_unchanged_refused_or_ignored(folder: Path) -> None:
    replace(folder, "organisations", "Fernhill Therapeutics (fictional)", "Renamed (fictional)")
    for report in (load(folder), load(folder)):
        shown = report.as_dict()["cells"]
        assert shown["read"] == shown["written"] + shown["unchanged"] + shown["refused"] + shown["ignored"]


def test_an_empty_end_of_validity_is_not_open_ended(folder: Path) -> None:
    replace(folder, "authorisations", ",2022-01-01,open-ended", ",2022-01-01,")
    assert load(folder).problems == []
    with viewing(Viewer.operator()):
        from holdfast.programme.models import SiteAuthorisation

        rows = SiteAuthorisation.objects.filter(valid_from="2022-01-01", valid_until__isnull=True)
        assert sorted({row.until_stated for row in rows}) == [False, True]
        assert Organisation.objects.count() == 15


@given(some.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(content: bytes) -> None:
    table = read_delimited("x.csv", content)
    assert table.problems or all(set(row.cells) == set(table.columns) for row in table.rows)
    assert all(problem.file == "x.csv" and problem.message for problem in table.problems)


@given(
    some.lists(some.lists(some.text(alphabet=some.characters(blacklist_characters="\x00\r", blacklist_categories=["Cs"])), min_size=3, max_size=3), max_size=6)
)
def test_what_is_written_as_csv_is_read_as_it_was(rows: list[list[str]]) -> None:
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(["a", "b", "c"])
    writer.writerows(rows)
    table = read_delimited("x.csv", buffer.getvalue().encode("utf-8"))
    assert table.problems == []
    assert [list(row.cells.values()) for row in table.rows] == rows
