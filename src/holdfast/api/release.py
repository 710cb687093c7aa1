"""From record to decision: verdicts, dossiers, decisions and their documents, the register."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Status

from holdfast.dossier.canonical import dossier_bytes
from holdfast.kernel.clock import today
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import Viewer, viewing
from holdfast.people.models import Account
from holdfast.release.actions import Countersigner, decide
from holdfast.release.certificate import certificate_of
from holdfast.release.dossiers import build_dossiers
from holdfast.release.export import export_decision, signatures_of
from holdfast.release.models import Decision, RegisterEntry
from holdfast.release.queries import decided_verdict, flags_of
from holdfast.release.questions import REGION_OF
from holdfast.release.verdicts import for_viewer, verdicts_for
from holdfast.standards.verdict import Verdict

from .access import caller, found, need_whole, programme_of
from .batch import batch_of
from .ledger import as_file, keys
from .paging import page_of
from .routes import PDF, ZIP, file_of, reads, writes
from .schema.base import Key, Page
from .schema.batch import OnDay
from .schema.release import DecisionRow, DecisionsAsked, DecisionShown, Destination, NewDecision, RegisterAsked, RegisterEntryShown, SecondGiven

router = Router()
QUESTIONS = {"US": "us_disposition", "EU": "eu_certification", "EU-USE": "sponsor_release"}
RELATED = ("record", "programme", "lot__record", "signer__organisation", "signature", "dossier__verdict", "register_entry__authorisation__record")
DOSSIER = {"responses": {200: {"description": "The dossier.", "content": {"application/json": {"schema": {"type": "object"}}}}}}


@router.get("/batches/{key}/verdicts/{destination}", response=reads(Verdict))
def show_verdict(request: HttpRequest, key: Path[Key], destination: Path[Destination], asked: Query[OnDay]) -> Any:
    """What each rule answers for the batch at a destination, today or as of a day, with the evidence that you may see; hidden evidence still counts."""
    lot = batch_of(key)
    return for_viewer([verdicts_for(lot.programme, [lot.pk], QUESTIONS[destination], asked.on)[lot.pk]])[0]


@router.get("/batches/{key}/dossiers/{destination}", response=reads(None), openapi_extra=DOSSIER)
def show_dossier(request: HttpRequest, key: Path[Key], destination: Path[Destination], asked: Query[OnDay]) -> Any:
    """Everything that a decision would rest on (docs/reference/dossier.schema.json), as canonical JSON. For who sees the whole programme."""
    lot, question = batch_of(key), QUESTIONS[destination]
    need_whole(lot.programme.number)
    made = build_dossiers(lot.programme, [lot.pk], question, REGION_OF[question], asked.on or today())[lot.pk]
    return HttpResponse(dossier_bytes(made), content_type="application/json")


@router.post("/batches/{key}/decisions", response=writes(DecisionRow, 201))
def take_decision(request: HttpRequest, key: Path[Key], given: NewDecision) -> Any:
    """Decide on the batch, and sign. Refused with the rules that stand in the way; rejecting, refusing and withholding need no rule to be met."""
    lot = batch_of(key)
    if len({one.rule for one in given.overrides}) != len(given.overrides):
        raise Refused("A rule is overridden once, with one reason.")
    taken = decide(
        caller(request).token.account,
        given.password,
        lot,
        QUESTIONS[given.destination],
        given.outcome,
        code=given.code or "",
        overrides={one.rule: one.reason for one in given.overrides},
        second=_second(given.second) if given.second and given.overrides else None,
    )
    return Status(201, row_shown(found(Decision.objects.select_related(*RELATED), pk=taken.pk)))


def _second(given: SecondGiven) -> Countersigner:
    """The second person's log-in, found whoever asks, as on the page."""
    with viewing(Viewer.operator()):
        account = Account.objects.filter(email__iexact=given.email).select_related("person__organisation").first()
    if account is None:
        raise Refused(f"There is no log-in {given.email} to sign second.")
    return Countersigner(account, given.password, given.code or "")


@router.get("/decisions", response=reads(Page[DecisionRow]))
def list_decisions(request: HttpRequest, asked: Query[DecisionsAsked]) -> Any:
    """Decisions that you see, the latest first."""
    rows = Decision.objects.select_related(*RELATED).defer("dossier__content", "dossier__verdict__content", "signature__content")
    if asked.programme:
        rows = rows.filter(programme=programme_of(asked.programme))
    return page_of(rows.filter(lot=asked.batch) if asked.batch else rows, asked, row_shown, newest_first=True)


def row_shown(row: Decision) -> dict[str, Any]:
    """A decision in a line."""
    return {
        "id": row.pk, "number": row.record.number, "batch": row.lot_id, "batch_number": row.lot.record.number, "programme": row.programme.number,
        "question": row.question, "outcome": row.outcome, "signer": row.signer.printed_name, "decided_on": row.decided_on, "decided_at": row.decided_at,
        "signature_digest": row.signature.digest, "dossier_digest": row.dossier.digest, "change_set": row.change_set_id, "voided_at": row.record.voided_at,
    }  # fmt: skip


def decision_of(key: int) -> Any:
    """A decision that the person sees. Raises `Http404`."""
    return found(Decision.objects.select_related(*RELATED), pk=key)


@router.get("/decisions/{key}", response=reads(DecisionShown))
def show_decision(request: HttpRequest, key: Path[Key]) -> Any:
    """A decision as it was signed, with its verdict, and what changed since."""
    row = decision_of(key)
    flag, entry = flags_of(row.programme, [row]).get(row.pk), getattr(row, "register_entry", None)
    overrides = row.overrides.select_related("person", "second_person").order_by("pk")
    return row_shown(row) | {
        "meaning": row.signature.meaning, "role": row.signature.role, "organisation": row.signature.organisation,
        "register_entry": str(entry) if entry else None, "flagged": flag is not None, "changes": list(flag.changes) if flag else [],
        "signatures": signatures_of(row), "verdict": decided_verdict(row),
        "overrides": [
            {"rule": o.rule, "answer": o.answer, "reason": o.reason, "person": o.person.printed_name, "second_person": o.second_person.printed_name}
            for o in overrides
        ],
    }  # fmt: skip


@router.get("/decisions/{key}/dossier", response=reads(None), openapi_extra=DOSSIER)
def signed_dossier(request: HttpRequest, key: Path[Key]) -> Any:
    """The dossier that the decision rests on: exactly the bytes whose SHA-256 was signed."""
    return HttpResponse(bytes(decision_of(key).dossier.content), content_type="application/json")


@router.get("/decisions/{key}/certificate", response=reads(None), openapi_extra=file_of(PDF))
def certificate(request: HttpRequest, key: Path[Key]) -> Any:
    """The document of the decision, as PDF."""
    row = decision_of(key)
    return as_file(certificate_of(row, keys()), f"{row.record.number}.pdf", PDF)


@router.get("/decisions/{key}/export", response=reads(None), openapi_extra=file_of(ZIP))
def export(request: HttpRequest, key: Path[Key]) -> Any:
    """The decision with everything it rests on, in one file that `holdfast verify` reads. 503: not sealed yet, come back."""
    row = decision_of(key)
    return as_file(export_decision(row, keys()), f"{row.record.number}.zip", ZIP)


@router.get("/register", response=reads(Page[RegisterEntryShown]))
def list_register(request: HttpRequest, asked: Query[RegisterAsked]) -> Any:
    """The register of certified batches, line by line."""
    rows = RegisterEntry.objects.select_related("programme", "authorisation__record", "decision__lot__record")
    return page_of(rows.filter(programme=programme_of(asked.programme)) if asked.programme else rows, asked, _line)


def _line(row: RegisterEntry) -> dict[str, Any]:
    return {
        "id": row.pk, "programme": row.programme.number, "authorisation": row.authorisation.record.number, "line": row.line, "decision": row.decision_id,
        "batch_number": row.decision.lot.record.number, "entered_at": row.entered_at,
    }  # fmt: skip
