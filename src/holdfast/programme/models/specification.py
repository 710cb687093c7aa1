"""Specifications: versions, tests, and acceptance criteria both structured and as registered."""

from __future__ import annotations

from django.db import models

from holdfast.ledger.models import Access, Detail, Fact, Valid

from .methods import Attribute
from .product import Product


class CriterionKind(models.TextChoices):
    RANGE = "range", "Range"
    NMT = "nmt", "Not more than"
    NLT = "nlt", "Not less than"
    LT = "lt", "Less than"
    GT = "gt", "Greater than"
    EQUALS = "equals", "Equals"
    ONE_OF = "one_of", "One of"
    ABSENT = "absent", "Absent"
    REPORT_ONLY = "report_only", "Report only"


class Specification(Valid, Detail):
    """A version of a specification for one region and stage."""

    access = Access.SHARED
    kind = "specification"
    sheet = "specifications"
    natural_key = ("number", "version")

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="specifications")
    region = models.CharField(max_length=2, blank=True)
    stage = models.CharField(max_length=40, default="release")
    approved_on = models.DateField(null=True)

    class Meta(Valid.Meta):
        abstract = False


class SpecificationTest(Fact):
    """One line of a specification. Limits are text, so that their digits (and with them the rounding) are kept."""

    access = Access.SHARED
    sheet = "specification_tests"
    natural_key = ("specification__record__number", "specification__record__version", "attribute__code")
    part_of = "specification"

    specification = models.ForeignKey(Specification, on_delete=models.PROTECT, related_name="tests")
    attribute = models.ForeignKey(Attribute, on_delete=models.PROTECT, related_name="+")
    procedure_number = models.CharField(max_length=80, blank=True)
    criterion_kind = models.CharField(max_length=20, choices=CriterionKind)
    low = models.CharField(max_length=40, blank=True)
    high = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    allowed = models.CharField(max_length=400, blank=True)  # words, separated by ";"
    as_registered = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["specification", "attribute"], name="specification_test_once"),
            models.CheckConstraint(condition=~models.Q(criterion_kind__in=["nlt", "gt", "range"]) | ~models.Q(low=""), name="criterion_has_its_low_limit"),
            models.CheckConstraint(condition=~models.Q(criterion_kind__in=["nmt", "lt", "range"]) | ~models.Q(high=""), name="criterion_has_its_high_limit"),
            models.CheckConstraint(condition=~models.Q(criterion_kind="one_of") | ~models.Q(allowed=""), name="criterion_has_its_words"),
        ]
