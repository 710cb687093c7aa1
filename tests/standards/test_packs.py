"""Every shipped pack: its examples answer as they stand, no mutation of a condition survives them, every document is known, every id has one place."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from holdfast.dossier.schema import Dossier
from holdfast.standards.checking import check_pack
from holdfast.standards.completeness import as_judged, list_counts
from holdfast.standards.judge import answer_of
from holdfast.standards.library import ON_BY_DEFAULT, default_packs, known_documents, not_judged, pack_names, rule_ids, shipped_pack, shipped_packs
from holdfast.standards.loading import Pack
from holdfast.standards.pack import RANK
from holdfast.standards.verdict import BLOCKING

pytestmark = [pytest.mark.req("2.8")]
NAMES = pack_names()
#: kept because decisions were made by them; what they say is said again, for every phase, in the packs beside them
FIRST_EDITIONS = set(ON_BY_DEFAULT)


def loaded(name: str) -> Pack:
    return shipped_pack(name, Dossier)


def test_both_regions_have_a_pack_by_default_and_no_draft_is_among_them() -> None:
    packs = default_packs(Dossier)
    assert [pack.id for pack in packs] == ["eu_certification_phase2_atmp", "us_disposition_phase2_cell_therapy"]
    assert {pack.status for pack in packs} == {"in_force"}
    assert {rule.text.status for pack in packs for rule in pack.rules} == {"in_force"}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_pack_is_unknown_unused_or_unproven(name: str) -> None:
    assert [str(finding) for finding in check_pack(loaded(name), Dossier)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_says_something_and_only_law_or_what_blocks_may_not_be_justified(name: str) -> None:
    pack = loaded(name)
    for rule in pack.rules:
        assert rule.text.says, rule.id
        assert rule.text.override == "justified" or rule.text.authority == "law" or rule.text.severity in BLOCKING, rule.id


@pytest.mark.parametrize("name", NAMES)
def test_law_guideline_convention_and_draft_are_told_apart(name: str) -> None:
    """A citation is never stronger than the document it cites, and a draft stands only in a pack that says so."""
    known = known_documents()
    for rule in loaded(name).rules:
        for cite in rule.cite:
            document = known[cite.document]
            weaker_is_fine = RANK.index(cite.authority) >= RANK.index(document.authority) or name in FIRST_EDITIONS
            assert weaker_is_fine, (rule.id, cite.document, cite.authority)
            if document.status != "in_force" and rule.text.authority == "draft":
                assert loaded(name).status != "in_force", rule.id


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.req("5.9")
def test_taking_evidence_away_never_makes_a_rule_met(name: str) -> None:
    """Every field and every row of every example that is not met or cannot be told, taken away one by one."""
    for rule in loaded(name).rules:
        if rule.text.exemption:
            continue
        for expected, _, example in rule.text.worked_examples:
            if expected in {"not met", "cannot tell"}:
                counted = {**example, "scope": {**example.get("scope", {}), "counts": list_counts(example)}}
                for path, poorer in without_each(counted):
                    assert answer_of(rule, as_judged(poorer))[0] != "met", (rule.id, expected, path)


def without_each(item: Any, path: str = "") -> Any:
    """The item without each of its fields and rows in turn, however deep; what is counted stays."""
    parts = list(item.items()) if isinstance(item, dict) else list(enumerate(item))
    for key, value in parts:
        if (path, key) == ("", "scope"):
            continue
        where = f"{path}.{key}".lstrip(".")
        rest = {k: v for k, v in item.items() if k != key} if isinstance(item, dict) else [v for i, v in parts if i != key]
        yield where, rest
        if isinstance(value, (dict, list)):
            for inner_path, inner in without_each(value, where):
                yield inner_path, {**item, key: inner} if isinstance(item, dict) else [*item[:key], inner, *item[key + 1 :]]


def test_an_atmp_is_never_judged_by_annex_16() -> None:
    pack = loaded("eu_certification/phase2_atmp.yaml")
    assert not [rule.id for rule in pack.rules for cite in rule.cite if "Annex 16" in cite.document + cite.paragraph or "8179" in cite.document]


@pytest.mark.req("5.1")
def test_every_rule_known_has_exactly_one_place() -> None:
    """A rule is in a pack for each question that asks it, or among those that records cannot answer, with the reason; never in both."""
    known = rule_ids()
    assert len(known) == len(set(known)) == 290
    in_packs = {rule.id for pack in shipped_packs(Dossier) for rule in pack.rules}
    unjudged = [item.id for item in not_judged()]
    assert len(unjudged) == len(set(unjudged))
    assert in_packs & set(unjudged) == set()
    assert (in_packs | set(unjudged)) - set(known) == set()
    assert [rule for rule in known if rule not in in_packs | set(unjudged)] == []
    assert all(len(item.why) > 20 for item in not_judged())


def test_no_two_packs_ask_the_same_rule_for_the_same_question() -> None:
    keys = Counter((rule.id, rule.text.question) for pack in shipped_packs(Dossier) for rule in pack.rules if pack.document.file not in FIRST_EDITIONS)
    assert [key for key, number in keys.items() if number > 1] == []
    ids = Counter(pack.id for pack in shipped_packs(Dossier))
    assert [key for key, number in ids.items() if number > 1] == []


ATMPS = {"cell_therapy", "gene_modified_cell", "genome_edited", "in_vivo_gene_therapy"}
NOT_FOR_ATMPS = ("EudraLex Volume 4 Annex", "EudraLex Volume 4 Part I", "C(2017) 8179")


@pytest.mark.req("5.1")
@pytest.mark.parametrize("name", [name for name in NAMES if name not in FIRST_EDITIONS])
def test_for_an_atmp_no_rule_speaks_through_another_part_of_volume_4(name: str) -> None:
    """EU-CRT-035: Part IV stands alone. Where a rule reaches ATMPs, a citation of another part or annex says that it is for other products only."""
    for rule in loaded(name).rules:
        reached = ATMPS if "any" in rule.text.applies.modalities else ATMPS & set(rule.text.applies.modalities)
        for cite in rule.cite:
            if cite.document.startswith(NOT_FOR_ATMPS) and not cite.document.startswith(("EudraLex Volume 4 Part IV", "EudraLex Volume 4 Part III")):
                speaks_for = set(cite.only.modalities) if cite.only and cite.only.modalities else ATMPS
                assert not reached & speaks_for, (rule.id, cite.document)
