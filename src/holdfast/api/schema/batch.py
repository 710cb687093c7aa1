"""Batches over the wire: as the board shows them, with verdicts as the viewer may see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import PlainSerializer

from .base import Asked, Given, Moment, Paging, Reference, utc

State = Literal["ready", "blocked", "cannot_tell", "decided", "not_destined"]


def day_or_moment(when: date | datetime) -> str:
    """A day as it was recorded, or a moment in UTC."""
    return utc(when) if isinstance(when, datetime) else when.isoformat()


class RuleShown(Schema):
    id: str
    title: str
    answer: Literal["met", "not met", "cannot tell", "not applicable"]
    severity: str
    says: str
    overridden: bool


class CellShown(Schema):
    """One batch at one destination. `flagged`: evidence behind the decision changed since; `changes` says what, to who may open the decision."""

    destination: str
    state: State
    flagged: bool
    changes: list[str]
    decision: int | None
    outcome: str | None
    decided_by: str | None
    rules: list[RuleShown]


class BatchRow(Schema):
    id: int
    number: str
    version: int
    programme: str
    product: str | None
    patient: str
    expires_on: date | None
    destinations: list[CellShown]


class BatchShown(BatchRow):
    """A batch with its facts, and what you may sign of it today."""

    made_at: str | None
    manufacture_began_on: date | None
    manufactured_on: date | None
    process: Reference | None
    identity: str
    sponsor_release: CellShown | None
    may_sign: list[str]


class ResultShown(Schema):
    """A result as reported: text, never a number. A censored `<10` is neither 10 nor 0."""

    id: int
    attribute: str
    attribute_name: str
    reported: str
    unit: str
    censoring: str
    status: str
    test_run: int
    test_run_number: str
    procedure: Reference | None
    site: str | None
    performed_at: Moment | None


class LotUseShown(Schema):
    """A lot that went into another."""

    id: int
    parent: Reference
    child: Reference
    used_on: date | None


class EventShown(Schema):
    """Something that happened: a day, or a moment in UTC with the zone of the place."""

    when: Annotated[date | datetime, PlainSerializer(day_or_moment, return_type=str)]
    what: str
    where: str
    zone: str
    record: int | None


class BoardAsked(Paging):
    """Batches of a programme; in one state at some destination (or `flagged`); whose number or patient holds a text; of exactly one number."""

    programme: Given | None = None
    state: Literal["ready", "blocked", "cannot_tell", "decided", "flagged", "not_destined"] | None = None
    text: Given | None = None
    number: Given | None = None


class OnDay(Asked):
    on: date | None = None
