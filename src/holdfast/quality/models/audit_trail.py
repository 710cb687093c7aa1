"""Reviews of the audit trail: of some records, of a batch, or of a period, signed by whoever reviewed it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from holdfast.batch.models import Lot
from holdfast.ledger.models import Access, Detail, Fact, Record, Signature
from holdfast.people.models import Person


class ReviewScope(models.TextChoices):
    RECORDS = "records", "Records"
    BATCH = "batch", "A batch"
    PERIOD = "period", "A period"


class AuditTrailReview(Detail):
    """A signed review of what the ledger says of a scope. It covers the change sets of the scope among the first `leaves` of the ledger's tree.

    Only who sees a whole programme reads or writes one: what is hidden cannot be reviewed.
    """

    access = Access.WHOLE
    kind = "audit_trail_review"

    scope = models.CharField(max_length=10, choices=ReviewScope)
    lot = models.ForeignKey(Lot, null=True, on_delete=models.PROTECT, related_name="audit_trail_reviews")
    from_day = models.DateField(null=True)
    to_day = models.DateField(null=True)  # included
    leaves = models.BigIntegerField()
    change_sets = models.PositiveIntegerField()  # in the scope, when it was signed
    exceptions = models.PositiveIntegerField()  # of those, how many were exceptions
    conclusion = models.TextField()
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="+")  # a review without one cannot exist
    reviewed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(conclusion=""), name="audit_trail_review_concludes"),
            models.CheckConstraint(
                condition=Q(scope="batch", lot__isnull=False, from_day__isnull=True, to_day__isnull=True)
                | Q(scope="period", lot__isnull=True, from_day__isnull=False, to_day__gte=F("from_day"))
                | Q(scope="records", lot__isnull=True, from_day__isnull=True, to_day__isnull=True),
                name="audit_trail_review_says_its_scope",
            ),
        ]


class ReviewedRecord(Fact):
    """A record version in the scope of a review of records."""

    access = Access.WHOLE

    review = models.ForeignKey(AuditTrailReview, on_delete=models.PROTECT, related_name="records")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "record"], name="reviewed_record_once")]


class ReviewComment(Fact):
    """What a reviewer said of one change set in the scope."""

    access = Access.WHOLE

    review = models.ForeignKey(AuditTrailReview, on_delete=models.PROTECT, related_name="comments")
    of_change_set = models.BigIntegerField()
    comment = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "of_change_set"], name="review_comment_once"),
            models.CheckConstraint(condition=~Q(comment=""), name="review_comment_says_something"),
        ]
