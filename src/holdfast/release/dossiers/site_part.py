"""The supply chain of a dossier: which site did what, with the evidence that it may."""

from __future__ import annotations

from datetime import date
from typing import Any

from holdfast.dossier.schema import site as schema

from .gather import Gathered
from .rows import EEA, number_of, reference, text, validity

#: what making a lot of a kind is called on an application
MADE_AS = {"vector": "vector_manufacture", "plasmid": "plasmid_manufacture", "apheresis": "collection", "drug_substance": "drug_substance_manufacture"}


def supply_chain_part(found: Gathered, lot: Any, registration: Any, content: Any) -> list[schema.SiteUse]:
    """Each site with each activity once: those recorded for the lot, and the makers of the vector, plasmids and starting material in it."""
    uses: dict[tuple[int, str], tuple[Any, date | None]] = {}
    for row in found.by_lot["activities"].get(lot.pk, []):
        _note(uses, row.site, row.activity, row.performed_on)
    for ancestor in found.ancestors.get(lot.pk, []):
        made = found.lots.get(ancestor.lot)
        if made is not None and made.made_at is not None and made.lot_kind in MADE_AS:
            _note(uses, made.made_at, MADE_AS[made.lot_kind], made.manufactured_on)
    registered = {(row.site_id, row.activity) for row in found.by_content["sites"].get(content.pk, [])} if content else None
    declarations = found.by_registration["declarations"].get(registration.pk, []) if registration else []
    return [_use(found, site, activity, day, registered, declarations) for (_, activity), (site, day) in sorted(uses.items(), key=lambda item: item[0])]


def _note(uses: dict[tuple[int, str], tuple[Any, date | None]], site: Any, activity: str, day: date | None) -> None:
    known = uses.get((site.pk, activity))
    latest = max((d for d in (day, known[1] if known else None) if d is not None), default=None)
    uses[(site.pk, activity)] = (site, latest)


def _use(found: Gathered, site: Any, activity: str, day: date | None, registered: set[tuple[int, str]] | None, declarations: list[Any]) -> schema.SiteUse:
    by_site = found.by_site
    return schema.SiteUse(
        site=site.number,
        name=site.name,
        organisation=site.organisation.number,
        country=site.country,
        in_eea=site.country in EEA,
        is_sponsor_site=site.organisation.kind == "sponsor",
        activity=activity,
        performed_on=day,
        registered=None if registered is None else (site.pk, activity) in registered,
        authorisations=found.once("authorisations", site.pk, lambda: [_authorisation(row) for row in by_site["authorisations"].get(site.pk, [])]),
        audits=found.once("audits", site.pk, lambda: [_audit(row) for row in by_site["audits"].get(site.pk, [])]),
        qp_declarations=[_declared(found, row) for row in declarations if row.site_id == site.pk],
        quality_agreements=found.once("agreements", site.pk, lambda: [_agreement(row) for row in by_site["agreements"].get(site.pk, [])]),
        aseptic_simulations=found.once("simulations", site.pk, lambda: [_simulation(row) for row in by_site["simulations"].get(site.pk, [])]),
    )


def _authorisation(row: Any) -> schema.Authorisation:
    return schema.Authorisation(
        record=reference(row), number=row.record.number, kind=row.authorisation_kind, role=text(row.role), issued_by=text(row.issued_by), scope=text(row.scope), validity=validity(row),  # noqa: E501
    )  # fmt: skip


def _audit(row: Any) -> schema.Audit:
    return schema.Audit(
        record=reference(row),
        number=row.record.number,
        audited_on=row.audited_on,
        audited_by=number_of(row.audited_by),
        report_available=row.report_available,
        accepted=row.accepted,
        open_critical_findings=row.open_critical_findings,
        open_major_findings=row.open_major_findings,
        valid_until=row.valid_until,
    )


def _declared(found: Gathered, row: Any) -> schema.QPDeclaration:
    return found.once("declaration", row.pk, lambda: _declaration(row))


def _declaration(row: Any) -> schema.QPDeclaration:
    declaration = row.declaration
    return schema.QPDeclaration(
        record=reference(declaration),
        number=declaration.record.number,
        qualified_person=number_of(declaration.qualified_person),
        basis=text(row.basis),
        audit=number_of(row.audit),
        signed_on=declaration.signed_on,
        validity=validity(declaration),
    )


def _agreement(row: Any) -> schema.QualityAgreement:
    return schema.QualityAgreement(record=reference(row), number=row.record.number, activity=row.activity, validity=validity(row))


def _simulation(row: Any) -> schema.AsepticSimulation:
    return schema.AsepticSimulation(record=reference(row), number=row.record.number, performed_on=row.performed_on, outcome=text(row.outcome))
