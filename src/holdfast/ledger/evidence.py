"""What the ledger gives an exported document: its signatures, the row images of its change set, and the proof of its place in the tree."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from .access import Viewer, viewing
from .models import RowChange, Signature
from .seals import image_texts, seal_of

#: a longer image is given by its digest: what it holds (a dossier's bytes) lies in the file as a member of its own
LONGEST_IMAGE = 20_000


def signatures_of_record(record_id: int) -> list[Signature]:
    """Every signature on a record, in the order they were given."""
    return list(Signature.objects.filter(record_id=record_id).order_by("pk"))


def signature_document(signature: Signature) -> dict[str, Any]:
    """A signature as data, with exactly what was signed."""
    return {
        "printed_name": signature.printed_name,
        "role": signature.role,
        "organisation": signature.organisation,
        "meaning": signature.meaning,
        "signed_at": signature.signed_at.isoformat(),
        "digest": signature.digest,
        "content": bytes(signature.content).decode("utf-8"),
    }


def images_document(change_set_id: int) -> list[dict[str, Any]]:
    """Row images of a change set. Kept bytes are named by their digest, and lie in the file as members of their own."""
    rows = RowChange.objects.filter(change_set_id=change_set_id).order_by("id")
    return [{"table": r.table_name, "row": r.row_id, "operation": r.operation, "before": _plain(r.before), "after": _plain(r.after)} for r in rows]


def ledger_document(change_set_id: int, programme_id: int, keys: Path, about: str = "") -> dict[str, Any]:
    """The proof that a change set has its place in the ledger's tree. Raises `NotSealedYet`.

    `about` is the table whose image is checked against the document: it is given whole, however long it is.
    """
    with viewing(Viewer.evaluator(programme_id)):
        proof, texts = seal_of(change_set_id, keys), image_texts(change_set_id)
    return {
        "statement": proof.statement,
        "index": proof.index,
        "checkpoint": proof.checkpoint.text,
        "inclusion": [step.hex() for step in proof.inclusion],
        "earlier_checkpoint": proof.earlier.text if proof.earlier else None,
        "consistency": [step.hex() for step in proof.consistency],
        "images": [{"sha256": _sha256(text), "text": text if len(text) <= LONGEST_IMAGE or _is_of(text, about) else None} for text in texts],
    }


def _is_of(text: str, table: str) -> bool:
    """Whether a sealed image is of a row of the table; its parts stand in a line, with bars between."""
    return bool(table) and text.split("|", 2)[1:2] == [table]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _plain(image: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if image is None else {name: value for name, value in image.items() if name not in CONTENTS}


#: columns that hold a document's bytes
CONTENTS = {"content", "protocol"}
