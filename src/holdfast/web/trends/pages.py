"""Continued process verification: every attribute of a product over batches, and one attribute with its control charts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from holdfast.ledger.access import sees_whole
from holdfast.programme.models import Attribute, Product
from holdfast.trends.charting import series_of
from holdfast.trends.normality import CRITICAL_5_PERCENT, anderson_darling
from holdfast.trends.product_trends import AttributeTrend, trend_of_attribute, trends_of
from holdfast.trends.queries import products_with_batches

from ..access import for_people, signed_in
from ..figure_file import figure_file
from ..templatetags.holdfast import unit_words
from .drawn import figures_of
from .lines import indices_of, line_of, results_of, signals_of

DRAWN = 6  # streams with figures on one page, the longest first
LISTED = 200  # results in the table, the latest


def find_product(key: int) -> Product:
    """A standing product that the viewer sees, or 404."""
    found = Product.objects.filter(pk=key, record__voided_at__isnull=True).select_related("record", "programme").first()
    if found is None:
        raise Http404("There is no such product, or it is not yours to see.")
    return found


@for_people
def trends(request: HttpRequest) -> HttpResponse:
    """Every product that the viewer sees, with the way to its trends and its review."""
    products = list(products_with_batches())
    whole = {number for number in {product.programme.number for product in products} if sees_whole(number)}
    return render(request, "trends/products.html", signed_in(request) | {"products": products, "whole": whole})


@for_people
def product_trends(request: HttpRequest, product: int) -> HttpResponse:
    """Attributes of a product by name: small chart, rules fired, capability, streams."""
    found = find_product(product)
    shown = trends_of(found, after_of(request), baseline_of(request))
    lines = [line_of(trend) for trend in shown.attributes]
    context = {
        "product": found,
        "shown": shown,
        "lines": lines,
        "fired": sum(len(line.signals) + line.more for line in lines),
        "uncharted": sum(1 for line in lines if not line.charted),
        "after": "?" + urlencode({"after_name": shown.after[0], "after": shown.after[1]}) if shown.after else "",
        "is_first": after_of(request) is None,
        "crumbs": [("Trends", reverse("trends")), (found.record.number, "")],
    }
    return render(request, "trends/product_trends.html", signed_in(request) | context)


@for_people
def attribute_trend(request: HttpRequest, product: int, attribute: int) -> HttpResponse:
    """One attribute of a product: its streams beside each other, their charts, and every result with its source."""
    found = find_product(product)
    measured = find_attribute(found, attribute)
    trend = trend_of_attribute(found, measured, baseline_of(request))
    rows = results_of(trend)
    query = f"?baseline={baseline_of(request)}" if baseline_of(request) else ""
    context = {
        "product": found,
        "trend": trend,
        "streams": [_stream(trend, number, found, query) for number in range(1, len(trend.streams) + 1)],
        "rows": rows[-LISTED:],
        "not_listed": max(0, len(rows) - LISTED),
        "signals": signals_of(trend),
        "baseline": baseline_of(request) or "",
        "refused_above": CRITICAL_5_PERCENT,
        "limit_names": list(dict.fromkeys(limit.name for limit in trend.every_limit)),
        "crumbs": [("Trends", reverse("trends")), (found.record.number, reverse("product_trends", args=[found.pk])), (measured.name, "")],
    }
    return render(request, "trends/attribute_trend.html", signed_in(request) | context)


@for_people
def attribute_trend_file(request: HttpRequest, product: int, attribute: int, which: str, form: str) -> HttpResponse:
    """One figure of an attribute's page as data (csv) or as its specification (json): only for who sees every batch of the programme."""
    found = find_product(product)
    if not sees_whole(found.programme.number):
        raise Http404("There is no such figure, or it is not yours to take along.")
    measured = find_attribute(found, attribute)
    trend = trend_of_attribute(found, measured, baseline_of(request))
    number = int(which.rpartition("-")[2]) if which.rpartition("-")[2].isdecimal() else 0
    figures = figures_of(trend.streams[number - 1], trend, number, units_of(trend, number)) if 1 <= number <= len(trend.streams) else {}
    return figure_file(figures.get(which), form, f"{found.record.number}-{measured.code}-{which}")


def find_attribute(product: Product, key: int) -> Attribute:
    """An attribute of the product's programme, or 404."""
    found = Attribute.objects.filter(pk=key, programme=product.programme_id, voided_at__isnull=True).first()
    if found is None:
        raise Http404("There is no such attribute, or it is not yours to see.")
    return found


def baseline_of(request: HttpRequest) -> int | None:
    """How many batches from the first the limits come from, as the address says; None where it says nothing that can be read."""
    text = request.GET.get("baseline", "")
    return int(text) if text.isdecimal() and len(text) < 5 and int(text) >= 3 else None


def after_of(request: HttpRequest) -> tuple[str, int] | None:
    """The attribute after which the page begins, as the address says."""
    key = request.GET.get("after", "")
    return (request.GET.get("after_name", ""), int(key)) if key.isdecimal() and len(key) < 19 else None


def units_of(trend: AttributeTrend, number: int) -> str:
    return str(unit_words(trend.streams[number - 1].charted.stream.factors.unit))


def _stream(trend: AttributeTrend, number: int, product: Product, query: str) -> dict[str, Any]:
    one = trend.streams[number - 1]
    drawn = figures_of(one, trend, number, units_of(trend, number)) if number <= DRAWN else {}
    address = {name: [reverse("attribute_trend_file", args=[product.pk, trend.attribute.pk, name, form]) + query for form in ("csv", "json")] for name in drawn}
    return {
        "number": number,
        "one": one,
        "figures": [(figure, *(address[name] if trend.whole else ("", ""))) for name, figure in drawn.items()],
        "capable": indices_of(one.capable),
        "fired": one.charted.fired,
        "normality": anderson_darling(series_of(one.charted.stream).values) if one.charted.chart else None,
    }
