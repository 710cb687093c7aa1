"""Draft a protocol, and approve it: the signature locks it before a result is read."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from holdfast.dossier.canonical import canonical, sha256
from holdfast.dossier.study.data import as_json
from holdfast.dossier.study.design import design_of
from holdfast.dossier.study.protocol import Protocol
from holdfast.kernel.clock import now, today
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import sees_whole
from holdfast.ledger.actions import store_rows
from holdfast.ledger.changes import OpenChangeSet, change_set
from holdfast.ledger.models import Record
from holdfast.people.models import Account, Person, Site
from holdfast.people.policy import roles_held
from holdfast.people.signing import actor_of, confirm_identity, perform_signature
from holdfast.programme.models import Attribute, Product
from holdfast.quality.models import Change

from ..models import Study
from ..policy import SIGNS, may_approve, may_work

APPROVES = "I approve this protocol. It is locked before results are read."


class StudyRefused(Refused):
    """What was asked of a study cannot be done; the message says why and what would be needed."""


def draft(change_set: OpenChangeSet, number: str, protocol: Protocol, *, by: Person) -> Study:
    """Write a protocol down, or replace a draft. Raises `StudyRefused` for an unknown product, change, site or attribute, or when it is approved already."""
    check_worker(change_set, by)
    content = canonical(as_json(protocol))
    standing = Study.objects.select_related("record").filter(record__number=number, programme=change_set.programme).first()
    if standing is not None and standing.record.is_signed:
        raise StudyRefused(f"The protocol of {number} is approved and locked. Record a departure, or draft a study of another number.")
    row = {
        "number": number, "title": protocol.title, "study_kind": protocol.kind, "protocol": content, "protocol_digest": sha256(content), "drafted_by": by,
        **_subject(change_set, protocol),
    }  # fmt: skip
    _check_attributes(change_set, protocol)
    return Study.objects.select_related("record", "programme").get(pk=store_rows(change_set, Study, [row]).keys[0])


def check_worker(change_set: OpenChangeSet, person: Person) -> None:
    """Raises `StudyRefused` unless the person may carry out studies here, and sees the whole programme: what is hidden must not improve an answer."""
    programme = change_set.programme
    if programme is None or not may_work(roles_held(person, programme, today())):
        raise StudyRefused(f"{person.printed_name} holds no role that works on studies here today (CMC lead, Quality Unit, QP or regulatory affairs).")
    if not sees_whole(programme.number):
        raise StudyRefused(f"{person.printed_name} does not see the whole of {programme.number}: a study of a part of its results would mislead.")


def _subject(change_set: OpenChangeSet, protocol: Protocol) -> dict[str, Any]:
    subject = protocol.subject
    product = _one(Product.objects.filter(record__number=subject.product, programme=change_set.programme), "product", subject.product)
    change = _one(Change.objects.filter(record__number=subject.change, programme=change_set.programme), "change", subject.change) if subject.change else None
    sites = {name: getattr(subject, name) for name in ("sending_site", "receiving_site")}
    return {
        "product": product,
        "change": change,
        **{name: _one(Site.objects.filter(number=number), "site", number) if number else None for name, number in sites.items()},
    }


def _one(rows: Any, what: str, number: str) -> Any:
    found = rows.order_by("-pk").first()
    if found is None:
        raise StudyRefused(f"The protocol names the {what} {number!r}, and the record has none of that number. Correct it, or import the {what} first.")
    return found


def _check_attributes(change_set: OpenChangeSet, protocol: Protocol) -> None:
    known = dict(Attribute.objects.filter(programme=change_set.programme, voided_at__isnull=True).values_list("code", "unit"))
    for plan in protocol.attributes:
        if plan.code not in known:
            raise StudyRefused(f"The protocol plans {plan.code!r}, which is no attribute of the programme. It has: {', '.join(sorted(known))}.")


def approve(account: Account, password: str, study: Study, *, code: str = "", passkey: dict[str, Any] | None = None) -> Study:
    """Sign the protocol, which locks it. Not by who drafted it; a design too weak to conclude must have been accepted in the protocol with its reason.

    Raises `IdentityRefused`, or `StudyRefused` saying what stands in the way.
    """
    signer = confirm_identity(account, password, code, programme=study.programme, passkey=passkey)
    with (
        transaction.atomic(),
        change_set(actor_of(signer.person), action="approve study protocol", reason=APPROVES, programme=study.programme) as opened,
    ):
        list(Record.objects.select_for_update().filter(pk=study.pk))
        study = Study.objects.select_related("record", "programme", "product", "drafted_by").get(pk=study.pk)
        protocol = protocol_in(study)
        _check_approval(opened, study, protocol, signer.person)
        content = canonical(
            {
                "study": study.record.number, "title": study.record.title, "kind": study.study_kind, "meaning": APPROVES,
                "protocol_digest": study.protocol_digest,
                "design": [{"attribute": plan.code, "design": design_of(protocol, plan)} for plan in protocol.attributes],
                "signer": {"number": signer.person.number, "printed_name": signer.person.printed_name}, "approved_at": now().isoformat(),
            }
        )  # fmt: skip
        perform_signature(opened, signer, record=study.record, role=SIGNS, meaning=APPROVES, content=content)
    return study


def _check_approval(opened: OpenChangeSet, study: Study, protocol: Protocol, person: Person) -> None:
    if not may_approve(roles_held(person, study.programme, today())):
        raise StudyRefused(f"{person.printed_name} does not hold the role {SIGNS.label} today, so this protocol is not theirs to approve.")
    if study.record.is_signed:
        raise StudyRefused(f"The protocol of {study.record.number} is approved already.")
    if person.pk == study.drafted_by_id:
        raise StudyRefused("Whoever drafted a protocol does not approve it. Another member of the Quality Unit signs.")
    for plan in protocol.attributes:
        design = design_of(protocol, plan)
        if design and design.get("weak") and not plan.weak_accepted.strip():
            raise StudyRefused(
                f"{plan.name}: {design['sentence']} Plan more lots, widen a justified margin, or say in `weak_accepted` why it is run all the same."
            )


def protocol_in(study: Study) -> Protocol:
    """The protocol as it is kept."""
    return Protocol.model_validate_json(bytes(study.protocol))
