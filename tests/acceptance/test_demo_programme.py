"""The demonstration programme: its named batches fail the rules they were made to fail, and no others."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from holdfast.exchange.programme.loading import load_folder
from holdfast.kernel.clock import today
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor
from holdfast.ledger.models import Programme
from holdfast.project.home import example
from holdfast.release.models import Decision
from holdfast.release.queries import board

pytestmark = [pytest.mark.req("2.11")]

#: batch, destination, and the rules it must fail (`?`: answers "cannot tell")
NAMED = {
    "DP-26-001": {"US": set(), "EU": set()},  # clean in both regions
    "DP-26-002": {"US": set(), "EU": {"EU-CRT-039"}},  # US only: EU donor testing incomplete
    "DP-26-003": {"US": {"CHG-023"}, "EU": set()},  # EU only: a change never filed in the US
    "DP-26-004": {"US": {"US-DSP-007", "US-DSP-008", "US-DSP-032"}, "EU": {"EU-CRT-014"}},  # viability 58.3 %
    "DP-26-005": {
        "US": {"US-DSP-007?", "US-DSP-008?", "US-DSP-006?", "US-DSP-010?", "MTH-001?"},
        "EU": {"EU-CRT-014?", "EU-CRT-017?", "EU-CRT-050?", "MTH-001?"},
    },
    "DP-26-006": {"US": set(), "EU": {"EU-CRT-026"}},  # GMP certificate expired between manufacture and decision
    "DP-26-013": {"US": {"IDN-001"}, "EU": {"IDN-001"}},
    "DP-26-014": {"US": set(), "EU": set()},  # '<' results
    "DP-26-017": {"US": {"US-DSP-014"}, "EU": {"EU-CRT-008"}},
    "DP-26-019": {"US": {"US-DSP-041"}, "EU": set()},
}


def answers() -> dict[str, dict[str, dict[str, str]]]:
    """Rule answers by batch and destination."""
    with viewing(Viewer.operator()):
        rows = board(Programme.objects.get())
        return {row.lot.record.number: {name: {r.id: r.answer for r in cell.rules} for name, cell in row.cells.items()} for row in rows}


def failing(judged: dict[str, str]) -> set[str]:
    return {rule + ("?" if answer == "cannot tell" else "") for rule, answer in judged.items() if answer in {"not met", "cannot tell"}}


def test_each_named_batch_fails_exactly_the_rules_it_was_made_to_fail(demo: str) -> None:
    found = answers()
    assert {number: {name: failing(judged) for name, judged in found[number].items()} for number in NAMED} == NAMED


def test_there_are_24_batches_and_two_of_them_are_decided_by_people_who_signed(demo: str) -> None:
    with viewing(Viewer.operator()):
        states = {row.lot.record.number: {name: cell.state for name, cell in row.cells.items()} for row in board(Programme.objects.get())}
        signed = list(Decision.objects.order_by("pk").values_list("lot__record__number", "question", "outcome", "signature__printed_name"))
    assert len(states) == 24
    assert states["DP-26-007"] == {"US": "decided", "EU": "decided"}
    assert states["DP-26-008"]["US"] == "decided"
    assert ("DP-26-007", "us_disposition", "released", "Quinn Adler") in signed
    assert ("DP-26-007", "eu_certification", "certified", "Femke Waterman") in signed


def test_the_files_are_what_the_generator_writes_with_its_fixed_seed(tmp_path: Path) -> None:
    folder = example("car-t")
    subprocess.run([sys.executable, str(folder / "generator"), str(tmp_path)], check=True)
    written = {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.csv")}
    assert len(written) > 50
    assert written == {path.name: path.read_text("utf-8") for path in folder.glob("*.csv")}


def edited(folder: Path, sheet: str, wanted: dict[str, str], change: dict[str, str]) -> None:
    """Change cells of the one row that matches."""
    path = folder / f"{sheet}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, columns = list(reader), list(reader.fieldnames or [])
    matching = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    assert len(matching) == 1
    matching[0].update(change)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize(
    ("sheet", "row", "change", "expected"),
    [
        ("donor_eligibilities", {"number": "DON-APH-26-001"}, {"eu_testing_complete": "no"}, {("DP-26-001", "EU", "EU-CRT-039", "not met")}),
        ("labels", {"number": "LBL-DP-26-001"}, {"destroyed": "1"}, {("DP-26-001", "US", "US-DSP-019", "not met")}),
        ("reserve_samples", {"number": "RSV-DP-26-001"}, {"retained_until": "2029-12-31"}, {("DP-26-001", "EU", "EU-CRT-045", "not met")}),
        ("batch_steps", {"batch_record": "BR-DP-26-001", "sequence": "2"}, {"equipment_in_calibration": "no"}, {("DP-26-001", "US", "US-DSP-015", "not met")}),
        ("completeness_statements", {"number": "CST-DP-26-001-site_releases"}, {"complete_to": "2026-01-01"}, set()),
    ],
)
def test_changing_one_source_row_and_importing_again_changes_that_rules_answer_and_no_other(
    demo: str, tmp_path: Path, sheet: str, row: dict[str, str], change: dict[str, str], expected: set[tuple[str, str, str, str]]
) -> None:
    before = answers()
    folder = tmp_path / "programme"
    shutil.copytree(example("car-t"), folder)
    edited(folder, sheet, row, change)
    report = load_folder(folder, Actor.operator("operator"), reason="one cell changed")
    assert report.problems == []
    assert report.rows["written"] == 1
    after = answers()
    changed = {
        (number, place, rule, answer)
        for number, places in after.items()
        for place, judged in places.items()
        for rule, answer in judged.items()
        if before[number][place].get(rule) != answer
    }
    assert changed == expected


def test_importing_the_same_folder_again_changes_nothing_and_says_so(demo: str) -> None:
    before = answers()
    report = load_folder(example("car-t"), Actor.operator("operator"), reason="again")
    assert (report.wrote, report.problems, report.rows["written"]) == (False, [], 0)
    assert report.rows["unchanged"] == sum(report.rows.values())
    assert answers() == before


@pytest.mark.req("3.6")
def test_a_brief_verdict_is_the_whole_one_without_its_reasons(demo: str) -> None:
    from holdfast.dossier.canonical import dossier_json
    from holdfast.release.dossiers import build_dossiers
    from holdfast.release.packs import packs_in_force
    from holdfast.standards.judge import judge, judge_briefly

    with viewing(Viewer.operator()):
        programme = Programme.objects.get()
        lots = [row.lot.pk for row in board(programme)]
        packs = packs_in_force(programme, today())
        for question, region in (("us_disposition", "US"), ("eu_certification", "EU"), ("sponsor_release", "EU")):
            for dossier in build_dossiers(programme, lots, question, region, today()).values():
                document = dossier_json(dossier)
                whole, brief = judge(packs.on(document), document), judge_briefly(packs.on(document), document)
                unknown = tuple(rule.id for rule in whole.rules if rule.is_open)
                assert (brief.state, brief.blockers, brief.unknown) == (whole.state, tuple(r.id for r in whole.rules if r.blocks), unknown)
