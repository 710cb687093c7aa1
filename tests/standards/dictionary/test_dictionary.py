"""The dictionary as data: every unit, method, reference and code in it exists, and no name belongs to two."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from holdfast.kernel.unit import find_unit
from holdfast.standards.crosswalks.counterparts import find_compendial
from holdfast.standards.crosswalks.loading import compendia
from holdfast.standards.crosswalks.reference import parse_reference
from holdfast.standards.dictionary.loading import assemble, dictionary, read_entries, read_methods
from holdfast.standards.dictionary.names import key_of
from holdfast.standards.positions import PackProblem, read_positioned

pytestmark = pytest.mark.req("5.5")


def test_it_holds_at_least_a_hundred_and_sixty_attributes_in_every_field_of_work() -> None:
    whole = dictionary()
    assert len(whole.entries) >= 160
    assert {"Cells", "Viral vectors", "Microbiology and safety", "General and physico-chemical"} <= set(whole.groups)
    assert all(len(entry.definition) >= 15 for entry in whole.entries.values())


def test_kinds_keep_apart_what_ucum_does_not() -> None:
    entries = dictionary().entries
    kinds = [
        entries[name].kind for name in ("vector_genome_titre", "total_cell_concentration", "bioburden", "activity_iu", "vector_copy_number", "capsid_titre")
    ]
    assert len(set(kinds)) == len(kinds)
    assert find_unit("{vg}/mL").kind not in entries["total_cell_concentration"].kinds


def test_every_compendial_reference_of_the_dictionary_stands_in_the_crosswalk() -> None:
    for entry in dictionary().entries.values():
        for text in entry.compendial:
            home = {"USP": "EU", "Ph. Eur.": "US", "JP": "US"}[parse_reference(text).pharmacopoeia]
            assert find_compendial(compendia(), text, home).is_known, (entry.id, text)


def test_fhir_codes_are_those_of_the_published_value_set(shared_data: Path) -> None:
    published = json.loads((shared_data / "fhir-pq-cmc-fda/valuesets/ValueSet-pqcmc-test-category-terminology.json").read_text("utf-8"))
    include = published["compose"]["include"]
    codes = {concept["code"] for one in include for concept in one["concept"]}
    used = {entry.fhir for entry in dictionary().entries.values() if entry.fhir}
    assert used - codes == set()
    assert {one["system"] for one in include} == {dictionary().header.fhir_system}


METHODS = "dictionary: {id: d, version: 1.0.0, edition: e, fhir_system: s, fhir_value_set: v}\nfamilies:\n  - {id: lal, name: LAL, words: [lal]}\n"
ENTRY = """\
group: G
attributes:
  - {id: endotoxin, name: Endotoxin, definition: What it is, unit: %s, direction: upper, methods: [%s], compendial: [%s], confidence: high}
"""


@pytest.mark.parametrize(
    ("unit", "method", "reference", "says", "at"),
    [
        ("furlong", "lal", '"USP <85>"', "is not known", "furlong"),
        ("EU/mL", "alchemy", '"USP <85>"', "no family of methods", "alchemy"),
        ("EU/mL", "lal", '"2.6.14"', "names no pharmacopoeia", '"2.6.14"'),
        ("EU/mL, colour: red", "lal", "", "Extra inputs", "red"),
    ],
)
def test_a_mistake_is_shown_by_line_and_column(unit: str, method: str, reference: str, says: str, at: str) -> None:
    text = ENTRY % (unit, method, reference)
    with pytest.raises(PackProblem, match=says) as raised:
        read_entries(read_positioned("g.yaml", text), read_methods(read_positioned("m.yaml", METHODS)))
    assert (raised.value.file, raised.value.line, raised.value.column) == ("g.yaml", 3, text.splitlines()[2].index(at) + 1)


@pytest.mark.parametrize(
    ("names", "says"),
    [("synonyms: [Sterile test], ambiguous: []", "names both"), ("synonyms: [], ambiguous: [sterile-tests]", "also the own name")],
)
def test_a_name_of_two_entries_is_refused(names: str, says: str) -> None:
    row = "  - {id: %s, name: %s, definition: What it is, unit: '', direction: upper, %s, confidence: high}\n"
    text = "group: G\nattributes:\n" + row % ("one", "One", "synonyms: [sterile test]") + row % ("two", "Two", names)
    methods, document = read_methods(read_positioned("m.yaml", METHODS)), read_positioned("g.yaml", text)
    with pytest.raises(PackProblem, match=says) as raised:
        assemble(methods, [(document, read_entries(document, methods))])
    assert raised.value.line == 4


@pytest.mark.parametrize(
    "spellings",
    [
        ("IFN-gamma", "IFN gamma", "IFNγ", "ifn-γ", "IFN–Gamma"),
        ("CD3+", "CD3 +", "CD3 positive", "CD3-positive", "CD3(+)", "CD3⁺"),
        ("Vector genome titre", "vector genome titer", "Vector Genomes Titer"),
        ("Haematocrit", "hematocrit"),
        ("Particles ≥ 10 µm", "particles >= 10 um", "Particle >=10 μm"),
        ("Bacterial endotoxins", "bacterial endotoxin", "Bacterial Endotoxins."),
    ],
)
def test_spellings_of_one_name_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({key_of(text) for text in spellings}) == 1


def test_names_that_differ_in_what_they_say_keep_different_keys() -> None:
    assert len({key_of(text) for text in ("CD3+", "CD3-", "CD3", "CD4+")}) >= 3
    assert key_of(">= 10 um") != key_of("<= 10 um")
    assert key_of("") == key_of(" - ") == ""
