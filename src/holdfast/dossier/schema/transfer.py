"""A technology transfer to a site: protocol, gaps, knowledge, runs, report."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, about, listing


class GapFinding(Part):
    record: Reference | None = None
    what: str | None = None
    risk: str | None = about("high | medium | low")
    owner: str | None = None
    mitigation: str | None = None
    state: str | None = about("open | closed")


class KnowledgeItem(Part):
    """A document of the package that the sending unit hands over."""

    record: Reference | None = None
    kind: str | None = about(
        "process_description | control_list | master_record | batch_history | deviation_history | specifications | methods | stability | hazards | materials"
    )
    approved: bool | None = None
    received_on: date | None = None


class TransferRun(Part):
    """An engineering run, an aseptic simulation or a qualification lot."""

    record: Reference | None = None
    kind: str | None = about("engineering | aseptic_simulation | process_qualification")
    number: str | None = None
    performed_on: date | None = None
    passed: bool | None = None
    is_full_scale: bool | None = None
    substitute_justified: bool | None = about("Scale-down or platform evidence stands in for a full-scale run")
    contaminated_units: int | None = about("Aseptic simulation: units with growth")
    contamination_investigated: bool | None = None


class TransferDeviation(Part):
    record: Reference | None = None
    number: str | None = None
    state: str | None = about("open | closed")
    investigated: bool | None = None


class QualificationProtocol(Part):
    """The protocol of process performance qualification."""

    record: Reference | None = None
    approved_on: date | None = None
    lots_planned: int | None = None
    lot_number_justified: bool | None = about("The number of lots is justified in the protocol")
    first_lot_on: date | None = None
    lots_met: int | None = about("Lots made under it, in a row, that met every criterion")
    agency_feedback: str | None = about("Meeting or correspondence id")


class TechTransfer(Part):
    record: Reference | None = None
    number: str | None = None
    state: str | None = about("planned | executing | closed")
    change_control: str | None = about("Change under which the transfer runs")
    protocol_approved_by_sender_on: date | None = None
    protocol_approved_by_receiver_on: date | None = None
    scope_defined: bool | None = about("The protocol lists scope, processes, procedures and materials")
    acceptance_criteria_predefined: bool | None = None
    responsibilities_defined: bool | None = None
    sample_plan_defined: bool | None = None
    first_run_on: date | None = None
    gap_analysis_approved_on: date | None = None
    risk_assessment_approved_on: date | None = None
    gaps: list[GapFinding] = listing("Gaps found")
    knowledge: list[KnowledgeItem] = listing("What was handed over")
    runs: list[TransferRun] = listing("Runs at the receiving unit")
    deviations: list[TransferDeviation] = listing("Departures from the protocol")
    initial_simulations_passed: int | None = about("Aseptic simulations of the actual process and shifts, passed in a row before the first sterile batch")
    qualification: QualificationProtocol | None = None
    comparability_protocol_approved_on: date | None = None
    comparability_report: str | None = about("approved | deferred_justified | missing: comparability between the sites' lots")
    clinical_data_exist: bool | None = about("Clinical data from the sending site's material exist")
    report_approved_by_sender_on: date | None = None
    report_approved_by_receiver_on: date | None = None
    report_states_success: bool | None = None
    open_actions_listed: bool | None = None
    results_compared_with_criteria: bool | None = None
    first_gmp_batch_on: date | None = None
    filing_state_us: str | None = about("not_filed | submitted | in_effect | approved | clock_expired")
    filing_state_eu: str | None = about("not_filed | submitted | authorised | permitted")
    product_shipped: bool | None = about("Product of the site has been shipped for use")
    product_shipped_on: date | None = about("Day on which product of the site was first shipped for use")
    filing_permitted_from: date | None = about("Day from which product of the site may be used in the region")
