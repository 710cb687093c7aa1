"""What is measured and how: attributes, analytical procedures, and their state at each laboratory."""

from __future__ import annotations

from django.db import models

from holdfast.ledger.models import Access, Detail, Fact, Valid
from holdfast.people.models import Organisation, Site


class AttributeCategory(models.TextChoices):
    IDENTITY = "identity", "Identity"
    POTENCY = "potency", "Potency"
    PURITY = "purity", "Purity"
    STERILITY = "sterility", "Sterility"
    ENDOTOXIN = "endotoxin", "Endotoxin"
    MYCOPLASMA = "mycoplasma", "Mycoplasma"
    VIABILITY = "viability", "Viability"
    VECTOR_COPY_NUMBER = "vector_copy_number", "Vector copy number"
    REPLICATION_COMPETENT_VIRUS = "replication_competent_virus", "Replication-competent virus"
    DOSE = "dose", "Dose"
    APPEARANCE = "appearance", "Appearance"
    SAFETY = "safety", "Safety"
    OTHER = "other", "Other"


class ProcedureStateName(models.TextChoices):
    DEVELOPMENT = "development", "In development"
    QUALIFIED = "qualified", "Qualified"
    VALIDATED = "validated", "Validated"
    VERIFIED = "verified", "Verified"
    TRANSFERRED = "transferred", "Transferred"
    RETIRED = "retired", "Retired"


class Attribute(Fact):
    """A quality attribute of the programme: one meaning, whoever measures it."""

    access = Access.SHARED
    sheet = "attributes"
    natural_key = ("code",)

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=160)
    category = models.CharField(max_length=40, choices=AttributeCategory, default=AttributeCategory.OTHER)
    quantity_kind = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    dictionary_entry = models.CharField(max_length=80, blank=True)  # id in standards.dictionary; blank: not matched yet

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="attribute_once"),
            models.CheckConstraint(condition=models.Q(dictionary_entry__regex=r"^([a-z][a-z0-9_]*)?$"), name="attribute_dictionary_entry_is_an_id"),
        ]

    def __str__(self) -> str:
        return self.name


class AttributeName(Fact):
    """What a name means, as a person answered once: for one organisation's papers, or (without one) for anybody's.

    A blank entry is an answer too: nothing in the dictionary is meant.
    """

    access = Access.SHARED
    natural_key = ("key", "organisation__number", "quantity_kind")

    key = models.CharField(max_length=200)  # standards.dictionary.names.key_of(name)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    quantity_kind = models.CharField(max_length=60, blank=True)  # blank: whatever the unit
    name = models.CharField(max_length=200)
    dictionary_entry = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "key", "organisation", "quantity_kind"], name="attribute_name_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return self.name


class Procedure(Detail):
    """A version of an analytical procedure."""

    access = Access.SHARED
    kind = "procedure"
    sheet = "procedures"
    natural_key = ("number", "version")

    attributes = models.CharField(max_length=400, blank=True)
    compendial_reference = models.CharField(max_length=200, blank=True)
    effective_from = models.DateField(null=True)


class ProcedureState(Valid, Fact):
    """How far a procedure version is proven at one laboratory, between two dates."""

    access = Access.SHARED
    sheet = "procedure_states"
    natural_key = ("procedure__record__number", "procedure__record__version", "site__number", "state", "valid_from")

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="states")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=ProcedureStateName)

    class Meta(Valid.Meta):
        abstract = False
        constraints = [
            *Valid.Meta.constraints,
            models.UniqueConstraint(fields=["procedure", "site", "state", "valid_from"], name="procedure_state_once"),
        ]
