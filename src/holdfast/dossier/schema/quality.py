"""What went wrong, what changes, and who says that a list is complete."""

from __future__ import annotations

from datetime import date, datetime

from .base import Part, Reference, about


class Deviation(Part):
    record: Reference | None = None
    number: str | None = None
    title: str | None = None
    classification: str | None = None  # critical | major | minor
    is_planned: bool | None = None
    discovered_on: date | None = None
    site: str | None = None
    justification: str | None = None
    investigation_state: str | None = None  # open | concluded
    root_cause: str | None = None  # confirmed | probable | none_found
    impact_conclusion: str | None = None  # no_impact | negligible | impact | not_concluded
    other_batches_assessed: bool | None = None
    quality_approved_by: str | None = None
    quality_approved_on: date | None = None
    qp_involved: bool | None = None
    modification_evaluated: bool | None = None  # need for a substantial modification evaluated
    capa_state: str | None = None  # none_needed | open | implemented | effective
    is_corrected: bool | None = about("The root cause is corrected")
    open_capa_does_not_affect_batch: str | None = about("Why a CAPA that is still open does not affect the batch")


class OutOfSpecification(Part):
    record: Reference | None = None
    number: str | None = None
    attribute: str | None = None
    result: int | None = None
    state: str | None = None  # open | confirmed | invalidated
    laboratory_investigation: bool | None = None  # phase I done
    assignable_cause: str | None = None
    quality_approved_on: date | None = None
    full_investigation: bool | None = about("Phase II: a full-scale investigation was done")
    was_retested: bool | None = None
    retest_plan_approved_on: date | None = None
    first_retest_on: date | None = None
    retests: int | None = None
    retests_planned: int | None = about("Number of retests that the plan fixes")
    all_values_reported: bool | None = about("Original and retest values are all stored and reported")
    averaged: bool | None = about("An average is used as the reportable result although single preparations are out of specification")
    impact_concluded: bool | None = about("Root cause, or most probable cause, and the impact on the product are concluded")


class Change(Part):
    """A change contained in this batch, with its filing in the region of the decision."""

    record: Reference | None = None
    number: str | None = None
    title: str | None = None
    state: str | None = None  # proposed | approved | implemented | closed
    impact_evaluated: bool | None = None
    additional_tests_done: bool | None = None
    filing_class: str | None = None
    filing_state: str | None = None  # not_required | submitted | permitted | refused | not_filed
    permitted_from: date | None = None


class CompletenessStatement(Part):
    """A named person of the party that keeps a list says it is complete to a day."""

    record: Reference | None = None
    list: str | None = None  # name of the list, as rules give it in `complete_by`
    party: str | None = None  # organisation
    site: str | None = None
    complete_to: date | None = None
    stated_by: str | None = None
    stated_at: datetime | None = None
