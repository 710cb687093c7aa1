"""A review of the audit trail: what its scope holds, who may sign it, what is signed, and when it is out of date."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from holdfast.kernel.errors import Refused
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.actions import store_rows, void_record
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.models import ChangeSet, Programme, Record
from holdfast.ledger.seals import seal
from holdfast.people.policy import may_review_audit_trail
from holdfast.people.signing import IdentityRefused
from holdfast.quality.actions import MEANING
from holdfast.quality.audit_trail import NotAScope, Scope, listing, outdated, reviews, scope_of_period, scope_of_records
from tests.release.people import FEMKE, NIA, PASSWORD, QUINN, SAM, account

from .reviews import batch, programme, records, reviews_kept, sign

pytestmark = [pytest.mark.req("4.7")]
OPERATOR = Actor.operator("a test")


def is_outdated(review: Any) -> int | None:
    with viewing(Viewer.operator()):
        return outdated(list(reviews())).get(review.pk)


def period(first: date, last: date) -> Scope:
    with viewing(Viewer.operator()):
        return scope_of_period(Programme.objects.get(), first, last)


def void(number: str, kind: str) -> int:
    """Void a record of the demonstration; the change set in which it was done."""
    with viewing(Viewer.operator()):
        record = Record.objects.select_related("programme").get(number=number, kind=kind)
    with change_set(OPERATOR, action="void record", reason="entered twice", programme=record.programme) as opened:
        void_record(opened, record, "entered twice")
    return opened.id


def test_a_batch_is_reviewed_with_everything_that_was_made_tested_and_decided_about_its_record(demo: str) -> None:
    seal()
    with viewing(Viewer.operator()):
        found = listing(batch("DP-26-007"), 1_000, account(QUINN).person_id)
        imported = ChangeSet.objects.get(action="import programme", pk=1).pk
    assert [line.made.pk for line in found.exceptions] == [imported]
    assert found.others == []  # a decision about it is not an entry in its record


def test_what_is_signed_says_scope_tree_exceptions_comments_and_conclusion(demo: str) -> None:
    review = sign(QUINN, batch("DP-26-007"), comments={1: " Entered from paper, see DEV-1. ", 2: "  "}, leaves=3)
    signed = json.loads(bytes(review.signature.content))
    assert (review.record.number, review.signature.meaning, review.signature.role) == ("ATR-0001", MEANING, "quality_unit")
    assert signed["scope"] == {"kind": "batch", "said": "batch DP-26-007"}
    assert (signed["ledger"]["leaves"], signed["exceptions"], signed["conclusion"]) == (3, [1], "Nothing that was not explained.")
    assert signed["comments"] == [{"change_set": 1, "comment": "Entered from paper, see DEV-1."}]
    with viewing(Viewer.operator()):
        assert [(one.of_change_set, one.comment) for one in review.comments.all()] == [(1, "Entered from paper, see DEV-1.")]
        made = ChangeSet.objects.order_by("-pk")[0]
        assert (made.actor_name, made.action, made.reason) == ("Quinn Adler", "audit trail review", "Review of batch DP-26-007")


@pytest.mark.parametrize(
    ("email", "more", "error"),
    [
        (QUINN, {"password": "wrong"}, "The password is not right"),
        (QUINN, {"conclusion": "  "}, "Write what you conclude"),
        (QUINN, {"leaves": 99_999}, "does not reach so far"),
        (QUINN, {"comments": {3: "elsewhere"}}, "Change set 3 is commented on and is not in the scope"),
        (SAM, {}, "holds no quality role"),
        (NIA, {}, "holds no quality role"),
    ],
)
def test_a_review_that_may_not_be_signed_says_why_and_nothing_is_kept(demo: str, email: str, more: dict[str, Any], error: str) -> None:
    with pytest.raises((Refused, IdentityRefused), match=error):
        sign(email, batch("DP-26-007"), **more)
    assert reviews_kept() == []


def test_who_administers_the_system_reviews_nothing_even_with_a_quality_role() -> None:
    assert may_review_audit_trail({"qp"})
    assert not may_review_audit_trail({"qp", "system_administrator"})
    assert not may_review_audit_trail({"reader", "cmc_lead"})


def test_a_later_entry_in_its_scope_makes_a_review_outdated_and_one_elsewhere_does_not(demo: str) -> None:
    of_batch, of_records = sign(QUINN, batch("DP-26-007")), sign(FEMKE, records("DP-26-008"))
    assert (is_outdated(of_batch), is_outdated(of_records)) == (None, None)
    elsewhere = void("DP-26-008", "lot")
    assert (is_outdated(of_batch), is_outdated(of_records)) == (None, elsewhere)
    with viewing(Viewer.operator()):
        sample = Record.objects.filter(kind="sample", number__contains="DP-26-007").order_by("pk")[0].number
    later = void(sample, "sample")
    assert is_outdated(of_batch) == later
    assert is_outdated(sign(QUINN, batch("DP-26-007"))) is None
    assert is_outdated(of_batch) == later  # sealed meanwhile, and still after it


def test_a_fact_of_the_batch_that_is_added_later_makes_its_review_outdated(demo: str) -> None:
    from holdfast.batch.models import ProcessValue

    review = sign(QUINN, batch("DP-26-007"))
    with change_set(OPERATOR, action="enter", reason="a test", programme=programme()) as opened:
        store_rows(opened, ProcessValue, [{"lot": review.lot_id, "parameter": "late reading", "reported": "7.1"}])
    assert is_outdated(review) == opened.id


def test_a_period_is_outdated_by_what_is_entered_within_it_and_not_by_the_signing_of_reviews(demo: str) -> None:
    today = timezone.now().date()
    past, present = sign(QUINN, period(today - timedelta(days=30), today)), None
    sign(FEMKE, records("DP-26-008"))
    assert is_outdated(past) is present
    entered = void("DP-26-009", "lot")
    assert is_outdated(past) == entered


def test_a_scope_that_is_not_there_is_named(demo: str) -> None:
    with viewing(Viewer.operator()):
        one = Programme.objects.get()
        with pytest.raises(NotAScope, match="There is no record 'DP-99' on FHT-201"):
            scope_of_records(one, ["DP-26-001", "DP-99"])
        with pytest.raises(NotAScope, match="1 to 50 records"):
            scope_of_records(one, [])
        with pytest.raises(NotAScope, match="ends on the day it begins"):
            scope_of_period(one, date(2026, 2, 1), date(2026, 1, 1))
    with pytest.raises(Refused, match="nothing in this scope"):
        sign(QUINN, period(date(2001, 1, 1), date(2001, 1, 2)))


def test_the_number_of_queries_that_tell_what_is_outdated_does_not_grow_with_the_reviews(demo: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in ("DP-26-007", "DP-26-008", "DP-26-009"):
        sign(QUINN, batch(number))
        with viewing(Viewer.operator()):
            found = list(reviews())
            with CaptureQueriesContext(connection) as captured:
                outdated(found)
        counts.append(len(captured))
    assert counts[0] == counts[1] == counts[2]


def test_a_signed_review_of_the_batch_tells_the_dossier_that_the_same_person_reviewed_the_audit_trail(demo: str) -> None:
    from holdfast.batch.models import RecordReview
    from holdfast.kernel.clock import today
    from holdfast.release.dossiers import build_dossiers

    def said() -> list[bool | None]:
        with viewing(Viewer.evaluator(programme().pk)):
            dossier = build_dossiers(programme(), [lot], "us_disposition", "US", today(), account(QUINN).person)[lot]
        assert dossier.batch.batch_record is not None
        return [review.audit_trail_reviewed for review in dossier.batch.batch_record.reviews if review.reviewer == number]

    scope = batch("DP-26-001")
    lot = scope.lot.pk if scope.lot else 0
    number = account(QUINN).person.number
    with viewing(Viewer.operator()):
        record = RecordReview.objects.filter(batch_record__lot=lot)[0].batch_record_id
    with change_set(OPERATOR, action="enter", reason="a test", programme=programme()) as opened:
        row = {"batch_record": record, "reviewer": account(QUINN).person_id, "reviewer_role": "quality_unit", "outcome": "approved"}
        store_rows(opened, RecordReview, [{**row, "reviewed_at": "2026-11-20T10:00:00+00:00"}])
    before = said()
    assert before[-1] is None
    sign(FEMKE, scope)
    assert said() == before  # another person's review says nothing of this one's
    sign(QUINN, scope, password=PASSWORD)
    assert said()[-1] is True
