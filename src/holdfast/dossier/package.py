"""An exported decision or study: one file that holds everything it rests on, hashed in a signed manifest.

Members are stored without compression, in a fixed order and with fixed times, so that the same record gives the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .canonical import canonical, sha256

FORMAT = "holdfast-decision/2"
STUDY = "holdfast-study/1"
MANIFEST, MANIFEST_SIGNATURE, PUBLIC_KEY = "manifest.json", "manifest.sig", "public-key.pem"
ROLES = {
    "decision.json": "what was decided, by whom, when",
    "dossier.json": "everything the decision rests on, exactly as signed",
    "verdict.json": "what each rule answered, exactly as signed",
    "signatures.json": "each signature with exactly what was signed",
    "images.json": "the row images of the decision's change set",
    "ledger.json": "the change set's place in the ledger's tree, under a signed checkpoint",
    "certificate.pdf": "the document for people",
}
STUDY_ROLES = {
    "conclusion.json": "what was concluded, by whom, when",
    "protocol.json": "the protocol, exactly as approved",
    "data.json": "the results as they were frozen",
    "exclusions.json": "what was left out and why, and where the study departed from its protocol",
    "evaluation.json": "what the protocol's methods answered, exactly as signed",
    "signatures.json": "each signature with exactly what was signed",
    "images.json": "the row images of the conclusion's change set",
    "ledger.json": "the change set's place in the ledger's tree, under a signed checkpoint",
}
FIXED_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Member:
    name: str
    content: bytes


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the raw public key, in groups of four: what to compare by another way."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    digest = sha256(raw)
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


def role_of(name: str) -> str:
    return "a rule pack exactly as it judged" if name.startswith("packs/") else {**STUDY_ROLES, **ROLES}[name]


def build_package(members: list[Member], key: Ed25519PrivateKey, form: str = FORMAT) -> bytes:
    """The file's bytes: members, a manifest that hashes each, the manifest's signature and the public key."""
    entries = [{"name": m.name, "size": len(m.content), "sha256": sha256(m.content), "role": role_of(m.name)} for m in sorted(members, key=lambda m: m.name)]
    manifest = canonical({"format": form, "members": entries, "key_fingerprint": fingerprint(key.public_key())})
    parts = [
        Member(MANIFEST, manifest),
        Member(MANIFEST_SIGNATURE, key.sign(manifest)),
        Member(PUBLIC_KEY, public_pem(key)),
        *sorted(members, key=lambda m: m.name),
    ]
    return write_zip(parts)


def write_zip(parts: list[Member]) -> bytes:
    """A zip of stored members in the order given, with nothing that depends on when or where it was made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for part in parts:
            info = zipfile.ZipInfo(part.name, FIXED_TIME)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, part.content)
    return buffer.getvalue()


def json_member(name: str, document: Any) -> Member:
    """A member of canonical JSON."""
    return Member(name, canonical(document))


PRIVATE, PUBLIC = "export-key.pem", "export-key.pub.pem"


def load_or_make_key(folder: Path) -> Ed25519PrivateKey:
    """The installation's signing key, made on first use; readable by its owner only. The public half lies beside it for `verify --key`."""
    path = folder / PRIVATE
    if path.exists():
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{path} is not an Ed25519 key.")
    else:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = _write_key(folder)
    public = public_pem(key)
    if not (folder / PUBLIC).exists() or (folder / PUBLIC).read_bytes() != public:
        (folder / PUBLIC).write_bytes(public)
    return key


def _write_key(folder: Path) -> Ed25519PrivateKey:
    """A new private key, put in its place in one step: a crash leaves the old one or the new one."""
    key = Ed25519PrivateKey.generate()
    fresh = folder / f"{PRIVATE}.new"
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    fresh.replace(folder / PRIVATE)
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """The public half of a key, in PEM."""
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def public_keys(folder: Path) -> list[Ed25519PublicKey]:
    """The installation's public keys, the current one first, then those it used before (`retired/`)."""
    names = [folder / PUBLIC, *sorted((folder / "retired").glob("*.pub.pem"))]
    return [read_public_key(path.read_bytes()) for path in names if path.exists()]


def read_public_key(pem: bytes) -> Ed25519PublicKey:
    """An Ed25519 public key in PEM. Raises `ValueError` or `TypeError` when it is not one."""
    key = serialization.load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError("the public key is not an Ed25519 key")
    return key


def rotate_key(folder: Path) -> tuple[Ed25519PrivateKey, Ed25519PrivateKey]:
    """Make a new signing key; the old one's public half stays among the retired. Returns (new, old): the old signs once more, beside the new."""
    old = load_or_make_key(folder)
    retired = folder / "retired"
    retired.mkdir(exist_ok=True, mode=0o700)
    (retired / f"{fingerprint(old.public_key()).replace(' ', '')[:16]}.pub.pem").write_bytes(public_pem(old))
    _write_key(folder)
    return load_or_make_key(folder), old


def parse_json(content: bytes) -> Any:
    """JSON that holds no float; a float is refused where it stands."""
    return json.loads(content.decode("utf-8"))
