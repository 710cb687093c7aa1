"""Reads of studies. Every query sees only what the open identity sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from holdfast.batch.models import Result
from holdfast.dossier.study.data import Row, StudyData
from holdfast.dossier.study.design import design_of
from holdfast.dossier.study.protocol import Protocol
from holdfast.ledger.models import Signature

from .models import StabilityPull, Study, StudyDataSet, StudyReport

RELATED = ("record", "programme", "product__record", "change__record", "drafted_by__organisation")


def studies() -> QuerySet[Study]:
    """Standing studies, the latest first, without their documents."""
    return Study.objects.filter(record__voided_at__isnull=True).select_related(*RELATED).defer("protocol").order_by("-pk")


@dataclass(frozen=True)
class Standing:
    """How far a study is: `drafted`, `approved`, `data taken` or `concluded`, with what each step left."""

    state: str
    approval: Signature | None = None
    data_set: StudyDataSet | None = None
    report: StudyReport | None = None


def standings(found: list[Study]) -> dict[int, Standing]:
    """How far each study is, in three queries."""
    keys = [study.pk for study in found]
    approvals: dict[int, Signature] = {}
    for signature in Signature.objects.filter(record_id__in=keys).defer("content").order_by("-pk"):
        approvals[signature.record_id] = signature
    data_sets = {row.study_id: row for row in StudyDataSet.objects.filter(study__in=keys).select_related("taken_by").defer("content")}
    reports = {row.study_id: row for row in StudyReport.objects.filter(study__in=keys).select_related("record", "signer", "signature").defer("evaluation")}
    return {key: _standing(approvals.get(key), data_sets.get(key), reports.get(key)) for key in keys}


def _standing(approval: Signature | None, data_set: StudyDataSet | None, report: StudyReport | None) -> Standing:
    state = "concluded" if report else "data taken" if data_set else "approved" if approval else "drafted"
    return Standing(state, approval, data_set, report)


def designs(protocol: Protocol) -> list[tuple[str, dict[str, Any] | None]]:
    """Each attribute's code with what its planned test is worth."""
    return [(plan.code, design_of(protocol, plan)) for plan in protocol.attributes]


def changed_since(data: StudyData) -> list[tuple[Row, str]]:
    """Frozen results that the record tells otherwise by now, each with what it says: voided, not approved any more, or another value. One query."""
    wanted = Result.objects.filter(pk__in=[row.id for row in data.rows])
    columns = ("pk", "reported", "unit", "status", "voided_at", "test_run__state", "test_run__record__voided_at")
    now: dict[int, Any] = {row["pk"]: row for row in wanted.values(*columns)}
    told = [(row, _told_now(row, now.get(row.id))) for row in data.rows]
    return [(row, why) for row, why in told if why]


def _told_now(row: Row, now: Any) -> str:
    if now is None:
        return "it is not in the record, or not yours to see"
    if now["voided_at"] or now["test_run__record__voided_at"] or now["test_run__state"] == "invalid":
        return "it is voided, or its test run is invalid"
    if now["status"] != "approved":
        return f"it is {now['status']}"
    if (now["reported"], now["unit"]) != (row.reported, row.unit):
        return f"it is {now['reported']} {now['unit']}".rstrip()
    return ""


@dataclass(frozen=True)
class PullSeen:
    """A pull and how it stands on a day: `made`, `made late`, `due`, `planned` or `missed`."""

    pull: StabilityPull
    state: str


def pulls_on(day: date, study: Study | None = None) -> list[PullSeen]:
    """Every pull (of a study) in order of its day, with how it stands: one whose window has passed and that nobody made is missed."""
    rows = StabilityPull.objects.filter(voided_at__isnull=True).select_related("lot__record", "sample__record", "study__record")
    if study is not None:
        rows = rows.filter(study=study)
    return [PullSeen(row, _state(row, day)) for row in rows.order_by("due_on", "pk")]


def _state(pull: StabilityPull, day: date) -> str:
    window = timedelta(days=pull.window_days)
    if pull.pulled_on is not None:
        return "made" if abs(pull.pulled_on - pull.due_on) <= window else "made outside its window"
    if day > pull.due_on + window:
        return "missed"
    return "due" if day >= pull.due_on - window else "planned"


def comparability_of(changes: list[int]) -> dict[int, tuple[Study, Standing]]:
    """The latest standing comparability study of each change, with how far it is."""
    found = list(studies().filter(change__in=changes, study_kind="comparability"))
    how = standings(found)
    latest: dict[int, tuple[Study, Standing]] = {}
    for study in found:
        if study.change_id is not None:
            latest.setdefault(study.change_id, (study, how[study.pk]))
    return latest
