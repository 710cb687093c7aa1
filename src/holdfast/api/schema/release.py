"""Decisions over the wire."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ninja import Schema
from pydantic import Field

from holdfast.standards.verdict import Verdict

from .base import Body, Given, Key, Line, Moment, Paging, Reason, Secret
from .records import SignatureShown

Destination = Literal["US", "EU", "EU-USE"]


class DecisionRow(Schema):
    id: int
    number: str
    batch: int
    batch_number: str
    programme: str
    question: str
    outcome: str
    signer: str
    decided_on: date
    decided_at: Moment
    signature_digest: str
    dossier_digest: str
    change_set: int
    voided_at: Moment | None


class OverrideShown(Schema):
    rule: str
    answer: str
    reason: str
    person: str
    second_person: str


class DecisionShown(DecisionRow):
    """A decision as it was signed, and what changed since in the evidence behind it (`changes`; nothing stored is altered)."""

    meaning: str
    role: str
    organisation: str
    register_entry: str | None
    flagged: bool
    changes: list[str]
    signatures: list[SignatureShown]
    overrides: list[OverrideShown]
    verdict: Verdict


class RegisterEntryShown(Schema):
    """A line of the register of certified batches of one MIA(IMP)."""

    id: int
    programme: str
    authorisation: str
    line: int
    decision: int
    batch_number: str
    entered_at: Moment


class DecisionsAsked(Paging):
    programme: Given | None = None
    batch: Key | None = None


class RegisterAsked(Paging):
    programme: Given | None = None


class OverrideGiven(Body):
    rule: Line = Field(max_length=40)
    reason: Reason


class SecondGiven(Body):
    """The second person, of a quality role, who signs for overrides: their log-in, and what proves who they are."""

    email: Line
    password: Secret
    code: Secret | None = None


class NewDecision(Body):
    """What you decide and sign. Your password is asked each time, and the code where an authenticator is enrolled: a token alone signs nothing."""

    destination: Destination
    outcome: Literal["released", "rejected", "certified", "refused", "released_for_use", "withheld"]
    password: Secret
    code: Secret | None = None
    overrides: list[OverrideGiven] = Field([], max_length=100)
    second: SecondGiven | None = None
