"""The executed batch record: steps, reviews, process values."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from holdfast.ledger.models import Access, Detail, Fact, StoredFile
from holdfast.people.models import Person, Site
from holdfast.programme.models import Process

from .lot import Lot


class BatchRecordState(models.TextChoices):
    OPEN = "open", "Open"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"


class BatchRecord(Detail):
    """The executed record of one lot, issued from a version of the master."""

    access = Access.WORK
    kind = "batch_record"
    sheet = "batch_records"
    natural_key = ("number",)
    work_of = "lot.made_at"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="batch_records")
    process = models.ForeignKey(Process, null=True, on_delete=models.PROTECT, related_name="+")
    issue_checked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    issue_checked_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, choices=BatchRecordState)


class BatchStep(Fact):
    """One executed step: who performed it, who checked it, what was asked and what was done."""

    access = Access.WORK
    sheet = "batch_steps"
    natural_key = ("batch_record__record__number", "sequence")
    work_of = "site"
    part_of = "batch_record"
    happened = "finished_at"

    batch_record = models.ForeignKey(BatchRecord, on_delete=models.PROTECT, related_name="steps")
    sequence = models.PositiveIntegerField()
    unit_operation = models.CharField(max_length=160)
    is_aseptic = models.BooleanField(null=True)
    completed = models.BooleanField(null=True)
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    equipment = models.CharField(max_length=80, blank=True)
    equipment_in_calibration = models.BooleanField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    performed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    instruction = models.CharField(max_length=400, blank=True)
    actual = models.CharField(max_length=400, blank=True)
    within_instruction = models.BooleanField(null=True)
    deviation_number = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch_record", "sequence"], name="batch_step_once"),
            models.CheckConstraint(condition=Q(finished_at__gte=F("started_at")), name="batch_step_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(performed_by=F("checked_by")), name="batch_step_checked_by_somebody_else"),
        ]


class ReviewOutcome(models.TextChoices):
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    RETURNED = "returned", "Returned"


class RecordReview(Fact):
    """A review of the executed record, by a person in a role, with its outcome."""

    access = Access.WORK
    sheet = "record_reviews"
    natural_key = ("batch_record__record__number", "reviewer__number", "reviewer_role", "reviewed_at")
    work_of = "batch_record.lot.made_at"
    happened = "reviewed_at"

    batch_record = models.ForeignKey(BatchRecord, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reviewer_role = models.CharField(max_length=30)
    outcome = models.CharField(max_length=20, choices=ReviewOutcome)
    reviewed_at = models.DateTimeField()
    audit_trail_reviewed = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch_record", "reviewer", "reviewer_role", "reviewed_at"], name="record_review_once")]


class ProcessValue(Fact):
    """A value of the process as recorded for a lot (not a test result)."""

    access = Access.WORK
    sheet = "process_values"
    natural_key = ("lot__record__number", "parameter")
    work_of = "lot.made_at"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="process_values")
    parameter = models.CharField(max_length=120)
    reported = models.CharField(max_length=120)
    value = models.DecimalField(max_digits=38, decimal_places=15, null=True)
    unit = models.CharField(max_length=40, blank=True)
    source_file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    source_place = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "parameter"], name="process_value_once")]
