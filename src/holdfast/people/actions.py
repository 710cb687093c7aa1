"""Writes about people: roles end, grants end, log-in accounts are opened apart from the ledger."""

from __future__ import annotations

from datetime import date

from holdfast.kernel.errors import Refused
from holdfast.ledger.actions import store_rows
from holdfast.ledger.changes import OpenChangeSet

from .accounts import end_sessions
from .models import Account, Grant, Person, Role
from .policy import holding
from .tokens import revoke_tokens


def give_role(change_set: OpenChangeSet, person: Person, role: str, *, valid_from: date, valid_until: date | None = None, authority: str = "") -> Role:
    """Give a person a role on the change set's programme, from a day, open-ended unless an end is given."""
    row = {"person": person, "role": role, "valid_from": valid_from, "valid_until": valid_until, "authority": authority}
    return Role.objects.get(pk=store_rows(change_set, Role, [row]).keys[0])


def end_role(change_set: OpenChangeSet, role: Role, *, on: date) -> Role:
    """End a role on a day: it held until then, included."""
    role.valid_until, role.until_stated = on, True
    role.save(update_fields=["valid_until", "until_stated"])
    return role


def end_grant(change_set: OpenChangeSet, grant: Grant, *, on: date) -> Grant:
    """End what an organisation may see, on a day."""
    grant.valid_until, grant.until_stated = on, True
    grant.save(update_fields=["valid_until", "until_stated"])
    return grant


def leave(change_set: OpenChangeSet, person: Person, *, on: date) -> list[Role]:
    """End every role that a person still holds on the change set's programme, on a day. `close_account` shuts the log-in, once for all programmes."""
    held = list(Role.objects.filter(holding(on), person=person, programme=change_set.programme))
    return [end_role(change_set, role, on=on) for role in held]


def close_account(account: Account) -> int:
    """Shut a log-in for good: no sign-in, no signature, no session, no token, no second factor left to use. Returns how many sessions were ended."""
    from allauth.mfa.models import Authenticator

    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["is_active", "password"])
    Authenticator.objects.filter(user=account).delete()
    revoke_tokens(account)
    return end_sessions(account)


def open_account(person: Person, *, email: str, password: str) -> Account:
    """Open a log-in for a person. Accounts are not regulated: what a person may do comes from roles, never from the account."""
    if Account.objects.filter(person=person).exists():
        raise Refused(f"{person.printed_name} already has a log-in.")
    return Account.objects.create_user(username=email.lower(), email=email.lower(), password=password, person=person)
