"""A CMC lead reads why a study concluded as it did, sees what was left out and what that changes, and prints the report."""

from __future__ import annotations

from typing import Any

import pytest

from .looking import enter, keep, spills, tab_to, violations_everywhere

pytestmark = [pytest.mark.req("6.6"), pytest.mark.browser]
IMANI, NIA = "imani.cole@example.com", "nia.brooks@example.com"


def looked_at(page: Any, name: str) -> None:
    keep(page, name)
    assert violations_everywhere(page) == {}
    assert spills(page) == []


def test_a_cmc_lead_reads_why_a_study_is_comparable_and_prints_its_report(reader: Any) -> None:
    enter(reader, IMANI)
    reader.goto("/")
    reader.get_by_role("navigation", name="Main").get_by_role("link", name="Studies").click()
    looked_at(reader, "studies")
    tab_to(reader, "STU-001")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**/studies/STU-001/")
    assert "Comparable Purity is equivalent within its margin" in " ".join(reader.get_by_role("article", name="Where it stands").inner_text().split())
    forest = reader.get_by_role("img", name="Estimates and intervals against their margins")
    assert forest.is_visible()
    looked_at(reader, "study")
    reader.get_by_role("link", name="Left out").click()
    both = reader.get_by_role("table", name="Both results of T cells (CD3+)")
    answers = [" ".join(text.split()) for text in both.get_by_role("row").all_inner_texts()]
    assert answers[1].startswith("Without it the study's answer Demonstrated The mean difference (test minus reference) was -0.07436 %")
    assert answers[2].startswith("With every result Demonstrated The mean difference (test minus reference) was -0.1738 %")
    reader.get_by_role("link", name="Report", exact=True).click()
    reader.wait_for_url("**/studies/STU-001/report/")
    looked_at(reader, "study-report")
    assert reader.pdf(format="A4").startswith(b"%PDF-")
    with reader.expect_download() as caught:
        reader.get_by_role("link", name="Report (PDF)").click()
    assert caught.value.suggested_filename == "STU-001-report.pdf"
    assert reader.complaints == []


def test_a_study_that_nobody_can_tell_and_a_viewer_who_sees_none(reader: Any) -> None:
    enter(reader, IMANI)
    reader.goto("/studies/STU-002/")
    looked_at(reader, "study-cannot-tell")
    enter(reader, NIA)
    reader.goto("/studies/")
    assert "No studies" in reader.locator("main").inner_text()
    looked_at(reader, "studies-none")
