"""Jobs that no other browser test walks: refuse, override with a second person, look around as an inspector, read a verdict that is partly withheld."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.release.people import decisions_on, lot

from .looking import PASSWORD, enter, keep, sign_in, violations_everywhere

pytestmark = [pytest.mark.req("4.11"), pytest.mark.browser]
QUINN, ROWAN, FEMKE = "quinn.adler@example.com", "rowan.pike@example.com", "femke.waterman@example.com"
ALEX, NIA = "alex.stone@example.com", "nia.brooks@example.com"


def test_a_qp_refuses_a_batch_whose_evidence_is_missing(page: Any) -> None:
    sign_in(page, FEMKE)
    page.get_by_role("link", name="DP-26-005", exact=True).click()
    page.get_by_role("link", name="Decide for the EU").click()
    assert page.get_by_role("radio", name=re.compile("^Certified")).is_disabled()
    page.get_by_role("radio", name=re.compile("^Refused")).check()
    page.get_by_label("Password", exact=True).last.fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    page.wait_for_url("**/decisions/*/")
    keep(page, "decision-refused")
    assert "Femke Waterman" in page.locator("main").inner_text()
    assert decisions_on("DP-26-005") == [("eu_certification", "refused")]


def test_a_quality_unit_member_overrides_a_rule_that_allows_it_and_a_second_person_signs(page: Any) -> None:
    sign_in(page, QUINN)
    page.goto(f"/batches/{lot('DP-26-019').pk}/decide/us/")
    reason = page.get_by_label("Reason to decide in spite of it").first
    reason.fill("The over-label was applied and photographed; its record is late.")
    page.get_by_role("radio", name=re.compile("^Released")).check()
    page.get_by_label("Password", exact=True).last.fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    assert "second person" in page.get_by_role("alert").inner_text()
    assert decisions_on("DP-26-019") == []
    assert "its record is late" in page.get_by_label("Reason to decide in spite of it").first.input_value()
    page.get_by_role("radio", name=re.compile("^Released")).check()
    page.get_by_label("E-mail of the second person").fill(ROWAN)
    page.get_by_label("Their password").fill(PASSWORD)
    page.get_by_label("Password", exact=True).last.fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    page.wait_for_url("**/decisions/*/")
    text = page.locator("main").inner_text()
    assert "Rowan Pike" in text
    assert "its record is late" in text
    assert decisions_on("DP-26-019") == [("us_disposition", "released")]


def test_an_inspector_reads_everything_and_is_offered_nothing_to_change(reader: Any) -> None:
    enter(reader, ALEX)
    reader.goto("/")
    reader.get_by_role("link", name="DP-26-007", exact=True).click()
    assert reader.get_by_role("link", name=re.compile("^Decide for")).count() == 0
    reader.get_by_role("link", name="Record and history").click()
    assert reader.get_by_role("heading", name="History").is_visible()
    reader.goto(f"/batches/{lot('DP-26-001').pk}/decide/us/")
    assert reader.get_by_role("heading", name="Not yours to open").is_visible()
    reader.goto("/ledger/")
    assert reader.locator("main").inner_text().count("change set") >= 1 or reader.get_by_role("heading", name="Ledger").is_visible()


def test_a_cdmo_reads_a_verdict_whose_evidence_is_withheld_and_is_told_so(reader: Any) -> None:
    enter(reader, NIA)
    reader.goto("/")
    reader.get_by_role("link", name="DP-26-004", exact=True).click()
    assert "Some evidence is withheld from you. The answers are the same for everybody." in reader.locator("main").inner_text()
    keep(reader, "batch-withheld")
    assert violations_everywhere(reader) == {}
    assert reader.get_by_role("link", name=re.compile("^Decide for")).count() == 0
