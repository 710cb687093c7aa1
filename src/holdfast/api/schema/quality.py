"""Deviations, changes and statements of completeness over the wire."""

from __future__ import annotations

from datetime import date

from ninja import Schema

from .base import Given, Key, Moment, Paging, Reference
from .records import Value


class TouchingShown(Schema):
    """A deviation or change that touches a batch: the record, its facts by column, and those of its link to the batch."""

    record: Reference
    facts: dict[str, Value]
    link: dict[str, Value]


class StatementShown(Schema):
    """A named person of the party that keeps a list says that it is complete to a day. An empty list is evidence only with one."""

    record: Reference
    list: str
    party_id: int
    site_id: int | None
    lot_id: int | None
    complete_to: date
    stated_by_id: int
    stated_at: Moment


class ReviewCommentShown(Schema):
    change_set: int
    comment: str


class AuditTrailReviewShown(Schema):
    """A signed review of what the ledger says of a scope. `outdated_since`: the first change set in its scope that it does not cover, or null."""

    record: Reference
    programme_id: int
    scope: str
    lot_id: int | None
    from_day: date | None
    to_day: date | None
    records: list[Reference]
    leaves: int
    change_sets: int
    exceptions: int
    conclusion: str
    reviewer_id: int
    reviewed_at: Moment
    comments: list[ReviewCommentShown]
    outdated_since: int | None


class ReviewsAsked(Paging):
    programme: Given | None = None
    lot: Key | None = None


class StatementsAsked(Paging):
    programme: Given | None = None
    lot: Key | None = None
