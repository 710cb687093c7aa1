"""Studies over the wire."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import Field

from .base import Body, Given, Key, Line, Moment, Paging, Reason, Secret

Document = dict[str, Any]


class StudiesAsked(Paging):
    """Which studies: of a programme, or every one that is seen."""

    programme: Given | None = None


class StudyRow(Schema):
    """A study in a line. `state`: drafted, approved, data taken or concluded."""

    id: int
    number: str
    title: str
    kind: str
    programme: str
    product: str
    change: str | None
    state: str
    conclusion: str | None


class DesignShown(Schema):
    """What an attribute's planned test is worth before data are taken; null where nothing was planned."""

    attribute: str
    design: Document | None


class StudyShown(StudyRow):
    """A study with its protocol as it is kept, and what its methods answer on the frozen data (null before they are taken).

    Numbers in the documents are text: the shortest that reads back to the same number.
    """

    drafted_by: str
    protocol_digest: str
    protocol: Document
    designs: list[DesignShown]
    approved_by: str | None
    approved_at: Moment | None
    data_digest: str | None
    taken_at: Moment | None
    evaluation: Document | None
    may_conclude: list[str]
    answer: str | None
    reason: str | None
    signer: str | None
    concluded_at: Moment | None


class NewStudy(Body):
    """A protocol to write down (docs/guide/studies.md); a draft of the same number is replaced until it is approved."""

    number: Line
    protocol: Document
    reason: Reason


class Proof(Body):
    """What proves who signs: the password, and the code where an authenticator is enrolled."""

    password: Secret
    code: Given | None = None


class NewConclusion(Proof):
    conclusion: Given
    reason: Reason


class Why(Body):
    reason: Reason


class NewExclusion(Body):
    """A frozen result to leave out, by its test run and attribute, with its assignable cause."""

    run: Given
    attribute: Given
    cause: Reason


class NewDeparture(Body):
    what: Reason
    impact: Reason


class StudyKept(Schema):
    """The key of what was kept."""

    id: int


class DataKept(StudyKept):
    digest: str
    rows: int


class NewPulls(Body):
    """Pulls of one lot at one condition: due so many months after the start, with a window of days on both sides."""

    lot: Key
    condition: Line
    chamber: Given = ""
    starts_on: date
    months: list[int] = Field(min_length=1, max_length=40)
    window_days: int = Field(ge=0, le=90)
    reason: Reason


class PullMade(Body):
    on: date
    sample: Key | None = None
    deviation: Given = ""
    reason: Reason


class PullShown(Schema):
    """A pull. `state`: planned, due, made, made outside its window, or missed."""

    id: int
    study: int
    lot: int
    lot_number: str
    condition: str
    chamber: str
    months: int
    due_on: date
    window_days: int
    pulled_on: date | None
    sample: int | None
    deviation: str
    state: str
