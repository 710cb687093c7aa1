"""Signing a review of the audit trail: identity again, one change set, one signature over exactly what was reviewed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from holdfast.dossier.canonical import canonical
from holdfast.kernel.clock import today
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import sees_whole
from holdfast.ledger.changes import OpenChangeSet, change_set
from holdfast.ledger.models import LedgerException, Programme, Record
from holdfast.ledger.seals import root, size
from holdfast.people.models import Account
from holdfast.people.policy import QUALITY_ROLES, may_review_audit_trail, roles_held
from holdfast.people.signing import Confirmed, actor_of, confirm_identity, perform_signature

from .audit_trail import ACTION, MOST_EXCEPTIONS, Scope
from .models import AuditTrailReview, ReviewComment, ReviewedRecord

MEANING = "I have reviewed the audit trail of this scope, its exceptions one by one, and conclude as stated."


class ReviewRefused(Refused):
    """The review cannot be signed: role, scope or what was written forbids it."""


@dataclass(frozen=True)
class Reviewed:
    """What is signed: the scope, how far the ledger's tree reached, what was found there, and what the reviewer says of it."""

    scope: Scope
    leaves: int
    conclusion: str
    comments: Mapping[int, str]  # by change set
    change_sets: tuple[int, ...]
    exceptions: tuple[int, ...]


def sign_audit_trail_review(
    account: Account,
    password: str,
    scope: Scope,
    *,
    leaves: int,
    conclusion: str,
    comments: Mapping[int, str] | None = None,
    code: str = "",
    passkey: dict[str, Any] | None = None,
) -> AuditTrailReview:
    """Sign a review of what a scope holds among the first `leaves` change sets of the tree. Its own change set is written.

    `comments` are by change set id; blank ones are left out. Raises `IdentityRefused` when the identity is not proved, `ReviewRefused` when role or content
    forbids it; nothing is signed then.
    """
    said = {key: text.strip() for key, text in (comments or {}).items() if text.strip()}
    confirmed = confirm_identity(account, password, code, programme=scope.programme, passkey=passkey)
    with (
        transaction.atomic(),
        change_set(actor_of(confirmed.person), action=ACTION, reason=f"Review of {scope.said}"[:4000], programme=scope.programme) as opened,
    ):
        role = _role(confirmed, scope.programme)
        return _keep(opened, confirmed, role, _reviewed(scope, leaves, conclusion.strip(), said))


def _role(confirmed: Confirmed, programme: Programme) -> str:
    roles = roles_held(confirmed.person, programme, today())
    if not may_review_audit_trail(roles) or not sees_whole(programme.number):
        raise ReviewRefused(f"{confirmed.person.printed_name} holds no quality role on the whole of {programme.number} today, so this is not theirs to sign.")
    return next(str(role) for role in sorted(QUALITY_ROLES, reverse=True) if role in roles)


def _reviewed(scope: Scope, leaves: int, conclusion: str, comments: Mapping[int, str]) -> Reviewed:
    """What there is, as it stands in the tree. Raises `ReviewRefused`."""
    if not conclusion:
        raise ReviewRefused("Write what you conclude.")
    if not 0 < leaves <= size():
        raise ReviewRefused("The ledger does not reach so far. Open the scope again.")
    found = tuple(scope.change_sets().filter(leaf__index__lt=leaves).order_by("pk").values_list("pk", flat=True))
    if not found:
        raise ReviewRefused("There is nothing in this scope to review.")
    exceptions = set(LedgerException.objects.filter(change_set__in=found).values_list("change_set", flat=True))
    if len(exceptions) > MOST_EXCEPTIONS:
        raise ReviewRefused(f"The scope holds {len(exceptions)} exceptions; one review holds {MOST_EXCEPTIONS}. Narrow it.")
    strange = sorted(set(comments) - set(found))
    if strange:
        raise ReviewRefused(f"Change set {strange[0]} is commented on and is not in the scope.")
    return Reviewed(scope, leaves, conclusion, comments, found, tuple(sorted(exceptions)))


def _keep(opened: OpenChangeSet, confirmed: Confirmed, role: str, done: Reviewed) -> AuditTrailReview:
    programme, person, scope = done.scope.programme, confirmed.person, done.scope
    record = Record(programme=programme, kind=AuditTrailReview.kind, number=_next_number(programme), title=f"Review of {scope.said}"[:200])
    record.save(force_insert=True)
    content = canonical(statement_of(record, confirmed, role, done))
    signature = perform_signature(opened, confirmed, record=record, role=role, meaning=MEANING, content=content)
    review = AuditTrailReview(
        record=record, programme=programme, scope=scope.kind, lot=scope.lot, from_day=scope.from_day, to_day=scope.to_day, leaves=done.leaves,
        change_sets=len(done.change_sets), exceptions=len(done.exceptions), conclusion=done.conclusion, reviewer=person, signature=signature,
        reviewed_at=signature.signed_at,
    )  # fmt: skip
    review.save(force_insert=True)
    ReviewedRecord.objects.bulk_create(ReviewedRecord(programme=programme, review=review, record=one) for one in scope.records)
    ReviewComment.objects.bulk_create(
        ReviewComment(programme=programme, review=review, of_change_set=key, comment=text) for key, text in sorted(done.comments.items())
    )
    return review


def _next_number(programme: Programme) -> str:
    """Numbered in turn on each programme: whoever signs at the same moment waits for the programme's row."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    return f"ATR-{Record.objects.filter(programme=programme, kind=AuditTrailReview.kind).count() + 1:04d}"


def statement_of(record: Record, confirmed: Confirmed, role: str, done: Reviewed) -> dict[str, Any]:
    """Exactly what is signed: the scope, the tree it was read from, the digest of its change sets, each exception and comment, the conclusion."""
    person = confirmed.person
    return {
        "review": record.number,
        "programme": done.scope.programme.number,
        "scope": {"kind": str(done.scope.kind), "said": done.scope.said},
        "ledger": {"leaves": done.leaves, "root": root(done.leaves).hex()},
        "change_sets": {"count": len(done.change_sets), "sha256": hashlib.sha256(canonical(list(done.change_sets))).hexdigest()},
        "exceptions": list(done.exceptions),
        "comments": [{"change_set": key, "comment": text} for key, text in sorted(done.comments.items())],
        "conclusion": done.conclusion,
        "meaning": MEANING,
        "reviewer": {"number": person.number, "printed_name": person.printed_name, "organisation": person.organisation.name, "role": role},
    }


__all__ = ["MEANING", "ReviewRefused", "sign_audit_trail_review"]
