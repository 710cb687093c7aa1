"""What a review of the audit trail is about: the change sets of its scope, exceptions first; and whether something was entered there since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from holdfast.batch.models import Lot
from holdfast.kernel.errors import Refused
from holdfast.ledger.browsing import LedgerLine, changes_of, lines_of, records_numbered, rows_of_records
from holdfast.ledger.models import ChangeSet, LedgerException, Programme, Record, RowChange

from .batch_rows import headers, records_and_facts
from .models import AuditTrailReview, ReviewedRecord, ReviewScope

#: the action of the change set in which a review is signed: no entry that makes another review outdated
ACTION = "audit trail review"
#: exceptions that one review can hold, and other entries that are listed beside them
MOST_EXCEPTIONS, OTHERS = 200, 100


class NotAScope(Refused):
    """What was named to be reviewed is not there, or not named whole."""


@dataclass(frozen=True)
class Scope:
    """What is reviewed, of one programme: some records, a batch, or a period of days (both included)."""

    programme: Programme
    kind: str
    lot: Lot | None = None
    records: tuple[Record, ...] = ()
    from_day: date | None = None
    to_day: date | None = None

    @property
    def said(self) -> str:
        """The scope in words."""
        if self.kind == ReviewScope.BATCH and self.lot:
            return f"batch {self.lot.record.number}"
        if self.kind == ReviewScope.RECORDS:
            return "records " + ", ".join(f"{record.number} v{record.version}" for record in self.records)
        return f"{self.from_day:%-d %b %Y} to {self.to_day:%-d %b %Y}"

    def rows(self) -> set[tuple[str, int]]:
        """The rows (table, row) of the record that are in it; none of a period."""
        if self.lot is not None:
            records, facts = records_and_facts([self.lot.pk])
            return {*rows_of_records(headers(records)), *facts}
        return set(rows_of_records(self.records))

    def change_sets(self) -> QuerySet[ChangeSet]:
        """Every change set in it, as the open identity sees it. Signing a review is none."""
        every = ChangeSet.objects.exclude(action=ACTION)
        if self.kind != ReviewScope.PERIOD:
            return every.filter(pk__in=changes_of(self.rows()).values("change_set"))
        touching = Exists(RowChange.objects.filter(change_set=OuterRef("pk"), programme_id=self.programme.pk))
        begin, end = bounds(self.from_day, self.to_day)
        return every.filter(recorded_at__gte=begin, recorded_at__lt=end).filter(Q(programme_id=self.programme.pk) | touching)


def bounds(from_day: date | None, to_day: date | None) -> tuple[datetime, datetime]:
    """The moments at which a period begins and ends, in UTC; the last day is included."""
    assert from_day is not None and to_day is not None
    return datetime.combine(from_day, time(), UTC), datetime.combine(to_day + timedelta(days=1), time(), UTC)


def scope_of_batch(programme: Programme, number: str) -> Scope:
    """A batch by its number. Raises `NotAScope`."""
    lot = Lot.objects.filter(programme=programme, record__number__iexact=number.strip()).select_related("record", "programme").first()
    if lot is None:
        raise NotAScope(f"There is no lot {number!r} on {programme.number} that you may see. Give its number as the batch page shows it.")
    return Scope(programme, ReviewScope.BATCH, lot=lot)


def scope_of_records(programme: Programme, numbers: Collection[str]) -> Scope:
    """Every version of the records of these numbers. Raises `NotAScope`."""
    if not numbers or len(numbers) > 50:
        raise NotAScope("Give the numbers of 1 to 50 records.")
    records: list[Record] = []
    for number in numbers:
        found = [record for record in records_numbered(number) if record.programme_id == programme.pk]
        if not found:
            raise NotAScope(f"There is no record {number!r} on {programme.number} that you may see.")
        records += found
    return Scope(programme, ReviewScope.RECORDS, records=tuple({record.pk: record for record in records}.values()))


def scope_of_period(programme: Programme, from_day: date, to_day: date) -> Scope:
    """A period, both days included. Raises `NotAScope`."""
    if to_day < from_day or to_day.year > 9000:
        raise NotAScope("A period ends on the day it begins, or later.")
    return Scope(programme, ReviewScope.PERIOD, from_day=from_day, to_day=to_day)


@dataclass(frozen=True)
class Listing:
    """What there is to review among the first `leaves` change sets of the ledger's tree: exceptions, and the latest of the others."""

    leaves: int
    exceptions: list[LedgerLine]
    others: list[LedgerLine]
    total: int
    exceptional: int
    own: int  # how many the reader made themselves


def listing(scope: Scope, leaves: int, reader: int) -> Listing:
    """What a scope holds, exceptions first. `reader`: id of the person who is to review it."""
    rows = scope.change_sets().filter(leaf__index__lt=leaves)
    exceptional = rows.filter(pk__in=LedgerException.objects.values("change_set"))
    others = rows.filter(~Exists(LedgerException.objects.filter(change_set=OuterRef("pk"))))
    return Listing(
        leaves,
        lines_of(list(exceptional.order_by("-pk")[: MOST_EXCEPTIONS + 1])),
        lines_of(list(others.order_by("-pk")[:OTHERS])),
        rows.count(),
        exceptional.count(),
        rows.filter(actor_id=reader).count(),
    )


def reviews() -> QuerySet[AuditTrailReview]:
    """Reviews that stand, as the open identity sees them."""
    rows = AuditTrailReview.objects.filter(record__voided_at__isnull=True)
    return rows.select_related("record", "programme", "lot__record", "reviewer__organisation", "signature").prefetch_related("records__record")


def scope_of(review: AuditTrailReview) -> Scope:
    """What a review was about. The records of `reviews()` are read already."""
    return Scope(review.programme, review.scope, review.lot, tuple(row.record for row in review.records.all()), review.from_day, review.to_day)


def outdated(found: Sequence[AuditTrailReview]) -> dict[int, int]:
    """Reviews in whose scope something was entered since: by id, the first such change set. A number of queries that does not grow with the reviews."""
    later = _later_in_rows([one for one in found if one.scope != ReviewScope.PERIOD])
    return later | _later_in_periods([one for one in found if one.scope == ReviewScope.PERIOD])


def _later_in_rows(found: Sequence[AuditTrailReview]) -> dict[int, int]:
    if not found:
        return {}
    claims = _claims(found)
    since = {one.pk: one.leaves for one in found}
    rows = changes_of(claims).filter(Q(change_set__leaf__isnull=True) | Q(change_set__leaf__index__gte=min(since.values())))
    later: dict[int, int] = {}
    for table, row, made, leaf in rows.order_by("change_set").values_list("table_name", "row_id", "change_set", "change_set__leaf__index"):
        for review in claims[(table, row)]:
            if leaf is None or leaf >= since[review]:
                later.setdefault(review, made)
    return later


def _claims(found: Sequence[AuditTrailReview]) -> dict[tuple[str, int], set[int]]:
    """Rows in the scope of these reviews, each with the reviews that are about it."""
    of_lot: dict[int, set[int]] = defaultdict(set)
    of_record: dict[int, set[int]] = defaultdict(set)
    for one in found:
        if one.lot_id:
            of_lot[one.lot_id].add(one.pk)
    for review, key in ReviewedRecord.objects.filter(review__in=[one.pk for one in found]).values_list("review", "record"):
        of_record[key].add(review)
    records, facts = records_and_facts(list(of_lot)) if of_lot else ({}, {})
    for key, lots in records.items():
        of_record[key] |= {review for lot in lots for review in of_lot[lot]}
    claims = {row: of_record[record] for row, record in rows_of_records(headers(of_record)).items()}
    return claims | {row: {review for lot in lots for review in of_lot[lot]} for row, lots in facts.items()}


LATER_IN_PERIODS = """
    SELECT v.review, (SELECT c.id FROM ledger_changeset c LEFT JOIN ledger_leaf l ON l.change_set_id = c.id
                       WHERE c.recorded_at >= v.begins AND c.recorded_at < v.ends AND (l.index IS NULL OR l.index >= v.leaves) AND c.action <> %s
                         AND (c.programme_id = v.programme
                              OR EXISTS (SELECT FROM ledger_rowchange r WHERE r.change_set_id = c.id AND r.programme_id = v.programme))
                       ORDER BY c.recorded_at, c.id LIMIT 1)
      FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::bigint[], %s::bigint[]) v (review, begins, ends, leaves, programme)
"""


def _later_in_periods(found: Sequence[AuditTrailReview]) -> dict[int, int]:
    if not found:
        return {}
    moments = [bounds(one.from_day, one.to_day) for one in found]
    values: list[Any] = [[one.pk for one in found], [begin for begin, _ in moments], [end for _, end in moments]]
    with connection.cursor() as cursor:
        cursor.execute(LATER_IN_PERIODS, [ACTION, *values, [one.leaves for one in found], [one.programme_id for one in found]])
        return {review: made for review, made in cursor.fetchall() if made is not None}


__all__ = [
    "ACTION", "MOST_EXCEPTIONS", "OTHERS", "Listing", "NotAScope", "Scope", "bounds", "listing", "outdated", "reviews", "scope_of", "scope_of_batch",
    "scope_of_period", "scope_of_records",
]  # fmt: skip
