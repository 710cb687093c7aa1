"""Reads about people, under whatever identity is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator

from .models import Account, Role, RoleName
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
