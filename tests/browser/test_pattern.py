"""Every component in every state: no violation, no spill, reached by keyboard, and nothing asked of the outside."""

from __future__ import annotations

from typing import Any

import pytest

from .looking import enter, keep, look, spills, tab_to, violations_everywhere

pytestmark = [pytest.mark.req("4.1"), pytest.mark.browser]
QUINN = "quinn.adler@example.com"


def test_no_component_breaks_an_accessibility_rule_wide_or_narrow_light_or_dark(reader: Any) -> None:
    enter(reader, QUINN)
    reader.goto("/pattern/")
    keep(reader, "pattern")
    assert violations_everywhere(reader) == {}
    assert spills(reader) == []
    assert reader.complaints == []


def test_a_dialog_opens_by_keyboard_keeps_the_focus_and_gives_it_back(reader: Any) -> None:
    enter(reader, QUINN)
    reader.goto("/pattern/#p-above")
    button = reader.get_by_role("button", name="Open a dialog")
    button.focus()
    reader.keyboard.press("Enter")
    assert reader.get_by_role("dialog", name="A dialog").is_visible()
    assert reader.evaluate("document.activeElement.closest('dialog') !== null")
    reader.keyboard.press("Escape")
    assert not reader.locator("#p-dialog").is_visible()
    assert reader.evaluate("document.activeElement.innerText") == "Open a dialog"


def test_the_rail_is_a_sheet_on_a_narrow_screen_and_opens_without_scripts(browser: Any, library: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, base_url=library, java_script_enabled=False)
    page = context.new_page()
    enter(page, QUINN)
    page.goto("/pattern/")
    assert not page.get_by_role("navigation", name="Main").is_visible()
    page.get_by_role("button", name="Menu").click()
    assert page.get_by_role("navigation", name="Main").is_visible()
    context.close()


def test_dark_is_chosen_in_place_and_stays(reader: Any) -> None:
    enter(reader, QUINN)
    reader.goto("/pattern/")
    look(reader, 1280, "light")
    paper = "getComputedStyle(document.body).backgroundColor"
    before = reader.evaluate(paper)
    reader.get_by_role("button", name="Dark").click()
    reader.locator("html[data-theme=dark]").wait_for()
    assert reader.evaluate(paper) != before
    reader.goto("/pattern/")
    assert reader.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_first_tab_skips_to_the_content(reader: Any) -> None:
    enter(reader, QUINN)
    reader.goto("/pattern/")
    tab_to(reader, "Skip to content", most=1)
    reader.keyboard.press("Enter")
    assert reader.evaluate("document.activeElement.id") == "main"
