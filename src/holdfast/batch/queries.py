"""Reads of what was made. Every query sees only what the open identity sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db.models import Count, Q, QuerySet

from holdfast.ledger.models import Programme
from holdfast.people.models import Site

from .models import BatchStep, IdentityCheck, Lot, LotUse, RecordReview, Result, Sample, Shipment, ShipmentLot, SiteRelease, TestRun


def results_of_lot(lot: Lot) -> QuerySet[Result]:
    """Every standing result of a lot's samples, with what a page needs of each, in the order of attributes and runs."""
    return (
        Result.objects.filter(test_run__sample__lot=lot, voided_at__isnull=True, test_run__record__voided_at__isnull=True)
        .select_related("attribute", "test_run__record", "test_run__procedure__record", "test_run__site", "test_run__analyst", "test_run__reviewer")
        .order_by("attribute__name", "test_run__performed_at", "pk")
    )


def earlier_results(lot: Lot, batches: int = 30) -> QuerySet[Result]:
    """Approved results of the same product's batches up to this one, the latest `batches` of them, in the order they were made."""
    day = lot.manufactured_on
    if day is None or lot.product_id is None:
        return Result.objects.none()
    made = Lot.objects.filter(product=lot.product_id, lot_kind=lot.lot_kind, manufactured_on__lte=day, record__voided_at__isnull=True)
    latest = made.exclude(pk=lot.pk).order_by("-manufactured_on", "-pk").values("pk")[: batches - 1]
    return (
        Result.objects.filter(
            Q(test_run__sample__lot__in=latest) | Q(test_run__sample__lot=lot),
            status="approved",
            voided_at__isnull=True,
            test_run__record__voided_at__isnull=True,
        )
        .select_related("test_run__sample__lot__record")
        .order_by("test_run__sample__lot__manufactured_on", "test_run__sample__lot__pk", "test_run__performed_at", "pk")
    )


def lanes_of(programme: Programme) -> list[tuple[int, int, int, int, int]]:
    """Shipments between sites: from, to, how many, how many left their temperature range, how many are not assessed. One query."""
    rows = Shipment.objects.filter(programme=programme, to_site__isnull=False, record__voided_at__isnull=True).values("from_site_id", "to_site_id")
    outside = Count("pk", filter=Q(temperature_outcome__startswith="excursion"))
    unknown = Count("pk", filter=Q(temperature_outcome__in=["", "not_read"]))
    counted = rows.annotate(shipments=Count("pk"), outside=outside, unknown=unknown).order_by("from_site_id", "to_site_id")
    return list(counted.values_list("from_site_id", "to_site_id", "shipments", "outside", "unknown"))


def inputs_of(lot: Lot) -> QuerySet[LotUse]:
    """Lots that went directly into a lot."""
    return LotUse.objects.filter(child=lot, voided_at__isnull=True).select_related("parent__record", "parent__material__record").order_by("used_on", "pk")


def uses_of(lot: Lot) -> QuerySet[LotUse]:
    """Lots that a lot went directly into."""
    return LotUse.objects.filter(parent=lot, voided_at__isnull=True).select_related("child__record").order_by("used_on", "pk")


@dataclass(frozen=True)
class Event:
    """Something that happened to a lot: when (a day or a moment), what, where, and the record that says so."""

    when: date | datetime
    what: str
    where: str = ""
    zone: str = "UTC"
    record: int | None = None
    icon: str = "circle-dashed"  # a sign for the kind of thing that happened
    tone: str = ""  # "bad" where it went wrong, "done" where somebody decided

    @property
    def sort_key(self) -> datetime:
        if isinstance(self.when, datetime):
            return self.when
        return datetime.combine(self.when, time(12), UTC)

    @property
    def has_time(self) -> bool:
        return isinstance(self.when, datetime)


def timeline_of(lot: Lot) -> list[Event]:
    """Everything that happened to a lot, in order, as far as the open identity sees it."""
    events = [*_made(lot), *_executed(lot), *_moved(lot), *_tested(lot)]
    return sorted(events, key=lambda event: event.sort_key)


def _made(lot: Lot) -> Iterator[Event]:
    place = lot.made_at.name if lot.made_at else ""
    days = ((lot.manufacture_began_on, "Manufacture began"), (lot.manufactured_on, "Manufacture ended"), (lot.expires_on, "Expires"))
    for day, what in days:
        if day:
            yield Event(day, what, place if what != "Expires" else "", record=lot.pk, icon="calendar-clock" if what == "Expires" else "factory")
    for release in SiteRelease.objects.filter(lot=lot, record__voided_at__isnull=True).select_related("site", "record"):
        if release.released_on:
            yield Event(release.released_on, "Released by the manufacturing site", release.site.name, record=release.pk, icon="file-check")


def _executed(lot: Lot) -> Iterator[Event]:
    for step in BatchStep.objects.filter(batch_record__lot=lot, voided_at__isnull=True).select_related("site"):
        if step.finished_at:
            yield Event(
                step.finished_at,
                f"Step {step.sequence}: {step.unit_operation}",
                step.site.name if step.site else "",
                _zone(step.site),
                step.batch_record_id,
                "factory",
                "bad" if step.within_instruction is False else "",
            )
    for review in RecordReview.objects.filter(batch_record__lot=lot, voided_at__isnull=True).select_related("reviewer"):
        yield Event(
            review.reviewed_at,
            f"Record review ({review.reviewer_role.replace('_', ' ')}): {review.outcome}",
            review.reviewer.printed_name,
            record=review.batch_record_id,
            icon="user-check",
        )


def _moved(lot: Lot) -> Iterator[Event]:
    for check in IdentityCheck.objects.filter(lot=lot, voided_at__isnull=True).select_related("site"):
        does_agree = bool(check.expected) and check.expected == check.observed
        what = f"Identity check at {check.point.replace('_', ' ')}: {'agrees' if does_agree else 'DOES NOT AGREE'}"
        place = check.site.name if check.site else ""
        yield Event(check.checked_at, what, place, _zone(check.site), lot.pk, "fingerprint-pattern", "" if does_agree else "bad")
    for row in ShipmentLot.objects.filter(lot=lot, voided_at__isnull=True).select_related("shipment__from_site", "shipment__to_site", "shipment__record"):
        shipment = row.shipment
        for moment, what, site in ((shipment.shipped_at, "Shipped from", shipment.from_site), (shipment.received_at, "Received at", shipment.to_site)):
            if moment:
                outcome = f" ({(shipment.temperature_outcome or 'temperature not recorded').replace('_', ' ')})" if what == "Received at" else ""
                yield Event(moment, f"{what} {site.name if site else 'an unnamed site'}{outcome}", shipment.record.number, _zone(site), shipment.pk, "truck")


def _tested(lot: Lot) -> Iterator[Event]:
    for sample in Sample.objects.filter(lot=lot, record__voided_at__isnull=True).select_related("record", "laboratory"):
        if sample.taken_at:
            yield Event(
                sample.taken_at, f"Sample {sample.record.number} taken", sample.laboratory.name if sample.laboratory else "", record=sample.pk, icon="test-tube"
            )
    runs = TestRun.objects.filter(sample__lot=lot, record__voided_at__isnull=True).select_related("record", "site", "procedure__record")
    for run in runs:
        if run.performed_at:
            yield Event(
                run.performed_at,
                f"Tested: {run.procedure.record if run.procedure else run.record.number}",
                run.site.name if run.site else "",
                _zone(run.site),
                run.pk,
                "flask-conical",
            )


def _zone(site: Site | None) -> str:
    return site.time_zone if site else "UTC"
