"""Deviations and out-of-specification results: investigation, impact and CAPA are three states, not one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from holdfast.batch.models import Lot, TestRun
from holdfast.ledger.models import Access, Detail, Fact
from holdfast.people.models import Person, Site
from holdfast.programme.models import Attribute


class Classification(models.TextChoices):
    CRITICAL = "critical", "Critical"
    MAJOR = "major", "Major"
    MINOR = "minor", "Minor"


class InvestigationState(models.TextChoices):
    OPEN = "open", "Open"
    CONCLUDED = "concluded", "Concluded"


class RootCause(models.TextChoices):
    CONFIRMED = "confirmed", "Confirmed"
    PROBABLE = "probable", "Most probable"
    NONE_FOUND = "none_found", "None found"


class ImpactConclusion(models.TextChoices):
    NO_IMPACT = "no_impact", "No impact"
    NEGLIGIBLE = "negligible", "Negligible"
    IMPACT = "impact", "Impact"
    NOT_CONCLUDED = "not_concluded", "Not concluded"


class CapaState(models.TextChoices):
    NONE_NEEDED = "none_needed", "None needed"
    OPEN = "open", "Open"
    IMPLEMENTED = "implemented", "Implemented"
    EFFECTIVE = "effective", "Effective"


class Deviation(Detail):
    """A departure from what was prescribed, with its investigation, its impact and its CAPA kept apart."""

    access = Access.WORK
    kind = "deviation"
    sheet = "deviations"
    natural_key = ("number",)
    work_of = "site"

    classification = models.CharField(max_length=20, choices=Classification, blank=True)
    is_planned = models.BooleanField(null=True)
    discovered_on = models.DateField(null=True)
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    justification = models.TextField(blank=True)
    investigation_state = models.CharField(max_length=20, choices=InvestigationState, blank=True)
    root_cause = models.CharField(max_length=20, choices=RootCause, blank=True)
    impact_conclusion = models.CharField(max_length=20, choices=ImpactConclusion, blank=True)
    other_batches_assessed = models.BooleanField(null=True)
    quality_approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    quality_approved_on = models.DateField(null=True)
    qp_involved = models.BooleanField(null=True)
    modification_evaluated = models.BooleanField(null=True)
    capa_state = models.CharField(max_length=20, choices=CapaState, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quality_approved_on__isnull=True) | Q(quality_approved_by__isnull=False), name="deviation_approved_by_a_person")
        ]


class DeviationLot(Fact):
    """A lot that a deviation touches."""

    access = Access.WORK
    sheet = "deviation_lots"
    natural_key = ("deviation__record__number", "lot__record__number")
    work_of = "deviation.site"

    deviation = models.ForeignKey(Deviation, on_delete=models.PROTECT, related_name="lots")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="deviations")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deviation", "lot"], name="deviation_lot_once")]


class OutOfSpecificationState(models.TextChoices):
    OPEN = "open", "Open"
    CONFIRMED = "confirmed", "Confirmed"
    INVALIDATED = "invalidated", "Invalidated"


class OutOfSpecification(Detail):
    """An out-of-specification result and its investigation. Invalidated only with an assignable cause and Quality's approval."""

    access = Access.WORK
    kind = "oos"
    sheet = "out_of_specifications"
    natural_key = ("number",)
    work_of = "lot.made_at"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="out_of_specifications")
    attribute = models.ForeignKey(Attribute, on_delete=models.PROTECT, related_name="+")
    test_run = models.ForeignKey(TestRun, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=OutOfSpecificationState, blank=True)
    laboratory_investigation = models.BooleanField(null=True)
    assignable_cause = models.TextField(blank=True)
    quality_approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    quality_approved_on = models.DateField(null=True)
