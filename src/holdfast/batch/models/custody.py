"""Identity, custody and release on the way from donor to patient."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from holdfast.ledger.models import Access, Detail, Fact
from holdfast.people.models import Person, Site

from .lot import Lot


class IdentityPoint(models.TextChoices):
    COLLECTION = "collection", "Collection"
    RECEIPT = "receipt", "Receipt"
    MANUFACTURE_START = "manufacture_start", "Start of manufacture"
    FILL = "fill", "Fill"
    LABEL = "label", "Label"
    SHIPMENT = "shipment", "Shipment"
    IMPORT_RECEIPT = "import_receipt", "Receipt at the importer"


class IdentityCheck(Fact):
    """One comparison of the chain-of-identity id at a hand-over."""

    access = Access.WORK
    sheet = "identity_checks"
    natural_key = ("lot__record__number", "point", "checked_at")
    work_of = "site"
    happened = "checked_at"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="identity_checks")
    point = models.CharField(max_length=30, choices=IdentityPoint)
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    expected = models.CharField(max_length=80, blank=True)
    observed = models.CharField(max_length=80, blank=True)
    identifiers_checked = models.PositiveIntegerField(null=True)
    checked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    second_checker = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "point", "checked_at"], name="identity_check_once"),
            models.CheckConstraint(condition=~Q(checked_by=F("second_checker")), name="identity_check_by_two_persons"),
        ]


class ShipmentTarget(models.TextChoices):
    IMPORTER = "importer", "Importer"
    LABORATORY = "laboratory", "Laboratory"
    CLINICAL_SITE = "clinical_site", "Clinical site"
    DEPOT = "depot", "Depot"
    MANUFACTURER = "manufacturer", "Manufacturer"


class TemperatureOutcome(models.TextChoices):
    WITHIN_RANGE = "within_range", "Within range"
    EXCURSION_ACCEPTED = "excursion_accepted", "Excursion, accepted"
    EXCURSION_OPEN = "excursion_open", "Excursion, open"
    NOT_READ = "not_read", "Logger not read"


class Shipment(Detail):
    """A transport between two sites, with the outcome of its temperature record."""

    access = Access.WORK
    kind = "shipment"
    sheet = "shipments"
    natural_key = ("number",)
    work_of = "from_site"
    happened = "shipped_at"

    from_site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    to_site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    to_kind = models.CharField(max_length=20, choices=ShipmentTarget)
    shipped_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    under_quarantine = models.BooleanField(null=True)
    lane_qualified = models.BooleanField(null=True)
    temperature_outcome = models.CharField(max_length=30, choices=TemperatureOutcome, blank=True)
    deviation_number = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(received_at__gte=F("shipped_at")), name="shipment_arrives_after_it_leaves")]


class ShipmentLot(Fact):
    """A lot in a shipment."""

    access = Access.WORK
    sheet = "shipment_lots"
    natural_key = ("shipment__record__number", "lot__record__number")
    work_of = "shipment.from_site"

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="lots")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="shipments")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipment", "lot"], name="shipment_lot_once")]


class Determination(models.TextChoices):
    ELIGIBLE = "eligible", "Eligible"
    INELIGIBLE = "ineligible", "Ineligible"
    NOT_REQUIRED = "not_required", "Not required (autologous)"
    INCOMPLETE = "incomplete", "Incomplete"


class DonorEligibility(Detail):
    """The determination on a donor (a pseudonym) for a collected lot."""

    access = Access.WORK
    kind = "donor_eligibility"
    sheet = "donor_eligibilities"
    natural_key = ("number",)
    work_of = "lot.made_at"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="donor_eligibilities")
    donor = models.CharField(max_length=80)
    determination = models.CharField(max_length=20, choices=Determination, blank=True)
    determined_on = models.DateField(null=True)
    determined_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    eu_testing_complete = models.BooleanField(null=True)
    procurement_authorised = models.BooleanField(null=True)


class SiteRelease(Detail):
    """The manufacturing site's own release with its certificates; never the sponsor's disposition."""

    access = Access.WORK
    kind = "site_release"
    sheet = "site_releases"
    natural_key = ("number",)
    work_of = "site"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="site_releases")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    released_on = models.DateField(null=True)
    certificate_of_analysis = models.CharField(max_length=120, blank=True)
    certificate_of_conformance = models.CharField(max_length=120, blank=True)


class ReserveSample(Detail):
    """A retained sample of a lot."""

    access = Access.WORK
    kind = "reserve_sample"
    sheet = "reserve_samples"
    natural_key = ("number",)
    work_of = "site"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="reserve_samples")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    quantity = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    retained_until = models.DateField(null=True)
    justification = models.TextField(blank=True)
