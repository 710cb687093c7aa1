"""A mapping does not fit one data set only: other delimiters, marks and words; and every mistake is told at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.batch.models import Lot, LotUse, Result
from holdfast.exchange.mapping.loading import load_mapped
from holdfast.exchange.report import ImportReport
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.req("2.7")]

MAPPING = """
title: Cells
programme: {number: CELLS, name: Cells (fictional), is_fictional: true}
batch_number: "C-{}"
batch: {lot_kind: drug_product, made_at: S1}
sample: {laboratory: S1, stage: final_container}
test_run: {site: S1, state: approved}
sheets:
  organisations: [{number: O1, name: Fictional, kind: cdmo, country: DE}]
  sites: [{number: S1, organisation: O1, name: Site, address: Road 1, country: DE, time_zone: Europe/Berlin}]
  materials: [{number: MEDIUM, title: Medium, material_kind: reagent}]
tables:
  - file: zellen.txt
    delimiter: "|"
    encoding: latin-1
    decimal_mark: ","
    columns:
      Charge: {to: batch}
      Monat: {to: lot, field: manufactured_month, months: {märz: 3}}
      Viabilität: {to: result, attribute: viability, name: Viability, group: QC, unit: "%", category: viability}
      Medium: {to: input, material: MEDIUM, number: "M-{Medium}"}
      Notiz: {to: ignore, why: remarks are kept in the source file}
"""


def load(tmp_path: Path, table: str, mapping: str = MAPPING) -> ImportReport:
    (tmp_path / "zellen.txt").write_text(table, encoding="latin-1")
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    source = tmp_path / "source"
    source.mkdir(exist_ok=True)
    (tmp_path / "zellen.txt").rename(source / "zellen.txt")
    return load_mapped(source, tmp_path / "mapping.yaml", Actor.operator("operator"), reason="test")


def test_a_table_with_other_marks_and_words_comes_in_as_reported(tmp_path: Path) -> None:
    report = load(tmp_path, "Charge|Monat|Viabilität|Medium|Notiz\n1|März 26|84,50|7|gut\n2|März 26|<0,5|7|\n3|März 26| |8|x\n")
    assert report.problems == []
    assert report.as_dict()["cells"] == {"read": 15, "written": 11, "unchanged": 0, "refused": 0, "ignored": 4}
    with viewing(Viewer.operator()):
        found = [(r.reported, str(r.value.normalize()), r.censoring, r.digits) for r in Result.objects.order_by("pk") if r.value is not None]
        assert found == [("84.50", "84.5", "none", 2), ("<0.5", "0.5", "less_than", 1)]
        assert set(Lot.objects.filter(lot_kind="drug_product").values_list("manufactured_month", flat=True)) == {"2026-03"}
        assert sorted(LotUse.objects.values_list("parent__record__number", flat=True)) == ["M-7", "M-7", "M-8"]
        assert Result.objects.order_by("pk")[0].source_place == "row 2, column Viabilität"


@pytest.mark.parametrize(
    ("table", "row", "column", "says"),
    [
        ("Charge|Monat|Viabilität|Medium|Notiz|Neu\n1|März 26|84|7|gut|x\n", 1, "Neu", "does not say what becomes"),
        ("Charge|Monat|Viabilität|Medium\n1|März 26|84|7\n", 1, "Notiz", "does not have"),
        ("Charge|Monat|Viabilität|Medium|Notiz\n1|Mai 26|84|7|\n", 2, "Monat", "not a month"),
        ("Charge|Monat|Viabilität|Medium|Notiz\n1|März 26|84|7|\n1|März 26|84|7|\n", 3, "Charge", "stands twice"),
        ("Charge|Monat|Viabilität|Medium|Notiz\n|März 26|84|7|\n", 2, "Charge", "names no batch"),
        ("Charge|Monat|Viabilität|Medium|Notiz\n1|März 26|1.234,5|7|\n", 2, "Viabilität", "more than one way"),
    ],
)
def test_a_mistake_is_told_at_its_cell_and_nothing_is_written(tmp_path: Path, table: str, row: int, column: str, says: str) -> None:
    report = load(tmp_path, table)
    assert any(p.row == row and p.column == column and says in p.message for p in report.problems), [str(p) for p in report.problems]
    assert not report.wrote
    assert report.cells["written"] == 0
    with viewing(Viewer.operator()):
        assert Lot.objects.count() == 0


def test_a_mistake_in_the_mapping_is_told_by_line(tmp_path: Path) -> None:
    report = load(tmp_path, "Charge\n1\n", MAPPING.replace("{to: batch}", "{to: nowhere}"))
    assert [p.row for p in report.problems] == [18]
