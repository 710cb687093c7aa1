"""Somebody new signs a first decision, led by the six steps: the walk of docs/guide/first-decision.md, whose pictures this test makes.

The guide allows twenty minutes; a script that reads nothing takes seconds, so what is held here is that no step needs anything that the page does not say.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from .looking import PASSWORD, look, sign_in, spills, violations_everywhere

pytestmark = [pytest.mark.req("4.10"), pytest.mark.req("4.11"), pytest.mark.browser]


def picture(page: Any, name: str) -> None:
    """A picture for the guide, kept where HOLDFAST_PICTURES names a folder."""
    folder = os.environ.get("HOLDFAST_PICTURES")
    if folder:
        look(page, 1280, "light")
        page.evaluate("() => document.fonts.ready")
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_somebody_new_is_led_from_first_steps_to_a_signed_decision_and_its_documents(page: Any) -> None:
    sign_in(page, "quinn.adler@example.com")
    page.get_by_role("link", name="First steps").click()
    assert violations_everywhere(page) == {}
    assert spills(page) == []
    picture(page, "first-1-steps")
    page.get_by_role("button", name="Begin").click()
    assert page.get_by_role("heading", name="Release board").is_visible()
    picture(page, "first-2-board")
    page.get_by_role("button", name="Next").click()
    assert page.get_by_role("heading", name="United States: disposition").is_visible()
    assert violations_everywhere(page) == {}
    picture(page, "first-3-batch")
    page.get_by_role("button", name="Next").click()
    assert page.get_by_role("heading", name="Facts").is_visible()
    picture(page, "first-4-record")
    page.get_by_role("button", name="Next").click()
    assert page.get_by_role("heading", name="History").is_visible()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("radio", name="Released").check()
    picture(page, "first-5-decide")
    page.get_by_label("Password", exact=True).last.fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    page.wait_for_url("**/decisions/*/")
    page.get_by_role("button", name="Next").click()
    picture(page, "first-6-decision")
    with page.expect_download() as download:
        page.get_by_role("link", name="Document (PDF)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    page.get_by_role("button", name="Finish").click()
    assert "You read a verdict" in page.locator("main").inner_text()
    assert page.complaints == []


def test_a_term_opens_its_meaning_by_keyboard_and_leads_to_the_glossary(reader: Any) -> None:
    from .looking import enter

    enter(reader, "quinn.adler@example.com")
    reader.goto("/")
    button = reader.get_by_role("button", name="Cannot tell", exact=True)
    button.focus()
    reader.keyboard.press("Enter")
    assert "Missing is never a pass" in reader.locator(".popover:popover-open").inner_text()
    reader.locator(".popover:popover-open").get_by_role("link", name="Glossary").click()
    assert reader.url.endswith("/glossary/#cannot-tell")
    assert violations_everywhere(reader) == {}
