"""The address of a study: its number, and its programme where two programmes gave the same one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from holdfast.study.models import Study
from holdfast.study.queries import studies

NOT_THERE = "There is no such study, or it is not yours to see."


class Several(Exception):
    """More than one programme has a study of the number: the address must say which."""


def find_study(number: str, programme: str = "") -> Study:
    """The latest standing version of a study by its number. Raises `Http404`, or `Several` when programmes share the number and none is said."""
    rows = studies().filter(record__number=number)
    found = list(rows.filter(programme__number=programme) if programme else rows)
    if not found:
        raise Http404(NOT_THERE)
    if len({study.programme_id for study in found}) > 1:
        raise Several(number)
    return found[0]


def address_of_study(number: str, programme: str = "", page: str = "study") -> str:
    """The address of a study's page; the programme is said where it is given."""
    return reverse(page, args=[number]) + (f"?{urlencode({'programme': programme})}" if programme else "")
