"""Applications to use the product, and what each version of them registers."""

from __future__ import annotations

from django.db import models

from holdfast.ledger.models import Access, Detail, Fact, Valid
from holdfast.people.models import Site

from .methods import Procedure
from .process import Process
from .product import Product
from .specification import Specification


class RegistrationKind(models.TextChoices):
    IND = "IND", "IND"
    CTA = "CTA", "Clinical trial application"
    BLA = "BLA", "BLA"
    MAA = "MAA", "Marketing authorisation application"


class Region(models.TextChoices):
    US = "US", "United States"
    EU = "EU", "European Union"


class RegistrationStateName(models.TextChoices):
    SUBMITTED = "submitted", "Submitted"
    IN_EFFECT = "in_effect", "In effect"
    AUTHORISED = "authorised", "Authorised"
    ON_HOLD = "on_hold", "On hold"
    WITHDRAWN = "withdrawn", "Withdrawn"


class SiteActivityName(models.TextChoices):
    DRUG_PRODUCT_MANUFACTURE = "drug_product_manufacture", "Drug product manufacture"
    VECTOR_MANUFACTURE = "vector_manufacture", "Vector manufacture"
    PLASMID_MANUFACTURE = "plasmid_manufacture", "Plasmid manufacture"
    RELEASE_TESTING = "release_testing", "Release testing"
    COLLECTION = "collection", "Collection"
    IMPORTATION = "importation", "Importation"
    STORAGE = "storage", "Storage"
    LABELLING = "labelling", "Labelling"
    CERTIFICATION = "certification", "Certification"


class Registration(Detail):
    """An IND or CTA (later a BLA or MAA)."""

    access = Access.WHOLE
    kind = "registration"
    sheet = "registrations"
    natural_key = ("number",)

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="registrations")
    registration_kind = models.CharField(max_length=10, choices=RegistrationKind)
    region = models.CharField(max_length=2, choices=Region)


class RegistrationState(Valid, Fact):
    """The state of an application, between two dates."""

    access = Access.WHOLE
    sheet = "registration_states"
    natural_key = ("registration__record__number", "state", "valid_from")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="states")
    state = models.CharField(max_length=20, choices=RegistrationStateName)

    class Meta(Valid.Meta):
        abstract = False
        constraints = [
            *Valid.Meta.constraints,
            models.UniqueConstraint(fields=["registration", "state", "valid_from"], name="registration_state_once"),
        ]


class RegistrationContent(Valid, Fact):
    """What one version of an application registers: an IND amendment or an IMPD version."""

    access = Access.WHOLE
    sheet = "registration_contents"
    natural_key = ("registration__record__number", "version")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="contents")
    version = models.PositiveIntegerField()
    process = models.ForeignKey(Process, null=True, on_delete=models.PROTECT, related_name="+")
    specification = models.ForeignKey(Specification, null=True, on_delete=models.PROTECT, related_name="+")
    container = models.CharField(max_length=200, blank=True)

    class Meta(Valid.Meta):
        abstract = False
        constraints = [
            *Valid.Meta.constraints,
            models.UniqueConstraint(fields=["registration", "version"], name="registration_content_once"),
        ]


class RegisteredSite(Fact):
    """A site with an activity, named in one version of an application."""

    access = Access.WHOLE
    sheet = "registered_sites"
    natural_key = ("content__registration__record__number", "content__version", "site__number", "activity")

    content = models.ForeignKey(RegistrationContent, on_delete=models.PROTECT, related_name="sites")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    activity = models.CharField(max_length=40, choices=SiteActivityName)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content", "site", "activity"], name="registered_site_once")]


class RegisteredStability(Fact):
    """The shelf life and the stability commitment for one storage condition, in one version of an application."""

    access = Access.WHOLE
    sheet = "registered_stabilities"
    natural_key = ("content__registration__record__number", "content__version", "storage_condition")

    content = models.ForeignKey(RegistrationContent, on_delete=models.PROTECT, related_name="stabilities")
    storage_condition = models.CharField(max_length=200)
    shelf_life_months = models.PositiveIntegerField(null=True)
    lots_per_year = models.PositiveIntegerField(null=True)  # committed to the ongoing programme
    commitment = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content", "storage_condition"], name="registered_stability_once")]


class RegisteredProcedure(Fact):
    """A version of an analytical procedure, named in one version of an application."""

    access = Access.WHOLE
    sheet = "registered_procedures"
    natural_key = (
        "content__registration__record__number", "content__version", "procedure__record__number", "procedure__record__version",
    )  # fmt: skip

    content = models.ForeignKey(RegistrationContent, on_delete=models.PROTECT, related_name="procedures")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content", "procedure"], name="registered_procedure_once")]
