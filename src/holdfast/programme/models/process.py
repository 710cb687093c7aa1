"""The process with its unit operations, and the materials that go in."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from holdfast.ledger.models import Access, Detail, Fact, Valid
from holdfast.people.models import Organisation, Person

from .product import Product


class Process(Valid, Detail):
    """A version of a manufacturing process, with the master batch record that states it."""

    access = Access.SHARED
    kind = "process"
    sheet = "processes"
    natural_key = ("number", "version")

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="processes")
    master_record = models.CharField(max_length=80, blank=True)
    prepared_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Valid.Meta):
        abstract = False
        constraints = [
            *Valid.Meta.constraints,
            models.CheckConstraint(condition=~Q(prepared_by=F("checked_by")), name="process_checked_by_somebody_else"),
        ]


class UnitOperation(Fact):
    """One unit operation of a process version (ISA-88)."""

    access = Access.SHARED
    sheet = "unit_operations"
    natural_key = ("process__record__number", "process__record__version", "sequence")
    part_of = "process"

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="unit_operations")
    sequence = models.PositiveIntegerField()
    name = models.CharField(max_length=160)
    is_aseptic = models.BooleanField(null=True)
    instruction = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["process", "sequence"], name="unit_operation_once")]


class MaterialKind(models.TextChoices):
    STARTING_MATERIAL = "starting_material", "Starting material"
    VECTOR = "vector", "Vector"
    PLASMID = "plasmid", "Plasmid"
    REAGENT = "reagent", "Reagent"
    EXCIPIENT = "excipient", "Excipient"
    CONTAINER = "container", "Container"
    INTERMEDIATE = "intermediate", "Intermediate"
    DRUG_SUBSTANCE = "drug_substance", "Drug substance"


class Material(Detail):
    """A material with its supplier, the supplier's approval, and the evidence on animal origin."""

    access = Access.SHARED
    kind = "material"
    sheet = "materials"
    natural_key = ("number",)

    material_kind = models.CharField(max_length=30, choices=MaterialKind)
    supplier = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    supplier_approved_from = models.DateField(null=True)
    supplier_approved_until = models.DateField(null=True)
    supplier_approved_until_stated = models.BooleanField(default=True, editable=False)
    animal_derived = models.BooleanField(null=True)
    tse_evidence = models.CharField(max_length=200, blank=True)
