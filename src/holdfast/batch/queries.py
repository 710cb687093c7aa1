"""Reads of what was made. Every query sees only what the open identity sees."""

from __future__ import annotations

from django.db.models import QuerySet

from .models import Lot, LotUse, Result


def results_of_lot(lot: Lot) -> QuerySet[Result]:
    """Every standing result of a lot's samples, with what a page needs of each, in the order of attributes and runs."""
    return (
        Result.objects.filter(test_run__sample__lot=lot, voided_at__isnull=True, test_run__record__voided_at__isnull=True)
        .select_related("attribute", "test_run__record", "test_run__procedure__record", "test_run__site", "test_run__analyst", "test_run__reviewer")
        .order_by("attribute__name", "test_run__performed_at", "pk")
    )


def inputs_of(lot: Lot) -> QuerySet[LotUse]:
    """Lots that went directly into a lot."""
    return LotUse.objects.filter(child=lot, voided_at__isnull=True).select_related("parent__record", "parent__material__record").order_by("used_on", "pk")


def uses_of(lot: Lot) -> QuerySet[LotUse]:
    """Lots that a lot went directly into."""
    return LotUse.objects.filter(parent=lot, voided_at__isnull=True).select_related("child__record").order_by("used_on", "pk")
