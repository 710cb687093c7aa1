"""A site as it stands: its authorisations, rooms, equipment, environment, materials and partners."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, Validity, about, listing
from .site import Audit, Authorisation


class AgreementTerms(Part):
    """A quality agreement with what it settles."""

    record: Reference | None = None
    number: str | None = None
    partner: str | None = about("Site or organisation")
    activity: str | None = None
    validity: Validity | None = None
    signed_by_both_quality_heads: bool | None = None
    activities_without_owner: int | None = about("GMP activities in scope that no party, or more than one, is given")
    deviation_notice_days: int | None = about("Days within which deviations are told; absent when the agreement has no figure")
    oos_notice_days: int | None = None
    change_notice_days: int | None = None
    complaint_notice_days: int | None = None
    inspection_notice_days: int | None = None
    right_to_audit: bool | None = None


class Equipment(Part):
    """A piece of equipment, a utility or a system of rooms that the process needs."""

    record: Reference | None = None
    number: str | None = None
    kind: str | None = about("equipment | utility | room | computerised_system")
    qualification_state: str | None = about("released | in_qualification | out_of_use")
    requalify_by: date | None = about("Day by which it is to be qualified again")
    is_in_process_map: bool | None = about("The process needs it")


class Room(Part):
    record: Reference | None = None
    number: str | None = None
    eu_grade: str | None = about("A | B | C | D")
    iso_at_rest: str | None = about("ISO class at rest")
    iso_in_operation: str | None = about("ISO class in operation")
    microbial_limits_us: bool | None = about("Limits that US guidance gives are set")
    microbial_limits_eu: bool | None = about("Limits that the EU gives are set")
    stricter_limit_used: bool | None = about("The stricter of both is the one used")


class OpenStep(Part):
    """A step of the process at which the product is open, with the room it is done in."""

    record: Reference | None = None
    name: str | None = None
    containment: str | None = about("open | isolator | closed_system")
    zone_grade: str | None = about("Grade at the product: A | B | C | D")
    background_grade: str | None = about("Grade around it")
    is_early_exploratory_trial: bool | None = about("ATMP in an early, exploratory trial")
    risk_assessment_approved: bool | None = about("A lower background is justified by an approved risk assessment")


class Material(Part):
    """A material of the bill of materials, as set up at the site."""

    record: Reference | None = None
    name: str | None = None
    specification_approved: bool | None = None
    supplier_approved: bool | None = None
    test_plan_approved: bool | None = None
    stock_released: bool | None = about("Released stock covers the first batch")
    risk_class: str | None = about("Tier of a raw or ancillary material")
    origin: str | None = about("Animal, human, recombinant, ...")
    safety_evidence: bool | None = about("TSE and viral safety evidence is there")
    certificate_available: bool | None = None
    research_grade: bool | None = None
    replacement_plan: bool | None = about("A plan says when a research-grade material is replaced")
    is_compendial: bool | None = about("A pharmacopoeia has a monograph for it")
    meets_usp: bool | None = None
    meets_ph_eur: bool | None = None
    equivalence_documented: bool | None = about("Documented equivalence where it is tested to one pharmacopoeia only")
    tse_statement_covers_eu: bool | None = None


class EnvironmentalProgramme(Part):
    """Environmental monitoring of a site."""

    record: Reference | None = None
    qualification_data_points: int | None = about("Qualification samples taken")
    qualification_points_required: int | None = about("Samples that the protocol asks")
    limits_set: bool | None = about("Alert and action limits are set")
    is_active: bool | None = about("The routine programme runs")
    trend_report_on: date | None = about("Day of the last trend report")
    utilities_trend_report_on: date | None = about("Day of the last trend report on water, gases and other utilities")
    objectionable_isolates_open: int | None = about("Isolates of concern that nobody has dealt with")


class ContaminationControl(Part):
    """Cleaning, changeover and the strategy against contamination."""

    record: Reference | None = None
    strategy_approved_on: date | None = about("Day of approval of the contamination control strategy")
    strategy_reviewed_on: date | None = about("Day of its last review")
    strategy_has_elements: bool | None = about("It covers the elements that Annex 1 lists")
    is_multi_product: bool | None = None
    cleaning_validated: bool | None = None
    dedicated_or_single_use: bool | None = about("Dedicated or single-use equipment, justified")
    exposure_limits_set: bool | None = about("Health-based exposure limits are set")
    segregation_plan: bool | None = about("A plan keeps vectors apart and patients' materials apart")


class BiosafetyPermit(Part):
    record: Reference | None = None
    region: str | None = None
    kind: str | None = about("contained_use_notification | institutional_biosafety_approval")
    class_covers_agent: bool | None = about("Covers the class of the organism")
    room_level_suffices: bool | None = about("The rooms' containment level is at least the agent's")
    validity: Validity | None = None
    required: bool | None = about("Required here (US: where the NIH guidelines apply)")


class TransportQualification(Part):
    """The qualification of lanes and packaging from and to a site."""

    record: Reference | None = None
    approved_on: date | None = None
    covers_duration: bool | None = about("It covers the longest time under way")
    covers_worst_temperature: bool | None = about("It covers the worst outside temperatures, hot and cold")
    mock_shipment_on: date | None = about("Patient material: day of a mock shipment")
    mock_shipment_identity_passed: bool | None = about("Identity and custody were checked on it, and held")


class RegulatoryStatus(Part):
    """What authorities say of a site."""

    record: Reference | None = None
    registered_us: bool | None = about("US: establishment registered for the year")
    listed_us: bool | None = about("US: its drugs are listed")
    listing_matches_marketed: bool | None = about("US: the listing has exactly the marketed products")
    registered_on: date | None = None
    last_fda_classification: str | None = about("nai | vai | oai")
    import_alert: bool | None = None
    open_warning_letter: bool | None = None
    eu_certificate: Validity | None = about("GMP certificate of an EEA authority or, in scope, a recognised partner")
    non_compliance_statement: bool | None = about("A statement of non-compliance is active in EudraGMDP")
    qp_assessment_of_missing_certificate: bool | None = about("A QP has assessed the site without a current certificate")
    clia_certificate: Validity | None = about("US: certificate of a laboratory that tests donors")


class Facility(Part):
    """The site that the question is about."""

    record: Reference | None = None
    number: str | None = None
    name: str | None = None
    country: str | None = None
    in_eea: bool | None = None
    is_external: bool | None = about("Belongs to another organisation than the sponsor")
    activities: list[str] = []
    first_gmp_activity_on: date | None = about("Day of the first GMP activity there, planned or done")
    regulatory: RegulatoryStatus | None = None
    authorisations: list[Authorisation] = listing("Authorisations")
    audits: list[Audit] = listing("Audits")
    agreements: list[AgreementTerms] = listing("Quality agreements")
    equipment: list[Equipment] = listing("Equipment, utilities and rooms of the process map")
    rooms: list[Room] = listing("Clean rooms")
    open_steps: list[OpenStep] = listing("Steps at which the product is open")
    materials: list[Material] = listing("Bill of materials")
    environment: EnvironmentalProgramme | None = None
    contamination_control: ContaminationControl | None = None
    transport: TransportQualification | None = about("Qualification of lanes and packaging")
    biosafety_permits: list[BiosafetyPermit] = listing("Permits to work with the organism")
