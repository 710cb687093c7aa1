"""What judges a programme, and the adoption of a pack: chosen, checked, shown for what it would change, adopted with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from holdfast.dossier.schema import Dossier
from holdfast.kernel.clock import today
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import sees_whole
from holdfast.ledger.changes import change_set
from holdfast.ledger.models import Programme
from holdfast.people.policy import QUALITY_ROLES, may_adopt, programmes_where, roles_held
from holdfast.people.signing import actor_of
from holdfast.release.actions.adopt import adopt, end, set_figure
from holdfast.release.adopting import AdoptionRefused, Checked, check_wanted
from holdfast.release.adoption_effects import adoption_effects
from holdfast.release.adoptions import adoptions_shown, figure_lines, figure_typed
from holdfast.release.questions import DESTINATIONS
from holdfast.standards.library import current_packs
from holdfast.standards.phase_view import PHASES

from ..access import for_people, signed_in
from .asked import AskedToAdopt

MOST_JUDGED = 200  # open batches that the page judges both ways; the command judges all
MOST_SHOWN = 50
KEPT = "Decisions keep the rules they were taken by."
WHY = "What batches are judged by is looked at and adopted by whoever holds a quality role on a programme today. You hold none."


@for_people
def packs(request: HttpRequest) -> HttpResponse:
    """What judges each programme, with its figures; on POST a figure is set or a pack ended."""
    person: Any = request.user.person  # type: ignore[union-attr]
    context, status = signed_in(request), 200
    if request.method == "POST":
        try:
            return _change(request, person, context["programmes"])
        except Refused as refusal:
            context["problem"], status = str(refusal), 422
    shown = [(one, adoptions_shown(one) if sees_whole(one.number) else None, _may_adopt(person, one)) for one in context["programmes"]]
    return render(request, "packs/packs.html", context | {"shown": shown, "may_preview": bool(_programmes(person))}, status=status)


def _may_adopt(person: Any, programme: Programme) -> bool:
    return may_adopt(roles_held(person, programme, today())) and person.organisation.kind == "sponsor"


def _programmes(person: Any) -> list[Programme]:
    return programmes_where(person, {str(role) for role in QUALITY_ROLES}, today())


def _change(request: HttpRequest, person: Any, programmes: list[Programme]) -> HttpResponse:
    given = {name: str(request.POST.get(name, "")).replace("\0", "").strip()[:4000] for name in ("programme", "act", "pack", "figure", "value", "reason", "on")}
    programme = next((one for one in programmes if one.number == given["programme"]), None)
    if programme is None or given["act"] not in {"set", "end"}:
        raise Refused("There is nothing of that kind to change.")
    if not given["reason"]:
        raise Refused("Say why: the reason stands in the ledger.")
    action = "set figure of rule pack" if given["act"] == "set" else "end rule pack"
    with change_set(actor_of(person), action=action, reason=given["reason"], programme=programme) as opened:
        if given["act"] == "set":
            value = figure_typed(programme, given["pack"], given["figure"], given["value"])
            set_figure(opened, given["pack"], given["figure"], value, given["reason"], by=person)
        else:
            end(opened, given["pack"], _day(given["on"]), given["reason"], by=person)
    messages.success(request, "Set. Open batches are judged by it from now on." if given["act"] == "set" else f"Ended. {KEPT}")
    return redirect("packs")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else today()
    except ValueError as error:
        raise Refused("Give the last day like 2026-03-12.") from error


@for_people
def packs_adopt(request: HttpRequest) -> HttpResponse:
    """Choose a pack; see what is wrong with it, or what it would change; adopt it with a reason."""
    person: Any = request.user.person  # type: ignore[union-attr]
    programmes = _programmes(person)
    if not programmes:
        return render(request, "403.html", signed_in(request) | {"why": WHY}, status=403)
    context: dict[str, Any] = {"asked": AskedToAdopt(), "day_text": today().isoformat()}
    status = 200
    try:
        asked = AskedToAdopt.of(request)
        context["asked"] = asked
        programme = next((one for one in programmes if one.number == asked.programme), programmes[0])
        context["programme"] = programme
        if request.method == "POST":
            if request.POST.get("act") == "adopt":
                try:
                    return _adopt(request, person, programme, asked)
                except AdoptionRefused as refusal:
                    context["problem"], status = str(refusal), 422
            context |= _previewed(person, programme, asked)
    except AdoptionRefused as refusal:
        context |= {"refusal": str(refusal), "findings": refusal.findings}
        status = 422
    except Refused as refusal:
        context["problem"], status = str(refusal), 422
    return render(request, "packs/adopt.html", signed_in(request) | _offered(programmes) | context, status=status)


def _offered(programmes: list[Programme]) -> dict[str, Any]:
    return {
        "programmes_of_mine": programmes,
        "shipped": [pack for pack in current_packs(Dossier) if pack.status == "in_force"],
        "drafts": [pack for pack in current_packs(Dossier) if pack.status != "in_force"],
        "regions": list(DESTINATIONS),
        "phases": [(phase, phase.replace("phase", "Phase ").capitalize()) for phase in PHASES],
        "crumbs": [("Rule packs", "/packs/"), ("Adopt", "")],
    }


def _previewed(person: Any, programme: Programme, asked: AskedToAdopt) -> dict[str, Any]:
    """The pack, and what it would change. A draft is previewed without anybody saying that it is one: that is asked where it is adopted."""
    checked = check_wanted(programme, replace(asked.wanted(today()), accepts_draft=True), today())
    effects = adoption_effects(programme, checked, MOST_JUDGED)
    return {
        "checked": checked,
        "pack": checked.pack,
        "is_draft": checked.pack.status != "in_force",
        "figures": _figures(checked, asked),
        "effects": effects,
        "changes": effects.changes[:MOST_SHOWN],
        "may_adopt": _may_adopt(person, programme),
    }


def _figures(checked: Checked, asked: AskedToAdopt) -> list[Any]:
    typed = {name: (value, reason) for name, value, reason in asked.figures}
    return [(line, *typed.get(line.name, (line.value, line.reason))) for line in figure_lines(checked.pack, dict(checked.figures))]


def _adopt(request: HttpRequest, person: Any, programme: Programme, asked: AskedToAdopt) -> HttpResponse:
    if not asked.reason:
        raise AdoptionRefused("Say why: the reason stands in the ledger beside what was adopted.")
    wanted = asked.wanted(today())
    with change_set(actor_of(person), action="adopt rule pack", reason=asked.reason, programme=programme) as opened:
        adoption = adopt(opened, wanted, asked.reason, by=person)
    messages.success(request, f"{adoption.pack} {adoption.document.version} is adopted from {adoption.valid_from}. {KEPT}")
    return redirect("packs")
