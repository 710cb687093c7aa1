"""Chain of identity and custody: from the patient's collection to the dose given, both ways."""

from __future__ import annotations

from datetime import date, datetime

from .base import Part, Reference, about, listing


class Collection(Part):
    """A collection of cells or tissues from the patient or donor."""

    record: Reference | None = None
    identity: str | None = about("Chain-of-identity id")
    identity_created_at: datetime | None = about("When the id was made")
    started_at: datetime | None = None
    ended_at: datetime | None = None
    site: str | None = about("Collection site")
    donation_identification: str | None = about("EU: donation identification sequence of the Single European Code")
    within_code_scope: bool | None = about("EU: in the scope of the Single European Code")
    processing_started_at: datetime | None = about("When manufacture began on this material")
    hold_limit_hours: int | None = about("Validated, filed limit from the end of collection to the start of processing")
    within_hold_limit: bool | None = about("The time taken is within that limit")


class CustodyEvent(Part):
    """A time in one custodian's hands, in order."""

    record: Reference | None = None
    sequence: int | None = None
    custodian: str | None = None
    place: str | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None
    condition: str | None = about("Storage or transport condition")
    follows_without_gap: bool | None = about("Begins when and where the one before it ended; true for the first")
    deviation: str | None = about("Number of the deviation that covers a gap")
    identity: str | None = about("Chain-of-identity id as observed")


class TransportRecord(Part):
    """The temperature record of one shipment."""

    record: Reference | None = None
    shipment: str | None = about("Number of the shipment")
    has_logger_file: bool | None = about("The logger's file is attached")
    within_range: bool | None = about("Every reading is within the validated range")
    deviation: str | None = about("Number of the deviation that covers an excursion")
    impact_decided_on: date | None = about("Day of the decision on what the excursion means")


class PatientLabel(Part):
    """A label that names the patient."""

    record: Reference | None = None
    serial: str | None = about("Serial number of the print")
    identity: str | None = about("Chain-of-identity id printed on it")
    autologous_statement: bool | None = about("Bears 'FOR AUTOLOGOUS USE ONLY'")
    patient_identifier: bool | None = about("Bears the patient's identifier")
    donation_and_product_codes: bool | None = about("EU, marketed: bears the unique donation and product codes")
    is_reprint: bool | None = None
    reprint_reason: str | None = None
    approved_by: str | None = about("Second person who approved a reprint")
    printed_by: str | None = None
    is_reconciled: bool | None = about("Counted, and the count agrees")


class WorkstationUse(Part):
    """The use of a workstation or isolator for open material of this batch."""

    record: Reference | None = None
    workstation: str | None = None
    identities_present: int | None = about("How many chain-of-identity ids were there at the time")
    line_clearance_before: bool | None = None
    line_clearance_after: bool | None = None


class ChainSample(Part):
    """A test sample, with what it is linked to."""

    record: Reference | None = None
    number: str | None = None
    batch: str | None = about("Batch that it was taken from")
    identity: str | None = about("Chain-of-identity id on it")
    result_approved: bool | None = about("A result on it is approved")


class Administration(Part):
    """What became of a released dose."""

    record: Reference | None = None
    dose: str | None = about("Number of the dose or container")
    identity: str | None = about("Chain-of-identity id as checked at the bedside")
    fate: str | None = about("administered | returned | destroyed | open")
    recorded_on: date | None = about("Day on which it was given, returned or destroyed")
    signed_by: str | None = None
    expires_on: date | None = None
    deviation: str | None = about("Number of the deviation when it is open past expiry")


class Traceability(Part):
    """Whether the links can be walked both ways."""

    record: Reference | None = None
    donor_to_recipient: bool | None = about("From a donor to every product and recipient, by stored links")
    recipient_to_donor: bool | None = about("From a recipient to every product and donor")
    key_held_securely: bool | None = about("The key to the pseudonyms is held apart, under control")
    distinct_code: bool | None = about("Each product bears a distinct code that links donor, collection, lot and consignee")
    summary_of_records: bool | None = about("The summary of records went with the product")


class ChainOfIdentity(Part):
    record: Reference | None = None
    identity: str | None = about("The id that everything must show")
    collections: list[Collection] = listing("Collections")
    custody_events: list[CustodyEvent] = listing("Times of custody, in order")
    transport_records: list[TransportRecord] = listing("Temperature records of shipments")
    patient_labels: list[PatientLabel] = listing("Labels that name the patient, reprints included")
    workstation_uses: list[WorkstationUse] = listing("Uses of workstations for open material")
    samples: list[ChainSample] = listing("Test samples")
    administrations: list[Administration] = listing("What became of each dose")
    traceability: Traceability | None = None
    donor_genotype_matches: bool | None = about("Several donors: the genotype of the product is the donor's")
