"""Verify an exported study with nothing but the file: every digest, every signature, and every number computed again."""

from __future__ import annotations

import json
from typing import Any

from ..canonical import canonical, differences, sha256
from ..ledger_proof import Sealed, check_ledger_proof
from ..package import PUBLIC_KEY, parse_json, read_public_key
from ..report import Report
from .data import Departure, Exclusion, StudyData
from .evaluate import evaluate
from .protocol import Protocol

REQUIRED = {"conclusion.json", "protocol.json", "data.json", "exclusions.json", "evaluation.json", "signatures.json", "images.json", "ledger.json"}


def check_study(report: Report, members: dict[str, bytes], key: bytes | None) -> None:
    """Note line by line what holds of a study's members."""
    conclusion, signatures = parse_json(members["conclusion.json"]), parse_json(members["signatures.json"])
    report.study = {name: conclusion.get(name) for name in ("number", "title", "kind", "answer", "conclusion", "signer", "concluded_at")}
    digests = {name: sha256(members[f"{name}.json"]) for name in ("protocol", "data", "exclusions", "evaluation")}
    _check_conclusion(report, conclusion, signatures, digests)
    _check_approval(report, conclusion, signatures, digests["protocol"])
    _check_order(report, members, conclusion, signatures)
    _check_numbers(report, members, digests)
    _check_images(report, parse_json(members["images.json"]), conclusion, digests)
    keys = [read_public_key(content) for content in (members[PUBLIC_KEY], key) if content is not None]
    sealed = Sealed(
        "conclusion", "study_studyreport", conclusion["signer"], {"conclusion": conclusion["conclusion"], "evaluation_digest": digests["evaluation"]}
    )
    check_ledger_proof(report.note, parse_json(members["ledger.json"]), sealed, keys)


def _check_conclusion(report: Report, conclusion: dict[str, Any], signatures: list[dict[str, Any]], digests: dict[str, str]) -> None:
    for signature in signatures:
        name = signature["printed_name"]
        report.note(f"What {name} signed is what the signature's digest is of", sha256(signature["content"].encode("utf-8")) == signature["digest"])
    signed = _content_of(signatures, conclusion["signature_digest"])
    if signed is None:
        report.note("The conclusion's own signature is there", False)
        return
    same = {name: signed.get(name) == conclusion.get(name) for name in ("number", "answer", "conclusion", "reason", "sentence")}
    same |= {name: signed.get(f"{name}_digest") == digest for name, digest in digests.items()}
    same["signer"] = signed.get("signer", {}).get("printed_name") == conclusion.get("signer")
    wrong = [name for name, holds in same.items() if not holds]
    report.note("The conclusion is what was signed", not wrong, f"differs in: {', '.join(wrong)}" if wrong else "")


def _check_approval(report: Report, conclusion: dict[str, Any], signatures: list[dict[str, Any]], protocol_digest: str) -> None:
    approved = _content_of(signatures, conclusion["approval_digest"])
    report.note("The protocol in the file is the one that was approved", approved is not None and approved.get("protocol_digest") == protocol_digest)


def _check_order(report: Report, members: dict[str, bytes], conclusion: dict[str, Any], signatures: list[dict[str, Any]]) -> None:
    approved = next((s["signed_at"] for s in signatures if s["digest"] == conclusion["approval_digest"]), "")
    taken = parse_json(members["data.json"])["taken_at"]
    in_order = bool(approved) and approved <= taken <= conclusion["concluded_at"]
    report.note("The protocol was approved before the data were taken, and the conclusion came after", in_order, f"approved {approved}, taken {taken}")


def _content_of(signatures: list[dict[str, Any]], digest: str) -> dict[str, Any] | None:
    found = next((s for s in signatures if s["digest"] == digest), None)
    return None if found is None else dict(json.loads(found["content"]))


def _check_numbers(report: Report, members: dict[str, bytes], digests: dict[str, str]) -> None:
    """Run the protocol's methods again on the frozen data, and compare every number to the last digit."""
    protocol, data = Protocol.model_validate(parse_json(members["protocol.json"])), StudyData.model_validate(parse_json(members["data.json"]))
    report.note("The data were taken under this protocol", data.protocol_digest == digests["protocol"])
    left_out = parse_json(members["exclusions.json"])
    exclusions = [Exclusion.model_validate(each) for each in left_out["exclusions"]]
    departures = [Departure.model_validate(each) for each in left_out["departures"]]
    stored = parse_json(members["evaluation.json"])
    again = json.loads(canonical(evaluate(protocol, data, exclusions, departures)))
    wrong = differences(stored, again)
    report.note("Every number, computed again from the data, is the one that was signed", stored == again, "; ".join(wrong[:3]))


def _check_images(report: Report, images: list[dict[str, Any]], conclusion: dict[str, Any], digests: dict[str, str]) -> None:
    rows = [image["after"] for image in images if image["table"] == "study_studyreport"]
    agrees = len(rows) == 1 and rows[0]["conclusion"] == conclusion["conclusion"] and rows[0]["evaluation_digest"] == digests["evaluation"]
    report.note("The ledger's images of the conclusion agree with it", agrees)
