"""Decide and sign: what will be signed, what it rests on, what is overridden, then identity again."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from holdfast.kernel.clock import today
from holdfast.kernel.errors import Refused
from holdfast.people.models import Account
from holdfast.people.policy import SIGNS, may_sign, roles_held
from holdfast.people.signing import second_factors
from holdfast.release.actions import AlreadyDecided, Countersigner, DecisionRefused
from holdfast.release.actions import decide as take_decision
from holdfast.release.dossiers import build_dossiers
from holdfast.release.models import Question
from holdfast.release.packs import packs_in_force
from holdfast.release.queries import standing_decisions
from holdfast.release.questions import MEANINGS, NEGATIVE, POSITIVE, REGION_OF
from holdfast.release.verdicts import for_viewer, verdict_on
from holdfast.standards.verdict import overridable

from ..access import for_people, signed_in
from ..batch.pages import find_lot
from ..signing import passkey_answer, passkey_options
from ..templatetags.holdfast import shown

PLACES = {"us": Question.US_DISPOSITION, "eu": Question.EU_CERTIFICATION, "use": Question.SPONSOR_RELEASE}


@for_people
def decide(request: HttpRequest, lot: int, destination: str) -> HttpResponse:
    """Show what would be signed; on POST, ask identity again and sign."""
    if destination not in PLACES:
        raise Http404("There is no such decision.")
    found, question = find_lot(lot), PLACES[destination]
    person: Any = request.user.person  # type: ignore[union-attr]
    if not may_sign(question, roles_held(person, found.programme, today())):
        why = f"This decision is signed by somebody who holds the role {SIGNS[question].label} on {found.programme.number}. You do not hold it today."
        return render(request, "403.html", signed_in(request) | {"why": why}, status=403)
    standing = standing_decisions([found.pk]).get((found.pk, question))
    if standing is not None:
        return redirect("decision", key=standing.pk)
    if found.record.voided_at is not None:
        why = f"{found.record.number} is voided, so there is nothing to decide on. The reason stands in its record: {found.record.void_reason}"
        return render(request, "403.html", signed_in(request) | {"why": why}, status=409)
    problem, status = "", 200
    if request.method == "POST":
        try:
            return redirect("decision", key=_take(request, found, question).pk)
        except (Refused, DecisionRefused, AlreadyDecided) as refusal:
            problem, status = str(refusal), 409 if isinstance(refusal, AlreadyDecided) else 422
    return render(request, "decide/decide.html", _context(request, found, question, destination, problem), status=status)


def _context(request: HttpRequest, lot: Any, question: str, destination: str, problem: str) -> dict[str, Any]:
    """The page: the verdict with this person as signer, so that what is asked of a signer is judged before they sign."""
    person = request.user.person  # type: ignore[union-attr]
    region = REGION_OF[question]
    dossier = build_dossiers(lot.programme, [lot.pk], question, region, today(), person)[lot.pk]
    verdict = for_viewer([(dossier, verdict_on(dossier, packs_in_force(lot.programme, today())))])[0]
    open_rules = [rule for rule in verdict.rules if rule.answer in {"not met", "cannot tell"} and rule.severity != "advice" and rule.suspended is None]
    entries = [{"rule": rule, "may_override": overridable(rule), "reason": request.POST.get(f"override-{rule.id}", "")} for rule in open_rules]
    return signed_in(request) | {
        "lot": lot,
        "asked_title": f"{lot.record.number}: {Question(question).label}",
        "lead": f"{lot.product.record.title}, patient {lot.patient or 'not recorded'}, expires {shown(lot.expires_on)}",
        "crumbs": [("Release board", "/"), (lot.record.number, f"/batches/{lot.pk}/"), ("Decide", "")],
        "question": question,
        "destination": destination,
        "region": region,
        "verdict": verdict,
        "dossier": dossier,
        "open_rules": entries,
        "may_override": any(entry["may_override"] for entry in entries),
        "met": sum(1 for rule in verdict.rules if rule.answer == "met"),
        "positive": (POSITIVE[question], MEANINGS[POSITIVE[question]]),
        "negative": (NEGATIVE[question], MEANINGS[NEGATIVE[question]]),
        "can_be_positive": all(overridable(rule) for rule in open_rules if rule.answer == "cannot tell" or rule.severity in {"blocker", "major"}),
        "second_factors": second_factors(request.user),
        "passkey_options": passkey_options(request),
        "problem": problem,
        "chosen": request.POST.get("outcome", ""),
        "second": request.POST.get("second_email", ""),
    }


def _take(request: HttpRequest, lot: Any, question: str) -> Any:
    given = request.POST
    reasons = {name.removeprefix("override-"): text for name, text in given.items() if name.startswith("override-") and str(text).strip()}
    second = _second(str(given.get("second_email", "")).strip(), given) if reasons else None
    if given.get("outcome") not in {POSITIVE[question], NEGATIVE[question]}:
        raise DecisionRefused("Choose what you decide.")
    return take_decision(
        request.user,  # type: ignore[arg-type]
        str(given.get("password", "")),
        lot,
        question,
        str(given["outcome"]),
        code=str(given.get("code", "")),
        passkey=passkey_answer(str(given.get("passkey", ""))),
        overrides={rule: str(text) for rule, text in reasons.items()},
        second=second,
    )


def _second(email: str, given: Any) -> Countersigner | None:
    if not email:
        return None
    account = Account.objects.filter(email__iexact=email).first()
    if account is None:
        raise DecisionRefused(f"There is no log-in {email} to sign second.")
    return Countersigner(account, str(given.get("second_password", "")), str(given.get("second_code", "")))
