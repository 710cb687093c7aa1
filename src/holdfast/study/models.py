"""A study as records: protocol, frozen data, exclusions, departures, conclusion; and the pulls of a stability study."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from holdfast.batch.models import Lot, Result, Sample
from holdfast.ledger.models import Access, Detail, Fact, Signature
from holdfast.people.models import Person, Site
from holdfast.programme.models import Product
from holdfast.quality.models import Change


class StudyKind(models.TextChoices):
    COMPARABILITY = "comparability", "Comparability (ICH Q5E)"
    METHOD_TRANSFER = "method_transfer", "Method transfer"
    METHOD_BRIDGING = "method_bridging", "Method bridging"
    SPECIFICATION = "specification", "Specification justification"
    STABILITY = "stability", "Stability"
    REFERENCE_STANDARD = "reference_standard", "Reference standard"
    CRITICAL_REAGENT = "critical_reagent", "Critical reagent"
    LABORATORY_PERFORMANCE = "laboratory_performance", "Laboratory performance"


class Study(Detail):
    """A study with its protocol, as canonical bytes. A signature (the approval) freezes it: a change of plan is a new version."""

    access = Access.WHOLE
    kind = "study"
    natural_key = ("number", "version")

    study_kind = models.CharField(max_length=30, choices=StudyKind)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="studies")
    change = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="studies")
    sending_site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    receiving_site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    protocol_digest = models.CharField(max_length=64)
    protocol = models.BinaryField()
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class StudyDataSet(Fact):
    """The results that the protocol's rules found, frozen once as canonical bytes."""

    access = Access.WHOLE

    study = models.OneToOneField(Study, on_delete=models.PROTECT, related_name="data_set")
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()


class StudyExclusion(Fact):
    """A result left out of a study, with its assignable cause. Both answers are kept and shown."""

    access = Access.WHOLE

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="exclusions")
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="+")
    cause = models.TextField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    excluded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "result"], name="study_exclusion_once"),
            models.CheckConstraint(condition=~Q(cause=""), name="study_exclusion_has_cause"),
        ]


class StudyDeparture(Fact):
    """Where a study did not go as its protocol says, and what that does to the conclusion."""

    access = Access.WHOLE

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="departures")
    what = models.TextField()
    impact = models.TextField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(what="") & ~Q(impact=""), name="study_departure_says_what_and_impact")]


class Conclusion(models.TextChoices):
    COMPARABLE = "comparable", "Comparable"
    COMPARABLE_WITH_JUSTIFIED_DIFFERENCE = "comparable_with_justified_difference", "Comparable, with a justified difference"
    NOT_COMPARABLE = "not_comparable", "Not comparable"
    MEETS_CRITERIA = "meets_criteria", "Meets the protocol's criteria"
    DOES_NOT_MEET_CRITERIA = "does_not_meet_criteria", "Does not meet the protocol's criteria"
    INCONCLUSIVE = "inconclusive", "Inconclusive"


class StudyReport(Detail):
    """The signed conclusion of a study with the evaluation it rests on, as canonical bytes."""

    access = Access.WHOLE
    kind = "study_report"
    natural_key = ("number", "version")

    study = models.OneToOneField(Study, on_delete=models.PROTECT, related_name="report")
    answer = models.CharField(max_length=20)  # what the methods say: demonstrated | not demonstrated | cannot tell
    conclusion = models.CharField(max_length=40, choices=Conclusion)  # what the signer says
    reason = models.TextField()
    evaluation_digest = models.CharField(max_length=64)
    evaluation = models.BinaryField()
    signer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="+")
    concluded_at = models.DateTimeField()
    change_set_id = models.BigIntegerField()


class StabilityPull(Fact):
    """A pull of a stability study: when it is due, with its window, and when it was made. A pull past its window that nobody made is missed."""

    access = Access.WHOLE
    natural_key = ("study__record__number", "lot__record__number", "condition", "months")

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="pulls")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="stability_pulls")
    condition = models.CharField(max_length=80)
    chamber = models.CharField(max_length=80, blank=True)
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    window_days = models.PositiveSmallIntegerField()
    pulled_on = models.DateField(null=True)
    sample = models.ForeignKey(Sample, null=True, on_delete=models.PROTECT, related_name="stability_pulls")
    deviation_number = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "lot", "condition", "months"], name="stability_pull_once"),
            models.CheckConstraint(condition=Q(sample__isnull=True) | Q(pulled_on__isnull=False), name="stability_pull_made_before_it_is_sampled"),
        ]
