"""The ledger over the wire."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

from .base import Asked, Given, Key, Moment, Paging
from .records import Value


class ChangeSetShown(Schema):
    id: int
    actor_id: int | None
    actor: str
    action: str
    reason: str
    programme_id: int | None
    recorded_at: Moment


class RowChangeShown(Schema):
    """The image of a row before and after. Bytes of files and documents are left out: their SHA-256 stands in the image."""

    id: int
    table: str
    row: int
    operation: str
    before: dict[str, Value] | None
    after: dict[str, Value] | None


class CheckpointShown(Schema):
    """How large the ledger's tree was, its root, and the signed note to keep elsewhere."""

    size: int
    root: str
    issued_at: Moment
    text: str


class LedgerShown(Schema):
    """The ledger's tree: how many change sets it holds, how many wait for their place, and its root."""

    size: int
    waiting: int
    root: str | None
    origin: str | None


class InclusionProof(Schema):
    """The place of a change set in the tree (RFC 6962): its leaf's text, the path to a signed root, and how that root extends an earlier one."""

    statement: str
    index: int
    checkpoint: CheckpointShown
    inclusion: list[str]
    earlier: CheckpointShown | None
    consistency: list[str]


class ConsistencyProof(Schema):
    """That the tree of an earlier size is the beginning of today's (RFC 6962)."""

    earlier: int
    size: int
    checkpoint: CheckpointShown
    consistency: list[str]


class FileShown(Schema):
    id: int
    programme_id: int
    name: str
    size: int
    sha256: str


class ChangeSetsAsked(Paging):
    programme: Given | None = None
    actor: Key | None = None
    action: Given | None = None


class FilesAsked(Paging):
    programme: Given | None = None


class EarlierSize(Asked):
    earlier: int = Field(ge=1, le=2**53)
