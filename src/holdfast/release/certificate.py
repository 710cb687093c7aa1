"""The document of a decision, made from what was signed."""

from __future__ import annotations

import json
from pathlib import Path

from holdfast.documents.certificate import Certificate, render_certificate
from holdfast.ledger.seals import NotSealedYet, checkpoint_covering

from .models import Decision


def certificate_of(decision: Decision, keys: Path) -> bytes:
    """The PDF of a decision: the batch certificate of an IMP for the EU, the disposition record for the US."""
    verdict = json.loads(bytes(decision.dossier.verdict.content))
    entry = getattr(decision, "register_entry", None)
    return render_certificate(
        Certificate(
            number=decision.record.number,
            question=decision.question,
            outcome=decision.outcome,
            dossier=json.loads(bytes(decision.dossier.content)),
            rules=verdict["rules"],
            packs=verdict["packs"],
            not_judged=verdict["not_judged"],
            meaning=decision.signature.meaning,
            signer=decision.signature.printed_name,
            role=decision.signature.role.replace("_", " "),
            organisation=decision.signature.organisation,
            signed_at=decision.signature.signed_at,
            dossier_digest=decision.dossier.digest,
            signature_digest=decision.signature.digest,
            register_entry=f"{entry.authorisation.record.number}, line {entry.line}" if entry else "",
            is_fictional=decision.programme.is_fictional,
            checkpoint=checkpoint_of(decision, keys),
        )
    )


def checkpoint_of(decision: Decision, keys: Path) -> list[tuple[str, str]]:
    """What the document prints of the ledger: a copy on paper is a checkpoint kept elsewhere."""
    try:
        leaf, checkpoint = checkpoint_covering(decision.change_set_id, keys)
    except NotSealedYet as reason:
        return [("Not in a checkpoint yet", str(reason))]
    return [
        ("Ledger", checkpoint.origin),
        ("This decision is change set", f"{leaf.index + 1} of {checkpoint.size}"),
        ("Root of the first " + str(checkpoint.size), checkpoint.root.hex()),
        ("Issued", f"{checkpoint.issued_at:%Y-%m-%d %H:%M:%S} UTC"),
    ]
