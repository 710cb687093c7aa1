"""Export a decision: gather its members from the record and build the signed file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from holdfast.dossier.canonical import canonical, sha256
from holdfast.dossier.package import Member, build_package, load_or_make_key
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import RowChange, Signature
from holdfast.ledger.seals import image_texts, seal_of

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
        Member("images.json", canonical(images_of(decision))),
        Member("ledger.json", canonical(ledger_document(decision, keys))),
        Member("certificate.pdf", certificate_of(decision, keys)),
        *_packs(decision),
    ]
    return build_package(members, load_or_make_key(keys))


def signatures_of(decision: Decision) -> list[Signature]:
    """Every signature on the decision's record: the decider's, and a second person's under overrides."""
    return list(Signature.objects.filter(record_id=decision.pk).order_by("pk"))


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


def signature_document(signature: Signature) -> dict[str, Any]:
    return {
        "printed_name": signature.printed_name,
        "role": signature.role,
        "organisation": signature.organisation,
        "meaning": signature.meaning,
        "signed_at": signature.signed_at.isoformat(),
        "digest": signature.digest,
        "content": bytes(signature.content).decode("utf-8"),
    }


def images_of(decision: Decision) -> list[dict[str, Any]]:
    """Row images of the decision's change set. Kept bytes are named by their digest, and lie in the file as members of their own."""
    rows = RowChange.objects.filter(change_set_id=decision.change_set_id).order_by("id")
    return [{"table": r.table_name, "row": r.row_id, "operation": r.operation, "before": _plain(r.before), "after": _plain(r.after)} for r in rows]


#: a longer image is given by its digest: what it holds (a dossier's bytes) lies in the file as a member of its own
LONGEST_IMAGE = 20_000


def ledger_document(decision: Decision, keys: Path) -> dict[str, Any]:
    """The proof that the decision's change set has its place in the ledger's tree. Raises `NotSealedYet`."""
    with viewing(Viewer.evaluator(decision.programme_id)):
        proof, texts = seal_of(decision.change_set_id, keys), image_texts(decision.change_set_id)
    return {
        "statement": proof.statement,
        "index": proof.index,
        "checkpoint": proof.checkpoint.text,
        "inclusion": [step.hex() for step in proof.inclusion],
        "earlier_checkpoint": proof.earlier.text if proof.earlier else None,
        "consistency": [step.hex() for step in proof.consistency],
        "images": [{"sha256": sha256(text.encode()), "text": text if len(text) <= LONGEST_IMAGE else None} for text in texts],
    }


def _plain(image: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if image is None else {name: value for name, value in image.items() if name != "content"}


def _packs(decision: Decision) -> list[Member]:
    wanted = [line.split()[2] for line in decision.dossier.verdict.packs.splitlines()]
    kept = PackDocument.objects.filter(programme=decision.programme, sha256__in=wanted)
    return [Member(f"packs/{pack.pack}-{pack.version}.yaml", bytes(pack.content)) for pack in kept]
