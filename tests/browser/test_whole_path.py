"""One person walks the whole path in a real browser: sign in, board, batch, blocker, record, decide, sign, history."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from .looking import PASSWORD, keep, sign_in

pytestmark = [pytest.mark.req("2.12"), pytest.mark.browser]


def test_a_quality_unit_member_reviews_follows_a_blocker_decides_and_signs(page: Any) -> None:
    sign_in(page, "quinn.adler@example.com")
    assert page.get_by_role("heading", name="Release board").is_visible()
    keep(page, "board")
    page.get_by_role("link", name="DP-26-004").click()
    assert page.get_by_role("heading", name="United States: disposition").is_visible()
    assert page.get_by_role("heading", name="European Union: certification").is_visible()
    keep(page, "batch")
    page.get_by_role("link", name="test run RUN-DP-26-004-LKA-FIN-101").first.click()
    assert page.get_by_role("heading", name="History").is_visible()
    keep(page, "record")
    page.goto("/")
    page.get_by_role("link", name="DP-26-001").click()
    page.get_by_role("link", name="Decide for the US").click()
    page.get_by_role("radio", name=re.compile("^Released")).check()
    page.get_by_label("Password", exact=True).last.fill("not the password")
    page.get_by_role("button", name="Sign", exact=True).click()
    assert "Nothing was signed" in page.get_by_role("alert").inner_text()
    keep(page, "refused")
    page.get_by_role("radio", name=re.compile("^Released")).check()
    page.get_by_label("Password", exact=True).last.fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    page.wait_for_url("**/decisions/*/")
    assert "Quinn Adler" in page.content()
    keep(page, "decision")
    with page.expect_download() as download:
        page.get_by_role("link", name="Document (PDF)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    page.get_by_role("link", name="record and history").click()
    assert "decide us disposition" in page.locator(".history").inner_text()
    page.goto("/")
    assert "Released" in page.get_by_role("row", name=re.compile("DP-26-001")).inner_text()
    assert [text for text in page.complaints if "422" not in text] == []


def test_a_qp_may_not_dispose_for_the_us_and_is_told_why(page: Any) -> None:
    sign_in(page, "femke.waterman@example.com")
    page.get_by_role("link", name="DP-26-001").click()
    assert page.get_by_role("link", name="Decide for the US").count() == 0
    page.goto(page.url + "decide/us/")
    assert page.get_by_role("heading", name="Not yours to open").is_visible()
    assert "Quality Unit" in page.locator("main").inner_text()


def test_the_board_fits_a_narrow_screen_and_works_by_keyboard(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, "quinn.adler@example.com")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
