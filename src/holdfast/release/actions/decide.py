"""Take a decision: gather, judge, check who may, sign, keep. One change set, one signature, one standing decision a batch and question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from holdfast.dossier.canonical import canonical, dossier_bytes, dossier_json, evidence_digest, sha256
from holdfast.dossier.schema import Dossier
from holdfast.kernel.clock import now, today
from holdfast.kernel.errors import Refused
from holdfast.kernel.failpoint import failpoint
from holdfast.ledger.changes import MayNotWrite, OpenChangeSet, change_set
from holdfast.ledger.models import Record, Signature
from holdfast.people.models import Account
from holdfast.people.policy import SIGNS, may_countersign, may_sign, roles_held
from holdfast.people.signing import Confirmed, actor_of, confirm_identity, perform_signature
from holdfast.standards.verdict import OverriddenBy, RuleAnswer, Verdict, overridable

from ..dossiers import build_dossiers
from ..models import Decision, DossierDocument, Override, PackDocument, Question, VerdictDocument
from ..packs import PacksInForce, packs_in_force
from ..questions import MEANINGS, NEGATIVE, POSITIVE, REGION_OF, SUFFIX
from ..verdicts import verdict_on
from .register import enter_in_register


class DecisionRefused(Refused):
    """The decision cannot be taken; `rules` are those that stand in the way."""

    def __init__(self, message: str, rules: tuple[RuleAnswer, ...] = ()) -> None:
        super().__init__(message)
        self.rules = rules


class AlreadyDecided(DecisionRefused):
    """Somebody decided first."""


@dataclass(frozen=True)
class Countersigner:
    """The second person who signs for overrides, with what proves who they are."""

    account: Account
    password: str
    code: str = ""


@dataclass
class Act:
    """A decision being taken."""

    lot: Any
    question: str
    outcome: str
    signer: Confirmed
    reasons: Mapping[str, str] = field(default_factory=dict)
    second: Confirmed | None = None

    @property
    def is_positive(self) -> bool:
        return self.outcome == POSITIVE[self.question]


def decide(
    account: Account,
    password: str,
    lot: Any,
    question: str,
    outcome: str,
    *,
    code: str = "",
    passkey: dict[str, Any] | None = None,
    overrides: Mapping[str, str] | None = None,
    second: Countersigner | None = None,
) -> Decision:
    """Take and sign a decision on a batch.

    `overrides` maps rule ids to reasons; with any, `second` signs too. Raises `IdentityRefused` when an identity is not proved, `AlreadyDecided` when
    a decision stands, `DecisionRefused` when law, role or evidence forbids it. Rejecting and refusing are always possible.
    """
    if outcome not in {POSITIVE[question], NEGATIVE[question]}:
        raise DecisionRefused(f"{outcome!r} does not answer {question.replace('_', ' ')}.")
    reasons = {rule: reason.strip() for rule, reason in (overrides or {}).items()}
    signer = confirm_identity(account, password, code, programme=lot.programme, passkey=passkey)
    confirmed = confirm_identity(second.account, second.password, second.code, programme=lot.programme) if second else None
    act = Act(lot, question, outcome, signer, reasons, confirmed)
    try:
        with (
            transaction.atomic(),
            change_set(actor_of(signer.person), action=f"decide {question.replace('_', ' ')}", reason=MEANINGS[outcome], programme=lot.programme) as opened,
        ):
            taken = _take(opened, act)
            failpoint("decision before commit")
    except MayNotWrite as refusal:
        raise DecisionRefused(str(refusal)) from refusal
    except IntegrityError as error:
        if "one_standing_decision" in str(error):
            raise AlreadyDecided(f"{lot.record.number} was decided by somebody else a moment ago. Open it again to see who and how.") from error
        raise
    failpoint("decision committed")
    return taken


def _take(opened: OpenChangeSet, act: Act) -> Decision:
    _lock(act)
    failpoint("decision locked")
    _check_people(opened, act)
    region = REGION_OF[act.question]
    dossier = build_dossiers(act.lot.programme, [act.lot.pk], act.question, region, today(), act.signer.person).get(act.lot.pk)
    if dossier is None:
        raise DecisionRefused(f"{act.lot.record.number} is voided, so there is nothing to decide on.")
    packs = packs_in_force(act.lot.programme, today())
    verdict = verdict_on(dossier, packs, _overrides(act))
    _check_verdict(act, verdict)
    _keep_packs(act.lot.programme, verdict, packs)
    return _keep(opened, act, dossier, verdict)


def _lock(act: Act) -> None:
    """Wait for whoever is deciding on this batch now, and see what they decided."""
    list(Record.objects.select_for_update().filter(pk=act.lot.pk))
    standing = Decision.objects.filter(lot_id=act.lot.pk, question=act.question).select_related("signer").first()
    if standing is not None:
        outcome = standing.get_outcome_display().lower()
        raise AlreadyDecided(f"{act.lot.record.number} was already {outcome} by {standing.signer.printed_name} at {standing.decided_at:%-d %b %Y %H:%M} UTC.")


def _check_people(opened: OpenChangeSet, act: Act) -> None:
    person, programme = act.signer.person, act.lot.programme
    roles = roles_held(person, programme, today())
    if not may_sign(act.question, roles):
        needed = SIGNS[act.question].label
        raise DecisionRefused(f"{person.printed_name} does not hold the role {needed} on {programme.number} today, so this is not theirs to sign.")
    if act.question == Question.US_DISPOSITION and person.organisation.kind != "sponsor":
        raise DecisionRefused("US disposition belongs to the sponsor's own Quality Unit (21 CFR 211.22(a)).")
    if act.reasons:
        _check_second(act, programme)


def _check_second(act: Act, programme: Any) -> None:
    if any(not reason for reason in act.reasons.values()):
        raise DecisionRefused("An override needs a reason.")
    if act.second is None:
        raise DecisionRefused("An override needs a second person of a quality role to sign with you.")
    if act.second.person.pk == act.signer.person.pk:
        raise DecisionRefused("The second signature must be another person's.")
    if not may_countersign(roles_held(act.second.person, programme, today())):
        raise DecisionRefused(f"{act.second.person.printed_name} holds no quality role today and cannot sign for an override.")


def _overrides(act: Act) -> dict[str, OverriddenBy]:
    second = act.second.person.printed_name if act.second else ""
    return {rule: OverriddenBy(reason=reason, by=act.signer.person.printed_name, second=second) for rule, reason in act.reasons.items()}


def _check_verdict(act: Act, verdict: Verdict) -> None:
    """Every override must be of a rule that may be overridden; a positive outcome needs that nothing else stands in the way."""
    by_id = {rule.id: rule for rule in verdict.rules}
    for rule in act.reasons:
        if rule not in by_id or not overridable(by_id[rule]):
            raise DecisionRefused(f"{rule} cannot be overridden here: it is not open to a justification, or nothing is wrong with it.")
    if not act.is_positive:
        return
    standing = tuple(rule for rule in verdict.rules if rule.blocks or rule.is_open)
    if standing or verdict.state != "ready":
        names = ", ".join(f"{rule.id} ({rule.answer})" for rule in standing) or "no rule was judged"
        raise DecisionRefused(f"{act.lot.record.number} cannot be {act.outcome.replace('_', ' ')}: {names}.", standing)


def _keep(opened: OpenChangeSet, act: Act, dossier: Dossier, verdict: Verdict) -> Decision:
    kept = _keep_documents(act, dossier, verdict)
    failpoint("decision documents kept")
    programme = act.lot.programme
    number = f"{act.lot.record.number}-{SUFFIX[act.question]}"
    record = Record(programme=programme, kind="decision", number=number, title=f"{act.lot.record.number}: {act.outcome.replace('_', ' ')}")
    record.save(force_insert=True)
    content = canonical(statement_of(act, kept, verdict))
    signature = perform_signature(opened, act.signer, record=record, role=SIGNS[act.question], meaning=MEANINGS[act.outcome], content=content)
    failpoint("decision signed")
    decision = Decision(
        record=record, programme=programme, lot=act.lot, question=act.question, outcome=act.outcome, dossier=kept, signer=act.signer.person,
        signature=signature, decided_on=today(), decided_at=signature.signed_at, change_set_id=opened.id,
    )  # fmt: skip
    decision.save(force_insert=True)
    _keep_overrides(opened, act, decision, verdict)
    if act.outcome == "certified":
        enter_in_register(opened, decision)
    return decision


def statement_of(act: Act, kept: DossierDocument, verdict: Verdict) -> dict[str, Any]:
    """Exactly what is signed: the act, its meaning, and the digests of everything it rests on."""
    person = act.signer.person
    return {
        "batch": act.lot.record.number,
        "programme": act.lot.programme.number,
        "question": act.question,
        "outcome": act.outcome,
        "meaning": MEANINGS[act.outcome],
        "signer": {"number": person.number, "printed_name": person.printed_name, "organisation": person.organisation.name, "role": str(SIGNS[act.question])},
        "decided_at": now().isoformat(),
        "dossier_digest": kept.digest,
        "verdict_digest": kept.verdict.digest,
        "schema_version": kept.schema_version,
        "engine": {"version": verdict.engine_version, "digest": verdict.engine_digest},
        "packs": [used.model_dump() for used in verdict.packs],
        "overrides": [
            {"rule": rule, "reason": reason, "second": act.second.person.printed_name if act.second else ""} for rule, reason in sorted(act.reasons.items())
        ],
    }


def _keep_documents(act: Act, dossier: Dossier, verdict: Verdict) -> DossierDocument:
    programme, content = act.lot.programme, dossier_bytes(dossier)
    document = DossierDocument(
        programme=programme, lot=act.lot, question=act.question, digest=sha256(content), evidence_digest=evidence_digest(dossier_json(dossier)),
        schema_version=dossier.schema_version, content=content,
    )  # fmt: skip
    document.save(force_insert=True)
    judged = canonical(verdict.model_dump(mode="json"))
    kept = VerdictDocument(
        programme=programme, dossier=document, digest=sha256(judged), state=verdict.state, engine_version=verdict.engine_version, engine_digest=verdict.engine_digest,  # noqa: E501
        packs="\n".join(f"{used.id} {used.version} {used.sha256}" for used in verdict.packs), content=judged,
    )  # fmt: skip
    kept.save(force_insert=True)
    return document


def _keep_packs(programme: Any, verdict: Verdict, packs: PacksInForce) -> None:
    known = set(PackDocument.objects.filter(programme=programme).values_list("sha256", flat=True))
    sources = {pack.sha256: pack.source for pack in packs.all}
    PackDocument.objects.bulk_create(
        PackDocument(programme=programme, pack=used.id, version=used.version, sha256=used.sha256, content=sources[used.sha256].encode("utf-8"))
        for used in verdict.packs
        if used.sha256 not in known
    )


def _keep_overrides(opened: OpenChangeSet, act: Act, decision: Decision, verdict: Verdict) -> None:
    if not act.reasons:
        return
    assert act.second is not None
    roles = roles_held(act.second.person, act.lot.programme, today())
    role = next(role for role in ("quality_unit", "qp") if role in roles)
    content = canonical({"decision": decision.record.number, "dossier_digest": decision.dossier.digest, "overrides": dict(sorted(act.reasons.items()))})
    signature: Signature = perform_signature(
        opened, act.second, record=decision.record, role=role, meaning="I agree with the overrides and their reasons.", content=content
    )
    answers = verdict.answers()
    Override.objects.bulk_create(
        Override(
            programme=act.lot.programme, decision=decision, rule=rule, answer=answers[rule], reason=reason, person=act.signer.person,
            second_person=act.second.person, second_signature=signature,
        )
        for rule, reason in act.reasons.items()
    )  # fmt: skip
