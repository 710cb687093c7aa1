"""Every shipped pack: its examples answer as they stand, no mutation of a condition survives them, every id comes from the source."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from holdfast.dossier.schema import Dossier
from holdfast.standards.examples import run_examples
from holdfast.standards.loading import Pack, load_pack, pack_names, shipped_packs
from holdfast.standards.mutate import surviving_mutants
from holdfast.standards.verdict import BLOCKING

pytestmark = [pytest.mark.req("2.8")]
NAMES = pack_names()
SOURCE = Path(__file__).resolve().parents[3] / "shared" / "rules.yaml"


def loaded(name: str) -> Pack:
    return load_pack(resources.files("holdfast.standards").joinpath("packs", name).read_text("utf-8"), Dossier, name)


def test_both_regions_have_a_pack() -> None:
    assert NAMES == ["eu_certification_phase2_atmp.yaml", "us_disposition_phase2_cell_therapy.yaml"]
    assert [len(pack.rules) >= 20 for pack in shipped_packs(Dossier)] == [True, True]


@pytest.mark.parametrize("name", NAMES)
def test_every_example_gives_the_answer_it_stands_under(name: str) -> None:
    assert run_examples(loaded(name)) == []


@pytest.mark.parametrize(("name", "rule"), [(name, index) for name in NAMES for index in range(len(loaded(name).rules))])
def test_no_mutation_of_a_condition_survives_the_examples(name: str, rule: int) -> None:
    pack = loaded(name)
    assert surviving_mutants(pack, pack.rules[rule], Dossier) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_is_cited_and_says_how_sure_the_citation_is(name: str) -> None:
    pack = loaded(name)
    assert pack.header.not_covered
    for rule in pack.rules:
        assert rule.text.says, rule.id
        assert all(cite.document and cite.confidence and cite.source_check for cite in rule.cite), rule.id
        law = any(cite.authority == "law" for cite in rule.cite)
        assert rule.text.override == "justified" or law or rule.text.severity in BLOCKING, rule.id


def test_an_atmp_is_never_judged_by_annex_16() -> None:
    text = resources.files("holdfast.standards").joinpath("packs", "eu_certification_phase2_atmp.yaml").read_text("utf-8")
    pack = loaded("eu_certification_phase2_atmp.yaml")
    assert not [rule.id for rule in pack.rules for cite in rule.cite if "Annex 16" in cite.document + cite.paragraph or "8179" in cite.document]
    assert "Part IV" in text


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_id_comes_from_the_source_of_rules(name: str) -> None:
    if not SOURCE.is_file():
        pytest.skip("the source of rules (../shared/rules.yaml) is not here")
    import yaml

    known = {rule["id"] for rule in yaml.safe_load(SOURCE.read_text("utf-8"))["rules"]}
    assert {rule.id for rule in loaded(name).rules} - known == set()
