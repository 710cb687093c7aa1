"""The alignment matrix on the demonstration: the differences it was made with, those that are planted, and no other."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from holdfast.exchange.programme.loading import load_folder
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor, change_set
from holdfast.people.models import Person
from holdfast.programme.actions.class_difference import WhichDifference, class_difference
from holdfast.programme.models import AlignmentDecision, Product
from holdfast.programme.queries.alignment import AlignmentMatrix, Pair, alignment_of
from holdfast.project.home import example

pytestmark = [pytest.mark.django_db, pytest.mark.req("5.6")]
OPERATOR = Actor.operator("operator")
TODAY = date(2026, 11, 24)
US, EU = "IND-099201", "2025-599201-18-00"
COLD = "vapour phase of liquid nitrogen, at or below -150 C"
#: what the demonstration was made with
MADE = {("car_positive", "limit"), ("endotoxin", "limit"), (COLD, "stability commitment")}
#: sheets that say something about a registration; the batches of the demonstration say nothing about it
SHEETS = (
    *("organisations", "sites", "people", "products", "attributes", "specifications", "specification_tests", "procedures", "procedure_states"),
    *("processes", "registrations", "registration_contents", "registered_sites", "registered_procedures", "registered_stabilities"),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "programme"
    target.mkdir()
    shutil.copy(example("car-t") / "programme.yaml", target)
    for name in SHEETS:
        shutil.copy(example("car-t") / f"{name}.csv", target)
    return target


def load(folder: Path) -> None:
    report = load_folder(folder, OPERATOR, reason="test")
    assert report.problems == []


def replace(folder: Path, sheet: str, old: str, new: str) -> None:
    path = folder / f"{sheet}.csv"
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")


def matrix(on: date = TODAY) -> AlignmentMatrix:
    with viewing(Viewer.operator()):
        return alignment_of(Product.objects.get(), on)


def pair() -> Pair:
    (found,) = matrix().pairs
    return found


def found() -> set[tuple[str, str]]:
    return {one.difference.key for one in pair().differences}


def test_the_demonstration_differs_where_it_was_made_to_and_nowhere_else(folder: Path) -> None:
    load(folder)
    assert found() == MADE
    assert pair().cannot_tell == ()
    assert len(pair().attributes) == 12
    assert {one.difference_class for one in pair().differences} == {"unexplained"}
    assert [(c.side, c.subject) for c in pair().changes] == [(US, "car_positive"), (US, "endotoxin"), (US, COLD)]
    assert pair().changes[1].says == "Bacterial endotoxins: from not more than 5.0 EU/mL to not more than 3.5 EU/mL."


PLANTS: list[tuple[str, str, str, tuple[str, str], bool]] = [
    ("specification_tests", "SPC-201-EU@1,vcn,AP-105,nmt,,5.0,", "SPC-201-EU@1,vcn,AP-105,nmt,,4.0,", ("vcn", "limit"), True),
    ("specification_tests", "SPC-201-EU@1,viability,AP-101,nlt,70,", "SPC-201-EU@1,viability,AP-101,nlt,70.0,", ("viability", "precision"), True),
    ("specification_tests", "SPC-201-EU@1,mycoplasma,AP-203,", "SPC-201-EU@1,mycoplasma,AP-204,", ("mycoplasma", "method"), True),
    ("specification_tests", "SPC-201-EU@1,rcl,AP-106,", "SPC-201-EU@1,rcl,,", ("rcl", "method"), False),
    ("specification_tests", "SPC-201-EU@1,appearance,AP-100,one_of,,,,Clear", "SPC-201-EU@1,appearance,AP-100,one_of,,,,Turbid", ("appearance", "limit"), True),
    ("specification_tests", "SPC-201-EU@1,sterility,AP-201,one_of,,,,No growth,No growth\n", "", ("sterility", "tested"), True),
    ("registered_procedures", "2025-599201-18-00@4,AP-101@2\n", "", ("viability", "method version"), True),
    ("registered_procedures", "2025-599201-18-00@4,AP-105@1\n", "", ("vcn", "method version"), False),
    ("registered_stabilities", f'{EU}@4,"{COLD}",24', f'{EU}@4,"{COLD}",18', (COLD, "shelf life"), True),
]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda one: f"{one[3][0][:12]} {one[3][1]}")
def test_a_difference_planted_in_the_files_is_found_beside_those_and_no_other_is_invented(
    folder: Path, plant: tuple[str, str, str, tuple[str, str], bool]
) -> None:
    sheet, old, new, key, certain = plant
    replace(folder, sheet, old, new)
    load(folder)
    gaps = {one.key for one in pair().cannot_tell}
    # a version that only one side registers is proven to another extent: AP-101 version 1 is qualified, version 2 validated
    follows = {("viability", "validation state")} if key == ("viability", "method version") else set()
    assert (found() - MADE, gaps) == (({key} if certain else set()) | follows, set() if certain else {key})


def test_a_laboratory_that_one_side_does_not_name_is_found_for_the_product_and_its_tests_cannot_be_told(folder: Path) -> None:
    replace(folder, "registered_sites", "2025-599201-18-00@4,MGX-NL,release_testing\n", "")
    load(folder)
    assert found() - MADE == {("", "release site")}
    assert {one.key for one in pair().cannot_tell} == {("vcn", "validation state"), ("rcl", "validation state")}


def test_a_registration_without_content_in_force_on_the_day_is_compared_with_nothing(folder: Path) -> None:
    load(folder)
    (before,) = matrix(date(2025, 12, 31)).pairs
    assert (before.differences, [one.aspect for one in before.cannot_tell]) == ((), ["tested"])


def test_reading_the_matrix_takes_the_same_number_of_queries_whatever_it_holds(folder: Path) -> None:
    load(folder)
    with viewing(Viewer.operator()):
        product = Product.objects.select_related("record", "programme").get()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            alignment_of(product, TODAY)
    assert len(captured) == 8


WHICH = WhichDifference(US, EU, "endotoxin", "limit")
SEEN = ("not more than 5.0 EU/mL", "not more than 3.5 EU/mL")


def classed(which: WhichDifference = WHICH, **changes: object) -> None:
    values: dict[str, object] = {"difference_class": "scientific", "rationale": "The EU dose volume is larger.", "decision": "keep", "seen": SEEN, **changes}
    with viewing(Viewer.operator()):
        product, owner = Product.objects.select_related("programme").get(), Person.objects.get(number="PER-001")
    with change_set(OPERATOR, action="class difference", reason="review", programme=product.programme) as opened:
        class_difference(opened, product, which, owner=owner, **values)  # type: ignore[arg-type]


def endotoxin() -> tuple[str, str, str, bool]:
    (one,) = pair().of("endotoxin")
    return one.difference_class, one.decision, one.owner, one.outdated


def test_a_difference_is_classed_with_an_owner_and_a_decision(folder: Path) -> None:
    load(folder)
    classed()
    assert endotoxin() == ("scientific", "keep", "Quinn Adler", False)
    assert len(pair().unexplained) == len(MADE) - 1
    classed(difference_class="historical", decision="align")
    assert endotoxin()[:2] == ("historical", "align")


def test_when_a_value_changes_the_difference_is_unexplained_again(folder: Path) -> None:
    load(folder)
    classed()
    replace(folder, "specification_tests", "SPC-201-EU@1,endotoxin,AP-202,nmt,,3.5,", "SPC-201-EU@1,endotoxin,AP-202,nmt,,2.0,")
    load(folder)
    assert endotoxin() == ("unexplained", "", "Quinn Adler", True)


@pytest.mark.parametrize(
    ("which", "changes", "says"),
    [
        (WhichDifference(US, EU, "viability", "limit"), {}, "There is no difference in the limit of viability"),
        (WhichDifference(EU, US, "endotoxin", "limit"), {}, "There is no difference"),
        (WHICH, {"seen": ("not more than 5.0 EU/mL", "not more than 4 EU/mL")}, "has changed since you saw it"),
        (WHICH, {"difference_class": "unexplained"}, "no class of difference"),
        (WHICH, {"decision": "perhaps"}, "no decision"),
        (WHICH, {"rationale": " "}, "with a rationale"),
    ],
)
def test_what_cannot_be_classed_is_refused_and_nothing_is_kept(folder: Path, which: WhichDifference, changes: dict[str, object], says: str) -> None:
    load(folder)
    with pytest.raises(Refused, match=says):
        classed(which, **changes)
    with viewing(Viewer.operator()):
        assert AlignmentDecision.objects.count() == 0


def test_what_nobody_can_tell_is_not_classed(folder: Path) -> None:
    replace(folder, "specification_tests", "SPC-201-EU@1,rcl,AP-106,", "SPC-201-EU@1,rcl,,")
    load(folder)
    with pytest.raises(Refused, match="record what is missing first"):
        classed(WhichDifference(US, EU, "rcl", "method"), seen=None)
