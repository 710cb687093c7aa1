"""A QA director previews a stricter version of a pack, sees which batch would change and why, adopts it with a reason, and the board says so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.release.test_adoption import stricter

from .looking import enter, keep, spills, violations_everywhere

pytestmark = [pytest.mark.req("5.2"), pytest.mark.req("5.3"), pytest.mark.browser]
QUINN = "quinn.adler@example.com"


def looked_at(page: Any, name: str) -> None:
    keep(page, name)
    assert violations_everywhere(page) == {}
    assert spills(page) == []


def test_a_version_of_a_pack_is_corrected_previewed_and_adopted_and_the_board_judges_by_it(page: Any) -> None:
    enter(page, QUINN)
    page.goto("/")
    page.get_by_role("link", name="Rule packs", exact=True).click()
    looked_at(page, "packs")
    page.get_by_role("link", name="Adopt a pack").click()
    looked_at(page, "packs-adopt")
    wrong = stricter().replace("severity: major", "severity: serious", 1)
    choose(page, wrong)
    looked_at(page, "packs-findings")
    line = next(number for number, text in enumerate(wrong.splitlines(), 1) if "severity: serious" in text)
    assert f"Line {line}, column " in page.locator("main").inner_text()
    choose(page, stricter())
    looked_at(page, "packs-preview")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="DP-26-001", exact=True)).inner_text()
    assert "Ready" in row
    assert "Blocked" in row
    assert "US-DSP-032 met → not met. 1.1.0 changes says, viability_minimum from 70 to 80." in row
    page.get_by_role("button", name="Adopt us_disposition_phase2_cell_therapy 1.1.0").click()
    assert "Say why" in page.get_by_role("alert").first.inner_text()
    page.get_by_label("Why it is adopted").fill("Our validation supports 80 %.")
    page.get_by_role("button", name="Adopt us_disposition_phase2_cell_therapy 1.1.0").click()
    page.wait_for_url("**/packs/")
    looked_at(page, "packs-adopted")
    assert "Quinn Adler: Our validation supports 80 %." in page.locator("main").inner_text()
    page.get_by_role("link", name="Release board", exact=True).click()
    board = page.get_by_role("row").filter(has=page.get_by_role("link", name="DP-26-001", exact=True)).inner_text()
    assert "Blocked\nCell viability is at or above the guidance's minimum" in board
    assert all("422" in complaint for complaint in page.complaints)


def choose(page: Any, text: str) -> None:
    page.get_by_label("Or a file of your own").set_input_files({"name": "us.yaml", "mimeType": "application/yaml", "buffer": text.encode()})
    page.get_by_role("button", name="See what it would change").click()
    page.wait_for_load_state()
