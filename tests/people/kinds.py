"""Who of the demonstration stands for each kind of person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import Programme
from holdfast.people.kinds import KINDS, Kind
from holdfast.people.models import Account, Person

#: kind → the numbers of the demonstration's people; two of each kind that sees its own work, so that each is hidden from the other
PEOPLE = {
    "CMC lead": ["PER-003"],
    "Quality Unit": ["PER-001"],
    "QP": ["PER-004"],
    "sponsor release": ["PER-006"],
    "CDMO": ["PER-021", "PER-031"],
    "laboratory": ["PER-051", "PER-061"],
    "consultancy that writes": ["PER-014"],
    "consultancy that reads": ["PER-008"],
    "inspector": ["PER-009"],
    "reader": ["PER-011"],
    "administrator": ["PER-010"],
    "role ended": ["PER-012"],
    "no role": ["PER-013"],
}
BY_NAME = {kind.name: kind for kind in KINDS}


def people() -> list[tuple[Kind, Any]]:
    """Every kind of person with each who stands for it."""
    with viewing(Viewer.operator()):
        found = {person.number: person for person in Person.objects.select_related("organisation", "account")}
    return [(BY_NAME[name], found[number]) for name, numbers in PEOPLE.items() for number in numbers]


def log_in_of_no_person() -> Account:
    return Account.objects.create_user(username="nobody@example.com", email="nobody@example.com", password="long-enough-password")


def programme() -> Programme:
    with viewing(Viewer.operator()):
        return Programme.objects.get()


@contextmanager
def as_operator() -> Iterator[None]:
    with viewing(Viewer.operator()):
        yield
