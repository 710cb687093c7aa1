"""Shorthand for reviews of the audit trail on the demonstration."""

from __future__ import annotations

from typing import Any

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import Programme
from holdfast.ledger.seals import seal
from holdfast.quality.actions import sign_audit_trail_review
from holdfast.quality.audit_trail import Scope, scope_of_batch, scope_of_records
from holdfast.quality.models import AuditTrailReview
from tests.release.people import PASSWORD, account


def programme() -> Any:
    with viewing(Viewer.operator()):
        return Programme.objects.get()


def batch(number: str) -> Scope:
    with viewing(Viewer.operator()):
        return scope_of_batch(Programme.objects.get(), number)


def records(*numbers: str) -> Scope:
    with viewing(Viewer.operator()):
        return scope_of_records(Programme.objects.get(), numbers)


def sign(email: str, scope: Scope, **more: Any) -> AuditTrailReview:
    """A review of all that the ledger holds of a scope, signed by a person."""
    given = {"conclusion": "Nothing that was not explained.", "leaves": seal()} | more
    return sign_audit_trail_review(account(email), given.pop("password", PASSWORD), scope, **given)


def reviews_kept() -> list[str]:
    with viewing(Viewer.operator()):
        return list(AuditTrailReview.objects.order_by("pk").values_list("record__number", flat=True))
