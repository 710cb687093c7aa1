"""The quality system, as an inspector would ask about it."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, about, listing


class Investigation(Part):
    """An investigation, a deviation or an OOS that is or was open."""

    record: Reference | None = None
    number: str | None = None
    kind: str | None = about("deviation | oos | complaint")
    opened_on: date | None = None
    closed_on: date | None = None
    due_on: date | None = None
    extension_approved: bool | None = None
    cause: str | None = about("Cause code")
    process: str | None = about("Process or equipment concerned")
    repeats_in_twelve_months: int | None = about("How often the same cause was found at the same process in the twelve months before")
    escalated_to: str | None = about("Number of the CAPA or escalation that followed")
    is_invalidated: bool | None = about("OOS that was invalidated")
    assignable_cause: bool | None = None


class Capa(Part):
    record: Reference | None = None
    number: str | None = None
    source_class: str | None = about("critical | major | minor")
    state: str | None = about("open | closed")
    due_on: date | None = None
    closed_on: date | None = None
    extension_approved: bool | None = None
    effectiveness_criterion: str | None = None
    effectiveness_result: str | None = about("effective | not_effective | pending")


class Complaint(Part):
    record: Reference | None = None
    number: str | None = None
    received_on: date | None = None
    evaluated_by_quality: bool | None = None
    investigated: bool | None = None
    no_investigation_reason: str | None = None
    no_investigation_decided_by: str | None = about("Who is responsible for deciding that no investigation was needed")
    batch: str | None = None
    state: str | None = about("open | closed")


class OpenConcern(Part):
    """A complaint, recall, inspection finding or investigation that touches the same product, process or site."""

    record: Reference | None = None
    number: str | None = None
    kind: str | None = None
    state: str | None = about("open | closed")
    qp_assessed_on: date | None = about("Day of the QP's written assessment of what it means for this batch")


class RecallExercise(Part):
    record: Reference | None = None
    performed_on: date | None = None
    reconciled_percent: str | None = about("Decimal, as text")
    duration_recorded: bool | None = None
    outside_office_hours: bool | None = None


class SelfInspection(Part):
    record: Reference | None = None
    number: str | None = None
    planned_on: date | None = None
    performed_on: date | None = None
    is_overdue: bool | None = None
    findings_have_capa: bool | None = None


class ManagementReview(Part):
    record: Reference | None = None
    held_on: date | None = None
    inputs_complete: bool | None = about("Indicators, audits, CAPA and complaints were looked at")
    actions_tracked: bool | None = None


class ProductReview(Part):
    record: Reference | None = None
    product: str | None = None
    period_ends_on: date | None = None
    signed_on: date | None = None
    has_required_elements: bool | None = None
    covers_eu_elements: bool | None = about("Holds the elements of the EU product quality review")
    covers_us_elements: bool | None = about("Holds the content of 21 CFR 211.180(e)")
    conclusion_on_revalidation: bool | None = None


class InspectionObservation(Part):
    """An observation of an authority, or a commitment made to it."""

    record: Reference | None = None
    number: str | None = None
    authority: str | None = about("FDA | an EU inspectorate")
    grade: str | None = about("critical | major | other")
    issued_on: date | None = None
    response_due_on: date | None = None
    responded_on: date | None = None
    owner: str | None = None
    commitment_due_on: date | None = None
    closed_on: date | None = None
    evidence_filed: bool | None = None


class Supplier(Part):
    record: Reference | None = None
    name: str | None = None
    used_in_last_year: bool | None = None
    status: str | None = about("approved | conditional | blocked")
    scope: str | None = None
    evaluated_on: date | None = None
    evaluation_due_on: date | None = None
    provides_gmp_service: bool | None = None
    agreement_in_force: bool | None = None


class RiskRecord(Part):
    record: Reference | None = None
    number: str | None = None
    team_named: bool | None = None
    method_named: bool | None = None
    formality_justified: bool | None = None
    scoring_rationale: bool | None = None
    residual_risk_accepted: bool | None = None
    review_due_on: date | None = None


class OosStatistics(Part):
    """How OOS results are invalidated over time."""

    record: Reference | None = None
    trended_to: date | None = None
    invalidated_percent: str | None = about("Decimal, as text")
    company_limit_percent: str | None = None
    escalated: bool | None = None


class PreApprovalReadiness(Part):
    record: Reference | None = None
    commercial_readiness: bool | None = None
    conformance_to_application: bool | None = None
    data_integrity_audit: bool | None = None
    quality_in_development: bool | None = None


class QualitySystem(Part):
    record: Reference | None = None
    quality_manual_approved_on: date | None = None
    site_master_file_approved_on: date | None = None
    recall_procedure_approved_on: date | None = None
    record_request_procedure: bool | None = about("A procedure for record requests under section 704(a)(4) exists")
    record_retrieval_tested_on: date | None = None
    record_retrieval_within_time: bool | None = None
    investigations_trended: bool | None = about("Median age and number are trended")
    complaints_trended: bool | None = None
    risk_procedure_approved: bool | None = None
    investigations: list[Investigation] = listing("Deviations and investigations")
    capas: list[Capa] = listing("Corrective and preventive actions")
    complaints: list[Complaint] = listing("Complaints")
    concerns: list[OpenConcern] = listing("What might contradict a certification")
    recall_exercises: list[RecallExercise] = listing("Mock recalls")
    self_inspections: list[SelfInspection] = listing("Self-inspections")
    management_reviews: list[ManagementReview] = listing("Management reviews")
    product_reviews: list[ProductReview] = listing("Annual and product quality reviews")
    observations: list[InspectionObservation] = listing("Observations and commitments")
    suppliers: list[Supplier] = listing("Suppliers and service providers")
    risk_records: list[RiskRecord] = listing("Risk register")
    oos_statistics: OosStatistics | None = None
    pre_approval: PreApprovalReadiness | None = None
