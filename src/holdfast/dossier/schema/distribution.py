"""After the decision, and around it: lot release by an authority, packs, permissions, events and how long records are kept."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, about, listing


class AuthorityRelease(Part):
    """Release of a lot by an authority: CBER lot release, or batch release by an official control laboratory (OCABR)."""

    record: Reference | None = None
    region: str | None = about("US | EU")
    required: bool | None = about("The authority has said that it is required for this product")
    submitted_on: date | None = about("Samples and protocol submitted")
    released_on: date | None = about("Notice of release or certificate received")


class Serialisation(Part):
    """What identifies a saleable package."""

    record: Reference | None = None
    in_scope: bool | None = about("The product is in scope: regulatory affairs has decided it")
    exemption: str | None = about("Why it is exempt, with the provision")
    product_identifier: bool | None = about("US: numerical identifier, lot and expiry in a two-dimensional code")
    partners_authorised: bool | None = about("US: each trading partner is authorised")
    unique_identifier_uploaded: bool | None = about("EU: the unique identifier is in the repository")
    anti_tampering_device: bool | None = about("EU: the pack shows whether it was opened")


class GmoDecision(Part):
    """Permission of a Member State for a genetically modified product."""

    record: Reference | None = None
    country: str | None = about("Member State of use")
    decision: str | None = about("contained_use | deliberate_release | exempt | pending | refused")
    decided_on: date | None = about("Day of the decision, or of the documented exemption")


class DistributionEvent(Part):
    """An event after distribution that may affect the safety, purity or potency of the product."""

    record: Reference | None = None
    number: str | None = None
    may_affect_product: bool | None = about("May affect safety, purity or potency")
    in_own_or_contract_site: bool | None = about("It happened at the holder's or a contractor's facility")
    product_was_distributed: bool | None = about("Product concerned had been distributed")
    known_on: date | None = about("Day on which information first suggested it")
    reported_on: date | None = about("Day of the report to the authority")
    kind: str | None = about("biological_product_deviation | field_alert | quality_defect")


class RetentionRule(Part):
    """How long something is kept."""

    record: Reference | None = None
    what: str | None = about("batch_record | traceability | reserve_sample | trial_record")
    region: str | None = about("US | EU")
    kept_until: date | None = about("Day until which it is kept; absent when it hangs on an event to come")
    expires_on: date | None = about("Expiry of the batch, when it has one")
    years_after_expiry: int | None = about("Years kept after expiry")
    years_after_trial: int | None = about("Years kept after the last trial that used the batch")
    years_after_certification: int | None = about("Years kept after certification")
    years_after_administration: int | None = about("Years kept after the product was given")


class CertificateOfBatch(Part):
    """The QP's certificate, as a document that goes with the batch."""

    record: Reference | None = None
    has_required_content: bool | None = about("Holds every item that the annex or template asks")
    register_entry: str | None = about("Entry in the register of certified batches")
    entered_on: date | None = about("Day of the entry")
    notice_to_releasing_site_on: date | None = about("Day on which the site that releases the stock was told")
    stock_released_elsewhere: bool | None = about("Stock is released at another site than the QP's")
    stock_released_on: date | None = about("Day on which stock became usable")


class Distribution(Part):
    """Everything about a batch that lies around its decision."""

    authority_releases: list[AuthorityRelease] = listing("Lot releases by authorities")
    serialisation: Serialisation | None = None
    gmo_decisions: list[GmoDecision] = listing("Permissions of Member States")
    events: list[DistributionEvent] = listing("Events after distribution")
    retention: list[RetentionRule] = listing("How long what is kept")
    certificate: CertificateOfBatch | None = None
    commitments_overdue: int | None = about("Post-approval commitments on manufacture or testing that are overdue")
    mock_shipment_passed: bool | None = about("A mock shipment with checks of identity and custody passed")
