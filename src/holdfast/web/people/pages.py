"""The review of access, for whoever answers for quality: on the page, and as a file to sign or to keep."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.kernel.clock import today
from holdfast.ledger.models import Programme
from holdfast.people.policy import QUALITY_ROLES, programmes_where
from holdfast.people.review import access_review as review_of
from holdfast.people.review import as_csv

from ..access import for_people, signed_in

WHY = "The review of access is for whoever holds a quality role (Quality Unit or Qualified Person) on a programme today. You hold none."


def _reviewed(request: HttpRequest) -> list[Programme]:
    person: Any = request.user.person  # type: ignore[union-attr]
    return programmes_where(person, {str(role) for role in QUALITY_ROLES}, today())


@for_people
def access_review(request: HttpRequest) -> HttpResponse:
    """Who may do what on the programmes where the viewer holds a quality role, since when and until when."""
    programmes = _reviewed(request)
    if not programmes:
        return render(request, "403.html", signed_in(request) | {"why": WHY}, status=403)
    context = {"lines": review_of(today(), programmes), "reviewed": programmes, "day": today()}
    return render(request, "people/access_review.html", signed_in(request) | context)


@for_people
def access_review_csv(request: HttpRequest) -> HttpResponse:
    """The same list as CSV."""
    programmes = _reviewed(request)
    if not programmes:
        return render(request, "403.html", signed_in(request) | {"why": WHY}, status=403)
    response = HttpResponse(as_csv(review_of(today(), programmes)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="access-review-{today()}.csv"'
    return response
