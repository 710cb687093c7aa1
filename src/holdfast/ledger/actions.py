"""Every write that the ledger itself offers. The first parameter is the open change set."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from typing import Any

from holdfast.kernel.clock import now

from .changes import OpenChangeSet
from .models import Fact, Programme, Record, Regulated, Signature, StoredFile
from .storing import StoreOutcome, programme_of, store


def start_programme(change_set: OpenChangeSet, *, number: str, name: str, is_fictional: bool = False) -> tuple[OpenChangeSet, str]:
    """Create or rename a programme; returns the change set bound to it and `written`, `changed` or `unchanged`."""
    outcome = store(change_set, Programme, [{"number": number, "name": name, "is_fictional": is_fictional}])
    programme = Programme.objects.get(pk=outcome.keys[0])
    return dataclasses.replace(change_set, programme=programme), outcome.states[0]


def store_rows(change_set: OpenChangeSet, model: type[Regulated], rows: Sequence[dict[str, Any]]) -> StoreOutcome:
    """Insert or update regulated rows by natural key, in a constant number of statements (see `storing.store`)."""
    return store(change_set, model, rows)


def keep_file(change_set: OpenChangeSet, name: str, content: bytes) -> tuple[StoredFile, bool]:
    """Keep a source file byte for byte; returns it and whether it is new. The same bytes are kept once a programme."""
    digest = hashlib.sha256(content).hexdigest()
    programme = programme_of(change_set)
    present = StoredFile.objects.filter(programme=programme, sha256=digest).defer("content").first()
    if present:
        return present, False
    kept = StoredFile(programme=programme, sha256=digest, name=name, size=len(content), content=content)
    kept.save(force_insert=True)
    return kept, True


def void_record(change_set: OpenChangeSet, record: Record, reason: str) -> Record:
    """Void a record version: it stays readable, with the reason, and counts for nothing any more."""
    _void(record, reason)
    return record


def void_fact(change_set: OpenChangeSet, fact: Fact, reason: str) -> Fact:
    """Void one fact (a row that is not a record itself), with the reason."""
    _void(fact, reason)
    return fact


def _void(row: Record | Fact, reason: str) -> None:
    if not reason.strip():
        raise ValueError(f"{row} cannot be voided without a reason. Say why.")
    if row.voided_at is not None:
        raise ValueError(f"{row} is already voided: {row.void_reason}")
    row.voided_at, row.void_reason = now(), reason
    row.save(update_fields=["voided_at", "void_reason"])


def sign_record(
    change_set: OpenChangeSet, record: Record, *, signer_id: int, printed_name: str, role: str, organisation: str, meaning: str, content: bytes
) -> Signature:
    """Store a signature over exactly `content` and freeze the record version.

    `people.signing.perform_signature` is the only caller: it has just asked the signer's identity again.
    """
    digest = hashlib.sha256(content).hexdigest()
    signature = Signature(
        programme_id=record.programme_id,
        scope_site_id=record.scope_site_id,
        record=record,
        signer_id=signer_id,
        printed_name=printed_name,
        role=role,
        organisation=organisation,
        meaning=meaning,
        signed_at=now(),
        digest=digest,
        content=content,
    )
    signature.save(force_insert=True)
    if not record.signed_digest:
        record.signed_digest = digest
        record.save(update_fields=["signed_digest"])
    return signature
