"""Labels and what they say."""

from __future__ import annotations

from django.db import models

from holdfast.ledger.models import Access, Detail, Fact

from .lot import Lot


class Label(Detail):
    """A version of a lot's label: approval, what is printed, and its reconciliation."""

    access = Access.WORK
    kind = "label"
    sheet = "labels"
    natural_key = ("number", "version")
    work_of = "lot.made_at"

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="labels")
    approved_on = models.DateField(null=True)
    identity = models.CharField(max_length=80, blank=True)
    issued = models.PositiveIntegerField(null=True)
    used = models.PositiveIntegerField(null=True)
    returned = models.PositiveIntegerField(null=True)
    destroyed = models.PositiveIntegerField(null=True)
    line_clearance = models.BooleanField(null=True)


class LabelStatement(Fact):
    """Whether a label carries a statement, and in which languages."""

    access = Access.WORK
    sheet = "label_statements"
    natural_key = ("label__record__number", "label__record__version", "code")
    work_of = "label.lot.made_at"
    part_of = "label"

    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="statements")
    code = models.CharField(max_length=60)
    present = models.BooleanField(null=True)
    language = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["label", "code"], name="label_statement_once")]
