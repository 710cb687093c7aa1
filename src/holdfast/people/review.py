"""The review of access: who may do what, since when and until when, for a person to look at line by line."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Max

from holdfast.ledger.models import Programme, Signature

from .models import Account, Grant, Person, Role
from .policy import holding
from .tokens import live_tokens

#: a spreadsheet reads a cell that begins so as a formula
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class AccessLine:
    """One line of an access review: a person, what they may do on a programme and since when, what their organisation may see, and their log-in."""

    person: str
    number: str
    organisation: str
    programme: str
    role: str
    role_from: date | None
    role_until: date | None
    authority: str
    sees: str
    log_in: str
    log_in_open: bool
    second_factor: str
    last_sign_in: datetime | None
    last_signature: datetime | None
    tokens: int  # of the API, that open something today


@dataclass
class _Known:
    """What the lines are made of, read in a constant number of queries."""

    accounts: dict[int, Account]
    factors: dict[int, set[str]]
    signed: dict[int, datetime]
    grants: dict[tuple[int, int], list[str]]
    tokens: Counter[int]

    def line(self, person: Person, role: Role | None) -> AccessLine:
        account = self.accounts.get(person.pk)
        sees = self.grants.get((person.organisation_id, role.programme_id), []) if role else []
        return AccessLine(
            person.printed_name, person.number, person.organisation.name,
            role.programme.number if role else "", role.get_role_display() if role else "no role", role.valid_from if role else None,
            role.valid_until if role else None, role.authority if role else "", "; ".join(sees) or "nothing",
            account.email if account else "", bool(account and account.is_active), ", ".join(sorted(self.factors.get(account.pk, ()))) if account else "",
            account.last_login if account else None, self.signed.get(person.pk), self.tokens[account.pk] if account else 0,
        )  # fmt: skip


def access_review(on: date, programmes: Collection[Programme] | None = None) -> list[AccessLine]:
    """Every role that is held on a day, and every log-in of a person without one.

    With `programmes`, of those programmes only: their roles, and the log-ins without one in organisations that have had a grant there.
    """
    known = _read(on)
    roles = Role.objects.filter(holding(on)).select_related("person__organisation", "programme").order_by("person__number", "role")
    others = [account.person for account in known.accounts.values() if account.person]
    if programmes is not None:
        roles = roles.filter(programme__in=programmes)
        concerned = set(Grant.objects.filter(programme__in=programmes).values_list("organisation_id", flat=True))
        others = [person for person in others if person.organisation_id in concerned]
    lines = [known.line(role.person, role) for role in roles]
    held = {role.person_id for role in roles}
    return lines + [known.line(person, None) for person in sorted(others, key=lambda p: p.number) if person.pk not in held]


def _read(on: date) -> _Known:
    factors: dict[int, set[str]] = defaultdict(set)
    for user, kind in Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).values_list("user_id", "type"):
        factors[user].add(kind)
    grants: dict[tuple[int, int], list[str]] = defaultdict(list)
    for grant in Grant.objects.filter(holding(on)):
        sees = grant.get_extent_display() + (", read only" if grant.read_only else "") + (f", until {grant.valid_until}" if grant.valid_until else "")
        grants[(grant.organisation_id, grant.programme_id)].append(sees)
    accounts = {account.person_id: account for account in Account.objects.select_related("person__organisation") if account.person_id}
    signed = dict(Signature.objects.values_list("signer_id").annotate(last=Max("signed_at")))
    tokens = Counter(live_tokens().values_list("account_id", flat=True))
    return _Known(accounts, factors, signed, grants, tokens)


def as_csv(lines: Iterable[AccessLine]) -> bytes:
    """The review as CSV (UTF-8, a header row). A cell that a spreadsheet would read as a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in dataclasses.fields(AccessLine)])
    writer.writerows([_cell(value) for value in dataclasses.astuple(line)] for line in lines)
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
