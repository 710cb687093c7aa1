"""The reference as a QA person uses it: from a phrase to a rule, its citation and how sure that is, and on to what else rests on the same text."""

from __future__ import annotations

from typing import Any

import pytest

from tests.release.people import lot

from .looking import enter, keep, spills, violations_everywhere

pytestmark = [pytest.mark.req("5.8"), pytest.mark.browser]
QUINN = "quinn.adler@example.com"
PAGES = {
    "reference": "/reference/",
    "reference-found": "/reference/?q=sterility",
    "reference-nothing": "/reference/?q=nothinglikeit",
    "reference-rules": "/reference/rules/?question=us_disposition",
    "reference-rule": "/reference/rules/EU-CRT-005/",
    "reference-rule-first": "/reference/rules/EU-CRT-005/?pack=eu_certification_phase2_atmp&version=0.9.0",
    "reference-packs": "/reference/packs/",
    "reference-pack": "/reference/packs/us_disposition_part_211/",
    "reference-pack-first": "/reference/packs/us_disposition_phase2_cell_therapy/",
    "reference-crosswalk": "/reference/crosswalk/?reference=USP+%3C71%3E&to=EU",
    "reference-row": "/reference/crosswalk/PHA-001/",
    "reference-dictionary": "/reference/dictionary/?name=viability&q=cell",
    "reference-attribute": "/reference/dictionary/cell_viability/",
    "reference-documents": "/reference/documents/",
    "reference-document": "/reference/documents/eudralex-volume-4-annex-16/",
    "reference-no-such-rule": "/reference/rules/XX-YYY-999/",
}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_the_reference_breaks_an_accessibility_rule_or_spills(reader: Any, name: str) -> None:
    enter(reader, QUINN)
    reader.goto(PAGES[name])
    keep(reader, name)
    assert violations_everywhere(reader) == {}
    assert spills(reader) == []
    assert [text for text in reader.complaints if "404" not in text] == []


def test_from_a_phrase_to_the_rule_its_citation_and_the_other_rules_of_the_document(reader: Any) -> None:
    enter(reader, QUINN)
    reader.goto("/")
    reader.get_by_role("link", name="Reference", exact=True).click()
    box = reader.get_by_role("search", name="Reference").get_by_label("Find")
    box.fill("audit of every manufacturing and testing site")
    box.press("Enter")
    reader.get_by_role("link", name="EU-CRT-005").click()
    reader.wait_for_url("**/reference/rules/EU-CRT-005/")
    cited = reader.get_by_role("row", name="EudraLex Volume 4 Annex 16 1.7.3")
    assert "confidence high" in cited.inner_text()
    assert "looked up" in cited.inner_text()
    assert "Speaks only for modality" in cited.inner_text()
    cited.get_by_role("link", name="EudraLex Volume 4 Annex 16").click()
    reader.wait_for_url("**/reference/documents/eudralex-volume-4-annex-16/")
    others = reader.get_by_role("table", name="Rules by paragraph").get_by_role("rowheader")
    assert others.count() > 1
    reader.get_by_role("link", name="Every site of the batch is on the map of its supply chain").click()
    reader.wait_for_url("**/reference/rules/EU-CRT-004/")
    assert reader.complaints == []


def test_a_rule_that_holds_a_batch_back_leads_to_its_page_and_the_palette_finds_it(reader: Any) -> None:
    enter(reader, QUINN)
    reader.goto(f"/batches/{lot('DP-26-004').pk}/")
    link = reader.locator("a[href*='/reference/rules/']").first
    address = link.get_attribute("href")
    reader.goto(address)
    assert reader.get_by_role("heading", level=1).inner_text()
    reader.keyboard.press("/")
    reader.keyboard.type("failing product is rejected")
    reader.locator("#palette-options").get_by_role("link", name="US-DSP-008").wait_for()


def test_the_lists_narrow_without_scripts(browser: Any, library: str) -> None:
    context = browser.new_context(base_url=library, java_script_enabled=False)
    page = context.new_page()
    enter(page, QUINN)
    page.goto("/reference/rules/")
    page.get_by_role("combobox", name="Question").select_option("identity")
    page.get_by_role("combobox", name="Region").select_option("EU")
    page.get_by_role("button", name="Show", exact=True).click()
    assert "question=identity" in page.url
    shown = page.get_by_role("table", name="Rules").get_by_role("rowheader")
    assert shown.count() > 0
    assert all("identity" in text for text in shown.all_inner_texts())
    context.close()
