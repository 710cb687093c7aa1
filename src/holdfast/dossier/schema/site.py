"""The sites that touched the batch and the evidence that each may do so."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, Validity, about


class Authorisation(Part):
    record: Reference | None = None
    number: str | None = None
    kind: str | None = None  # MIA(IMP) | FEI | GMP certificate | tissue_establishment | manufacturing_licence | laboratory_certificate
    role: str | None = None  # manufacturer | importer | laboratory | collection
    issued_by: str | None = None
    scope: str | None = None
    covers_activity: bool | None = about("Its scope covers the dosage form and the activity asked about")
    validity: Validity | None = None


class Audit(Part):
    record: Reference | None = None
    number: str | None = None
    audited_on: date | None = None
    audited_by: str | None = None  # organisation
    report_available: bool | None = None
    accepted: bool | None = None  # the sponsor or QP accepted the site on this audit
    open_critical_findings: int | None = None
    open_major_findings: int | None = None
    open_majors_without_plan: int | None = about("Open major findings without an accepted plan of correction that has a date")
    valid_until: date | None = None  # end of the interval the sponsor set
    by_third_party: bool | None = about("Another organisation than the sponsor or importer did it")
    assessed_by_holder_on: date | None = about("Third party: day on which the authorisation holder assessed and approved the report")
    auditor_qualified: bool | None = about("Third party: the auditor's qualification is on file")
    contract_covers_audit: bool | None = about("Third party: a contract covers the audit")
    accepted_on_other_qp: bool | None = about("Another QP's signed confirmation covers the site")


class QPDeclaration(Part):
    record: Reference | None = None
    number: str | None = None
    qualified_person: str | None = None
    basis: str | None = None  # audit | other
    audit: str | None = None
    signed_on: date | None = None
    validity: Validity | None = None


class QualityAgreement(Part):
    record: Reference | None = None
    number: str | None = None
    activity: str | None = None
    validity: Validity | None = None


class AsepticSimulation(Part):
    """An aseptic process simulation (media fill)."""

    record: Reference | None = None
    number: str | None = None
    performed_on: date | None = None
    outcome: str | None = None  # passed | failed


class SiteUse(Part):
    """One site doing one activity for this batch (or for a lot in its genealogy)."""

    site: str | None = None  # site number
    name: str | None = None
    organisation: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
    in_eea: bool | None = None
    is_sponsor_site: bool | None = None
    activity: str | None = (
        None  # drug_product_manufacture | vector_manufacture | plasmid_manufacture | release_testing | collection | importation | storage | certification
    )
    performed_on: date | None = None  # last day of the activity
    registered: bool | None = None  # on the application's content in force at manufacture, for this activity
    authorisations: list[Authorisation] = []
    audits: list[Audit] = []
    qp_declarations: list[QPDeclaration] = []
    quality_agreements: list[QualityAgreement] = []
    aseptic_simulations: list[AsepticSimulation] = []
    non_compliance_statement: bool | None = about("EudraGMDP: a statement of non-compliance is active")
    eu_certificate: Validity | None = about("GMP certificate of an EEA authority")
    qp_assessed_without_certificate: bool | None = about("A QP has assessed the site although no certificate is current")
    qp_confirmation: str | None = about("Number of the QP's confirmation of what was done there")
    on_supply_chain_map: bool | None = about("The site is on the current map of the supply chain")
