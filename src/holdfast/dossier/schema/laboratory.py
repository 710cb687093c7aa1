"""Specification, samples, test runs and results."""

from __future__ import annotations

from datetime import date, datetime

from .base import Part, Reference, Validity


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
    quantity: str | None = None
    retained_until: date | None = None
    justification: str | None = None
