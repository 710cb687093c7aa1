"""Evaluate the frozen data with the locked methods, and sign the conclusion."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from holdfast.dossier.canonical import canonical, sha256
from holdfast.kernel.clock import now, today
from holdfast.ledger.changes import OpenChangeSet, change_set
from holdfast.ledger.models import Record
from holdfast.people.models import Account, Person
from holdfast.people.policy import roles_held
from holdfast.people.signing import Confirmed, actor_of, confirm_identity, perform_signature

from ..evaluation import evaluation_of, left_out_of
from ..models import Conclusion, Study, StudyReport
from ..policy import SIGNS, may_approve
from .plan import StudyRefused

MEANING = "I have reviewed this study and conclude as stated."
#: conclusions that say the criteria hold, and so need that the methods say so
POSITIVE = {Conclusion.COMPARABLE, Conclusion.MEETS_CRITERIA}
COMPARES = {Conclusion.COMPARABLE, Conclusion.COMPARABLE_WITH_JUSTIFIED_DIFFERENCE, Conclusion.NOT_COMPARABLE, Conclusion.INCONCLUSIVE}
OTHERWISE = {Conclusion.MEETS_CRITERIA, Conclusion.DOES_NOT_MEET_CRITERIA, Conclusion.INCONCLUSIVE}


def conclusions_for(kind: str) -> list[Conclusion]:
    """The conclusions that a kind of study may have."""
    return [each for each in Conclusion if each in (COMPARES if kind == "comparability" else OTHERWISE)]


def conclude(
    account: Account, password: str, study: Study, conclusion: str, reason: str, *, code: str = "", passkey: dict[str, Any] | None = None
) -> StudyReport:
    """Evaluate and sign. A positive conclusion needs that every deciding attribute is demonstrated; a justified difference needs its reason.

    Raises `IdentityRefused` or `StudyRefused`.
    """
    signer = confirm_identity(account, password, code, programme=study.programme, passkey=passkey)
    with (
        transaction.atomic(),
        change_set(actor_of(signer.person), action="conclude study", reason=MEANING, programme=study.programme) as opened,
    ):
        list(Record.objects.select_for_update().filter(pk=study.pk))
        study = Study.objects.select_related("record", "programme", "data_set").get(pk=study.pk)
        _check(study, conclusion, reason, signer.person)
        evaluation = evaluation_of(study)
        _check_answer(study, conclusion, evaluation)
        return _keep(opened, study, conclusion, reason.strip(), evaluation, signer)


def _check(study: Study, conclusion: str, reason: str, person: Person) -> None:
    if not may_approve(roles_held(person, study.programme, today())):
        raise StudyRefused(f"{person.printed_name} does not hold the role {SIGNS.label} today, so this conclusion is not theirs to sign.")
    if StudyReport.objects.filter(study=study).exists():
        raise StudyRefused(f"{study.record.number} is concluded already.")
    if not hasattr(study, "data_set"):
        raise StudyRefused(f"The data of {study.record.number} have not been taken: there is nothing to conclude from.")
    if conclusion not in {str(each) for each in conclusions_for(study.study_kind)}:
        words = ", ".join(str(each) for each in conclusions_for(study.study_kind))
        raise StudyRefused(f"{conclusion!r} does not conclude a study of this kind. It may be: {words}.")
    if not reason.strip():
        raise StudyRefused("A conclusion says why, in a sentence.")


def _check_answer(study: Study, conclusion: str, evaluation: dict[str, Any]) -> None:
    if conclusion in POSITIVE and evaluation["answer"] != "demonstrated":
        raise StudyRefused(f"{study.record.number} cannot be concluded {conclusion.replace('_', ' ')}: {evaluation['sentence']}")
    if conclusion == Conclusion.COMPARABLE_WITH_JUSTIFIED_DIFFERENCE and evaluation["answer"] == "cannot tell":
        raise StudyRefused(f"A difference that nobody can tell cannot be justified: {evaluation['sentence']}")


def _keep(opened: OpenChangeSet, study: Study, conclusion: str, reason: str, evaluation: dict[str, Any], signer: Confirmed) -> StudyReport:
    content = canonical(evaluation)
    record = Record(programme=study.programme, kind=StudyReport.kind, number=f"{study.record.number}-R", title=f"Conclusion of {study.record.number}")
    record.save(force_insert=True)
    signed = canonical(
        {
            "number": record.number, "answer": evaluation["answer"], "conclusion": conclusion, "reason": reason, "sentence": evaluation["sentence"],
            "meaning": MEANING, "protocol_digest": study.protocol_digest, "data_digest": study.data_set.digest,
            "exclusions_digest": sha256(canonical(left_out_of(study))), "evaluation_digest": sha256(content),
            "signer": {"number": signer.person.number, "printed_name": signer.person.printed_name, "organisation": signer.person.organisation.name},
            "concluded_at": now().isoformat(),
        }
    )  # fmt: skip
    signature = perform_signature(opened, signer, record=record, role=SIGNS, meaning=MEANING, content=signed)
    report = StudyReport(
        record=record, programme=study.programme, study=study, answer=evaluation["answer"], conclusion=conclusion, reason=reason,
        evaluation_digest=sha256(content), evaluation=content, signer=signer.person, signature=signature, concluded_at=signature.signed_at,
        change_set_id=opened.id,
    )  # fmt: skip
    report.save(force_insert=True)
    return report
