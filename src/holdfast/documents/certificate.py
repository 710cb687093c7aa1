"""The document of a decision as PDF: for the EU with the content of the batch certificate for an investigational medicinal product
(Regulation (EU) No 536/2014, Article 62; the template of the European Commission), for the US the disposition record."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import typst

TITLES = {
    "us_disposition": "Batch disposition record",
    "eu_certification": "Batch certificate for an investigational medicinal product",
    "sponsor_release": "Sponsor's release for use",
}
OUTCOMES = {
    "released": "Released for use in the United States",
    "rejected": "Rejected for use in the United States",
    "certified": "Certified for the European Union",
    "refused": "Certification refused",
    "released_for_use": "Released for use at the trial sites",
    "withheld": "Withheld from use",
}


@dataclass(frozen=True)
class Certificate:
    """What a decision's document says; `dossier`, `rules`, `packs` and `not_judged` are exactly as signed."""

    number: str
    question: str
    outcome: str
    dossier: dict[str, Any]
    rules: list[dict[str, Any]]
    packs: list[dict[str, Any]]
    not_judged: list[dict[str, Any]]
    meaning: str
    signer: str
    role: str
    organisation: str
    signed_at: datetime
    dossier_digest: str
    signature_digest: str
    register_entry: str
    is_fictional: bool
    checkpoint: list[tuple[str, str]]  # where the ledger stood: label and value


def render_certificate(certificate: Certificate) -> bytes:
    """The PDF's bytes (PDF/A-2b requested). The same decision gives the same bytes."""
    template = resources.files(__package__).joinpath("certificate.typ").read_bytes()
    moment = int(certificate.signed_at.timestamp())
    return bytes(typst.compile(template, sys_inputs={"data": json.dumps(facts(certificate))}, pdf_standards=["a-2b"], timestamp=moment))


def facts(certificate: Certificate) -> dict[str, Any]:
    """The facts that the template prints: everything from the dossier as signed."""
    dossier = certificate.dossier
    batch, product = dossier["batch"], dossier.get("product") or {}
    registration = dossier.get("registration") or {}
    content = registration.get("content_at_decision") or {}
    return {
        "title": TITLES[certificate.question],
        "outcome": OUTCOMES[certificate.outcome],
        "number": certificate.number,
        "fictional": certificate.is_fictional,
        "facts": [
            ["Product", f"{product.get('name') or '—'} ({product.get('number') or '—'})"],
            ["Dosage form and container", f"{product.get('dosage_form') or '—'}; {batch.get('container') or '—'}"],
            ["Route of administration", product.get("administration_route") or "—"],
            ["Application", f"{registration.get('kind') or '—'} {registration.get('number') or '—'}, version {content.get('version') or '—'}"],
            ["Batch number", batch["number"]],
            ["Patient (pseudonym) and identity", f"{batch.get('patient') or '—'}; {batch.get('identity') or '—'}"],
            ["Process", f"{batch.get('process') or '—'} version {batch.get('process_version') or '—'}"],
            ["Date of manufacture", _day(batch.get("manufactured_on"))],
            ["Expiry date", _day(batch.get("expires_on"))],
            ["Storage condition", batch.get("storage_condition") or "—"],
            ["Specification", _specification(dossier)],
            ["Product specification file", _file(dossier)],
            *([["Register entry", certificate.register_entry]] if certificate.register_entry else []),
        ],
        "sites": [_site(use) for use in dossier["supply_chain"]],
        "results": [_test(test) for test in (dossier.get("specification") or {}).get("tests", [])],
        "deviations": [f"{d['number']}: {d.get('title') or ''} ({d.get('classification') or 'not classified'})" for d in dossier["deviations"]],
        "rules": [[r["id"], r["title"], r["answer"]] for r in certificate.rules],
        "overrides": [_override(r) for r in certificate.rules if r.get("overridden")],
        "packs": [f"{p['id']} {p['version']}, SHA-256 {p['sha256'][:16]}…" for p in certificate.packs],
        "not_judged": [f"{n['what']}: {n['why']}" for n in certificate.not_judged],
        "statement": certificate.meaning,
        "signature": [
            ["Signed by", certificate.signer],
            ["As", f"{certificate.role}, {certificate.organisation}"],
            ["At", f"{certificate.signed_at.astimezone(UTC):%-d %b %Y %H:%M:%S} UTC"],
            ["Digest of what was signed", certificate.signature_digest],
            ["Digest of the dossier", certificate.dossier_digest],
        ],
        "ledger": [list(pair) for pair in certificate.checkpoint],
    }


def _day(text: str | None) -> str:
    return f"{datetime.fromisoformat(text):%-d %b %Y}" if text else "—"


def _specification(dossier: dict[str, Any]) -> str:
    specification = dossier.get("specification")
    return f"{specification['number']} version {specification['version']}" if specification else "—"


def _file(dossier: dict[str, Any]) -> str:
    file = dossier.get("product_specification_file")
    return f"{file['record']['number']} version {file['version']}" if file else "—"


def _site(use: dict[str, Any]) -> list[str]:
    permissions = "; ".join(f"{a['kind']} {a['number']}" for a in use["authorisations"]) or "none recorded"
    return [f"{use['name']} ({use['country']})", (use["activity"] or "").replace("_", " "), permissions]


def _test(test: dict[str, Any]) -> list[str]:
    results = "; ".join(f"{r['reported']} {r['unit'] or ''}".strip() + f" ({r['test_run']})" for r in test["results"] if r["status"] == "approved")
    return [test["name"] or test["attribute"], (test.get("criterion") or {}).get("as_registered") or "—", results or "no approved result"]


def _override(rule: dict[str, Any]) -> str:
    given = rule["overridden"]
    return f"{rule['id']} ({rule['answer']}): {given['reason']} — {given['by']}, with {given['second']}"
