"""The board by page and the search, over the wire."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ninja import Schema
from pydantic import Field

from .base import Asked, Given, Page, Paging

BoardState = Literal["blocked", "cannot_tell", "not_judged", "ready", "decided", "not_destined"]


class BoardPageAsked(Paging):
    """What the board is narrowed to, and its order; every condition holds for one and the same destination of a batch."""

    programme: Given | None = None
    state: BoardState | Literal["flagged"] | None = None
    destination: Literal["US", "EU"] | None = None
    text: Given = ""
    blocker: Given = ""
    alone: bool = False
    within: int = Field(0, ge=0, le=3650, description="Days to expiry of a batch that is still open; 0 for any.")
    sort: Literal["expiry", "number", "state", "blockers"] = "expiry"


class StandingCell(Schema):
    """One batch at one destination as it was last judged; `not_judged` when the record has changed since, never green."""

    destination: str
    state: BoardState
    flagged: bool
    blockers: list[str]
    unknown: list[str]
    judged_on: date | None
    decision: int | None


class StandingRow(Schema):
    id: int
    number: str
    programme: int
    patient: str
    expires_on: date | None
    destinations: list[StandingCell]


class HeldBack(Schema):
    """A rule that holds batches back from a destination, and how many it alone holds back."""

    destination: str
    rule: str
    title: str
    batches: int
    alone: int


class BoardShown(Page[StandingRow]):
    """A page of the board; `total` and what follows it count everything that you see, whatever is filtered."""

    found: int
    total: int
    states: dict[str, int]
    held_back: list[HeldBack]


class SearchAsked(Asked):
    """At least two characters: a number, its beginning, a patient's pseudonym, words of a title or name."""

    text: Given
    kind: list[Given] = []
    after: Given | None = None
    limit: int = Field(20, ge=1, le=100)


class FoundShown(Schema):
    """What was found; `rank` 0 is an exact number."""

    rank: int
    kind: str
    id: int
    number: str
    version: int | None
    title: str
    programme: int | None
    voided: bool
