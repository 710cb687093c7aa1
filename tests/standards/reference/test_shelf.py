"""Rules with every place they stand in, what counts as law, what cites what, and what an edition says otherwise."""

from __future__ import annotations

import pytest

from holdfast.dossier.schema import Dossier
from holdfast.standards.crosswalks.loading import compendia, guidance
from holdfast.standards.difference import pack_differences
from holdfast.standards.library import known_documents, not_judged, rule_ids, shipped_packs
from holdfast.standards.reference.counterparts import references, rows_of, rules_by_row
from holdfast.standards.reference.history import changes, earlier, later
from holdfast.standards.reference.shelf import DRAFT, STANDINGS, Shelf, counted
from holdfast.standards.reference.slug import slug_of

pytestmark = [pytest.mark.req("5.8")]
FIRST, NEW = "us_disposition_phase2_cell_therapy", "us_disposition_part_211"


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf(shipped_packs(Dossier), not_judged(), known_documents(), rule_ids())


def test_every_rule_that_is_known_stands_on_the_shelf_or_is_told_as_not_judged_or_not_asked(shelf: Shelf) -> None:
    assert {*shelf.places, *shelf.unjudged_by_id, *shelf.unwritten} >= set(rule_ids())
    assert not {*shelf.places, *shelf.unjudged_by_id} & set(shelf.unwritten)


def test_todays_edition_leads_and_the_first_one_is_kept_beside_it(shelf: Shelf) -> None:
    assert [place.pack.id for place in shelf.places["US-DSP-008"]] == [NEW, FIRST]
    assert len({place.key for place in shelf.leading}) == len(shelf.leading)
    assert {rule.id for pack in shelf.packs for rule in pack.rules} == {place.id for place in shelf.leading}


def test_a_rule_that_is_a_draft_or_stands_in_a_draft_pack_never_counts_as_law(shelf: Shelf) -> None:
    drafts = [place for place in shelf.leading if place.pack.status != "in_force"]
    assert drafts
    assert {place.standing for place in drafts} == {DRAFT}
    counts = counted(shelf.leading)
    assert sum(number for row in counts.values() for number in row.values()) == len(shelf.leading)
    assert all(list(row) == list(STANDINGS) for row in counts.values())


def test_documents_have_addresses_of_their_own_and_name_the_rules_that_cite_them(shelf: Shelf) -> None:
    assert len(shelf.document_by_slug) == len(shelf.documents)
    assert slug_of("EudraLex Volume 4 Part IV (GMP for ATMPs)") == "eudralex-volume-4-part-iv-gmp-for-atmps"
    cited = [(place.id, cite.paragraph) for place, cite in shelf.citing["21 CFR"]]
    assert ("US-DSP-008", "211.165(f), 211.115(b)") in cited
    order = [paragraph for _, paragraph in cited if paragraph.startswith("211.")]
    assert order.index("211.22(a)") < order.index("211.165(f), 211.115(b)")


def test_an_edition_says_what_changed_as_the_command_does(shelf: Shelf) -> None:
    old, new = shelf.pack_by_id[FIRST], shelf.pack_by_id[NEW]
    assert old in earlier(new, shelf.packs)
    assert new in later(old, shelf.packs)
    found = changes(old, new)
    lines = pack_differences(old, new)
    assert len(found.changed) == sum(line.startswith("~ ") and not line.startswith("~ figure") for line in lines)
    assert len(found.added) == sum(line.startswith("+ ") and not line.startswith("+ figure") for line in lines)
    assert len(found.gone) == sum(line.startswith("- ") and not line.startswith("- figure") for line in lines)
    rule = next(change for change in found.changed if change.after.id == "US-DSP-008")
    assert [part.name for part in rule.parts][:2] == ["Where it applies", "What it asks"]
    assert rule.parts[0].before[1] == "phases: phase2"
    assert rule.parts[0].after[1] == "phases: any"


def test_a_pack_that_no_other_repeats_has_no_history(shelf: Shelf) -> None:
    pack = shelf.pack_by_id["chain_of_identity"]
    assert (earlier(pack, shelf.packs), later(pack, shelf.packs)) == ([], [])


@pytest.mark.req("5.4")
def test_a_citation_leads_to_the_crosswalks_rows_for_its_paragraph_and_not_to_those_of_the_whole_document(shelf: Shelf) -> None:
    assert references("EudraLex Volume 4 Annex 16", "1.7.2, 1.7.3") == ("EU GMP Annex 16 1.7.2", "EU GMP Annex 16 1.7.3")
    assert references("EudraLex Volume 4 Part IV (GMP for ATMPs)", "section 11.3") == ("EU GMP Part IV 11.3",)
    named = {one.row.id: one.row.references("us") for one in guidance().rows}
    rows = rows_of(("21 CFR", "211.192, 211.22(a)"))
    assert rows
    assert all(any(text.startswith(("21 CFR 211.192", "21 CFR 211.22")) for text in named[row]) for row in rows)
    assert rows_of(("21 CFR", "")) == ()


@pytest.mark.req("5.4")
def test_the_rows_of_the_crosswalk_name_the_rules_that_cite_their_texts(shelf: Shelf) -> None:
    found = rules_by_row(shelf.leading)
    known = {one.row.id for one in guidance().rows} | {row.id for row in compendia().rows}
    assert set(found) <= known
    for row, pairs in found.items():
        assert all(row in rows_of((cite.document, cite.paragraph)) for _, cite in pairs)
