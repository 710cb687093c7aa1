"""Changes, the lots that contain them, and their filing in each region."""

from __future__ import annotations

from django.db import models

from holdfast.batch.models import Lot
from holdfast.ledger.models import Access, Detail, Fact
from holdfast.programme.models.registration import Region


class ChangeState(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    APPROVED = "approved", "Approved"
    IMPLEMENTED = "implemented", "Implemented"
    CLOSED = "closed", "Closed"


class FilingState(models.TextChoices):
    NOT_REQUIRED = "not_required", "Not required"
    NOT_FILED = "not_filed", "Not filed"
    SUBMITTED = "submitted", "Submitted"
    PERMITTED = "permitted", "Permitted"
    REFUSED = "refused", "Refused"


class Change(Detail):
    """A change under change control."""

    access = Access.SHARED
    kind = "change"
    sheet = "changes"
    natural_key = ("number",)

    state = models.CharField(max_length=20, choices=ChangeState, blank=True)
    impact_evaluated = models.BooleanField(null=True)
    additional_tests_done = models.BooleanField(null=True)


class ChangeLot(Fact):
    """A lot that contains a change."""

    access = Access.WORK
    sheet = "change_lots"
    natural_key = ("change__record__number", "lot__record__number")
    work_of = "lot.made_at"

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="lots")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="changes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "lot"], name="change_lot_once")]


class ChangeFiling(Fact):
    """How a change is filed in one region, and from when it may be used there."""

    access = Access.WHOLE
    sheet = "change_filings"
    natural_key = ("change__record__number", "region")

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="filings")
    region = models.CharField(max_length=2, choices=Region)
    filing_class = models.CharField(max_length=60, blank=True)
    filing_state = models.CharField(max_length=20, choices=FilingState, blank=True)
    permitted_from = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "region"], name="change_filing_once")]
