"""A study's evaluation from what is kept: the same bytes whoever asks, now or offline."""

from __future__ import annotations

from typing import Any

from holdfast.dossier.study.data import Departure, Exclusion, StudyData
from holdfast.dossier.study.evaluate import evaluate
from holdfast.dossier.study.protocol import Protocol

from .models import Study, StudyDeparture, StudyExclusion


def evaluation_of(study: Study) -> dict[str, Any]:
    """The evaluation of the frozen data as JSON values. Raises `StudyDataSet.DoesNotExist` when none were taken."""
    protocol = Protocol.model_validate_json(bytes(study.protocol))
    data = StudyData.model_validate_json(bytes(study.data_set.content))
    return evaluate(protocol, data, exclusions_of(study), departures_of(study))


def exclusions_of(study: Study) -> list[Exclusion]:
    """What was left out, in the order it was recorded."""
    rows = StudyExclusion.objects.filter(study=study, voided_at__isnull=True).order_by("pk")
    wanted = rows.values_list("result", "result__test_run__record__number", "result__attribute__code", "cause", "person__printed_name", "excluded_at")
    return [Exclusion(row=row, run=run, attribute=code, cause=cause, by=by, at=at.isoformat()) for row, run, code, cause, by, at in wanted]


def departures_of(study: Study) -> list[Departure]:
    """Where the study departed from its protocol, in the order it was recorded."""
    rows = StudyDeparture.objects.filter(study=study, voided_at__isnull=True).order_by("pk")
    return [Departure(what=row.what, impact=row.impact, by=row.person.printed_name, at=row.stated_at.isoformat()) for row in rows.select_related("person")]


def left_out_of(study: Study) -> dict[str, Any]:
    """Exclusions and departures as one document: what is signed with the conclusion."""
    return {
        "exclusions": [each.model_dump(mode="json") for each in exclusions_of(study)],
        "departures": [each.model_dump(mode="json") for each in departures_of(study)],
    }
