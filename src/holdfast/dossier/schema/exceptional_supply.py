"""Supply of a product that is out of specification to its patient: neither released nor certified, and recorded as such."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, Validity, about


class ExceptionalSupply(Part):
    """What the exceptional route needs: in the EU a physician's request, in the US an IND or expanded access."""

    record: Reference | None = None
    product_contains_cells_or_tissues: bool | None = about("The product contains cells or tissues")
    failed_attributes: int | None = about("How many attributes are out of specification")
    hazard_to_patient: str | None = about("immediate_significant | not_immediate: what threatens the patient without this product")
    alternatives_considered: bool | None = about("Other options for the patient, and the consequences of not giving it, are assessed in writing")
    requested_by: str | None = about("Treating physician who asked, in writing")
    requested_on: date | None = about("Day of the request")
    risk_evaluation_on: date | None = about("Day of the manufacturer's evaluation of the risks")
    risk_evaluation_given_to_physician_on: date | None = about("Day on which the physician had it")
    accepted_by: str | None = about("Physician who accepted to give it, knowing the evaluation")
    accepted_on: date | None = about("Day of the acceptance")
    is_trial: bool | None = about("The product is investigational")
    sponsor_notified_on: date | None = about("Trial: day on which the sponsor was told")
    authority_informed_on: date | None = about("Day on which the authority was told")
    holder_informed_on: date | None = about("Marketed: day on which the marketing authorisation holder was told")
    supplied_on: date | None = about("Day of supply, when it has taken place")
    inventory_status: str | None = about("supplied_oos_exceptional | rejected_supplied_under_ind | ...: how the batch is recorded")
    is_certified: bool | None = about("A certification of this batch exists (it must not)")
    protocol: str | None = about("US: the IND or expanded-access protocol under which a nonconforming product may be given")
    protocol_covers_nonconforming: bool | None = about("That protocol says so")
    protocol_validity: Validity | None = about("When the protocol is active")
    irb_approved_on: date | None = about("US: day of the review board's approval")
    emergency_use: bool | None = about("US: emergency use, where the review board is told afterwards")
    informed_consent_on: date | None = about("Day of the patient's consent to a product out of specification")
    national_reports_done: bool | None = about("What the Member State asks in addition is done")
