"""The products that a viewer sees, and the one that an address names."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from holdfast.programme.models import Product


def products() -> list[Any]:
    """Every standing product that the open identity sees, by programme and number."""
    rows = Product.objects.filter(record__voided_at__isnull=True).select_related("record", "programme")
    return list(rows.order_by("programme__number", "record__number"))


def chosen_product(known: list[Any], key: str) -> Any | None:
    """The product of a key, the first without one; None where nothing is seen at all. Raises `Http404` for a key that is none of them."""
    if not key:
        return known[0] if known else None
    found = next((one for one in known if str(one.pk) == key), None)
    if found is None:
        raise Http404("There is no such product, or it is not yours to see.")
    return found
