"""The Merkle tree over change sets: bring it up to date, prove a place in it, sign how it stands.

Nobody who writes waits for any of this; whoever exports, prints or verifies seals first, so that the command line alone is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from django.db.models import Max

from holdfast.dossier.package import load_or_make_key
from holdfast.kernel import merkle
from holdfast.kernel.checkpoint import Checkpoint, is_signed_by, read_checkpoint, sign_checkpoint
from holdfast.kernel.clock import now
from holdfast.kernel.errors import Refused
from holdfast.kernel.failpoint import failpoint

from .models import KeptCheckpoint, Leaf, TreeNode


class NotSealedYet(Refused):
    """A change set has no place in the tree yet: a transaction that began before it is still running."""


@dataclass(frozen=True)
class Seal:
    """A change set's place in the tree: its statement (the leaf), the path to a signed root, and how that root extends an earlier one."""

    statement: str
    index: int
    checkpoint: Checkpoint
    inclusion: tuple[bytes, ...]
    earlier: Checkpoint | None
    consistency: tuple[bytes, ...]


def seal(*, wait: bool = True) -> int:
    """Append every change set that is ready to the tree; returns the tree's size. A replica, which cannot write, keeps the tree it has."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        if cursor.fetchone()[0] == "on":
            return size()
        failpoint("sealing begun")
        cursor.execute("SELECT holdfast_seal(%s)", [wait])
        sealed = int(cursor.fetchone()[0])
        failpoint("sealing before commit")
    failpoint("sealing committed")
    return sealed


def size() -> int:
    """How many change sets are in the tree."""
    last = Leaf.objects.aggregate(last=Max("index"))["last"]
    return 0 if last is None else last + 1


def pending() -> int:
    """How many committed change sets wait for their place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_pendingchangeset WHERE leaf_hash IS NOT NULL")
        return int(cursor.fetchone()[0])


def _proved(compute: Callable[[merkle.NodeAt], Any]) -> Any:
    """Run a proof twice: once to learn which nodes it needs, once with them. Two queries, whatever the tree's size."""
    wanted: set[tuple[int, int]] = set()

    def note(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return bytes(32)

    compute(note)
    nodes = {(0, leaf.index): bytes(leaf.leaf_hash) for leaf in Leaf.objects.filter(index__in=[i for level, i in wanted if level == 0])}
    above = [(level, index) for level, index in wanted if level]
    if above:
        nodes |= {(n.level, n.index): bytes(n.hash) for n in TreeNode.objects.filter(pk__in=above)}
    return compute(lambda level, index: nodes[(level, index)])


def root(tree_size: int) -> bytes:
    """Root of the first `tree_size` change sets."""
    return bytes(_proved(lambda node_at: merkle.root_hash(tree_size, node_at)))


def origin() -> str:
    """The ledger's name in checkpoints: from its first leaf, so that it outlives keys, machines and restores."""
    first = Leaf.objects.filter(index=0).first()
    if first is None:
        raise Refused("The ledger is empty: there is nothing to sign yet.")
    return origin_of(bytes(first.leaf_hash))


def origin_of(first_leaf: bytes) -> str:
    """The name that a ledger takes from its first leaf hash."""
    return f"holdfast/{first_leaf.hex()[:16]}"


def issue_checkpoint(keys: Path, also: Sequence[Ed25519PrivateKey] = ()) -> Checkpoint:
    """A signed checkpoint of the tree as it stands, kept; one that the current key has signed for this size already is given again."""
    tree_size = seal()
    key = load_or_make_key(keys)
    kept = None if also else _kept(key, size=tree_size)
    if kept is not None:
        return kept
    made = sign_checkpoint(origin(), tree_size, root(tree_size), now(), [key, *also])
    KeptCheckpoint(size=tree_size, root=made.root, issued_at=made.issued_at, text=made.text).save(force_insert=True)
    failpoint("checkpoint kept")
    return made


def _kept(key: Ed25519PrivateKey, **where: int) -> Checkpoint | None:
    """The smallest kept checkpoint that the key has signed."""
    for kept in KeptCheckpoint.objects.filter(**where).order_by("size", "id").iterator():
        found = read_checkpoint(kept.text)
        if is_signed_by(found, key.public_key()):
            return found
    return None


def checkpoint_covering(change_set_id: int, keys: Path) -> tuple[Leaf, Checkpoint]:
    """A change set's leaf and the first kept checkpoint that covers it, issued now if there is none. Raises `NotSealedYet`."""
    leaf = Leaf.objects.filter(change_set_id=change_set_id).first()
    if leaf is None:
        seal()
        leaf = Leaf.objects.filter(change_set_id=change_set_id).first()
    if leaf is None:
        raise NotSealedYet("A longer transaction is still running, so this change set has no place in the ledger's tree yet. Try again in a moment.")
    return leaf, _kept(load_or_make_key(keys), size__gt=leaf.index) or issue_checkpoint(keys)


def seal_of(change_set_id: int, keys: Path) -> Seal:
    """The proof of a change set's place. The open identity must see the whole change set. Raises `NotSealedYet`."""
    leaf, checkpoint = checkpoint_covering(change_set_id, keys)
    before = KeptCheckpoint.objects.filter(size__lte=leaf.index).order_by("-size", "-id").first()
    inclusion = _proved(lambda node_at: merkle.inclusion_proof(leaf.index, checkpoint.size, node_at))
    consistency = _proved(lambda node_at: merkle.consistency_proof(before.size, checkpoint.size, node_at)) if before else []
    earlier = read_checkpoint(before.text) if before else None
    return Seal(statement_of(change_set_id), leaf.index, checkpoint, tuple(inclusion), earlier, tuple(consistency))


def consistency_from(earlier: Checkpoint) -> tuple[int, list[bytes]]:
    """The tree's size now, and the proof that the tree of an earlier checkpoint is its beginning. Raises `Refused` when it was larger."""
    tree_size = seal()
    if earlier.size > tree_size:
        raise Refused(f"The checkpoint is of {earlier.size} change sets; the ledger holds {tree_size}. Some are missing.")
    return tree_size, list(_proved(lambda node_at: merkle.consistency_proof(earlier.size, tree_size, node_at)))


def statement_of(change_set_id: int) -> str:
    """Exactly the text of a change set's leaf, as far as the open identity sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT holdfast_statement(%s)", [change_set_id])
        return str(cursor.fetchone()[0])


def image_texts(change_set_id: int) -> list[str]:
    """Exactly the texts whose digests a statement holds, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT holdfast_image_text(id, table_name, row_id, operation, access, programme_id, scope_site_id, before, after)"
            " FROM ledger_rowchange WHERE change_set_id = %s ORDER BY id",
            [change_set_id],
        )
        return [row[0] for row in cursor.fetchall()]


__all__ = ["NotSealedYet", "Seal", "checkpoint_covering", "consistency_from", "image_texts", "issue_checkpoint", "pending", "root", "seal", "seal_of", "size"]
