"""What went wrong and what changes: deviations and changes of a batch, and statements that a list is complete."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from holdfast.quality.audit_trail import outdated, reviews
from holdfast.quality.models import AuditTrailReview, ChangeLot, CompletenessStatement, DeviationLot
from holdfast.quality.queries import changes_of, deviations_of

from .access import programme_of
from .batch import batch_of, reference
from .paging import page_of
from .records import values_of
from .routes import reads
from .schema.base import Key, Page, Paging
from .schema.quality import AuditTrailReviewShown, ReviewsAsked, StatementsAsked, StatementShown, TouchingShown

router = Router()


@router.get("/batches/{key}/deviations", response=reads(Page[TouchingShown]))
def list_deviations(request: HttpRequest, key: Path[Key], asked: Query[Paging]) -> Any:
    """Standing deviations that touch the batch, as far as you see them: an empty list is no evidence without a statement that it is complete."""
    return page_of(deviations_of(batch_of(key)), asked, _deviation)


def _deviation(row: DeviationLot) -> dict[str, Any]:
    return {"record": reference(row.deviation.record), "facts": values_of(row.deviation), "link": values_of(row)}


@router.get("/batches/{key}/changes", response=reads(Page[TouchingShown]))
def list_changes_of_batch(request: HttpRequest, key: Path[Key], asked: Query[Paging]) -> Any:
    """Standing changes that the batch contains."""
    return page_of(changes_of(batch_of(key)), asked, _change)


def _change(row: ChangeLot) -> dict[str, Any]:
    return {"record": reference(row.change.record), "facts": values_of(row.change), "link": values_of(row)}


@router.get("/statements", response=reads(Page[StatementShown]))
def list_statements(request: HttpRequest, asked: Query[StatementsAsked]) -> Any:
    """Standing statements of completeness that you see."""
    rows = CompletenessStatement.objects.filter(record__voided_at__isnull=True).select_related("record")
    if asked.programme:
        rows = rows.filter(programme=programme_of(asked.programme))
    return page_of(rows.filter(lot=asked.lot) if asked.lot else rows, asked, lambda row: {**values_of(row), "record": reference(row.record)})


@router.get("/audit-trail-reviews", response=reads(Page[AuditTrailReviewShown]))
def list_audit_trail_reviews(request: HttpRequest, asked: Query[ReviewsAsked]) -> Any:
    """Signed reviews of the audit trail that you see, the latest first, each with whether something was entered in its scope since."""
    rows = reviews().prefetch_related("comments")
    if asked.programme:
        rows = rows.filter(programme=programme_of(asked.programme))
    page = page_of(rows.filter(lot=asked.lot) if asked.lot else rows, asked, lambda row: row, newest_first=True)
    since = outdated(page["items"])
    return {"items": [_review(row, since.get(row.pk)) for row in page["items"]], "next": page["next"]}


def _review(row: AuditTrailReview, since: int | None) -> dict[str, Any]:
    comments = [{"change_set": one.of_change_set, "comment": one.comment} for one in sorted(row.comments.all(), key=lambda one: one.of_change_set)]
    named = {name: getattr(row, name) for name in ("programme_id", "scope", "lot_id", "from_day", "to_day", "leaves", "change_sets", "exceptions")}
    return {
        **named,
        "record": reference(row.record),
        "records": [reference(one.record) for one in row.records.all()],
        "conclusion": row.conclusion,
        "reviewer_id": row.reviewer_id,
        "reviewed_at": row.reviewed_at,
        "comments": comments,
        "outdated_since": since,
    }
