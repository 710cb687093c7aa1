"""Large sheets are read piece by piece: the same checks, the same answers, whatever a piece holds."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from holdfast.batch.models import Result
from holdfast.exchange.programme import pieces
from holdfast.exchange.programme.loading import load_folder
from holdfast.exchange.programme.sheets import all_sheets
from holdfast.exchange.report import ImportReport
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor
from holdfast.ledger.models import RowChange
from holdfast.project.home import example

pytestmark = [pytest.mark.django_db, pytest.mark.req("3.6")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(example("car-t"), tmp_path / "programme"))


@pytest.fixture
def in_pieces(monkeypatch: Any) -> None:
    monkeypatch.setattr(pieces, "LARGE", 0)
    monkeypatch.setattr(pieces, "ROWS", 25)


def load(folder: Path) -> ImportReport:
    return load_folder(folder, Actor.operator("operator"), reason="test")


def stored() -> list[tuple[Any, ...]]:
    with viewing(Viewer.operator()):
        return list(
            Result.objects.order_by("test_run__record__number", "attribute__code").values_list(
                "test_run__record__number", "attribute__code", "reported", "value", "digits", "scope_site_id", "source_place", "source_file__name"
            )
        )


def test_pieces_report_and_store_what_the_whole_does(folder: Path, in_pieces: None) -> None:
    report = load(folder)
    assert report.problems == []
    rows, found = report.as_dict()["rows"], stored()
    assert len(found) == 257
    with viewing(Viewer.operator()):
        assert RowChange.objects.filter(table_name="batch_result").count() == 257
    again = load(folder).as_dict()["rows"]
    assert (again["unchanged"], again["written"]) == (rows["written"], 0)


def test_the_report_is_the_same_either_way(folder: Path, monkeypatch: Any) -> None:
    whole = load_folder(folder, Actor.operator("operator"), reason="test", check_only=True).as_dict()
    monkeypatch.setattr(pieces, "LARGE", 0)
    monkeypatch.setattr(pieces, "ROWS", 25)
    assert load_folder(folder, Actor.operator("operator"), reason="test", check_only=True).as_dict() == whole


def test_a_row_that_repeats_one_of_an_earlier_piece_is_named_and_nothing_is_written(folder: Path, in_pieces: None) -> None:
    path = folder / "results.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[3]]) + "\n", "utf-8")
    report = load(folder)
    assert [(p.file, p.row, p.message) for p in report.problems] == [("results.csv", 259, "The row repeats row 4: RUN-DP-26-001-LKA-FIN-102 / car_positive.")]
    assert (report.wrote, stored()) == (False, [])


@pytest.mark.parametrize(
    ("old", "new", "column", "says"),
    [
        ("RUN-DP-26-020-", "RUN-DP-26-999-", "test_run", "There is no test run"),
        (",approved", ",aproved", "status", "not one of the words"),
    ],
)
def test_a_problem_in_a_late_piece_names_its_row(folder: Path, in_pieces: None, old: str, new: str, column: str, says: str) -> None:
    path = folder / "results.csv"
    lines = path.read_text("utf-8").splitlines()
    place = max(index for index, line in enumerate(lines) if old in line and "DP-26-020" in line)
    lines[place] = lines[place].replace(old, new)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    report = load(folder)
    assert [(p.file, p.row, p.column) for p in report.problems] == [("results.csv", place + 1, column)]
    assert says in report.problems[0].message
    assert stored() == []


def test_rows_that_the_database_refuses_are_each_named(folder: Path, in_pieces: None) -> None:
    path = folder / "batch_steps.csv"
    lines = path.read_text("utf-8").splitlines()
    for place in (40, 90):
        cells = lines[place].split(",")
        lines[place] = ",".join([*cells[:10], cells[11], cells[11], *cells[12:]])
    path.write_text("\n".join(lines) + "\n", "utf-8")
    report = load(folder)
    assert {(p.file, p.row) for p in report.problems} == {("batch_steps.csv", 41), ("batch_steps.csv", 91)}
    assert all("checked by somebody else" in p.message for p in report.problems)
    assert stored() == []


def test_only_a_sheet_that_no_other_names_is_read_in_pieces() -> None:
    sheets = all_sheets()
    assert pieces.is_named_by_none(sheets["results"])
    assert not pieces.is_named_by_none(sheets["test_runs"])
