"""Which rows of the record are a batch's own: its header and detail, what was made, tested, shipped and went wrong with it. For the review of its audit trail.

What is said of a batch afterwards (decisions, dossiers, reviews) is not in it: the decision that rests on a review would make it out of date.
"""

from __future__ import annotations

from collections.abc import Collection

from holdfast.batch.models import (
    BatchRecord,
    DonorEligibility,
    IdentityCheck,
    Label,
    LotDestination,
    LotStatus,
    LotUse,
    ProcessValue,
    RecordReview,
    ReserveSample,
    Sample,
    ShipmentLot,
    SiteActivity,
    SiteRelease,
    TestRun,
)
from holdfast.ledger.models import Detail, Fact, Record

from .models import ChangeLot, CompletenessStatement, DeviationLot, OutOfSpecification

#: records of a batch, and the way from each to its lot
RECORDS: tuple[tuple[type[Detail], str], ...] = (
    (Sample, "lot"), (TestRun, "sample__lot"), (BatchRecord, "lot"), (Label, "lot"), (SiteRelease, "lot"), (ReserveSample, "lot"), (DonorEligibility, "lot"),
    (OutOfSpecification, "lot"), (CompletenessStatement, "lot"),
)  # fmt: skip
#: facts of a batch, the way to its lot, and the record that the fact ties it to, if that belongs to the batch too
FACTS: tuple[tuple[type[Fact], str, str], ...] = (
    (LotUse, "child", ""), (LotDestination, "lot", ""), (LotStatus, "lot", ""), (SiteActivity, "lot", ""), (IdentityCheck, "lot", ""),
    (ProcessValue, "lot", ""),
    (RecordReview, "batch_record__lot", ""),
    (ShipmentLot, "lot", "shipment"), (DeviationLot, "lot", "deviation"), (ChangeLot, "lot", "change"),
)  # fmt: skip
Rows = dict[tuple[str, int], set[int]]


def records_and_facts(lots: Collection[int]) -> tuple[dict[int, set[int]], Rows]:
    """Records of these batches with the lots that each belongs to, and facts (table, row) with theirs. A number of queries that does not grow with the lots."""
    records: dict[int, set[int]] = {lot: {lot} for lot in lots}
    facts: Rows = {}
    for model, way in RECORDS:
        for key, lot in model._base_manager.filter(**{f"{way}__in": lots}).values_list("pk", way):
            records.setdefault(key, set()).add(lot)
    for fact, way, tied in FACTS:
        rows = fact._base_manager.filter(**{f"{way}__in": lots}).values_list("pk", way, *([tied] if tied else []))
        for key, lot, *others in rows:
            facts.setdefault((fact._meta.db_table, key), set()).add(lot)
            for other in others:
                records.setdefault(other, set()).add(lot)
    return records, facts


def headers(keys: Collection[int]) -> list[Record]:
    """These record versions, as far as they are seen."""
    return list(Record.objects.filter(pk__in=keys))


__all__ = ["headers", "records_and_facts"]
