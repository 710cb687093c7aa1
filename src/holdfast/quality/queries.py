"""Reads of what went wrong and what changes. Every query sees only what the open identity sees."""

from __future__ import annotations

from django.db.models import QuerySet

from holdfast.batch.models import Lot
from holdfast.batch.queries import Event

from .models import ChangeLot, CompletenessStatement, DeviationLot, OutOfSpecification


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


def events_of(lot: Lot) -> list[Event]:
    """What went wrong with a lot and when it was settled, as events of its timeline."""
    events: list[Event] = []
    for row in deviations_of(lot):
        deviation, place = row.deviation, row.deviation.site.name if row.deviation.site else ""
        name = f"{deviation.record.number} {deviation.record.title}".strip()
        if deviation.discovered_on:
            events.append(Event(deviation.discovered_on, f"Deviation {name}", place, record=deviation.pk, icon="triangle-alert", tone="bad"))
        if deviation.quality_approved_on:
            events.append(
                Event(deviation.quality_approved_on, f"Deviation {deviation.record.number} approved by quality", place, record=deviation.pk, icon="user-check")
            )
    for found in OutOfSpecification.objects.filter(lot=lot, record__voided_at__isnull=True).select_related("record", "attribute"):
        if found.quality_approved_on:
            what = f"OOS {found.record.number} ({found.attribute.name}) closed by quality"
            events.append(Event(found.quality_approved_on, what, record=found.pk, icon="user-check"))
    for said in CompletenessStatement.objects.filter(lot=lot, record__voided_at__isnull=True).select_related("stated_by", "party"):
        what = f"Stated complete to {said.complete_to:%-d %b %Y}: {said.list.replace('_', ' ')}"
        events.append(Event(said.stated_at, what, f"{said.stated_by.printed_name}, {said.party.name}", record=said.pk, icon="square-check"))
    return events
