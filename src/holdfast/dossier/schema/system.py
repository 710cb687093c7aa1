"""Computerised systems, signatures and records: whether data can be believed."""

from __future__ import annotations

from datetime import date, datetime

from .base import Part, Reference, about, listing


class AuditTrailFacts(Part):
    """What a system's audit trail keeps."""

    captures_user: bool | None = None
    captures_old_and_new: bool | None = None
    captures_time: bool | None = None
    captures_reason: bool | None = None
    is_immutable: bool | None = None
    kept_as_long_as_record: bool | None = None


class ComputerisedSystem(Part):
    record: Reference | None = None
    name: str | None = None
    is_gxp: bool | None = None
    validation_state: str | None = about("validated | in_validation | not_validated")
    deployed_version: str | None = None
    validated_version: str | None = None
    intended_use_stated: bool | None = None
    owner: str | None = None
    periodic_review_due_on: date | None = None
    audit_trail: AuditTrailFacts | None = None
    shared_accounts: int | None = about("Shared or generic accounts in roles that sign")
    reused_identities: int | None = about("User ids that were given to more than one person")
    administrators_produce_data: bool | None = about("Administrator rights lie with people who make or review the data")
    access_reviewed_on: date | None = None
    leavers_with_access: int | None = None
    backup_on_schedule: bool | None = None
    restore_tested_on: date | None = None
    archive_readable: bool | None = None
    migration_verified: bool | None = about("A migration of archived data was verified; true when there was none")
    provider: str | None = about("Supplier or cloud provider; 'none' when it is made and run in house")
    provider_agreement: bool | None = None
    provider_audit: bool | None = about("Audit evidence in keeping with the risk")
    certifies_batches: bool | None = about("The system is used to certify batches")
    only_qp_certifies: bool | None = None
    certifier_identified: bool | None = None
    certified_by_electronic_signature: bool | None = None
    printouts_show_changes: bool | None = about("Print-outs for batch release show whether data changed since entry; true when it prints none")
    enforces_sequence: bool | None = about("Steps and signatures out of order are refused, where order matters")
    sequence_matters: bool | None = None
    clock_synchronised: bool | None = None
    users_can_change_clock: bool | None = None
    time_zone_stored: bool | None = None
    manual_entries_checked: bool | None = about("Critical manual entries have a second person or a validated electronic check")
    uses_signatures: bool | None = None
    signature_components: int | None = about("Components of a signature that is not biometric")
    all_components_at_first_signing: bool | None = None
    private_component_afterwards: bool | None = None
    all_components_outside_session: bool | None = about("Signings outside one continuous session need every component")
    ai_component: bool | None = about("A component that learns touches critical GMP data or decisions")
    ai_static_and_deterministic: bool | None = None
    ai_intended_use: bool | None = None
    ai_independent_test_data: bool | None = None
    ai_acceptance_criteria: bool | None = None
    ai_human_review: bool | None = None
    ai_explainable: bool | None = about("What the output rests on can be shown")
    ai_generative: bool | None = None
    draft_annex11_gaps_listed: bool | None = None
    acquisitions_logged: int | None = about("Acquisitions in the instrument's log")
    acquisitions_in_results: int | None = None
    acquisitions_invalid: int | None = None
    acquisitions_aborted_with_reason: int | None = None
    orphan_acquisitions: int | None = about("Acquisitions in the log that no result, invalid run or aborted run accounts for")


class SignedRecord(Part):
    """An electronic signature on a GMP record."""

    record: Reference | None = None
    what: str | None = None
    printed_name: str | None = None
    signed_at: datetime | None = None
    meaning: str | None = None
    content_digest: str | None = about("Digest or version of what was signed")
    content_changed_since: bool | None = None
    signed_again: bool | None = None
    audit_trail_reviewed_at: datetime | None = about("When critical audit trails were reviewed")
    approved_at: datetime | None = None


class DataRecord(Part):
    """A GMP entry, or a kind of record, with what is known about how it was made and kept."""

    record: Reference | None = None
    what: str | None = None
    is_record_type: bool | None = about("A kind of record, not one entry")
    event_at: datetime | None = None
    entered_at: datetime | None = None
    minutes_late: int | None = about("Minutes between the event and its entry")
    is_backdated: bool | None = None
    in_process_order: bool | None = None
    predicate_rule: str | None = about("The rule that asks for the record")
    electronic_relied_on: bool | None = None
    is_copy: bool | None = about("A scan or paper copy")
    copy_verified: bool | None = None
    links_to_original: bool | None = None
    dynamic_replaced_by_static: bool | None = about("A dynamic record was replaced by a static print")


class DataGovernance(Part):
    systems: list[ComputerisedSystem] = listing("Computerised systems")
    signatures: list[SignedRecord] = listing("Electronic signatures")
    records: list[DataRecord] = listing("Entries and kinds of record")
    fda_certification_sent_on: date | None = about("US: letter that electronic signatures bind")
    first_signature_on: date | None = None
