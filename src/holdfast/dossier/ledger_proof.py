"""Verify the proof in an exported file that its change set stands in the ledger's tree, with nothing but the file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from holdfast.kernel import merkle
from holdfast.kernel.checkpoint import Checkpoint, NotACheckpoint, is_signed_by, read_checkpoint

from .canonical import sha256

Note = Callable[..., bool]


@dataclass(frozen=True)
class Sealed:
    """What the sealed change set must be: of a thing (in a word), with one image in a table, by a signer, with these values in the image."""

    thing: str
    table: str
    signer: str
    values: Mapping[str, Any]


def check_ledger_proof(note: Note, proof: dict[str, Any], sealed: Sealed, keys: Sequence[Ed25519PublicKey]) -> None:
    """Say line by line what holds of `ledger.json`. `keys`: the key in the file, and the one that was had by another way where there is one."""
    try:
        checkpoint = read_checkpoint(proof["checkpoint"])
        earlier = read_checkpoint(proof["earlier_checkpoint"]) if proof["earlier_checkpoint"] else None
    except NotACheckpoint as error:
        note("The ledger's checkpoint can be read", False, str(error))
        return
    signed = all(is_signed_by(checkpoint, key) for key in keys)
    note("The ledger's checkpoint is signed by the same key", signed, f"{checkpoint.origin}, {checkpoint.size} change sets, {checkpoint.issued_at:%Y-%m-%d}")
    path = [bytes.fromhex(step) for step in proof["inclusion"]]
    leaf = merkle.leaf_hash(proof["statement"].encode())
    included = merkle.verify_inclusion(leaf, proof["index"], checkpoint.size, path, checkpoint.root)
    note(f"The {sealed.thing}'s change set stands in the ledger at that checkpoint", included, f"change set {proof['index'] + 1} of {checkpoint.size}")
    if earlier is not None:
        _check_consistency(note, proof, checkpoint, earlier)
    _check_statement(note, proof, sealed)


def _check_consistency(note: Note, proof: dict[str, Any], checkpoint: Checkpoint, earlier: Checkpoint) -> None:
    steps = [bytes.fromhex(step) for step in proof["consistency"]]
    extends = merkle.verify_consistency(earlier.size, checkpoint.size, earlier.root, checkpoint.root, steps) and earlier.origin == checkpoint.origin
    note("The ledger at that checkpoint extends an earlier one", extends, f"{earlier.size} change sets, {earlier.issued_at:%Y-%m-%d}")


def _check_statement(note: Note, proof: dict[str, Any], sealed: Sealed) -> None:
    """The leaf names the signer and the images; the image of the record says what the record says."""
    statement = json.loads(proof["statement"])
    digests = b"".join(bytes.fromhex(image["sha256"]) for image in proof["images"])
    same = hashlib.sha256(digests).hexdigest() == statement["images_digest"] and len(proof["images"]) == statement["images"]
    note("The change set's images are those that the ledger sealed", same and all(_is_whole(image) for image in proof["images"]))
    note("The change set is the signer's", statement["actor_name"] == sealed.signer, f"{statement['action']}, {statement['recorded_at']}")
    rows = [_after(image["text"]) for image in proof["images"] if (image["text"] or "").split("|")[1:2] == [sealed.table]]
    agrees = len(rows) == 1 and all(rows[0].get(name) == value for name, value in sealed.values.items())
    note(f"The sealed image of the {sealed.thing} says what the {sealed.thing} says", agrees)


def _is_whole(image: dict[str, Any]) -> bool:
    return image["text"] is None or sha256(image["text"].encode()) == image["sha256"]


def _after(text: str) -> dict[str, Any]:
    """The image after a change, from the text that was sealed: its last line."""
    return dict(json.loads(text.rpartition("\n")[2]))
