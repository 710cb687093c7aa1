"""The ledger: who did what and why, the tree over it, proofs, checkpoints, and the files that came in."""

from __future__ import annotations

from pathlib import Path as Folder
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Path, Query, Router, Status

from holdfast.kernel.checkpoint import Checkpoint, read_checkpoint
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import ChangeSet, KeptCheckpoint, Programme, RowChange, StoredFile
from holdfast.ledger.seals import NotSealedYet, consistency_from, issue_checkpoint, origin, pending, root, seal_of, size

from .access import found, need_whole, programme_of
from .paging import page_of
from .problems import NotAllowed
from .records import image_values
from .routes import ANY, file_of, reads, writes
from .schema.base import Key, Page, Paging
from .schema.ledger import (
    ChangeSetsAsked,
    ChangeSetShown,
    CheckpointShown,
    ConsistencyProof,
    EarlierSize,
    FilesAsked,
    FileShown,
    InclusionProof,
    LedgerShown,
    RowChangeShown,
)

router = Router()


def keys() -> Folder:
    """Where the installation's keys are."""
    return Folder(settings.HOLDFAST_KEYS)


@router.get("/change-sets", response=reads(Page[ChangeSetShown]))
def list_change_sets(request: HttpRequest, asked: Query[ChangeSetsAsked]) -> Any:
    """What was done, by whom and why, the latest first, as far as you see what it touched."""
    where: dict[str, Any] = {}
    if asked.programme:
        where["programme_id"] = programme_of(asked.programme).pk
    if asked.actor:
        where["actor_id"] = asked.actor
    if asked.action:
        where["action"] = asked.action
    return page_of(ChangeSet.objects.filter(**where), asked, change_set_shown, newest_first=True)


def change_set_shown(row: ChangeSet) -> dict[str, Any]:
    """A change set without its images."""
    return {
        "id": row.pk, "actor_id": row.actor_id, "actor": row.actor_name, "action": row.action, "reason": row.reason, "programme_id": row.programme_id,
        "recorded_at": row.recorded_at,
    }  # fmt: skip


@router.get("/change-sets/{key}", response=reads(ChangeSetShown))
def show_change_set(request: HttpRequest, key: Path[Key]) -> Any:
    """One change set."""
    return change_set_shown(found(ChangeSet.objects.all(), pk=key))


@router.get("/change-sets/{key}/changes", response=reads(Page[RowChangeShown]))
def list_changes(request: HttpRequest, key: Path[Key], asked: Query[Paging]) -> Any:
    """The rows that a change set touched, before and after, as far as you see them."""
    made = found(ChangeSet.objects.all(), pk=key)
    return page_of(RowChange.objects.filter(change_set=made), asked, _row_change)


def _row_change(row: RowChange) -> dict[str, Any]:
    images = {"before": _image(row, row.before), "after": _image(row, row.after)}
    return {"id": row.pk, "table": row.table_name, "row": row.row_id, "operation": row.operation, **images}


def _image(row: RowChange, image: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if image is None else image_values(row.table_name, image)


@router.get("/change-sets/{key}/proof", response=reads(InclusionProof))
def prove_change_set(request: HttpRequest, key: Path[Key]) -> Any:
    """The proof that a change set has its place in the tree. For who sees all of the change set's programme. 503: not sealed yet, come back."""
    made = found(ChangeSet.objects.all(), pk=key)
    if made.programme_id is None:
        raise NotAllowed("The change set belongs to no one programme: only who sees everything can prove it, with `holdfast ledger`.")
    need_whole(found(Programme.objects.all(), pk=made.programme_id).number)
    with viewing(Viewer.evaluator(made.programme_id)):
        proof = seal_of(made.pk, keys())
    return {
        "statement": proof.statement,
        "index": proof.index,
        "checkpoint": checkpoint_shown(proof.checkpoint),
        "inclusion": [step.hex() for step in proof.inclusion],
        "earlier": checkpoint_shown(proof.earlier) if proof.earlier else None,
        "consistency": [step.hex() for step in proof.consistency],
    }


def checkpoint_shown(made: Checkpoint) -> dict[str, Any]:
    """A checkpoint, with the note that is signed."""
    return {"size": made.size, "root": made.root.hex(), "issued_at": made.issued_at, "text": made.text}


@router.get("/ledger", response=reads(LedgerShown))
def show_ledger(request: HttpRequest) -> Any:
    """The ledger's tree as it stands."""
    held = size()
    return {"size": held, "waiting": pending(), "root": root(held).hex() if held else None, "origin": origin() if held else None}


@router.get("/ledger/checkpoints", response=reads(Page[CheckpointShown]))
def list_checkpoints(request: HttpRequest, asked: Query[Paging]) -> Any:
    """Checkpoints that were issued, the latest first."""
    return page_of(KeptCheckpoint.objects.all(), asked, lambda row: checkpoint_shown(read_checkpoint(row.text)), newest_first=True)


@router.post("/ledger/checkpoints", response=writes(CheckpointShown, 201))
def issue(request: HttpRequest) -> Any:
    """A signed checkpoint of the ledger as it stands. Keep its text where the database's owner cannot reach it."""
    return Status(201, checkpoint_shown(issue_checkpoint(keys())))


@router.get("/ledger/consistency", response=reads(ConsistencyProof))
def prove_consistency(request: HttpRequest, asked: Query[EarlierSize]) -> Any:
    """The proof that the tree of `earlier` change sets is the beginning of today's: check it against the checkpoint that you kept."""
    issued = issue_checkpoint(keys())
    if asked.earlier > issued.size:
        raise Refused(f"The checkpoint is of {asked.earlier} change sets; the ledger holds {issued.size}. Some are missing.")
    held, proof = consistency_from(Checkpoint(issued.origin, asked.earlier, b"", issued.issued_at))
    if held != issued.size:
        raise NotSealedYet("The ledger grew meanwhile. Ask again.")
    return {"earlier": asked.earlier, "size": held, "checkpoint": checkpoint_shown(issued), "consistency": [step.hex() for step in proof]}


@router.get("/files", response=reads(Page[FileShown]))
def list_files(request: HttpRequest, asked: Query[FilesAsked]) -> Any:
    """Files that came in, kept byte for byte. For who sees the whole programme."""
    rows = StoredFile.objects.defer("content")
    return page_of(rows.filter(programme=programme_of(asked.programme)) if asked.programme else rows, asked, lambda row: row)


@router.get("/files/{key}", response=reads(FileShown))
def show_file(request: HttpRequest, key: Path[Key]) -> Any:
    """One file: its name, size and SHA-256."""
    return found(StoredFile.objects.defer("content"), pk=key)


@router.get("/files/{key}/content", response=reads(None), openapi_extra=file_of(ANY))
def file_content(request: HttpRequest, key: Path[Key]) -> Any:
    """The bytes of a file."""
    kept = found(StoredFile.objects.all(), pk=key)
    return as_file(bytes(kept.content), kept.name, ANY)


def as_file(content: bytes, name: str, media: str) -> HttpResponse:
    """A file to be saved under a name."""
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": disposition})
