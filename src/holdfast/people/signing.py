"""Signing: identity is asked for again every time, and what was signed is kept with the signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import complete_authentication
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import connection

from holdfast.kernel.clock import now, today
from holdfast.kernel.errors import Refused
from holdfast.ledger.actions import sign_record
from holdfast.ledger.changes import Actor, OpenChangeSet, change_set
from holdfast.ledger.models import Programme, Record, Signature

from . import lockout
from .models import Account, Person, SigningAttempt
from .policy import roles_held

PAGE = Actor.operator("the signing of decisions")
CLOCKS_APART = timedelta(minutes=2)


class IdentityRefused(Refused):
    """Whoever is at the keyboard did not prove to be who they say."""


@dataclass(frozen=True)
class Confirmed:
    """A person who has just proved their identity. Made by `confirm_identity` only, used at once."""

    account: Account
    person: Person


def confirm_identity(account: Account, password: str, code: str = "", *, programme: Programme, passkey: dict[str, Any] | None = None) -> Confirmed:
    """Ask identity again: the password, and the second factor where one is enrolled (a code, or a passkey's answer). No grace period, ever.

    Raises `IdentityRefused`; the refusal is counted (five within 15 minutes lock signing for 15 minutes, for every process) and recorded in the
    ledger. 21 CFR 11.200(a)(1), 11.300(d).
    """
    attempt = lockout.admit(SigningAttempt.objects, account=account)
    problem = _problem(account, password, code, passkey) if attempt else "Signing is locked after too many attempts. Wait 15 minutes."
    if problem:
        _record_refusal(account, programme, problem)
        raise IdentityRefused(problem)
    assert account.person is not None and attempt is not None
    attempt.delete()
    return Confirmed(account, account.person)


def _problem(account: Account, password: str, code: str, passkey: dict[str, Any] | None) -> str:
    if not account.is_active or account.person is None:
        make_password(password)  # the same work as a check, so that the answer's time says nothing
        return "This account cannot sign."
    if not check_password(password, account.password):
        return "The password is not right. Nothing was signed."
    return _second_factor_problem(account, code, passkey)


def _second_factor_problem(account: Account, code: str, passkey: dict[str, Any] | None) -> str:
    """What is wrong with the second factor; nothing where none is enrolled. A recovery code signs in and does not sign."""
    enrolled = second_factors(account)
    if passkey is not None and Authenticator.Type.WEBAUTHN in enrolled:
        try:
            complete_authentication(account, passkey)
        except ValidationError:
            return "The passkey's answer is not right. Nothing was signed."
        return ""
    totp = Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).first()
    if totp is not None and not (code and totp.wrap().validate_code(code)):
        return "The code from your authenticator is not right. Nothing was signed."
    if totp is None and Authenticator.Type.WEBAUTHN in enrolled:
        return "A passkey is enrolled and was not used. Sign on the page, or enrol an authenticator app as well. Nothing was signed."
    return ""


def _record_refusal(account: Account, programme: Programme, problem: str) -> None:
    """Whoever was refused has not proved to be the person, so the entry is the page's, about the log-in."""
    with change_set(PAGE, action="signature refused", reason=f"{account.email}: {problem}", programme=programme):
        pass


def actor_of(person: Person) -> Actor:
    """The actor of a change set that a person opens."""
    return Actor(person.pk, person.printed_name)


def perform_signature(change_set: OpenChangeSet, confirmed: Confirmed, *, record: Record, role: str, meaning: str, content: bytes) -> Signature:
    """Sign exactly `content`, for a record, in a role held today. Raises `Refused` when the role is not held."""
    person = confirmed.person
    if change_set.programme is None or role not in roles_held(person, change_set.programme, today()):
        raise Refused(f"{person.printed_name} does not hold the role {role.replace('_', ' ')} today. Nothing was signed.")
    if not change_set.programme.is_fictional:
        _check_clock()
    return sign_record(
        change_set,
        record,
        signer_id=person.pk,
        printed_name=person.printed_name,
        role=role,
        organisation=person.organisation.name,
        meaning=meaning,
        content=content,
    )


def _check_clock() -> None:
    """A signature's moment is the application's; it must be the database's too. (A demonstration may fix its day.)"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(cursor.fetchone()[0] - now())
    if apart > CLOCKS_APART:
        raise Refused(f"The clocks of the application and the database are {apart} apart, so no moment of signing is sure. Set them; nothing was signed.")


def second_factors(account: Any) -> set[str]:
    """Kinds of second factor that are enrolled (`totp`, `webauthn`), so that a form can ask for one."""
    return set(Authenticator.objects.filter(user=account).exclude(type=Authenticator.Type.RECOVERY_CODES).values_list("type", flat=True))
