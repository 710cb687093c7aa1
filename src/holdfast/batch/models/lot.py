"""Lots, what they were made from, where they are bound, their status, and which site did what for them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate, Lower

from holdfast.ledger.models import Access, Detail, Fact, Valid
from holdfast.people.models import Organisation, Site
from holdfast.programme.models import Material, Process, Product, Registration
from holdfast.programme.models.registration import SiteActivityName


class LotKind(models.TextChoices):
    DRUG_PRODUCT = "drug_product", "Drug product"
    DRUG_SUBSTANCE = "drug_substance", "Drug substance"
    VECTOR = "vector", "Vector"
    PLASMID = "plasmid", "Plasmid"
    APHERESIS = "apheresis", "Apheresis"
    REAGENT = "reagent", "Reagent"
    EXCIPIENT = "excipient", "Excipient"
    CONTAINER = "container", "Container"
    RAW_MATERIAL = "raw_material", "Raw material"
    INTERMEDIATE = "intermediate", "Intermediate"


class Lot(Detail):
    """A lot of anything: drug product, vector, plasmid, apheresis, reagent. Patients are pseudonyms."""

    access = Access.WORK
    kind = "lot"
    sheet = "lots"
    natural_key = ("number",)
    work_of = "made_at"

    lot_kind = models.CharField(max_length=20, choices=LotKind)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="lots")
    material = models.ForeignKey(Material, null=True, on_delete=models.PROTECT, related_name="lots")
    made_at = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(Process, null=True, on_delete=models.PROTECT, related_name="lots")
    manufacture_began_on = models.DateField(null=True)
    manufactured_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    shelf_life_months = models.PositiveIntegerField(null=True)
    quantity = models.CharField(max_length=40, blank=True)  # decimal as text, as recorded
    unit = models.CharField(max_length=40, blank=True)
    identity = models.CharField(max_length=80, blank=True)  # chain-of-identity id
    patient = models.CharField(max_length=80, blank=True)  # pseudonym
    container = models.CharField(max_length=200, blank=True)
    storage_condition = models.CharField(max_length=200, blank=True)
    gmp_evidence = models.CharField(max_length=200, blank=True)
    gmp_evidence_accepted_by_qp = models.BooleanField(null=True)
    replication_competent_virus_result = models.CharField(max_length=80, blank=True)
    identity_tested = models.BooleanField(null=True)
    manufactured_month = models.CharField(max_length=40, blank=True)  # as reported, where only a month is known

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(manufactured_on__gte=F("manufacture_began_on")), name="lot_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(expires_on__gte=F("manufactured_on")), name="lot_expires_after_manufacture"),
        ]
        indexes = [models.Index(Collate(Lower("patient"), "C"), condition=~Q(patient=""), name="lot_patient_search")]


class LotUse(Fact):
    """Genealogy: some of the parent lot went into the child lot."""

    access = Access.WORK
    sheet = "lot_uses"
    natural_key = ("parent__record__number", "child__record__number", "unit_operation")
    work_of = "child.made_at"

    parent = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="uses")
    child = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="inputs")
    unit_operation = models.CharField(max_length=160, blank=True)
    quantity = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    used_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "child", "unit_operation"], name="lot_use_once"),
            models.CheckConstraint(condition=~Q(parent=F("child")), name="lot_not_made_from_itself"),
        ]


class LotDestination(Fact):
    """An application under which the lot is meant to be used; its region is a destination."""

    access = Access.WORK
    sheet = "lot_destinations"
    natural_key = ("lot__record__number", "registration__record__number")
    work_of = "lot.made_at"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="destinations")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "registration"], name="lot_destination_once")]


class LotStatusName(models.TextChoices):
    QUARANTINE = "quarantine", "Quarantine"
    RELEASED = "released", "Released"
    REJECTED = "rejected", "Rejected"


class LotStatus(Valid, Fact):
    """The inventory status of a lot, between two dates, by the organisation that gave it."""

    access = Access.WORK
    sheet = "lot_statuses"
    natural_key = ("lot__record__number", "status", "organisation__number", "valid_from")
    work_of = "lot.made_at"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="statuses")
    status = models.CharField(max_length=20, choices=LotStatusName)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta(Valid.Meta):
        abstract = False
        constraints = [
            *Valid.Meta.constraints,
            models.UniqueConstraint(fields=["lot", "status", "organisation", "valid_from"], name="lot_status_once"),
        ]


class SiteActivity(Fact):
    """A site did something for this lot, last on this day: the supply chain as it was."""

    access = Access.WORK
    sheet = "site_activities"
    natural_key = ("lot__record__number", "site__number", "activity")
    work_of = "site"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="site_activities")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    activity = models.CharField(max_length=40, choices=SiteActivityName)
    performed_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "site", "activity"], name="site_activity_once")]
