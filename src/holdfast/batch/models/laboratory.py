"""Samples, test runs and results."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from holdfast.ledger.models import Access, Detail, Fact, StoredFile
from holdfast.people.models import Person, Site
from holdfast.programme.models import Attribute, Procedure

from .lot import Lot


class SampleStage(models.TextChoices):
    IN_PROCESS = "in_process", "In process"
    HARVEST = "harvest", "Harvest"
    FINAL_CONTAINER = "final_container", "Final container"
    LABELLED_CONTAINER = "labelled_container", "Labelled container"
    RAW_MATERIAL = "raw_material", "Raw material"


class Sample(Detail):
    """A sample of a lot, sent to one laboratory."""

    access = Access.WORK
    kind = "sample"
    sheet = "samples"
    natural_key = ("number",)
    work_of = "laboratory"
    happened = "taken_at"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="samples")
    laboratory = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=30, choices=SampleStage, blank=True)
    quantity = models.CharField(max_length=80, blank=True)
    identity = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(received_at__gte=F("taken_at")), name="sample_received_after_it_is_taken")]


class RunState(models.TextChoices):
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    INVALID = "invalid", "Invalid"


class SuitabilityOutcome(models.TextChoices):
    PASSED = "passed", "Passed"
    FAILED = "failed", "Failed"


class TestRun(Detail):
    """One run of a procedure version on a sample; its results are rows of it."""

    __test__ = False  # not a test, whatever pytest thinks of its name

    access = Access.WORK
    kind = "test_run"
    sheet = "test_runs"
    natural_key = ("number",)
    work_of = "site"
    happened = "performed_at"

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="test_runs")
    procedure = models.ForeignKey(Procedure, null=True, on_delete=models.PROTECT, related_name="test_runs")
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    analyst = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    performed_at = models.DateTimeField(null=True)
    reviewer = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    system_suitability = models.CharField(max_length=20, choices=SuitabilityOutcome, blank=True)
    state = models.CharField(max_length=20, choices=RunState, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(analyst=F("reviewer")), name="test_run_reviewed_by_somebody_else"),
            models.CheckConstraint(condition=Q(reviewed_at__gte=F("performed_at")), name="test_run_reviewed_after_it_is_performed"),
        ]


class Censoring(models.TextChoices):
    NONE = "none", "None"
    LESS_THAN = "less_than", "Less than"
    GREATER_THAN = "greater_than", "Greater than"


class ResultStatus(models.TextChoices):
    APPROVED = "approved", "Approved"
    PRELIMINARY = "preliminary", "Preliminary"
    INVALIDATED = "invalidated", "Invalidated"


class Result(Fact):
    """A reportable result: exactly as reported, and read as a value with censoring and digits."""

    access = Access.WORK
    sheet = "results"
    natural_key = ("test_run__record__number", "attribute__code")
    work_of = "test_run.site"
    part_of = "test_run"

    test_run = models.ForeignKey(TestRun, on_delete=models.PROTECT, related_name="results")
    attribute = models.ForeignKey(Attribute, on_delete=models.PROTECT, related_name="results")
    reported = models.CharField(max_length=200)
    value = models.DecimalField(max_digits=38, decimal_places=15, null=True)
    unit = models.CharField(max_length=40, blank=True)
    censoring = models.CharField(max_length=20, choices=Censoring, default=Censoring.NONE)
    digits = models.PositiveSmallIntegerField(null=True)  # digits after the decimal point, as reported
    status = models.CharField(max_length=20, choices=ResultStatus)
    source_file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    source_place = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["test_run", "attribute"], name="result_once"),
            models.CheckConstraint(condition=~Q(reported=""), name="result_is_reported"),
            models.CheckConstraint(condition=Q(censoring="none") | Q(value__isnull=False), name="result_censored_at_a_value"),
        ]
