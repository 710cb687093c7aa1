"""The batch: what was made, from what, by whom, and what happened to it."""

from __future__ import annotations

from datetime import date, datetime

from .base import Part, Reference, Validity, about, listing
from .controls import EnvironmentalSample, InProcessControl, ReprocessedStep, TimeLimit, Yield


class BatchStep(Part):
    sequence: int | None = None
    unit_operation: str | None = None
    is_aseptic: bool | None = None
    completed: bool | None = None
    site: str | None = None
    equipment: str | None = None
    equipment_in_calibration: bool | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    performed_by: str | None = None  # person number
    checked_by: str | None = None
    instruction: str | None = None  # '24 h to 48 h' as in the master
    actual: str | None = None
    within_instruction: bool | None = None
    deviation: str | None = None  # number of the deviation that explains a departure
    performer_trained: bool | None = None  # training on the master version in force on the day of the step
    is_automated: bool | None = about("Performed by automatic equipment, where only the person who checks is named (21 CFR 211.188(b)(11))")


class RecordReview(Part):
    reviewer: str | None = None
    reviewer_role: str | None = None  # production | quality_unit | qp
    organisation: str | None = None
    organisation_kind: str | None = None  # sponsor | cdmo | ...
    outcome: str | None = None  # approved | rejected | returned
    reviewed_at: datetime | None = None
    audit_trail_reviewed: bool | None = None


class BatchRecord(Part):
    record: Reference | None = None
    number: str | None = None
    master_record: str | None = None
    master_version: str | None = None
    master_validity: Validity | None = None
    master_prepared_by: str | None = None
    master_checked_by: str | None = None
    issue_checked_by: str | None = None  # 'accurate reproduction' check
    issue_checked_at: datetime | None = None
    state: str | None = None  # open | in_review | approved | rejected
    steps: list[BatchStep] = []
    reviews: list[RecordReview] = []
    packaging_area_inspected_before: bool | None = about("Packaging and labelling area inspected before use")
    packaging_area_inspected_after: bool | None = about("... and after use")
    container_described: bool | None = about("Containers and closures are described")
    labelling_specimen: bool | None = about("A specimen of the labelling is attached")
    labelled_product_examined: bool | None = about("Labelled product was examined (21 CFR 211.134)")
    microbial_controls_described: bool | None = about("Sterile product: microbiological controls are described")
    changes_have_rationale: bool | None = about("Changes to the procedure are recorded with their rationale")


class Input(Part):
    """A lot consumed in this batch or in one of its ancestors."""

    record: Reference | None = None
    lot: str | None = None
    material: str | None = None
    material_kind: str | None = None  # starting_material | vector | plasmid | reagent | excipient | container | intermediate
    depth: int | None = None  # 1 = consumed directly
    used_on: date | None = None
    expires_on: date | None = None
    release_state: str | None = None  # released | quarantine | rejected, on the day of use
    released_on: date | None = None
    identity_tested: bool | None = None
    supplier_approved: bool | None = None  # on the day of receipt
    animal_derived: bool | None = None
    tse_evidence: str | None = None
    gmp_evidence: str | None = None  # how GMP (or GMP principles) was assured: certificate, audit number, ...
    gmp_evidence_accepted_by_qp: bool | None = None
    replication_competent_virus_result: str | None = None  # as reported, for vector lots


class LabelStatement(Part):
    code: str | None = None  # autologous_use_only | not_evaluated_for_infectious_substances | investigational_caution | clinical_trial_use_only | ...
    present: bool | None = None
    language: str | None = None


class Label(Part):
    record: Reference | None = None
    version: str | None = None
    approved_on: date | None = None
    identity: str | None = None  # chain-of-identity id printed on it
    issued: int | None = None
    used: int | None = None
    returned: int | None = None
    destroyed: int | None = None
    line_clearance: bool | None = None
    labelling_kind: str | None = about("cut | roll | other")
    examined_electronically: bool | None = about("100 % electronic or electromechanical examination (21 CFR 211.122(g)(2))")
    is_approved_version: bool | None = about("Its text is the approved version")
    statements: list[LabelStatement] = []


class IdentityCheck(Part):
    """One comparison of the chain-of-identity id at a hand-over."""

    record: Reference | None = None
    point: str | None = None  # collection | receipt | manufacture_start | fill | label | shipment | import_receipt
    expected: str | None = None
    observed: str | None = None
    identifiers_checked: int | None = None
    checked_by: str | None = None
    second_checker: str | None = None
    checked_at: datetime | None = None


class Shipment(Part):
    record: Reference | None = None
    number: str | None = None
    from_site: str | None = None
    to_site: str | None = None
    to_kind: str | None = None  # importer | laboratory | clinical_site | depot | manufacturer
    shipped_at: datetime | None = None
    received_at: datetime | None = None
    under_quarantine: bool | None = None
    lane_qualified: bool | None = None
    temperature_outcome: str | None = None  # within_range | excursion_accepted | excursion_open | not_read
    deviation: str | None = None


class DonorEligibility(Part):
    record: Reference | None = None
    donor: str | None = None  # pseudonym
    days_from_recovery: int | None = about("Days between the donor's sample and recovery, without sign")
    source: str | None = about("pbsc | marrow | leukapheresis | ...: what was recovered")
    signed_by_responsible_person: bool | None = about("Determination signed by a responsible person")
    exception: str | None = about("The documented exception under which an ineligible or incomplete donor is used")
    physician_notified: bool | None = about("The physician was told of it")
    screening_complete: bool | None = about("Screening and tests, though not required, were completed")
    results_reactive: bool | None = about("A test was reactive, or a risk factor was found")
    determination: str | None = None  # eligible | ineligible | not_required | incomplete
    determined_on: date | None = None
    determined_by: str | None = None
    eu_testing_complete: bool | None = None  # Dir 2006/17/EC tests recorded, autologous included
    procurement_authorised: bool | None = None  # establishment authorised under Dir 2004/23/EC or equivalent


class SiteRelease(Part):
    """The manufacturing site's own release with its certificates (never the sponsor's disposition)."""

    record: Reference | None = None
    site: str | None = None
    released_on: date | None = None
    certificate_of_analysis: str | None = None
    certificate_of_conformance: str | None = None


class QuarantineStatus(Part):
    status: str | None = None  # quarantine | released | rejected
    validity: Validity | None = None


class Batch(Part):
    record: Reference | None = None
    number: str | None = None
    kind: str | None = None
    process: str | None = None
    process_version: str | None = None
    manufactured_at: str | None = None  # site number
    manufacture_began_on: date | None = None
    manufactured_on: date | None = None  # last day of manufacture
    identity: str | None = None  # chain-of-identity id
    patient: str | None = None  # pseudonym
    container: str | None = None
    storage_condition: str | None = None
    expires_on: date | None = None
    shelf_life_months: int | None = None
    inventory: list[QuarantineStatus] = []
    review_completed_on: date | None = None  # day of the sponsor's last approving record review
    batch_record: BatchRecord | None = None
    inputs: list[Input] = []
    labels: list[Label] = []
    identity_checks: list[IdentityCheck] = []
    shipments: list[Shipment] = []
    donor_eligibility: list[DonorEligibility] = []
    site_releases: list[SiteRelease] = []
    in_process_controls: list[InProcessControl] = listing("In-process controls of the master record")
    time_limits: list[TimeLimit] = listing("Hold and process times of the master record")
    yields: list[Yield] = listing("Yields of the master record")
    environmental_samples: list[EnvironmentalSample] = listing("Environmental monitoring of its sessions")
    reprocessing: list[ReprocessedStep] = listing("Reprocessing and reworking")
    gmp_regime: str | None = about("us_phase1_statutory | us_part_211 | eu_gmp | eu_part_iv, as stored on the batch")
