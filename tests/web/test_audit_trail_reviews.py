"""Reviewing on the page: a scope is picked, read with its exceptions first, commented on, and signed with identity asked again."""

from __future__ import annotations

import pytest

from tests.quality.reviews import batch, reviews_kept, sign
from tests.release.people import NIA, PASSWORD, QUINN, SAM

from .test_pages import signed_in

pytestmark = [pytest.mark.req("4.7")]
NEW = "/ledger/reviews/new/?scope=batch&batch=DP-26-007"


def test_the_page_lists_exceptions_first_and_a_review_is_signed_from_it(demo: str) -> None:
    client = signed_in(QUINN)
    page = client.get(NEW)
    assert page.context["found"].exceptional == 1
    assert "Comment on change set 1" in page.content.decode()
    leaves = page.context["found"].leaves
    given = {"leaves": leaves, "comment-1": "Brought in from paper.", "conclusion": "As expected.", "password": PASSWORD}
    response = client.post(NEW, given)
    assert (response.status_code, reviews_kept()) == (302, ["ATR-0001"])
    shown = client.get(response["Location"]).content.decode()
    for says in ("ATR-0001", "As expected.", "Brought in from paper.", "I have reviewed the audit trail of this scope"):
        assert says in shown
    listed = client.get("/ledger/reviews/").content.decode()
    assert "Batch DP-26-007" in listed
    assert "Up to date" in listed


def test_a_refused_signature_keeps_what_was_written_and_signs_nothing(demo: str) -> None:
    client = signed_in(QUINN)
    client.get(NEW)  # what has no place in the ledger's tree yet gets one
    response = client.post(NEW, {"leaves": "1", "comment-1": "Half written", "conclusion": "So far.", "password": "wrong-password"})
    page = response.content.decode()
    assert response.status_code == 422
    for says in ("The password is not right. Nothing was signed.", "Half written", "So far."):
        assert says in page
    assert reviews_kept() == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("scope=batch&batch=nowhere", "There is no lot &#x27;nowhere&#x27;"),
        ("scope=records&records=", "Give the numbers of 1 to 50 records."),
        ("scope=period&since=2026-01-01&until=soon", "Give the first and the last day"),
        ("scope=batch&batch=DP-26-007&programme=ELSE-1", "You do not review on ELSE-1."),
    ],
)
def test_a_scope_that_cannot_be_read_says_so(demo: str, query: str, says: str) -> None:
    response = signed_in(QUINN).get(f"/ledger/reviews/new/?{query}")
    assert response.status_code == 422
    assert says in response.content.decode()


def test_who_holds_no_quality_role_is_told_so_and_a_partner_sees_no_review(demo: str) -> None:
    review = sign(QUINN, batch("DP-26-007"))
    assert "Quality Unit or Qualified Person" in signed_in(SAM).get(NEW).content.decode()
    assert signed_in(NIA).get(f"/ledger/reviews/{review.pk}/").status_code == 404
    assert "No review yet" in signed_in(NIA).get("/ledger/reviews/").content.decode()
