"""One batch: facts, results against each registered specification, both verdicts side by side, genealogy, timeline."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.batch.models import Lot
from holdfast.batch.queries import inputs_of, results_of_lot, timeline_of
from holdfast.kernel.acceptance import Criterion, judge_result
from holdfast.kernel.clock import today
from holdfast.people.policy import may_sign, roles_held
from holdfast.programme.models import RegistrationContent
from holdfast.quality.queries import deviations_of
from holdfast.release.queries import Cell, board, sponsor_release_cell, standing_decisions
from holdfast.release.questions import DESTINATIONS

from ..access import for_people, signed_in

CONFORMITY = {"conforms": "met", "does_not_conform": "not met", "cannot_tell": "cannot tell"}


def find_lot(key: int) -> Any:
    """A drug product lot that the viewer sees, or 404."""
    related = ("record", "programme", "product__record", "made_at__organisation", "process__record")
    lot = Lot.objects.filter(pk=key, lot_kind="drug_product").select_related(*related).first()
    if lot is None:
        raise Http404("There is no such batch, or it is not yours to see.")
    return lot


@for_people
def batch(request: HttpRequest, lot: int) -> HttpResponse:
    """Everything about one batch that a decision rests on, on one page."""
    found = find_lot(lot)
    row = board(found.programme, [found])[0]
    decisions = standing_decisions([found.pk])
    context = signed_in(request) | {
        "lot": found,
        "cells": list(row.cells.values()),
        "sponsor_release": sponsor_release_cell(found.programme, found, decisions),
        "tests": tests_of(found),
        "inputs": inputs_of(found),
        "deviations": deviations_of(found),
        "timeline": timeline_of(found),
        "signable": signable(request, found, row.cells),
    }
    return render(request, "batch/batch.html", context)


def signable(request: HttpRequest, lot: Any, cells: dict[str, Cell]) -> set[str]:
    """Destinations whose decision this person's roles let them sign."""
    person: Any = request.user.person  # type: ignore[union-attr]
    roles = roles_held(person, lot.programme, today())
    chosen = {name for name, question in DESTINATIONS.items() if may_sign(question, roles) and cells[name].state not in {"decided", "not_destined"}}
    return chosen | ({"USE"} if may_sign("sponsor_release", roles) else set())


def tests_of(lot: Any) -> list[dict[str, Any]]:
    """Each attribute with its results, and how each stands against the specification of each region."""
    limits = specification_limits(lot)
    tests: dict[int, dict[str, Any]] = {}
    for result in results_of_lot(lot):
        test = tests.setdefault(result.attribute_id, {"attribute": result.attribute, "limits": limits.get(result.attribute_id, {}), "results": []})
        stands = {region: _against(limit, result) for region, limit in test["limits"].items()}
        test["results"].append({"result": result, "stands": stands})
    for key, regions in limits.items():
        if key not in tests:
            attribute = next(iter(regions.values())).attribute
            tests[key] = {"attribute": attribute, "limits": regions, "results": []}
    return sorted(tests.values(), key=lambda test: str(test["attribute"].name))


def specification_limits(lot: Any) -> dict[int, dict[str, Any]]:
    """Tests by attribute and region, of the specification that each application registered at manufacture, as far as the viewer sees it."""
    day = lot.manufactured_on or today()
    contents = RegistrationContent.objects.filter(
        registration__product=lot.product_id, valid_from__lte=day, specification__isnull=False, voided_at__isnull=True
    ).select_related("registration")
    limits: dict[int, dict[str, Any]] = {}
    for content in contents:
        if content.valid_until and content.valid_until < day:
            continue
        for test in content.specification.tests.select_related("attribute").filter(voided_at__isnull=True):  # type: ignore[union-attr]
            limits.setdefault(test.attribute_id, {})[content.registration.region] = test
    return limits


def _against(test: Any, result: Any) -> dict[str, str]:
    words = tuple(word.strip() for word in test.allowed.split(";") if word.strip())
    criterion = Criterion(test.criterion_kind, test.low or None, test.high or None, test.unit, words)
    judged = judge_result(criterion, result.reported, result.unit)
    return {"state": CONFORMITY[judged.conformity], "why": judged.reason}
