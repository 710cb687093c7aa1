"""Is a list complete: only when a named person said so, to a day that is late enough (docs/adr/0004)."""

from __future__ import annotations

from typing import Any

from .outcome import Frames
from .positions import Path
from .reading import Read, Scope, value_at
from .values import as_day, same

LISTS = {
    "authorisations", "audits", "aseptic_simulations", "batch_steps", "changes", "deviations", "donor_eligibility", "identity_checks", "inputs",
    "inventory", "labels", "named_qualified_persons", "out_of_specifications", "qp_declarations", "quality_agreements", "record_reviews",
    "registrations", "reserve_samples", "results", "roles", "shelf_lives", "shipments", "site_releases", "supply_chain", "trainings",
    "specifications", "registration_states", "prior_decisions",
}  # fmt: skip
BY_DOCUMENT = "by_document"


def completeness(scope: Scope, body: dict[str, Any], place: Path) -> tuple[Read, str] | None:
    """A reader of whether the list of a quantifier is complete, with its description; None when the rule says nothing."""
    if body.get("complete") is not None:
        if body["complete"] != BY_DOCUMENT:
            raise scope.source.problem((*place, "complete"), "`complete` takes only `by_document`: the list is part of one controlled document.")
        return (lambda frames: True), "complete by its document"
    if body.get("complete_by") is None:
        return None
    wanted = body["complete_by"]
    form = {"list": wanted} if isinstance(wanted, str) else dict(wanted)
    if form.get("list") not in LISTS or set(form) - {"list", "site", "to"}:
        raise scope.source.problem((*place, "complete_by"), f"`complete_by` names one of: {', '.join(sorted(LISTS))}; with `site` and `to` if needed.")
    inner = Scope(scope.source, (*scope.models, scope.models[-1]), scope.parameters)
    site = value_at(inner, form["site"], (*place, "complete_by", "site")) if "site" in form else None
    day = value_at(inner, form.get("to", "/batch.review_completed_on"), (*place, "complete_by", "to"))
    return _stated(form["list"], site, day), f"list of {form['list'].replace('_', ' ')} stated complete"


def _stated(name: str, site: Read | None, day: Read) -> Read:
    def read(frames: Frames) -> bool:
        inner = (*frames, frames[-1])
        needed = as_day(day(inner))
        at = site(inner) if site else None
        if needed is None or (site is not None and at is None):
            return False
        return any(
            statement.get("list") == name and (at is None or same(statement.get("site"), at)) and (as_day(statement.get("complete_to")) or needed.min) >= needed
            for statement in frames[0].get("statements") or []
        )

    return read
