"""A name finds its attribute for certain, asks, or is unknown; it never guesses."""

from __future__ import annotations

import csv

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some

from holdfast.project.home import example
from holdfast.standards.dictionary.loading import dictionary, own_names
from holdfast.standards.dictionary.matching import match_name
from holdfast.standards.dictionary.names import key_of

pytestmark = pytest.mark.req("5.5")

#: what each attribute of the demonstration is, decided by hand
DEMONSTRATION = {
    "Appearance": "appearance",
    "Identity: CAR transgene": "identity_transgene",
    "Viability after thaw": "cell_viability_post_thaw",
    "CAR-positive T cells": "car_positive_fraction",
    "T cells (CD3+)": "cd3_positive_fraction",
    "Viable CAR-positive T cells per bag": "viable_car_positive_cells",
    "Potency: IFN-gamma on target engagement": "potency_ifn_gamma",
    "Vector copy number": "vector_copy_number",
    "Replication-competent lentivirus": "rcl",
    "Sterility": "sterility",
    "Bacterial endotoxins": "endotoxin",
    "Mycoplasma": "mycoplasma",
}


def test_every_attribute_of_the_demonstration_is_certain_and_right() -> None:
    with (example("car-t") / "attributes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {row["name"]: match_name(dictionary(), row["name"], row["unit"]) for row in rows}
    assert {name: match.entry for name, match in found.items()} == DEMONSTRATION
    assert {match.outcome for match in found.values()} == {"certain"}


def test_of_a_strangers_table_nothing_is_certain_but_what_is_said_plainly() -> None:
    """Published tablet data, whose columns are abbreviations: of 45 names one is certain; the others ask or are unknown."""
    mapping = yaml.safe_load((example("mappings") / "tablets/mapping.yaml").read_text("utf-8"))
    named = [target for table in mapping["tables"] for target in table["columns"].values() if target["to"] == "result"]
    found = [match_name(dictionary(), target["name"], target["unit"]) for target in named]
    assert len(found) == 45
    assert [(match.name, match.entry) for match in found if match.outcome == "certain"] == [("batch yield", "step_yield")]
    assert all(match.candidates for match in found if match.outcome == "ask")


@pytest.mark.parametrize(
    ("name", "unit", "entry"),
    [
        ("VCN", None, "vector_copy_number"),
        ("IFNγ release", "%", "potency_ifn_gamma"),
        ("% CD3⁺", None, "cd3_positive_fraction"),
        ("Titer", "{vg}/mL", "vector_genome_titre"),
        ("Titre", "{TU}/mL", "infectious_titre_transducing"),
        ("TITER", "{PFU}/mL", "infectious_titre_pfu"),
        ("Viability", "%", "cell_viability"),
        ("HCP", "ng/mg", "host_cell_protein"),
        ("Endotoxin", "EU/mL", "endotoxin"),
    ],
)
def test_a_plain_name_is_certain_and_a_shared_one_is_decided_by_the_kind_of_its_unit(name: str, unit: str | None, entry: str) -> None:
    found = match_name(dictionary(), name, unit)
    assert (found.outcome, found.entry, found.candidates) == ("certain", entry, ())


@pytest.mark.parametrize(
    ("name", "unit", "method", "among"),
    [
        ("Potency", "%", None, "potency_binding"),
        ("Identity", "", None, "identity_transgene"),
        ("Titer", None, None, "vector_genome_titre"),
        ("Viability", "CFU/mL", None, "cell_viability"),  # the name is known, the unit contradicts it
        ("Mycoplasma (PCR)", "", None, "mycoplasma"),
        ("Particulate matter", None, None, "visible_particles"),
        ("CD19+", "%", None, "residual_b_cells"),  # in a starting material it would be no residue
    ],
)
def test_when_it_is_unsure_it_asks_with_candidates_and_reasons(name: str, unit: str | None, method: str | None, among: str) -> None:
    found = match_name(dictionary(), name, unit, method)
    assert (found.outcome, found.entry) == ("ask", "")
    assert among in {candidate.entry for candidate in found.candidates}
    assert all(candidate.reason for candidate in found.candidates)


def test_a_method_narrows_the_candidates_and_never_decides() -> None:
    wide = match_name(dictionary(), "Potency", "%")
    narrow = match_name(dictionary(), "Potency", "%", "Binding by SPR (Biacore)")
    assert [candidate.entry for candidate in narrow.candidates] == ["potency_binding"]
    assert narrow.outcome == "ask"
    assert len(wide.candidates) > 5


@pytest.mark.parametrize(("name", "unit"), [("Xyzzy", None), ("", "%"), ("  ", None), ("Viability", "furlong"), ("lactose sieve0045", "")])
def test_what_it_does_not_know_is_unknown(name: str, unit: str | None) -> None:
    found = match_name(dictionary(), name, unit)
    assert (found.outcome, found.entry, found.candidates) == ("unknown", "", ())
    assert found.reason


NAMES = [(name, entry) for entry in dictionary().entries.values() for name in own_names(entry)]


SPELLINGS = [str.upper, str.lower, str.title, lambda t: t.replace(" ", "-"), lambda t: f" {t}. ", lambda t: t.replace("-", " ")]


@given(some.sampled_from(NAMES), some.sampled_from(SPELLINGS))
def test_a_name_of_an_entry_is_never_certain_for_another_however_it_is_spelled(named: tuple[str, object], spell: object) -> None:
    name, entry = named
    found = match_name(dictionary(), spell(name), entry.unit)  # type: ignore[operator, attr-defined]
    assert found.outcome != "certain" or found.entry == entry.id  # type: ignore[attr-defined]


@given(some.sampled_from(NAMES), some.text(alphabet="abcdefgh ", min_size=4, max_size=12))
def test_a_name_with_something_added_is_certain_only_when_the_dictionary_knows_that_name_too(named: tuple[str, object], added: str) -> None:
    known = dictionary()
    found = match_name(known, f"{named[0]} {added}")
    if found.outcome == "certain":
        assert known.certain_names[key_of(f"{named[0]} {added}")] == found.entry


@given(some.text(max_size=60), some.one_of(some.none(), some.text(max_size=10)), some.one_of(some.none(), some.text(max_size=30)))
def test_any_name_is_answered_and_an_answer_is_consistent(name: str, unit: str | None, method: str | None) -> None:
    found = match_name(dictionary(), name, unit, method)
    assert (found.outcome == "certain") == bool(found.entry)
    assert (found.outcome == "ask") == bool(found.candidates)
    assert found.reason


@given(some.sampled_from(sorted(dictionary().shared_names)))
def test_a_shared_name_alone_always_asks(key: str) -> None:
    name = next(n for e in dictionary().entries.values() for n in e.ambiguous if key_of(n) == key)
    assert match_name(dictionary(), name).outcome == "ask"
