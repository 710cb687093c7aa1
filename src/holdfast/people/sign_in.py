"""Signing in: a lock-out that every process shares, and a ledger entry for each refusal."""

from __future__ import annotations

import hashlib

from holdfast.kernel.clock import today
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.models import Programme

from . import lockout
from .models import Account, Role, SignInAttempt
from .policy import holding

PAGE = Actor.operator("the sign-in page")


def _digest(login: str) -> str:
    return hashlib.sha256(login.strip().casefold().encode()).hexdigest()


def admit(login: str) -> SignInAttempt | None:
    """Count an attempt to sign in as `login`, whether or not there is such a log-in; None when it is locked. `attempt.delete()` when it succeeds."""
    attempt: SignInAttempt | None = lockout.admit(SignInAttempt.objects, login_digest=_digest(login))
    return attempt


def is_locked(login: str) -> bool:
    """Whether too many attempts were made lately for what was typed as log-in, whether or not there is such a log-in."""
    return lockout.is_locked(SignInAttempt.objects.filter(login_digest=_digest(login)))


def record_refusal(login: str, problem: str, address: str) -> None:
    """Write a refused attempt in the ledger: for each programme of the person, or for none when nobody is known by that log-in.

    What was typed is not written: it may be a password in the wrong field.
    """
    with viewing(Viewer.operator()):
        account = Account.objects.filter(email__iexact=login.strip()).select_related("person").first()
        programmes = list(Programme.objects.filter(pk__in=_programmes_of(account))) if account else []
    who = account.email if account else "a log-in that does not exist"
    last = " Signing in is locked for 15 minutes." if is_locked(login) else ""
    concerned: list[Programme | None] = [*programmes] or [None]
    for programme in concerned:
        with change_set(PAGE, action="sign-in refused", reason=f"{who} from {address}: {problem}{last}", programme=programme):
            pass


def _programmes_of(account: Account) -> set[int]:
    if account.person_id is None:
        return set()
    return set(Role.objects.filter(holding(today()), person=account.person_id).values_list("programme_id", flat=True))


def forget_refusals(login: str) -> None:
    """After a complete sign-in: what was refused before no longer counts."""
    SignInAttempt.objects.filter(login_digest=_digest(login)).delete()
