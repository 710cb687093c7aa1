"""One batch: both verdicts side by side, results against each registered specification, genealogy, sites, and everything that happened to it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.batch.genealogy import family_of
from holdfast.batch.models import Lot
from holdfast.batch.queries import inputs_of
from holdfast.kernel.clock import today
from holdfast.people.policy import may_sign, roles_held
from holdfast.programme.models import Attribute, DevelopmentPhase
from holdfast.quality.queries import deviations_of
from holdfast.release.queries import Cell, board, sponsor_release_cell, standing_decisions
from holdfast.release.questions import DESTINATIONS
from holdfast.release.reliance import relied_on
from holdfast.standards.crosswalk import Compared, compare, us_eu_release

from ..access import for_people, signed_in
from ..figure_file import figure_file
from .results import results_by_attribute, trend_of
from .story import family_figure, story_of


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
    family = family_of(found)
    tests = results_by_attribute(found)
    context = signed_in(request) | {
        "lot": found,
        "crumbs": [("Release board", "/"), (found.record.number, "")],
        "cells": list(row.cells.values()),
        "compared": compared(row.cells),
        "compared_is_double": all(cell.verdict for cell in row.cells.values()),
        "phases": phases_of(found),
        "sponsor_release": sponsor_release_cell(found.programme, found, decisions),
        "tests": tests,
        "regions": [*DESTINATIONS, *sorted({region for test in tests for region in test.limits} - DESTINATIONS.keys())],
        "genealogy": family_figure(family, "#inputs"),
        "inputs": inputs_of(found),
        "sites": relied_on(found, [member for member, level in family.lots if level < 0], today()),
        "deviations": deviations_of(found),
        "timeline": story_of(found, decisions.values()),
        "signable": signable(request, found, row.cells),
        "today": today(),
    }
    return render(request, "batch/batch.html", context)


def compared(cells: dict[str, Cell]) -> list[Compared]:
    """Both verdicts by subject; only those destinations that were judged."""
    judged = {name: cell.rules for name, cell in cells.items() if cell.verdict}
    return compare(judged, us_eu_release()) if judged else []


def phases_of(lot: Any) -> dict[str, str]:
    """The phase of development in each region today, as far as it is recorded."""
    rows = DevelopmentPhase.objects.filter(product=lot.product_id, voided_at__isnull=True, valid_from__lte=today()).order_by("valid_from")
    held = [row for row in rows if row.valid_until is None or row.valid_until >= today()]
    return {region: row.get_phase_display() for region in DESTINATIONS for row in held if row.region in {"", region}}


def signable(request: HttpRequest, lot: Any, cells: dict[str, Cell]) -> set[str]:
    """Destinations whose decision this person's roles let them sign."""
    person: Any = request.user.person  # type: ignore[union-attr]
    roles = roles_held(person, lot.programme, today())
    chosen = {name for name, question in DESTINATIONS.items() if may_sign(question, roles) and cells[name].state not in {"decided", "not_destined"}}
    return chosen | ({"USE"} if may_sign("sponsor_release", roles) else set())


@for_people
def trend(request: HttpRequest, lot: int, attribute: int, form: str = "") -> HttpResponse:
    """One attribute over the batches up to this one: a page, its data (csv) or its specification (json)."""
    found = find_lot(lot)
    measured = Attribute.objects.filter(pk=attribute).first()
    figure = trend_of(found, measured) if measured else None
    if form:
        return figure_file(figure, form, f"{found.record.number}-trend")
    if measured is None:
        raise Http404("There is no such attribute, or it is not yours to see.")
    context = {"lot": found, "attribute": measured, "figure": figure}
    context["crumbs"] = [("Release board", "/"), (found.record.number, f"/batches/{found.pk}/"), (measured.name, "")]
    return render(request, "batch/trend.html", signed_in(request) | context)


@for_people
def genealogy_file(request: HttpRequest, lot: int, form: str) -> HttpResponse:
    """The genealogy as data (csv) or as its graph (json)."""
    found = find_lot(lot)
    return figure_file(family_figure(family_of(found), ""), form, f"{found.record.number}-genealogy")
