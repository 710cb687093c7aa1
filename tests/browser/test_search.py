"""Finding things from anywhere: the palette by keyboard, the search page, pinned records, views by name."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.release.people import lot

from .looking import enter, keep, spills, tab_to, violations_everywhere

pytestmark = [pytest.mark.req("4.5"), pytest.mark.req("4.11"), pytest.mark.browser]
QUINN = "quinn.adler@example.com"


def test_a_slash_opens_the_palette_arrows_walk_through_it_and_enter_opens_the_record(reader: Any) -> None:
    enter(reader, QUINN)
    reader.goto("/map/")
    reader.keyboard.press("/")
    reader.locator("#palette-options").get_by_role("link", name=re.compile("^Release board")).wait_for()
    keep(reader, "palette")
    reader.keyboard.type("DP-26-004")
    reader.locator("#palette-options").get_by_role("link", name=re.compile("^DP-26-004")).wait_for()
    assert violations_everywhere(reader) == {}
    reader.keyboard.press("ArrowDown")
    assert "DP-26-004" in reader.evaluate("document.activeElement.textContent")
    reader.keyboard.press("Enter")
    reader.wait_for_url(f"**/records/{lot('DP-26-004').pk}/")
    assert reader.complaints == []


def test_control_k_opens_it_too_and_escape_gives_the_focus_back(reader: Any) -> None:
    enter(reader, QUINN)
    reader.goto("/")
    tab_to(reader, "Programme map")
    reader.keyboard.press("Control+k")
    assert reader.locator("#palette").is_visible()
    reader.keyboard.press("Escape")
    assert not reader.locator("#palette").is_visible()
    assert reader.evaluate("document.activeElement.textContent.trim()") == "Programme map"


def test_the_search_page_works_without_scripts_and_reads_well(reader: Any) -> None:
    enter(reader, QUINN)
    reader.goto("/search/?q=DP-26-01")
    keep(reader, "search")
    assert violations_everywhere(reader) == {}
    assert spills(reader) == []


@pytest.mark.parametrize(("name", "find"), [("record-run", "test_run"), ("record-lot", "lot"), ("record-deviation", "deviation"), ("entry-person", "person")])
def test_record_pages_break_no_accessibility_rule_and_do_not_spill(reader: Any, name: str, find: str) -> None:
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.ledger.models import Record
    from holdfast.people.models import Person

    with viewing(Viewer.operator()):
        key = Person.objects.get(number="PER-021").pk if find == "person" else Record.objects.filter(kind=find).order_by("-pk")[0].pk
    enter(reader, QUINN)
    reader.goto(f"/directory/person/{key}/" if find == "person" else f"/records/{key}/")
    keep(reader, name)
    assert violations_everywhere(reader) == {}
    assert spills(reader) == []


def test_a_person_pins_a_record_and_keeps_a_view_and_finds_both_again(page: Any) -> None:
    enter(page, QUINN)
    page.goto(f"/records/{lot('DP-26-004').pk}/")
    page.get_by_role("button", name="Pin", exact=True).click()
    assert page.get_by_role("button", name="Pinned").get_attribute("aria-pressed") == "true"
    page.goto("/?state=blocked")
    page.get_by_role("button", name="Views", exact=True).click()
    page.get_by_label("Keep this view as").fill("What waits")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.goto("/")
    page.get_by_role("link", name="What waits").click()
    page.wait_for_load_state("networkidle")
    assert "state=blocked" in page.url
    page.keyboard.press("/")
    page.locator("#palette-options").get_by_role("link", name=re.compile("^DP-26-004")).first.wait_for()
    assert "Pinned" in page.locator("#palette-options").inner_text()
