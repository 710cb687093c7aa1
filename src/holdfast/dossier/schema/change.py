"""The change that the question is about: its assessment, its filings by region, its comparability."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, about, listing


class ChangeFiling(Part):
    """How a change is filed in one region, and whether its product may be used there."""

    record: Reference | None = None
    region: str | None = about("US | EU")
    country: str | None = about("EU trials: Member State")
    application: str | None = about("IND | BLA | NDA | CTA | MA")
    category: str | None = about("US: major | moderate_cbe30 | moderate_cbe0 | minor | information_amendment | annual_report")
    variation_class: str | None = about("EU, marketed: IA | IA_IN | IB | II | extension")
    variation_code: str | None = about("EU, marketed: category code of the guideline")
    conditions_checked: bool | None = about("EU, marketed: the conditions of that category are checked one by one")
    is_substantial: bool | None = about("EU, trial: a substantial modification")
    substantial_reason: str | None = about("Why it is held to be substantial, or not")
    state: str | None = about("not_required | not_filed | submitted | received | clock_expired | approved | authorised | notified | refused")
    submitted_on: date | None = None
    received_on: date | None = None
    objection: bool | None = about("The authority objected")
    permitted_from: date | None = about("Day from which product of the change may be distributed or used")
    is_cbe0_type: bool | None = about("US: a change of a kind that may be effected on receipt")
    in_annual_report_on: date | None = None
    annual_report_due_on: date | None = None
    implemented_on: date | None = None
    notified_on: date | None = None
    internal_version_updated: bool | None = about("EU, trial: the IMPD's internal version says it")
    is_distributed: bool | None = about("Product of the change was distributed or used in the region; false says that none was")
    ships_from: date | None = about("First day on which product of the change was distributed or used in the region")


class ComparabilityProtocolUse(Part):
    """A filed protocol that lets a change be reported in a lower category."""

    record: Reference | None = None
    is_used: bool | None = None
    approved_on: date | None = None
    all_criteria_met: bool | None = None
    departures: int | None = about("Departures from the protocol")
    eu_counterpart: str | None = about("pacmp | not_pursued: the EU's protocol, or the decision not to have one")
    same_criteria: bool | None = None


class ComparabilityStudy(Part):
    record: Reference | None = None
    number: str | None = None
    protocol_approved_on: date | None = None
    first_result_on: date | None = None
    attributes_listed: bool | None = about("Critical quality attributes, methods and lots are listed")
    statistics_defined: bool | None = None
    criteria_from_history: bool | None = about("Acceptance criteria are set from historical data")
    conclusion: str | None = about("comparable | comparable_with_justified_difference | not_comparable | inconclusive")
    bridging_plan: bool | None = about("A plan for non-clinical or clinical bridging")
    data_not_pooled: bool | None = about("Data from before and after are kept apart")
    potency_state: str | None = about("State of the potency assay used: qualified | validated | development")
    critical_assay_state: str | None = about("Lowest state among the other critical assays")
    same_run_or_bridged: bool | None = about("Lots before and after were tested in the same run, or bridged")
    split_source: bool | None = about("Patient-derived material was split")
    other_design_justified: bool | None = None
    lot_number_justified: bool | None = None


class MethodBridging(Part):
    """The bridging of an analytical procedure that the change replaces."""

    record: Reference | None = None
    compared_on_representative_lots: bool | None = None
    new_method_validated: bool | None = None
    limits_assessed: bool | None = None
    stability_trend_assessed: bool | None = None
    filing_category_set: bool | None = None


class ChangeControl(Part):
    record: Reference | None = None
    number: str | None = None
    title: str | None = None
    kind: str | None = about(
        "manufacturing_site | testing_site | process | specification | removed_test | cell_bank | formulation | container | shelf_life | analytical_procedure"
        " | computerised_system | other"
    )
    state: str | None = about("proposed | approved | implemented | closed")
    described: bool | None = None
    reason: str | None = None
    risk_assessed: bool | None = None
    affected_records_listed: bool | None = None
    impact_us: str | None = about("Regulatory impact in the US, as assessed")
    impact_eu: str | None = about("Regulatory impact in the EU, as assessed")
    quality_approved_on: date | None = None
    implemented_on: date | None = None
    effect_assessed_on: date | None = about("Day of the assessment of the effect on identity, strength, quality, purity and potency")
    shows_no_adverse_effect: bool | None = about("Validation and other data show no adverse effect on them")
    first_distribution_on: date | None = about("First day on which product of the change was distributed")
    effectiveness_verified_on: date | None = None
    objective_met: bool | None = None
    closed_by_quality_on: date | None = None
    after_pivotal_start: bool | None = about("Implemented after the pivotal study began")
    bridging_decision: str | None = about("The documented decision on bridging to the pivotal process")
    post_change_stability_started_on: date | None = None
    accelerated_stability_started: bool | None = None
    stability_commitment: bool | None = None
    retains_planned: bool | None = about("Samples are kept for comparability to come, in storage that suits them")
    bank_characterised: bool | None = about("A new cell bank or virus seed is fully characterised")
    filings: list[ChangeFiling] = listing("Filings by region")
    protocol: ComparabilityProtocolUse | None = None
    comparability: ComparabilityStudy | None = None
    method_bridging: MethodBridging | None = None
    regression_evidence: bool | None = about("Computerised system: tests show that what worked still does")
    release_approved: bool | None = about("Computerised system: the new version was approved for use")
