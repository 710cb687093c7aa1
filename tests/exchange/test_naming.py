"""Attributes that come in find the dictionary: certain ones are filled in, unsure ones are asked about, and an answer is remembered."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from holdfast.exchange.programme.loading import load_folder
from holdfast.exchange.report import ImportReport
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.models import ChangeSet, Programme
from holdfast.people.models import Organisation
from holdfast.programme.actions.name_attributes import remember_name
from holdfast.programme.models import Attribute, AttributeName
from holdfast.project.home import example
from tests.standards.dictionary.test_matching import DEMONSTRATION

pytestmark = [pytest.mark.django_db, pytest.mark.req("5.5")]
OPERATOR = Actor.operator("operator")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of the demonstration what this is about: a whole programme takes longer and says no more."""
    target = tmp_path / "programme"
    target.mkdir()
    for name in ("programme.yaml", "organisations.csv", "attributes.csv"):
        shutil.copy(example("car-t") / name, target)
    return target


def load(folder: Path, supplied_by: str = "") -> ImportReport:
    return load_folder(folder, OPERATOR, reason="test", supplied_by=supplied_by)


def rename(folder: Path, old: str, new: str) -> None:
    path = folder / "attributes.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def entries() -> dict[str, str]:
    with viewing(Viewer.operator()):
        return dict(Attribute.objects.values_list("name", "dictionary_entry"))


def answer(name: str, entry: str, organisation: str = "", unit: str | None = None) -> None:
    with viewing(Viewer.operator()):
        programme = Programme.objects.get()
        whose = Organisation.objects.filter(number=organisation).first()
    with change_set(OPERATOR, action="match attribute", reason="a person said so", programme=programme) as opened:
        remember_name(opened, name, entry, organisation=whose, unit=unit)


def test_every_attribute_of_the_demonstration_is_filled_in_and_reported(folder: Path) -> None:
    report = load(folder)
    assert entries() == DEMONSTRATION
    assert {one.name: one.entry for one in report.attributes} == DEMONSTRATION
    assert {one.state for one in report.attributes} == {"certain"}
    assert any(note.startswith("Matched to the dictionary: ") and "Sterility is sterility" in note for note in report.notes)
    again = load(folder)
    assert (again.wrote, again.attributes) == (False, [])


def test_an_unsure_name_is_asked_about_with_candidates_and_is_not_guessed(folder: Path) -> None:
    rename(folder, "Potency: IFN-gamma on target engagement", "Potency")
    report = load(folder)
    assert entries()["Potency"] == ""
    (asked,) = [one for one in report.attributes if one.state == "ask"]
    assert "potency_ifn_gamma" in asked.candidates
    (question,) = [note for note in report.notes if note.startswith("Which attribute is 'Potency'?")]
    assert 'holdfast attribute match "Potency" ENTRY --programme FHT-201' in question
    assert report.as_dict()["attributes"]


def test_an_answer_fills_in_the_attribute_and_is_used_by_the_next_import(folder: Path) -> None:
    rename(folder, "Potency: IFN-gamma on target engagement", "Potency")
    load(folder)
    answer("potency", "potency_ifn_gamma")
    assert entries()["Potency"] == "potency_ifn_gamma"
    rename(folder, "potency_ifng,Potency", "potency_two,POTENCY")
    report = load(folder)
    assert [(one.name, one.state, one.entry) for one in report.attributes] == [("POTENCY", "remembered", "potency_ifn_gamma")]


def test_an_answer_for_one_organisation_holds_for_its_papers_only(folder: Path) -> None:
    load(folder)
    answer("Zellzahl", "total_nucleated_cells", "LKA")
    answer("Zellzahl", "viable_car_positive_cells", "BCW")
    with (folder / "attributes.csv").open("a", encoding="utf-8") as file:
        file.write("zellzahl,Zellzahl,dose,cell count,10*6.{cells}\n")
    without = load_folder(folder, OPERATOR, reason="test", check_only=True)
    assert [one.state for one in without.attributes] == ["unknown"]
    other = load_folder(folder, OPERATOR, reason="test", check_only=True, supplied_by="BCW")
    assert [(one.state, one.entry) for one in other.attributes] == [("remembered", "viable_car_positive_cells")]
    own = load(folder, "LKA")
    assert [(one.state, one.entry) for one in own.attributes] == [("remembered", "total_nucleated_cells")]
    assert entries()["Zellzahl"] == "total_nucleated_cells"


def test_none_of_them_is_an_answer_too_and_is_not_asked_again(folder: Path) -> None:
    load(folder)
    answer("Moon phase", "")
    with (folder / "attributes.csv").open("a", encoding="utf-8") as file:
        file.write("moon,Moon phase,other,word,\n")
    report = load(folder)
    assert [(one.state, one.entry) for one in report.attributes] == [("remembered", "")]
    assert not any(note.startswith("Which attribute") for note in report.notes)


@pytest.mark.parametrize(
    ("entry", "says"),
    [("phlogiston", "The dictionary has no entry 'phlogiston'"), ("vector_genome_titre", "% measures fraction, and Vector genome titre is reported in")],
)
def test_an_entry_given_in_the_file_is_checked(folder: Path, entry: str, says: str) -> None:
    path = folder / "attributes.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    lines = [f"{header},dictionary_entry", *(f"{row},{entry if row.startswith('viability,') else ''}" for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    report = load(folder)
    (problem,) = report.problems
    assert (problem.file, problem.row, problem.column) == ("attributes.csv", 4, "dictionary_entry")
    assert says in problem.message
    assert (report.wrote, entries()) == (False, {})


def test_an_organisation_that_does_not_exist_is_a_problem_and_nothing_is_written(folder: Path) -> None:
    report = load(folder, "NOBODY")
    assert [str(problem) for problem in report.problems] == ["--from: There is no organisation 'NOBODY'. Give the number of the organisation it came from."]
    assert (report.wrote, entries()) == (False, {})


@pytest.mark.parametrize(
    ("name", "entry", "says"),
    [("", "sterility", "needs the name"), ("Viability", "phlogiston", "no entry"), ("Viability after thaw", "vector_genome_titre", "measures fraction")],
)
def test_an_answer_that_cannot_be_is_refused_and_changes_nothing(folder: Path, name: str, entry: str, says: str) -> None:
    load(folder)
    with viewing(Viewer.operator()):
        before = ChangeSet.objects.count()
    with pytest.raises(Refused, match=says):
        answer(name, entry)
    with viewing(Viewer.operator()):
        assert (ChangeSet.objects.count(), AttributeName.objects.count()) == (before, 0)
    assert entries() == DEMONSTRATION
