"""A CMC lead opens the trends of a product, sees which rule fired on which batch, opens the batch, and prints the review."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .looking import enter, keep, spills, violations_everywhere

pytestmark = [pytest.mark.req("6.10"), pytest.mark.browser]
MARA, NIA = "mara.voss@example.com", "nia.brooks@example.com"


def looked_at(page: Any, name: str) -> None:
    keep(page, name)
    assert violations_everywhere(page) == {}
    assert spills(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_cmc_lead_finds_the_batch_at_which_a_rule_fired_and_prints_the_review(reader: Any) -> None:
    enter(reader, MARA)
    reader.goto("/")
    reader.get_by_role("link", name="Trends").click()
    looked_at(reader, "trends-products")
    reader.get_by_role("link", name="FHT-201", exact=True).click()
    looked_at(reader, "trends")
    row = reader.get_by_role("row", name=re.compile("Potency: IFN-gamma"))
    assert "rule 5" in row.inner_text()
    row.get_by_role("link", name="Potency: IFN-gamma on target engagement").first.click()
    assert "DP-26-003 rule 5 two of three points beyond 2 sigma on one side" in reader.locator("#signals").inner_text()
    looked_at(reader, "trend-potency")
    reader.locator("#signals").get_by_role("link", name="DP-26-003").click()
    assert reader.get_by_role("heading", level=1).inner_text() == "DP-26-003"
    reader.go_back()
    reader.get_by_role("link", name="All attributes").click()
    reader.get_by_role("link", name="Review of the year").click()
    looked_at(reader, "review")
    printed = reader.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    reader.emulate_media(media="print")
    reader.set_viewport_size({"width": 680, "height": 962})  # A4 less its margins
    assert reader.evaluate("() => document.documentElement.scrollWidth") <= 680, "something is cut off at the right of the paper"
    assert not reader.locator(".rail").is_visible()
    assert reader.get_by_role("heading", name="9. Returns, complaints and recalls, and their investigation").is_visible()
    reader.emulate_media(media="screen")
    assert reader.complaints == []


@pytest.mark.parametrize(("attribute", "says"), [("Bacterial endotoxins", "would take the limit for the result"), ("Sterility", "Reported in words")])
def test_an_attribute_without_a_chart_says_why(reader: Any, attribute: str, says: str) -> None:
    enter(reader, MARA)
    reader.goto("/trends/")
    reader.get_by_role("link", name="FHT-201", exact=True).click()
    reader.get_by_role("link", name=attribute).first.click()
    assert says in reader.locator("main").inner_text()
    looked_at(reader, f"trend-{attribute.split()[-1].lower()}")


def test_a_partner_is_told_what_is_not_shown(reader: Any) -> None:
    enter(reader, NIA)
    reader.goto("/trends/")
    reader.get_by_role("link", name="FHT-201", exact=True).click()
    assert "You see a part of the programme." in reader.locator("main").inner_text()
    looked_at(reader, "trends-part")
