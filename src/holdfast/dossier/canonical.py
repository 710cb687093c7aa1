"""The canonical form of a document (RFC 8785) and its digest."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785

from holdfast.kernel.errors import HoldfastError

from .schema import Dossier

#: what may differ between two gatherings of the same evidence
NOT_EVIDENCE = ("decision", "prior_decisions", "signer")


class NotCanonical(HoldfastError):
    """A document has no canonical form: a float, which has no one exact text, or a value that JSON does not have."""


def canonical(document: Any) -> bytes:
    """Canonical JSON (RFC 8785) of JSON values. Numbers are whole; everything measured is text. Raises `NotCanonical`."""
    _refuse_floats(document, "$")
    try:
        return rfc8785.dumps(document)
    except (rfc8785.CanonicalizationError, ValueError, TypeError) as error:
        raise NotCanonical(str(error)) from error


def _refuse_floats(value: Any, path: str) -> None:
    if isinstance(value, float):
        raise NotCanonical(f"{path} is a float ({value}). Write measured values as text, as they were reported.")
    if isinstance(value, dict):
        for name, item in value.items():
            _refuse_floats(item, f"{path}.{name}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _refuse_floats(item, f"{path}[{index}]")


def sha256(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def dossier_json(dossier: Dossier) -> dict[str, Any]:
    """A dossier as JSON values: dates and moments as ISO text."""
    return dossier.model_dump(mode="json")


def dossier_bytes(dossier: Dossier) -> bytes:
    """The exact bytes a dossier is signed and kept as."""
    return canonical(dossier_json(dossier))


def evidence_digest(document: dict[str, Any]) -> str:
    """Digest of the evidence alone: the same facts gathered again, by another signer, give the same digest."""
    evidence = {name: value for name, value in document.items() if name not in NOT_EVIDENCE}
    evidence["scope"] = {name: value for name, value in (document.get("scope") or {}).items() if name != "built_at"}
    return sha256(canonical(evidence))


def differences(before: Any, after: Any, path: str = "") -> list[str]:
    """Where two documents differ: one line a place, old and new."""
    if isinstance(before, dict) and isinstance(after, dict):
        found = []
        for name in sorted({*before, *after}):
            if name not in {"built_at", *(NOT_EVIDENCE if not path else ())}:
                found += differences(before.get(name), after.get(name), f"{path}.{name}" if path else name)
        return found
    if isinstance(before, list) and isinstance(after, list):
        found = [f"{path}: {len(before)} rows, now {len(after)}"] if len(before) != len(after) else []
        for index, (old, new) in enumerate(zip(before, after, strict=False)):
            found += differences(old, new, f"{path}[{_name(old, index)}]")
        return found
    return [] if before == after else [f"{path}: {json.dumps(before)} → {json.dumps(after)}"]


def _name(item: Any, index: int) -> str:
    if isinstance(item, dict):
        for key in ("number", "attribute", "test_run", "lot", "site", "code", "point", "list"):
            if item.get(key):
                return str(item[key])
    return str(index)
