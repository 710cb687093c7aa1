"""Is a list complete: only when a named person said so, to a day that is late enough (docs/adr/0004), and no row of it is gone since.

A dossier says how many rows each of its lists had when it was gathered (`scope.counts`, by path). A list that is now shorter is not
complete, whoever stated it.
"""

from __future__ import annotations

from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from .outcome import Frames
from .positions import Path
from .reading import Read, Scope, value_at, walk
from .values import as_day, same

LISTS = {
    "authorisations", "audits", "aseptic_simulations", "batch_steps", "changes", "deviations", "donor_eligibility", "identity_checks", "inputs",
    "inventory", "labels", "named_qualified_persons", "out_of_specifications", "qp_declarations", "quality_agreements", "record_reviews",
    "registrations", "reserve_samples", "results", "roles", "shelf_lives", "shipments", "site_releases", "supply_chain", "trainings",
    "specifications", "registration_states", "prior_decisions",
    # what the questions beyond a batch's own record look at
    "active_substances", "administrations", "agency_interactions", "alignment_attributes", "analyst_qualifications", "aseptic_operators",
    "authority_releases", "capas", "cell_banks", "change_filings", "collections", "complaints", "computerised_systems", "concerns", "consultants",
    "contract_laboratories", "custody_events", "data_records", "distribution_events", "environmental_samples", "equipment", "excipients",
    "flexibilities", "gap_findings", "genetic_starting_materials", "gmo_decisions", "import_tests", "in_process_controls", "in_use_times",
    "investigations", "knowledge_items", "late_results", "management_reviews", "materials", "method_transfers", "methods", "observations",
    "open_steps", "patient_labels", "people", "permits", "product_reviews", "proficiency_tests", "recall_exercises", "reference_standards",
    "reprocessing", "retention", "risk_records", "roles_covered", "rooms", "sampling_plans", "self_inspections", "signatures", "stability_events",
    "stability_pulls", "stability_studies", "suppliers", "test_samples", "time_limits", "training_records", "transfer_deviations", "transfer_runs",
    "transport_records", "workstation_uses", "yields",
}  # fmt: skip
BY_DOCUMENT = "by_document"
GRANTED = "\0granted"  # a list taken to be complete, whoever says so: only a mutant of a rule, never a rule, can ask for it
#: where judging keeps the paths of lists that are shorter than they were when gathered, and the statements by the list they are of
SHORT, STATED = "\0short", "\0stated"


def list_counts(document: Any) -> dict[str, int]:
    """How many rows each list of a dossier (as JSON values, or as its model) has, by its path; lists inside a list's items are counted together."""
    found: dict[str, int] = {}
    _count(document, "", found)
    return found


@cache
def _holding(model: Any) -> tuple[str, ...]:
    """The fields of a model that can hold a list or another model: the others need not be looked at."""
    return tuple(name for name, field in model.model_fields.items() if _can_hold(field.annotation))


def _can_hold(annotation: Any) -> bool:
    if get_origin(annotation) in (list, dict):
        return True
    return any(_can_hold(part) for part in get_args(annotation)) or (isinstance(annotation, type) and issubclass(annotation, BaseModel))


def _count(item: Any, place: str, found: dict[str, int]) -> None:
    if isinstance(item, dict):
        for name, value in item.items():
            if isinstance(value, (dict, list, BaseModel)):
                _count_value(value, place + name, found)
    else:
        for name in _holding(type(item)):  # type: ignore[arg-type]
            value = getattr(item, name)
            if value is not None:
                _count_value(value, place + name, found)


def _count_value(value: Any, path: str, found: dict[str, int]) -> None:
    if not isinstance(value, list):
        _count(value, path + ".", found)
    elif not value:
        found.setdefault(path, 0)
    elif isinstance(value[0], (dict, BaseModel)):
        found[path] = found.get(path, 0) + len(value)
        if isinstance(value[0], dict) or _holding(type(value[0])):  # rows of a model that can hold no list need not be looked into
            for row in value:
                _count(row, path + ".", found)


def short_lists(document: dict[str, Any]) -> frozenset[str]:
    """The lists that have fewer rows than the dossier says they had when it was gathered. Schema 1.0 did not count by path."""
    stated = walk(document, ("scope", "counts"))
    if not isinstance(stated, dict) or not stated or document.get("schema_version") == "1.0":
        return frozenset()
    there = list_counts(document)
    return frozenset(path for path, number in stated.items() if there.get(path, 0) < number)


def as_judged(document: dict[str, Any], *, just_gathered: bool = False) -> dict[str, Any]:
    """A dossier with what judging must know of it: which of its lists have lost rows since it was gathered, and who states which complete.

    `just_gathered`: it was counted a moment ago and nobody has had it since, so that no list can be short.
    """
    stated: dict[str, list[dict[str, Any]]] = {}
    for statement in document.get("statements") or []:
        stated.setdefault(str(statement.get("list")), []).append(statement)
    return {**document, SHORT: frozenset() if just_gathered else short_lists(document), STATED: stated}


def statements_of(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The statements that say of one list that it is complete."""
    stated = document.get(STATED)
    if stated is None:
        return [statement for statement in document.get("statements") or [] if statement.get("list") == name]
    found: list[dict[str, Any]] = stated.get(name, [])
    return found


def completeness(scope: Scope, body: dict[str, Any], place: Path, listed: str) -> tuple[Read, str] | None:
    """A reader of whether the list at the path `listed` is complete, with its description; None when the rule says nothing."""
    if body.get("complete") == GRANTED:
        return (lambda frames: True), "taken for granted"
    if body.get("complete") is not None:
        if body["complete"] != BY_DOCUMENT:
            raise scope.source.problem((*place, "complete"), "`complete` takes only `by_document`: the list is part of one controlled document.")
        return (lambda frames: listed not in frames[0].get(SHORT, ())), "complete by its document"
    if body.get("complete_by") is None:
        return None
    wanted = body["complete_by"]
    form = {"list": wanted} if isinstance(wanted, str) else dict(wanted)
    if form.get("list") not in LISTS or set(form) - {"list", "site", "to"}:
        raise scope.source.problem((*place, "complete_by"), f"`complete_by` names one of: {', '.join(sorted(LISTS))}; with `site` and `to` if needed.")
    inner = scope.inside(scope.models[-1], scope.places[-1])
    site = value_at(inner, form["site"], (*place, "complete_by", "site")) if "site" in form else None
    day = value_at(inner, form.get("to", scope.day), (*place, "complete_by", "to"))
    return _stated(form["list"], site, day, listed), f"list of {form['list'].replace('_', ' ')} stated complete"


def _stated(name: str, site: Read | None, day: Read, listed: str) -> Read:
    def read(frames: Frames) -> bool:
        if listed in frames[0].get(SHORT, ()):
            return False
        inner = (*frames, frames[-1])
        needed = as_day(day(inner))
        at = site(inner) if site else None
        if needed is None or (site is not None and at is None):
            return False
        for statement in statements_of(frames[0], name):
            if (at is None or same(statement.get("site"), at)) and (as_day(statement.get("complete_to")) or needed.min) >= needed:
                return True
        return False

    return read
