"""The canonical form of a document (RFC 8785) and its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import rfc8785

from holdfast.kernel.errors import HoldfastError

from .schema import Dossier

#: what may differ between two gatherings of the same evidence
NOT_EVIDENCE = ("decision", "prior_decisions", "signer")
LARGEST = 2**53  # beyond it RFC 8785 has no whole numbers


Path = tuple[Any, ...]  # the path of what is around, and the name or index in it


class NotCanonical(HoldfastError):
    """A document has no canonical form: a float, which has no one exact text, or a value that JSON does not have."""


def canonical(document: Any) -> bytes:
    """Canonical JSON (RFC 8785) of JSON values. Numbers are whole; everything measured is text. Raises `NotCanonical`.

    Without floats, and with names in ASCII, Python's own encoder writes the same bytes and is ten times as quick; a test holds it to rfc8785's.
    """
    try:
        if _is_plain(document, ()):
            return plainly(document).encode()
        return rfc8785.dumps(document)
    except (rfc8785.CanonicalizationError, ValueError, TypeError) as error:
        raise NotCanonical(str(error)) from error


def _is_plain(value: Any, path: Path) -> bool:
    """Whether Python's encoder orders and writes it as RFC 8785 does. Raises `NotCanonical` for a float, with its place."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is dict:
        plain = [_is_plain(item, (path, name)) and type(name) is str and name.isascii() for name, item in value.items()]
    elif kind is list or kind is tuple:
        plain = [_is_plain(item, (path, index)) for index, item in enumerate(value)]
    elif isinstance(value, float):
        raise NotCanonical(f"{_written(path)} is a float ({value}). Write measured values as text, as they were reported.")
    else:
        return kind is int and abs(value) < LARGEST
    return all(plain)


def _written(path: Path) -> str:
    """A place as a person reads it: `$.batch.inputs[2]`. Kept as pairs until somebody needs it."""
    if not path:
        return "$"
    step = path[1]
    return _written(path[0]) + (f"[{step}]" if isinstance(step, int) else f".{step}")


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
    return sha256(canonical(_evidence(document)))


def gathered_digest(document: dict[str, Any], written: Mapping[str, str]) -> str:
    """`evidence_digest` of a document that is a `Dossier`'s own, whose schema has no float and no name outside ASCII, so that nothing need be looked at.

    `written` has the canonical text (`plainly`) of parts of it that were written before.
    """
    evidence = _evidence(document)
    parts = (f'"{name}":{written[name] if name in written else plainly(evidence[name])}' for name in sorted(evidence))
    return sha256(f"{{{','.join(parts)}}}".encode())


def _evidence(document: dict[str, Any]) -> dict[str, Any]:
    evidence = {name: value for name, value in document.items() if name not in NOT_EVIDENCE}
    evidence["scope"] = {name: value for name, value in (document.get("scope") or {}).items() if name != "built_at"}
    return evidence


def plainly(document: Any) -> str:
    """RFC 8785 of values that are plain: text, whole numbers, truth values, nothing; names in ASCII."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def differences_across_schemas(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Where two dossiers of different schema versions differ: a part that only one of the schemas has counts when it holds anything.

    Counts are left out: they are of the lists, which are compared.
    """
    return differences(_plain(before), _plain(after))


def _plain(part: Any, top: bool = True) -> Any:
    """A document without what is empty, and without what says only by which schema it was written."""
    if isinstance(part, dict):
        kept = {name: _plain(value, False) for name, value in part.items() if not (top and name == "schema_version") and name != "counts"}
        return {name: value for name, value in kept.items() if value not in (None, [], {})}
    return [_plain(item, False) for item in part] if isinstance(part, list) else part


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
