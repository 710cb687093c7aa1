"""Signing a review of the audit trail: picked, read, commented on and signed by keyboard and mouse, as a person of the Quality Unit does."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .looking import PASSWORD, enter, keep, spills, violations_everywhere

pytestmark = [pytest.mark.req("4.7"), pytest.mark.req("4.11"), pytest.mark.browser]
QUINN = "quinn.adler@example.com"


def looked_at(page: Any, name: str) -> None:
    keep(page, name)
    assert violations_everywhere(page) == {}
    assert spills(page) == []


def test_a_quality_unit_member_reviews_a_batch_comments_on_its_exception_and_signs(page: Any) -> None:
    enter(page, QUINN)
    page.goto("/ledger/")
    page.get_by_role("link", name="Reviews").click()
    looked_at(page, "reviews-none")
    page.get_by_role("link", name="New review").first.click()
    page.get_by_label("Number of the batch").fill("DP-26-007")
    page.get_by_role("button", name="Show what is to be reviewed").click()
    looked_at(page, "review-new")
    page.get_by_label("Comment on change set 1").fill("Entered from the paper record when the programme was brought in.")
    page.get_by_label("Conclusion").fill("The late entries are those of the transfer; nothing else is open.")
    page.get_by_label("Password").fill("not-the-password")
    page.get_by_role("button", name="Sign the review").click()
    assert "The password is not right" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Comment on change set 1").input_value().startswith("Entered from the paper record")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign the review").click()
    page.wait_for_url(re.compile(r"/ledger/reviews/\d+/$"))
    looked_at(page, "review")
    assert "The late entries are those of the transfer" in page.locator("main").inner_text()
    page.goto("/ledger/reviews/")
    looked_at(page, "reviews")
    assert "Up to date" in page.get_by_role("row", name=re.compile("^ATR-0001")).inner_text()
    assert [text for text in page.complaints if "422" not in text] == []
