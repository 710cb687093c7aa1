"""Specification, samples, test runs and results."""

from __future__ import annotations

from datetime import date, datetime

from .base import Part, Reference, Validity, about


class Criterion(Part):
    """An acceptance criterion. `kind`: range | nmt | nlt | lt | gt | equals | one_of | absent | report_only."""

    kind: str | None = None
    low: str | None = None  # decimal as text
    high: str | None = None
    unit: str | None = None
    allowed: list[str] = []
    as_registered: str | None = None


class Result(Part):
    """A reportable result exactly as reported."""

    id: int | None = None
    record: Reference | None = None
    test_run: str | None = None  # number
    sample: str | None = None
    sample_identity: str | None = None  # chain-of-identity id on the sample
    sample_stage: str | None = None  # in_process | harvest | final_container | labelled_container
    attribute: str | None = None
    reported: str | None = None  # '<10', '95.10', 'Negative'
    value: str | None = None  # decimal as text; absent for words
    unit: str | None = None
    censoring: str | None = None  # none | less_than | greater_than
    status: str | None = None  # approved | preliminary | invalidated
    procedure: str | None = None
    procedure_version: str | None = None
    procedure_state: str | None = None  # state of the procedure at that site on that day: qualified | validated | ...
    procedure_registered: bool | None = None  # this version is in the application's content at manufacture
    site: str | None = None
    analyst: str | None = None
    reviewer: str | None = None
    performed_at: datetime | None = None
    reviewed_at: datetime | None = None
    system_suitability: str | None = None  # passed | failed
    source_file: str | None = None  # SHA-256
    source_place: str | None = None  # row 12, column "viability"
    sample_described: bool | None = about("Source, quantity, lot, day taken and day received of the sample are recorded")
    raw_data_complete: bool | None = about("Amounts used, all raw data, graphs and calculations are recorded")
    compared_with_criterion: bool | None = about("The record compares the result with its acceptance criterion")
    distinguishes_products: bool | None = about("Identity: tells the product from every other made in the same laboratory")
    initial_positive: bool | None = about("Sterility: a first test was positive")
    repeats: int | None = about("Sterility: how many times it was repeated")
    laboratory_in_member_state: bool | None = about("Tested by a laboratory in a Member State")
    by_filed_method: bool | None = about("By the method filed in the application")
    invalidated_because: str | None = about("Invalidated: why the run or the result does not count")


class SpecificationTest(Part):
    """One line of the registered specification with every result reported against it."""

    attribute: str | None = None
    name: str | None = None
    category: str | None = (
        None  # identity | potency | purity | sterility | endotoxin | mycoplasma | viability | vector_copy_number | replication_competent_virus | dose | appearance | safety | other  # noqa: E501
    )
    procedure: str | None = None
    criterion: Criterion | None = None
    results: list[Result] = []


class Specification(Part):
    record: Reference | None = None
    number: str | None = None
    version: str | None = None
    region: str | None = None
    validity: Validity | None = None
    approved_on: date | None = None
    tests: list[SpecificationTest] = []


class ReserveSample(Part):
    record: Reference | None = None
    kind: str | None = about("finished | bulk | packaging")
    times_full_testing: str | None = about("Quantity as a multiple of what all required tests need; decimal, as text")
    reduction_authorised: bool | None = about("US: a smaller quantity is authorised by FDA, or filed under the IND; EU: derogation recorded")
    quantity: str | None = None
    retained_until: date | None = None
    justification: str | None = None
