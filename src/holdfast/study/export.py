"""Export a concluded study: one signed file from which anybody recomputes it offline (`holdfast verify`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from holdfast.dossier.canonical import canonical
from holdfast.dossier.package import STUDY, Member, build_package, load_or_make_key
from holdfast.ledger.evidence import images_document, ledger_document, signature_document, signatures_of_record

from .evaluation import left_out_of
from .models import Study, StudyReport


def export_study(report: StudyReport, keys: Path) -> bytes:
    """The study's bytes, signed with the installation's key in the folder `keys`. Raises `NotSealedYet`."""
    study = report.study
    signatures = [*signatures_of_record(study.pk), *signatures_of_record(report.pk)]
    members = [
        Member("conclusion.json", canonical(conclusion_document(report, study))),
        Member("protocol.json", bytes(study.protocol)),
        Member("data.json", bytes(study.data_set.content)),
        Member("exclusions.json", canonical(left_out_of(study))),
        Member("evaluation.json", bytes(report.evaluation)),
        Member("signatures.json", canonical([signature_document(each) for each in signatures])),
        Member("images.json", canonical(images_document(report.change_set_id))),
        Member("ledger.json", canonical(ledger_document(report.change_set_id, report.programme_id, keys, StudyReport._meta.db_table))),
    ]
    return build_package(members, load_or_make_key(keys), STUDY)


def report_of(study: Study) -> StudyReport | None:
    """A study's signed conclusion with all that an export needs; None when it is not concluded."""
    related = ("record", "programme", "signature", "signer", "study__record", "study__data_set")
    return StudyReport.objects.select_related(*related).filter(study=study).first()


def conclusion_document(report: StudyReport, study: Study) -> dict[str, Any]:
    """The conclusion as data, in the words of what was signed."""
    signed = json.loads(bytes(report.signature.content))
    approval = signatures_of_record(study.pk)[0]
    return {
        "number": report.record.number,
        "study": study.record.number,
        "title": study.record.title,
        "kind": study.study_kind,
        "programme": report.programme.number,
        "is_fictional": report.programme.is_fictional,
        "answer": report.answer,
        "conclusion": report.conclusion,
        "reason": report.reason,
        "sentence": signed["sentence"],
        "signer": report.signature.printed_name,
        "concluded_at": report.concluded_at.isoformat(),
        "signature_digest": report.signature.digest,
        "approval_digest": approval.digest,
    }
