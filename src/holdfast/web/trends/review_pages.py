"""The review of a product over a period, drafted from the record: a page that prints as a document."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from holdfast.kernel.clock import now, today
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import sees_whole
from holdfast.trends.review.draft import draft_review, period_of

from ..access import for_people, signed_in
from .pages import find_product


@for_people
def product_review(request: HttpRequest, product: int) -> HttpResponse:
    """The draft of the year that ends today, or of the period that the address says; only for who sees the whole programme: a part is no review."""
    found = find_product(product)
    if not sees_whole(found.programme.number):
        raise Http404("There is no such review, or it is not yours to see.")
    first, last, problem = request.GET.get("from", ""), request.GET.get("to", ""), ""
    try:
        period = period_of(first, last, today())
    except Refused as error:
        period, problem = period_of("", "", today()), str(error)
    context = {
        "product": found,
        "review": draft_review(found, period),
        "period": period,
        "problem": problem,
        "drafted_at": now(),
        "crumbs": [("Trends", reverse("trends")), (found.record.number, reverse("product_trends", args=[found.pk])), ("Review", "")],
    }
    return render(request, "trends/review.html", signed_in(request) | context)
