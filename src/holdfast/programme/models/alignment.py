"""What a person said of a difference between two registrations: why it is there, who owns it, and what becomes of it."""

from __future__ import annotations

from django.db import models

from holdfast.ledger.models import Access, Fact
from holdfast.people.models import Person

from .registration import Registration


class DifferenceClass(models.TextChoices):
    LEGAL = "legal", "Legal"
    SCIENTIFIC = "scientific", "Scientific"
    HISTORICAL = "historical", "Historical"


class DifferenceDecision(models.TextChoices):
    UNDECIDED = "undecided", "Not decided yet"
    KEEP = "keep", "Keep the difference"
    ALIGN = "align", "Bring into line"


class AlignmentDecision(Fact):
    """The class of one difference, its owner and the decision, with the two values that the person saw.

    It holds for those values only: when a registration changes, the difference is unexplained again.
    """

    access = Access.WHOLE
    natural_key = ("left__record__number", "right__record__number", "subject", "aspect")

    left = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200, blank=True)  # an attribute's code, a storage condition, or blank for the product
    aspect = models.CharField(max_length=40)
    left_value = models.TextField()
    right_value = models.TextField()
    difference_class = models.CharField(max_length=20, choices=DifferenceClass)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=20, choices=DifferenceDecision, default=DifferenceDecision.UNDECIDED)
    rationale = models.TextField()
    decided_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right", "subject", "aspect"], name="alignment_decision_once"),
            models.CheckConstraint(condition=~models.Q(rationale=""), name="alignment_decision_has_a_rationale"),
        ]
