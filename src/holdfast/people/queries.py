"""Reads about people, under whatever identity is open."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator

from holdfast.ledger.models import Programme, Record

from .models import Account, Person, Role, RoleName, Site
from .policy import holding


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


def roles_on_day(person: Person, on: date, programme: int | None) -> list[str]:
    """What a person was on a day, as words: on one programme (by its id), or with None on every programme that is seen. One query."""
    rows = Role.objects.filter(holding(on), person=person)
    if programme is not None:
        rows = rows.filter(programme=programme)
    return [str(RoleName(role).label) for role in sorted(set(rows.values_list("role", flat=True)))]
