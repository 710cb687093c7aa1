"""Who signs, with the evidence that they may."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, Validity, about


class RoleHeld(Part):
    role: str | None = None  # quality_unit | qp | cmc_lead | regulatory | production | analyst | ...
    validity: Validity | None = None


class TrainingRecord(Part):
    subject: str | None = None
    document_version: str | None = None
    trained_on: date | None = None
    validity: Validity | None = None


class NamedOnAuthorisation(Part):
    """The signer is named as QP on this manufacturing and importation authorisation."""

    authorisation: str | None = None
    kind: str | None = None
    role: str | None = None  # importer | manufacturer
    site: str | None = None
    authorisation_validity: Validity | None = None
    naming_validity: Validity | None = None


class Signer(Part):
    record: Reference | None = None
    number: str | None = None
    printed_name: str | None = None
    organisation: str | None = None
    organisation_kind: str | None = None
    roles: list[RoleHeld] = []
    trainings: list[TrainingRecord] = []
    named_on: list[NamedOnAuthorisation] = []
    steps_performed: int | None = None  # steps of this batch's record that the signer performed
    is_system_administrator: bool | None = None


class PriorDecision(Part):
    record: Reference | None = None
    number: str | None = None
    question: str | None = None
    outcome: str | None = None
    decided_on: date | None = None
    signer: str | None = None
    register_entry: str | None = None
    is_current: bool | None = about("Not superseded by a later decision")
