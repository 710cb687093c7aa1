"""A programme at its phase, over the wire."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ninja import Schema

from .base import Asked

RegionAsked = Literal["US", "EU"]
PhaseName = Literal["phase1", "phase2", "phase3", "commercial"]


class PhaseAsked(Asked):
    """`at`: as if the programme were at this phase; without it, the phase on record. `next`: the phase it heads for."""

    on: date | None = None
    at: PhaseName | None = None
    next: PhaseName | None = None


class ExpectationShown(Schema):
    """A rule at a phase with its answer on today's records; `open` says what is open, `why` why it is named there."""

    rule: str
    title: str
    answer: str
    severity: str
    at: str
    why: str
    open: list[str]
    cite: list[str]


class LeftOut(Schema):
    what: str
    why: str


class ApartShown(Schema):
    """A flexibility or a draft: in none of the other parts, with its status and how sure its text is."""

    pack: str
    version: str
    title: str
    status: str
    says: str
    confidence: str
    rules: list[ExpectationShown]
    left_out: list[LeftOut]


class ElsewhereShown(Schema):
    question: str
    rule: str
    title: str
    why: str


class PhaseShown(Schema):
    """What must be true now, at the next milestone, and later. `phase` is null where none is on record and none was asked: then nothing is judged."""

    product: str
    region: str
    on: date
    phase: str | None
    phase_on_record: str | None
    next_phase: str | None
    now: list[ExpectationShown]
    next: list[ExpectationShown]
    later: list[ExpectationShown]
    not_applicable: list[ExpectationShown]
    apart: list[ApartShown]
    elsewhere_from_next: list[ElsewhereShown]
    no_record_of: list[str]
    not_judged: list[LeftOut]
    withheld: bool
