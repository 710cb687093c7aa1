"""Studies: from protocol to signed conclusion, and the pulls of a stability study."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Status

from holdfast.batch.models import Lot, Sample
from holdfast.dossier.study.protocol import protocol_of
from holdfast.kernel.clock import today
from holdfast.ledger.changes import change_set
from holdfast.people.signing import actor_of
from holdfast.study.actions import approve, conclude, depart, draft, exclude, plan_pulls, record_pull, take_data
from holdfast.study.actions.carry_out import data_in, row_in
from holdfast.study.actions.conclude import conclusions_for
from holdfast.study.actions.plan import protocol_in
from holdfast.study.evaluation import evaluation_of
from holdfast.study.export import export_study, report_of
from holdfast.study.models import StabilityPull, Study
from holdfast.study.queries import PullSeen, Standing, designs, pulls_on, standings, studies

from .access import caller, found, person, programme_of
from .ledger import as_file, keys
from .paging import page_in, page_of
from .routes import ZIP, file_of, reads, writes
from .schema.base import Given, Key, Page, Paging
from .schema.study import (
    DataKept,
    NewConclusion,
    NewDeparture,
    NewExclusion,
    NewPulls,
    NewStudy,
    Proof,
    PullMade,
    PullShown,
    StudiesAsked,
    StudyKept,
    StudyRow,
    StudyShown,
    Why,
)

router = Router()
DATA = {"responses": {200: {"description": "The frozen data.", "content": {"application/json": {"schema": {"type": "object"}}}}}}


def study_of(key: int) -> Any:
    """A standing study that the person sees. Raises `Http404`."""
    return found(studies(), pk=key)


@router.get("/studies", response=reads(Page[StudyRow]))
def list_studies(request: HttpRequest, asked: Query[StudiesAsked]) -> Any:
    """Studies that you see, the latest first, and how far each is. For who sees the whole programme: others see none."""
    rows = studies().filter(programme=programme_of(asked.programme)) if asked.programme else studies()
    page = page_of(rows, asked, lambda row: row, newest_first=True)
    how = standings(page["items"])
    return {**page, "items": [_row(row, how[row.pk]) for row in page["items"]]}


def _row(row: Study, how: Standing) -> dict[str, Any]:
    return {
        "id": row.pk, "number": row.record.number, "title": row.record.title, "kind": row.study_kind, "programme": row.programme.number,
        "product": row.product.record.number, "change": row.change.record.number if row.change else None, "state": how.state,
        "conclusion": how.report.conclusion if how.report else None,
    }  # fmt: skip


@router.get("/studies/{key}", response=reads(StudyShown))
def show_study(request: HttpRequest, key: Path[Key]) -> Any:
    """A study: protocol, design, and what its methods answer on the frozen data, computed now."""
    row = study_of(key)
    how = standings([row])[row.pk]
    approval, data_set, report = how.approval, how.data_set, how.report
    return _row(row, how) | {
        "drafted_by": row.drafted_by.printed_name, "protocol_digest": row.protocol_digest, "protocol": json.loads(bytes(row.protocol)),
        "designs": [{"attribute": code, "design": design} for code, design in designs(protocol_in(row))],
        "approved_by": approval.printed_name if approval else None, "approved_at": approval.signed_at if approval else None,
        "data_digest": data_set.digest if data_set else None, "taken_at": data_set.taken_at if data_set else None,
        "evaluation": evaluation_of(row) if data_set else None, "may_conclude": [str(each) for each in conclusions_for(row.study_kind)],
        "answer": report.answer if report else None, "reason": report.reason if report else None,
        "signer": report.signature.printed_name if report else None, "concluded_at": report.concluded_at if report else None,
    }  # fmt: skip


@router.get("/studies/{key}/data", response=reads(None), openapi_extra=DATA)
def show_data(request: HttpRequest, key: Path[Key]) -> Any:
    """The results that the protocol's query found, exactly as they were frozen."""
    row = study_of(key)
    if standings([row])[row.pk].data_set is None:
        return HttpResponse(b"null", content_type="application/json")
    return HttpResponse(bytes(row.data_set.content), content_type="application/json")


@router.post("/programmes/{number}/studies", response=writes(StudyKept, 201))
def draft_study(request: HttpRequest, number: Path[Given], given: NewStudy) -> Any:
    """Write a protocol down, or replace a draft."""
    programme, who = programme_of(number), person(request)
    protocol = protocol_of(given.protocol)
    with change_set(actor_of(who), action="draft study", reason=given.reason, programme=programme) as opened:
        return Status(201, {"id": draft(opened, given.number, protocol, by=who).pk})


@router.post("/studies/{key}/approval", response=writes(StudyKept, 201))
def approve_study(request: HttpRequest, key: Path[Key], given: Proof) -> Any:
    """Sign the protocol, which locks it before results are read. Not by who drafted it."""
    return Status(201, {"id": approve(caller(request).token.account, given.password, study_of(key), code=given.code or "").pk})


@router.post("/studies/{key}/data", response=writes(DataKept, 201))
def take_study_data(request: HttpRequest, key: Path[Key], given: Why) -> Any:
    """Run the protocol's query and freeze what it finds, once."""
    row, who = study_of(key), person(request)
    with change_set(actor_of(who), action="take study data", reason=given.reason, programme=row.programme) as opened:
        kept = take_data(opened, row, by=who)
    return Status(201, {"id": kept.pk, "digest": kept.digest, "rows": len(data_in(kept).rows)})


@router.post("/studies/{key}/exclusions", response=writes(StudyKept, 201))
def exclude_result(request: HttpRequest, key: Path[Key], given: NewExclusion) -> Any:
    """Leave a frozen result out, with its assignable cause; the answer with it stays beside the other."""
    row, who = study_of(key), person(request)
    with change_set(actor_of(who), action="exclude study result", reason=given.cause, programme=row.programme) as opened:
        return Status(201, {"id": exclude(opened, row, row_in(row, given.run, given.attribute), given.cause, by=who).pk})


@router.post("/studies/{key}/departures", response=writes(StudyKept, 201))
def depart_from_protocol(request: HttpRequest, key: Path[Key], given: NewDeparture) -> Any:
    """Record where the study did not go as its protocol says, and what that does to the conclusion."""
    row, who = study_of(key), person(request)
    with change_set(actor_of(who), action="study departs from protocol", reason=given.what, programme=row.programme) as opened:
        return Status(201, {"id": depart(opened, row, given.what, given.impact, by=who).pk})


@router.post("/studies/{key}/conclusion", response=writes(StudyKept, 201))
def conclude_study(request: HttpRequest, key: Path[Key], given: NewConclusion) -> Any:
    """Evaluate the frozen data with the locked methods, and sign the conclusion."""
    account = caller(request).token.account
    return Status(201, {"id": conclude(account, given.password, study_of(key), given.conclusion, given.reason, code=given.code or "").pk})


@router.get("/studies/{key}/export", response=reads(None), openapi_extra=file_of(ZIP))
def export(request: HttpRequest, key: Path[Key]) -> Any:
    """A concluded study in one file, from which `holdfast verify` recomputes it offline."""
    row = study_of(key)
    report = report_of(row)
    if report is None:
        return found(Study.objects.none())  # not concluded: there is no such file yet
    return as_file(export_study(report, keys()), f"{row.record.number}.zip", ZIP)


@router.get("/studies/{key}/pulls", response=reads(Page[PullShown]))
def list_pulls(request: HttpRequest, key: Path[Key], asked: Query[Paging]) -> Any:
    """Pulls of a stability study in order of their day, with how each stands today: one whose window has passed and that nobody made is missed."""
    return page_in(pulls_on(today(), study_of(key)), asked, _pull)


@router.post("/studies/{key}/pulls", response=writes(Page[PullShown], 201))
def plan_study_pulls(request: HttpRequest, key: Path[Key], given: NewPulls) -> Any:
    """Plan the pulls of one lot at one condition."""
    row, who, lot = study_of(key), person(request), found(Lot.objects.all(), pk=given.lot)
    with change_set(actor_of(who), action="plan stability pulls", reason=given.reason, programme=row.programme) as opened:
        plan_pulls(
            opened, row, lot, condition=given.condition, chamber=given.chamber, starts_on=given.starts_on, months=given.months,
            window_days=given.window_days, by=who,
        )  # fmt: skip
    return Status(201, page_in(pulls_on(today(), row), Paging.model_construct(after=None, limit=200), _pull))


@router.post("/pulls/{key}", response=writes(StudyKept))
def record_pull_made(request: HttpRequest, key: Path[Key], given: PullMade) -> Any:
    """Record that a pull was made; outside its window it needs the number of the deviation."""
    pull = found(StabilityPull.objects.select_related("study__programme"), pk=key, voided_at__isnull=True)
    sample = found(Sample.objects.all(), pk=given.sample) if given.sample else None
    who = person(request)
    with change_set(actor_of(who), action="record stability pull", reason=given.reason, programme=pull.study.programme) as opened:
        return {"id": record_pull(opened, pull, on=given.on, sample=sample, by=who, deviation=given.deviation).pk}


def _pull(seen: PullSeen) -> dict[str, Any]:
    row = seen.pull
    return {
        "id": row.pk, "study": row.study_id, "lot": row.lot_id, "lot_number": row.lot.record.number, "condition": row.condition, "chamber": row.chamber,
        "months": row.months, "due_on": row.due_on, "window_days": row.window_days, "pulled_on": row.pulled_on, "sample": row.sample_id,
        "deviation": row.deviation_number, "state": seen.state,
    }  # fmt: skip
