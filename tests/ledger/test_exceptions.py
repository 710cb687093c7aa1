"""Exceptions are found while rows are captured, seen as the rows are seen, and found again from the images alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from holdfast.ledger import install
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.actions import store_rows, void_fact, void_record
from holdfast.ledger.browsing import LedgerFilter, NotAPlaceInTheLedger, ledger_page
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.models import ChangeSet, LedgerException, Programme, Record
from holdfast.people.models import Role
from holdfast.people.sign_in import record_refusal
from tests.release.people import FEMKE, NIA, QUINN, account

pytestmark = [pytest.mark.req("4.7")]
OPERATOR = Actor.operator("a test")


def kept() -> set[tuple[Any, ...]]:
    with viewing(Viewer.operator()):
        rows = LedgerException.objects.values_list("change_set_id", "kind", "table_name", "access", "programme_id", "scope_site_id", "row_id", "days")
        return set(rows)


def totals() -> dict[tuple[int, str, str], int]:
    found: dict[tuple[int, str, str], int] = {}
    with viewing(Viewer.operator()):
        for row in LedgerException.objects.all():
            key = (row.change_set_id, row.kind, row.table_name)
            found[key] = found.get(key, 0) + row.rows
    return found


def reasons(email: str, **wanted: Any) -> list[list[tuple[str, str]]]:
    with viewing(Viewer.person(account(email).person_id)):
        return [line.reasons for line in ledger_page(LedgerFilter(**wanted)).lines if line.reasons]


def do_everything_exceptional() -> None:
    """A role, a voided record, a voided fact, a refused sign-in; the demonstration has late entries and an override of its own."""
    with viewing(Viewer.operator()):
        programme = Programme.objects.get()
        person = account(FEMKE).person_id
        lot = Record.objects.get(kind="lot", number="DP-26-003")
    with change_set(OPERATOR, action="give role", reason="cover in August", programme=programme) as opened:
        key = store_rows(opened, Role, [{"person": person, "role": "reader", "valid_from": "2026-11-01"}]).keys[0]
    with change_set(OPERATOR, action="void fact", reason="not needed", programme=programme) as opened:
        void_fact(opened, Role.objects.get(pk=key), "not needed")
    with change_set(OPERATOR, action="void record", reason="entered twice", programme=programme) as opened:
        void_record(opened, lot, "entered twice")
    record_refusal(QUINN, "the password is not right", "203.0.113.9")


def test_each_kind_is_found_with_its_reason_and_stands_before_everything_else(demo: str) -> None:
    do_everything_exceptional()
    found = reasons(QUINN)
    assert found[:4] == [
        [("refused", "Whoever asked did not prove who they are (sign-in refused).")],
        [("void", "1 record was voided: still there to read, and no longer counted.")],
        [("void", "1 role was voided: still there to read, and no longer counted."), ("access", "Who may see or do what was changed: 1 role.")],
        [("access", "Who may see or do what was changed: 1 role.")],
    ]
    with viewing(Viewer.person(account(QUINN).person_id)):
        page = ledger_page(LedgerFilter())
    marks = [bool(line.reasons) for line in page.lines]
    assert marks == sorted(marks, reverse=True)
    assert page.counts["refused"] == 1
    assert page.counts["override"] == sum(1 for some in found if any(kind == "override" for kind, _ in some))


def test_what_was_entered_long_after_it_happened_is_late_and_what_is_entered_at_once_is_not(demo: str) -> None:
    from holdfast.batch.models import BatchRecord, RecordReview

    with viewing(Viewer.operator()):
        record = BatchRecord.objects.select_related("programme").order_by("pk")[0]
        person = account(QUINN).person_id
        before = len(kept())
    row = {"batch_record": record.pk, "reviewer": person, "reviewer_role": "production", "outcome": "approved"}
    with change_set(OPERATOR, action="review", reason="a test", programme=record.programme) as opened:
        store_rows(opened, RecordReview, [{**row, "reviewed_at": timezone.now() - timedelta(days=6)}])
    assert len(kept()) == before
    with change_set(OPERATOR, action="review", reason="a test", programme=record.programme) as opened:
        store_rows(opened, RecordReview, [{**row, "reviewed_at": timezone.now() - timedelta(days=10, hours=1)}])
    assert reasons(QUINN)[0] == [("late", "1 record review was entered 10 days after what it records happened.")]


def test_a_partner_sees_the_void_of_its_own_batch_and_no_exception_in_rows_that_are_not_its_own(demo: str) -> None:
    do_everything_exceptional()
    with viewing(Viewer.person(account(NIA).person_id)):
        page = ledger_page(LedgerFilter())
        assert {name: page.counts[name] for name in ("override", "void", "access", "refused")} == {"override": 0, "void": 1, "access": 0, "refused": 0}
    assert reasons(NIA)[0] == [("void", "1 record was voided: still there to read, and no longer counted.")]


def test_what_was_captured_before_exceptions_were_kept_is_found_again_from_the_images(demo: str) -> None:
    do_everything_exceptional()
    before = totals()
    assert len(before) > 5
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM ledger_ledgerexception")
    install.apply()
    assert totals() == before


def test_the_application_cannot_write_what_an_exception_is(demo: str) -> None:
    from django.db import DatabaseError

    with viewing(Viewer.operator()), pytest.raises(DatabaseError, match="permission denied"):
        LedgerException.objects.all().delete()


@pytest.mark.parametrize(
    ("wanted", "actions"),
    [
        ({"record": "dp-26-003"}, ["void record", "import programme"]),
        ({"person": "a test", "action": "VOID"}, ["void record", "void fact"]),
        ({"record": "no such number"}, []),
        ({"kind": "override"}, []),
    ],
)
def test_the_ledger_is_narrowed_by_record_person_action_and_kind(demo: str, wanted: dict[str, Any], actions: list[str]) -> None:
    do_everything_exceptional()
    with viewing(Viewer.operator()):
        found = [line.made.action for line in ledger_page(LedgerFilter(**wanted)).lines]
    assert found == actions


def test_the_ledger_is_narrowed_by_time(demo: str) -> None:
    with viewing(Viewer.operator()):
        moments = list(ChangeSet.objects.order_by("recorded_at").values_list("recorded_at", flat=True))
        page = ledger_page(LedgerFilter(since=moments[1], until=moments[3], newest_first=True))
    assert [line.made.recorded_at for line in page.lines] == [moments[2], moments[1]]


def test_pages_follow_on_one_another_and_hold_every_change_set_once(demo: str) -> None:
    do_everything_exceptional()
    found, after = [], ""
    with viewing(Viewer.operator()):
        while True:
            page = ledger_page(LedgerFilter(), after, limit=3)
            found += [line.made.pk for line in page.lines]
            after = page.after
            if not after:
                break
        assert sorted(found) == list(ChangeSet.objects.order_by("pk").values_list("pk", flat=True))
        with pytest.raises(NotAPlaceInTheLedger):
            ledger_page(LedgerFilter(), "2.x")
