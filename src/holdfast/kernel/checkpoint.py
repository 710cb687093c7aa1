"""A checkpoint: how large the ledger's tree was and its root, signed, as a short text that can be printed, mailed and kept elsewhere.

The text is a C2SP signed note (c2sp.org/signed-note) with the body of a C2SP transparency-log checkpoint (c2sp.org/tlog-checkpoint): origin, size,
root in base64, then one line of ours with the moment. Tools that read these formats read ours.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .errors import HoldfastError

ED25519 = b"\x01"
DASH = "— "


class NotACheckpoint(HoldfastError):
    """The text is no checkpoint that we can read."""


@dataclass(frozen=True)
class Checkpoint:
    """What was signed, and the signatures: key name, key hash (4 bytes), signature (64 bytes)."""

    origin: str
    size: int
    root: bytes
    issued_at: datetime
    signatures: tuple[tuple[str, bytes, bytes], ...] = ()

    @property
    def body(self) -> str:
        """Exactly the text that is signed."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\nissued {self.issued_at.isoformat()}\n"

    @property
    def text(self) -> str:
        """The signed note."""
        lines = [f"{DASH}{name} {base64.b64encode(key + signature).decode()}\n" for name, key, signature in self.signatures]
        return self.body + "\n" + "".join(lines)


def sign_checkpoint(origin: str, size: int, root: bytes, issued_at: datetime, keys: Iterable[Ed25519PrivateKey]) -> Checkpoint:
    """A checkpoint signed with each key (two while a key is being replaced)."""
    unsigned = Checkpoint(origin, size, root, issued_at)
    made = tuple((origin, key_hash(origin, key.public_key()), key.sign(unsigned.body.encode())) for key in keys)
    return Checkpoint(origin, size, root, issued_at, made)


def read_checkpoint(text: str) -> Checkpoint:
    """Read a signed note. Raises `NotACheckpoint`; says nothing of whether a signature holds."""
    body, blank, tail = text.partition("\n\n")
    lines = body.split("\n")
    if not blank or len(lines) != 4 or not lines[0] or not lines[3].startswith("issued "):
        raise NotACheckpoint("The text is no checkpoint: it needs an origin, a size, a root, a moment, an empty line and a signature.")
    try:
        signatures = tuple(_signature(line) for line in tail.splitlines() if line)
        size, root, issued_at = int(lines[1]), base64.b64decode(lines[2], validate=True), datetime.fromisoformat(lines[3][7:])
    except (ValueError, binascii.Error) as error:
        raise NotACheckpoint(f"The checkpoint cannot be read: {error}.") from error
    if size < 0 or str(size) != lines[1] or len(root) != 32 or not signatures:
        raise NotACheckpoint("The checkpoint cannot be read: its size, its root or its signature is malformed.")
    return Checkpoint(lines[0], size, root, issued_at, signatures)


def _signature(line: str) -> tuple[str, bytes, bytes]:
    dash, name, encoded = line.split(" ")
    raw = base64.b64decode(encoded, validate=True)
    if dash != DASH.strip() or not name or len(raw) != 68:
        raise ValueError(f"{line!r} is no signature line")
    return name, raw[:4], raw[4:]


def is_signed_by(checkpoint: Checkpoint, key: Ed25519PublicKey) -> bool:
    """Whether one of the signatures is this key's, and holds."""
    wanted = key_hash(checkpoint.origin, key)
    for name, given, signature in checkpoint.signatures:
        if (name, given) == (checkpoint.origin, wanted):
            try:
                key.verify(signature, checkpoint.body.encode())
            except InvalidSignature:
                return False
            return True
    return False


def key_hash(name: str, key: Ed25519PublicKey) -> bytes:
    """First four bytes of SHA-256(name || LF || 0x01 || key): which key a signature line is of (signed-note, "Ed25519 keys")."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + raw).digest()[:4]
