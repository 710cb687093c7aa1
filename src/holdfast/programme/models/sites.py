"""Evidence that a site may do what it does: authorisations, audits, declarations, agreements, media fills."""

from __future__ import annotations

from django.db import models

from holdfast.ledger.models import Access, Detail, Fact, Valid
from holdfast.people.models import Organisation, Person, Site

from .registration import Registration, SiteActivityName


class AuthorisationKind(models.TextChoices):
    MIA_IMP = "MIA(IMP)", "MIA(IMP)"
    FEI = "FEI", "FDA establishment"
    GMP_CERTIFICATE = "GMP certificate", "GMP certificate"
    TISSUE_ESTABLISHMENT = "tissue_establishment", "Tissue establishment"
    MANUFACTURING_LICENCE = "manufacturing_licence", "Manufacturing licence"
    LABORATORY_CERTIFICATE = "laboratory_certificate", "Laboratory certificate"


class AuthorisationRole(models.TextChoices):
    MANUFACTURER = "manufacturer", "Manufacturer"
    IMPORTER = "importer", "Importer"
    LABORATORY = "laboratory", "Laboratory"
    COLLECTION = "collection", "Collection"


class SiteAuthorisation(Valid, Detail):
    """An authority's permission or certificate for a site."""

    access = Access.WORK
    kind = "authorisation"
    sheet = "authorisations"
    natural_key = ("number",)
    work_of = "site"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    authorisation_kind = models.CharField(max_length=40, choices=AuthorisationKind)
    role = models.CharField(max_length=20, choices=AuthorisationRole, blank=True)
    issued_by = models.CharField(max_length=160, blank=True)
    scope = models.CharField(max_length=300, blank=True)

    class Meta(Valid.Meta):
        abstract = False


class NamedQualifiedPerson(Valid, Fact):
    """A person named as QP on a manufacturing and importation authorisation, between two dates."""

    access = Access.SHARED
    sheet = "named_qualified_persons"
    natural_key = ("authorisation__record__number", "person__number", "valid_from")

    authorisation = models.ForeignKey(SiteAuthorisation, on_delete=models.PROTECT, related_name="named_qualified_persons")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta(Valid.Meta):
        abstract = False
        constraints = [
            *Valid.Meta.constraints,
            models.UniqueConstraint(fields=["authorisation", "person", "valid_from"], name="named_qualified_person_once"),
        ]


class Audit(Detail):
    """An audit of a site, with its findings still open and the end of the interval the sponsor set."""

    access = Access.WHOLE
    kind = "audit"
    sheet = "audits"
    natural_key = ("number",)

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    audited_on = models.DateField(null=True)
    audited_by = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    report_available = models.BooleanField(null=True)
    accepted = models.BooleanField(null=True)
    open_critical_findings = models.PositiveIntegerField(null=True)
    open_major_findings = models.PositiveIntegerField(null=True)
    valid_until = models.DateField(null=True)


class QPDeclaration(Valid, Detail):
    """A QP's signed declaration that sites outside the EEA work to GMP at least equivalent to the EU's."""

    access = Access.WHOLE
    kind = "qp_declaration"
    sheet = "qp_declarations"
    natural_key = ("number",)

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="qp_declarations")
    qualified_person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField(null=True)

    class Meta(Valid.Meta):
        abstract = False


class QPDeclarationSite(Fact):
    """A site covered by a QP declaration, with the basis of the assurance."""

    access = Access.WHOLE
    sheet = "qp_declaration_sites"
    natural_key = ("declaration__record__number", "site__number")
    part_of = "declaration"

    declaration = models.ForeignKey(QPDeclaration, on_delete=models.PROTECT, related_name="sites")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=20, blank=True)
    audit = models.ForeignKey(Audit, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["declaration", "site"], name="qp_declaration_site_once")]


class QualityAgreement(Valid, Detail):
    """A written agreement between the contract giver and a site, for one activity."""

    access = Access.WHOLE
    kind = "quality_agreement"
    sheet = "quality_agreements"
    natural_key = ("number",)

    giver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    activity = models.CharField(max_length=40, choices=SiteActivityName)

    class Meta(Valid.Meta):
        abstract = False


class SimulationOutcome(models.TextChoices):
    PASSED = "passed", "Passed"
    FAILED = "failed", "Failed"


class AsepticSimulation(Detail):
    """An aseptic process simulation (media fill) at a site."""

    access = Access.WORK
    kind = "aseptic_simulation"
    sheet = "aseptic_simulations"
    natural_key = ("number",)
    work_of = "site"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    performed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=20, choices=SimulationOutcome, blank=True)
