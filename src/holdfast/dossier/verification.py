"""Verify an exported decision or study with nothing but the file: no database, no network.

Says line by line what holds. *Authentic* needs the public key from elsewhere; without it a file can only be *consistent*.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from holdfast.kernel.errors import HoldfastError
from holdfast.standards.judge import engine_digest, judge
from holdfast.standards.loading import Pack, load_pack
from holdfast.standards.settings import Setting, with_settings
from holdfast.standards.verdict import OverriddenBy, Verdict

from .archive import ArchiveProblem, read_strictly
from .canonical import canonical, sha256
from .ledger_proof import Sealed, check_ledger_proof
from .package import FORMAT, MANIFEST, MANIFEST_SIGNATURE, PUBLIC_KEY, STUDY, fingerprint, parse_json, read_public_key
from .report import AUTHENTIC, CONSISTENT, INCONSISTENT, Line, Report
from .schema import Dossier
from .study.verification import REQUIRED as OF_A_STUDY
from .study.verification import check_study

REQUIRED = {"decision.json", "dossier.json", "verdict.json", "signatures.json", "images.json", "ledger.json"}


def verify_package(content: bytes, key: bytes | None = None) -> Report:
    """Verify an exported decision or study; `key` is the PEM public key of the installation, had by another way than the file."""
    report = Report()
    try:
        members = read_strictly(content)
    except ArchiveProblem as problem:
        report.note("The file is exactly as Holdfast writes it", False, str(problem))
        return report
    report.note("The file is exactly as Holdfast writes it", True, f"{len(members)} members, no bytes outside them")
    try:
        if _check_manifest(report, members, key):
            (check_study if _format(members) == STUDY else _check_content)(report, members, key)
    except (HoldfastError, KeyError, ValueError, TypeError, AttributeError, UnicodeDecodeError) as error:
        report.note("The members can be read", False, f"{type(error).__name__}: {error}")
    return report


def verify_file(path: Path, key: Path | None = None) -> Report:
    """`verify_package` of a file. Raises `OSError` when it cannot be read."""
    return verify_package(path.read_bytes(), key.read_bytes() if key else None)


def _check_manifest(report: Report, members: dict[str, bytes], key: bytes | None) -> bool:
    missing = {MANIFEST, MANIFEST_SIGNATURE, PUBLIC_KEY} - set(members)
    if missing:
        return report.note("The manifest is there and signed", False, f"missing: {', '.join(sorted(missing))}")
    inside = read_public_key(members[PUBLIC_KEY])
    report.key_fingerprint = fingerprint(inside)
    report.note("The manifest is signed by the key in the file", _verifies(inside, members), f"fingerprint {report.key_fingerprint}")
    manifest = parse_json(members[MANIFEST])
    report.note(
        "The manifest is of a format we know and names its key", manifest["format"] in (FORMAT, STUDY) and manifest["key_fingerprint"] == report.key_fingerprint
    )
    if key is not None:
        given = read_public_key(key)
        report.is_authentic = _verifies(given, members)
        report.note("The manifest is signed by the key you gave", report.is_authentic, f"fingerprint {fingerprint(given)}")
    return _check_members(report, manifest, members)


def _check_members(report: Report, manifest: dict[str, Any], members: dict[str, bytes]) -> bool:
    listed = {entry["name"]: entry for entry in manifest["members"]}
    present = set(members) - {MANIFEST, MANIFEST_SIGNATURE, PUBLIC_KEY}
    for name in sorted(set(listed) - present):
        report.note(f"{name} is there", False, "named in the manifest, dropped from the file")
    for name in sorted(present - set(listed)):
        report.note(f"{name} belongs to the file", False, "added: the manifest does not name it")
    for name in sorted(present & set(listed)):
        entry = listed[name]
        same = sha256(members[name]) == entry["sha256"] and len(members[name]) == entry["size"]
        report.note(f"{name} is unchanged", same, "" if same else "its SHA-256 differs from the manifest's")
    lacking = (OF_A_STUDY if manifest["format"] == STUDY else REQUIRED) - set(listed)
    if lacking:
        report.note("Everything it needs is there", False, f"missing: {', '.join(sorted(lacking))}")
    return present == set(listed) and not lacking


def _format(members: dict[str, bytes]) -> str:
    return str(parse_json(members[MANIFEST])["format"])


def _verifies(key: Ed25519PublicKey, members: dict[str, bytes]) -> bool:
    try:
        key.verify(members[MANIFEST_SIGNATURE], members[MANIFEST])
    except InvalidSignature:
        return False
    return True


def _check_content(report: Report, members: dict[str, bytes], key: bytes | None) -> None:
    decision, signatures = parse_json(members["decision.json"]), parse_json(members["signatures.json"])
    dossier_digest, verdict_digest = sha256(members["dossier.json"]), sha256(members["verdict.json"])
    dossier = parse_json(members["dossier.json"])
    report.decision = {name: decision.get(name) for name in ("number", "batch", "question", "outcome", "signer", "decided_at")}
    _check_signatures(report, decision, signatures, dossier_digest, verdict_digest)
    Dossier.model_validate(dossier)
    report.note("The dossier is canonical and of a schema we know", canonical(dossier) == members["dossier.json"], f"schema {dossier.get('schema_version')}")
    report.note("Dossier, decision and verdict ask the same question of the same batch", _same_subject(dossier, decision, parse_json(members["verdict.json"])))
    _check_verdict(report, members, dossier, decision, dossier_digest)
    _check_images(report, decision, parse_json(members["images.json"]), dossier_digest)
    keys = [read_public_key(content) for content in (members[PUBLIC_KEY], key) if content is not None]
    check_ledger_proof(report.note, parse_json(members["ledger.json"]), sealed_decision(decision), keys)


def sealed_decision(decision: dict[str, Any]) -> Sealed:
    """What the sealed image of a decision must say."""
    return Sealed("decision", "release_decision", decision["signer"], {name: decision[name] for name in ("question", "outcome")})


def _check_signatures(report: Report, decision: dict[str, Any], signatures: list[dict[str, Any]], dossier_digest: str, verdict_digest: str) -> None:
    for signature in signatures:
        name = signature["printed_name"]
        report.note(f"What {name} signed is what the signature's digest is of", sha256(signature["content"].encode("utf-8")) == signature["digest"])
        signed = parse_json(signature["content"].encode("utf-8"))
        report.note(f"What {name} signed names this dossier", signed.get("dossier_digest") == dossier_digest)
    principal = next((s for s in signatures if s["digest"] == decision["signature_digest"]), None)
    if principal is None:
        report.note("The decision's own signature is there", False)
        return
    signed = parse_json(principal["content"].encode("utf-8"))
    same = {name: signed.get(name) == decision.get(name) for name in ("batch", "question", "outcome", "meaning", "overrides")}
    same["verdict"] = signed.get("verdict_digest") == verdict_digest
    same["signer"] = signed.get("signer", {}).get("printed_name") == principal["printed_name"] == decision.get("signer")
    wrong = [name for name, holds in same.items() if not holds]
    report.note("The decision is what was signed", not wrong, f"differs in: {', '.join(wrong)}" if wrong else "")
    if decision.get("overrides"):
        report.note("A second person signed for the overrides", len(signatures) > 1)


def _same_subject(dossier: dict[str, Any], decision: dict[str, Any], verdict: dict[str, Any]) -> bool:
    return bool(dossier["decision"]["question"] == decision["question"] == verdict["question"] and dossier["batch"]["number"] == decision["batch"])


def _check_verdict(report: Report, members: dict[str, bytes], dossier: dict[str, Any], decision: dict[str, Any], dossier_digest: str) -> None:
    """Judge the dossier again with the packs in the file, and compare answer by answer."""
    stored = Verdict.model_validate(parse_json(members["verdict.json"]))
    packs = [load_pack(content.decode("utf-8"), Dossier, name) for name, content in sorted(members.items()) if name.startswith("packs/")]
    named = {(used.id, used.version, used.sha256) for used in stored.packs}
    report.note("The rule packs are those that judged", named == {(p.id, p.version, p.sha256) for p in packs}, ", ".join(f"{p.id} {p.version}" for p in packs))
    overrides = {o["rule"]: OverriddenBy(reason=o["reason"], by=decision["signer"], second=o["second"]) for o in decision["overrides"]}
    packs = [as_set(pack, stored) for pack in packs]
    order = {used.sha256: index for index, used in enumerate(stored.packs)}
    again = judge(sorted(packs, key=lambda p: order.get(p.sha256, 99)), dossier, overrides=overrides, dossier_digest=dossier_digest)
    wrong = [rule.id for rule, new in zip(stored.rules, again.rules, strict=False) if rule != new]
    if len(stored.rules) != len(again.rules):
        wrong.append(f"{len(stored.rules)} rules stored, {len(again.rules)} judged")
    same = not wrong and stored.state == again.state and stored.dossier_digest == dossier_digest and stored.not_judged == again.not_judged
    note = (
        ""
        if stored.engine_digest == engine_digest()
        else f"the engine differs: it was {stored.engine_version} {stored.engine_digest[:12]}, here it is {engine_digest()[:12]}"
    )
    report.note("The verdict, judged again from the dossier, is the one that was signed", same, "; ".join(filter(None, [", ".join(wrong), note])))


def as_set(pack: Pack, stored: Verdict) -> Pack:
    """A pack with the figures that the sponsor had set when it judged, as the verdict says."""
    used = next((used for used in stored.packs if used.sha256 == pack.sha256), None)
    if used is None or not used.settings:
        return pack
    return with_settings(pack, {s.name: Setting(value=s.value, reason=s.reason, by=s.by) for s in used.settings}, Dossier)


def _check_images(report: Report, decision: dict[str, Any], images: list[dict[str, Any]], dossier_digest: str) -> None:
    """The row images of the decision's change set say the same."""
    rows = [image["after"] for image in images if image["table"] == "release_decision"]
    documents = [image["after"] for image in images if image["table"] == "release_dossierdocument"]
    agrees = len(rows) == 1 and rows[0]["question"] == decision["question"] and rows[0]["outcome"] == decision["outcome"]
    report.note("The ledger's images of the decision agree with it", agrees and any(row["digest"] == dossier_digest for row in documents))


__all__ = ["AUTHENTIC", "CONSISTENT", "INCONSISTENT", "Line", "Report", "verify_file", "verify_package"]
