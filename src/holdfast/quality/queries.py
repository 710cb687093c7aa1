"""Reads of what went wrong and what changes. Every query sees only what the open identity sees."""

from __future__ import annotations

from django.db.models import QuerySet

from holdfast.batch.models import Lot

from .models import ChangeLot, DeviationLot


def deviations_of(lot: Lot) -> QuerySet[DeviationLot]:
    """Standing deviations that touch a lot, the latest first."""
    return (
        DeviationLot.objects.filter(lot=lot, voided_at__isnull=True, deviation__record__voided_at__isnull=True)
        .select_related("deviation__record", "deviation__site")
        .order_by("-deviation__discovered_on", "pk")
    )


def changes_of(lot: Lot) -> QuerySet[ChangeLot]:
    """Standing changes that a lot contains."""
    return ChangeLot.objects.filter(lot=lot, voided_at__isnull=True, change__record__voided_at__isnull=True).select_related("change__record").order_by("pk")
