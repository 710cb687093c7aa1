"""Reads about people, under whatever identity is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Max

from holdfast.ledger.models import Programme, Record, Signature

from .models import Account, Grant, Person, Role, RoleName, Site
from .policy import holding
from .tokens import live_tokens


@dataclass(frozen=True)
class LogIn:
    """A log-in account with the person behind it, and the roles they hold on a day on any programme."""

    account: Account
    roles: tuple[str, ...]
    has_second_factor: bool

    @property
    def role_names(self) -> str:
        return ", ".join(str(RoleName(role).label) for role in self.roles)


def log_ins(on: date) -> list[LogIn]:
    """Every log-in, by e-mail, in a constant number of queries."""
    roles: dict[int, list[str]] = {}
    for person, role in Role.objects.filter(holding(on)).values_list("person_id", "role").distinct().order_by("role"):
        roles.setdefault(person, []).append(role)
    enrolled = set(Authenticator.objects.values_list("user_id", flat=True))
    found = Account.objects.select_related("person__organisation").order_by("email")
    return [LogIn(account, tuple(roles.get(account.person_id or 0, ())), account.pk in enrolled) for account in found]


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


def access_review(on: date) -> list[AccessLine]:
    """Who may do what on a day, for a person to look at line by line: every role that is held and every log-in, also of persons without a role."""
    accounts = {a.person_id: a for a in Account.objects.select_related("person__organisation") if a.person_id}
    factors: dict[int, set[str]] = {}
    for user, kind in Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).values_list("user_id", "type"):
        factors.setdefault(user, set()).add(kind)
    tokens = Counter(live_tokens().values_list("account_id", flat=True))
    signed = dict(Signature.objects.values_list("signer_id").annotate(last=Max("signed_at")))
    grants: dict[tuple[int, int], list[str]] = {}
    for grant in Grant.objects.filter(holding(on)):
        sees = grant.get_extent_display() + (", read only" if grant.read_only else "") + (f", until {grant.valid_until}" if grant.valid_until else "")
        grants.setdefault((grant.organisation_id, grant.programme_id), []).append(sees)

    def line(person: Person, role: Role | None) -> AccessLine:
        account = accounts.get(person.pk)
        sees = grants.get((person.organisation_id, role.programme_id), []) if role else []
        return AccessLine(
            person.printed_name, person.number, person.organisation.name,
            role.programme.number if role else "", role.get_role_display() if role else "no role", role.valid_from if role else None,
            role.valid_until if role else None, role.authority if role else "", "; ".join(sees) or "nothing",
            account.email if account else "", bool(account and account.is_active), ", ".join(sorted(factors.get(account.pk, ()))) if account else "",
            account.last_login if account else None, signed.get(person.pk), tokens[account.pk] if account else 0,
        )  # fmt: skip

    roles = list(Role.objects.filter(holding(on)).select_related("person__organisation", "programme").order_by("person__number", "role"))
    held = {role.person_id for role in roles}
    return [line(role.person, role) for role in roles] + [line(a.person, None) for key, a in sorted(accounts.items()) if key not in held and a.person]


def holders(programmes: Collection[Programme], on: date) -> dict[str, list[str]]:
    """Printed names of whoever holds each role on any of the programmes on a day, in one query."""
    rows = Role.objects.filter(holding(on), programme__in=programmes).values_list("role", "person__printed_name").distinct().order_by("person__printed_name")
    names: dict[str, list[str]] = {}
    for role, name in rows:
        names.setdefault(role, []).append(name)
    return names


def keepers(records: Collection[int]) -> dict[int, str]:
    """The organisation whose site's work each record is, as far as the record is seen and is a site's work; two queries."""
    sites = dict(Record.objects.filter(pk__in=records, scope_site_id__isnull=False).values_list("pk", "scope_site_id"))
    names = dict(Site.objects.filter(pk__in=set(sites.values())).values_list("pk", "organisation__name"))
    return {record: names[site] for record, site in sites.items() if site in names}
