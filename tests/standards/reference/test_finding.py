"""Search over the reference: every word, best first, and honest when it had to give up some."""

from __future__ import annotations

import pytest

from holdfast.standards.reference.finding import Item, find, plain

pytestmark = [pytest.mark.req("5.8")]
ITEMS = (
    Item("rule", "US-DSP-008", "US-DSP-008", "A failing product is rejected", "21 CFR 211.165(f)"),
    Item("rule", "EU-CRT-014", "EU-CRT-014", "Results meet the specification", "", "A product that fails is not certified"),
    Item("document", "annex-16", "EudraLex Volume 4 Annex 16", "", "Certification by a Qualified Person"),
    Item("term", "oos", "Out of specification", "", "A result that does not meet its criterion"),
)


def names(text: str, kind: str = "") -> list[str]:
    return [item.key for item in find(ITEMS, text, kind).items]


def test_an_id_stands_before_everything_and_may_be_begun() -> None:
    assert names("us-dsp-008")[0] == "US-DSP-008"
    assert names("EU-CRT") == ["EU-CRT-014"]


def test_every_word_must_fit_and_a_title_counts_for_more_than_a_text() -> None:
    assert names("product fail") == ["US-DSP-008", "EU-CRT-014"]
    assert names("failing certified") != ["US-DSP-008", "EU-CRT-014"] or find(ITEMS, "failing certified").is_loose


def test_a_paragraph_is_found_as_it_is_written() -> None:
    assert names("211.165(f)") == ["US-DSP-008"]
    assert plain("21 CFR 211.165(f), <71>.") == "21 cfr 211.165 f 71"


def test_when_no_page_has_every_word_those_with_half_of_them_are_offered_and_said_to_be_so() -> None:
    found = find(ITEMS, "annex unheardof")
    assert [item.key for item in found.items] == ["annex-16"]
    assert found.is_loose
    assert find(ITEMS, "unheardof").items == ()


def test_a_kind_narrows_what_is_shown_and_not_what_is_counted() -> None:
    found = find(ITEMS, "specification", "term")
    assert [item.key for item in found.items] == ["oos"]
    assert (found.counts["term"], found.counts["rule"]) == (1, 1)


@pytest.mark.parametrize("text", ["", "  ", "<>", "\0"])
def test_without_a_word_nothing_is_found(text: str) -> None:
    assert names(text) == []
