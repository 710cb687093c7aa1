"""Export a decision: gather its members from the record and build the signed file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from holdfast.dossier.canonical import canonical
from holdfast.dossier.package import Member, build_package, load_or_make_key
from holdfast.ledger.evidence import images_document, ledger_document, signature_document, signatures_of_record
from holdfast.ledger.models import Signature

from .certificate import certificate_of
from .models import Decision, PackDocument


def export_decision(decision: Decision, keys: Path) -> bytes:
    """The exported decision's bytes, signed with the installation's key in the folder `keys`."""
    dossier = bytes(decision.dossier.content)
    verdict = bytes(decision.dossier.verdict.content)
    members = [
        Member("decision.json", canonical(decision_document(decision))),
        Member("dossier.json", dossier),
        Member("verdict.json", verdict),
        Member("signatures.json", canonical([signature_document(s) for s in signatures_of(decision)])),
        Member("images.json", canonical(images_document(decision.change_set_id))),
        Member("ledger.json", canonical(ledger_document(decision.change_set_id, decision.programme_id, keys))),
        Member("certificate.pdf", certificate_of(decision, keys)),
        *_packs(decision),
    ]
    return build_package(members, load_or_make_key(keys))


def signatures_of(decision: Decision) -> list[Signature]:
    """Every signature on the decision's record: the decider's, and a second person's under overrides."""
    return signatures_of_record(decision.pk)


def decision_document(decision: Decision) -> dict[str, Any]:
    """The decision as data, in the words of what was signed."""
    signed = json.loads(bytes(decision.signature.content))
    entry = getattr(decision, "register_entry", None)
    return {
        "number": decision.record.number,
        "batch": decision.lot.record.number,
        "programme": decision.programme.number,
        "is_fictional": decision.programme.is_fictional,
        "question": decision.question,
        "outcome": decision.outcome,
        "meaning": decision.signature.meaning,
        "signer": decision.signature.printed_name,
        "role": decision.signature.role,
        "organisation": decision.signature.organisation,
        "decided_at": decision.decided_at.isoformat(),
        "signature_digest": decision.signature.digest,
        "overrides": signed["overrides"],
        "register_entry": {"authorisation": entry.authorisation.record.number, "line": entry.line} if entry else None,
    }


def _packs(decision: Decision) -> list[Member]:
    wanted = [line.split()[2] for line in decision.dossier.verdict.packs.splitlines()]
    kept = PackDocument.objects.filter(programme=decision.programme, sha256__in=wanted)
    return [Member(f"packs/{pack.pack}-{pack.version}.yaml", bytes(pack.content)) for pack in kept]
