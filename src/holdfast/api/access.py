"""What endpoints ask of who asks: their roles, whole sight of a programme, things that they see."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from holdfast.kernel.clock import today
from holdfast.ledger.access import sees_whole
from holdfast.ledger.models import Programme
from holdfast.people.models import Person
from holdfast.people.policy import may_administer, roles_held

from .middleware import ApiRequest, Caller
from .problems import NOT_YOURS, NotAllowed


def caller(request: HttpRequest) -> Caller:
    """Whose token opened the request."""
    return cast(ApiRequest, request).caller


def person(request: HttpRequest) -> Person:
    """Who asks."""
    return caller(request).person


def found(rows: QuerySet[Any], **where: Any) -> Any:
    """The one row that the person sees. Raises `Http404`, whether it is hidden or is not there."""
    row = rows.filter(**where).first()
    if row is None:
        raise Http404(NOT_YOURS)
    return row


def programme_of(number: str) -> Programme:
    """A programme that the person sees, by its number."""
    row: Programme = found(Programme.objects.all(), number=number)
    return row


def programmes(number: str | None) -> list[Programme]:
    """The programmes that the person sees, or the one that they name."""
    return [programme_of(number)] if number else list(Programme.objects.order_by("number"))


def roles_on(request: HttpRequest, programme: Programme) -> set[str]:
    """Roles that the person holds on a programme today."""
    return roles_held(person(request), programme, today())


def need_whole(programme: str) -> None:
    """Raises `NotAllowed` unless the person sees the whole programme, which is named by its number."""
    if not sees_whole(programme):
        raise NotAllowed("This rests on the whole programme, of which you see a part.")


def need_administrator(request: HttpRequest, programme: Programme) -> None:
    """Raises `NotAllowed` unless the person may change who may do what on the programme."""
    if not may_administer(roles_on(request, programme)):
        raise NotAllowed(f"Who may do what on {programme.number} is changed by its system administrator.")
