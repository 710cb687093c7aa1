"""What a decision relies on, site by site: what each did for the batch, and the evidence that it may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from holdfast.batch.models import SiteActivity
from holdfast.programme.models import Audit, QPDeclarationSite, QualityAgreement, SiteAuthorisation

from .dossiers.rows import EEA
from .dossiers.site_part import MADE_AS


@dataclass
class Reliance:
    """One site with what it did and what speaks for it, the latest first. Lists hold what the open identity sees: an empty one may only be hidden."""

    site: Any
    activities: list[str] = field(default_factory=list)
    authorisations: list[Any] = field(default_factory=list)
    audits: list[Any] = field(default_factory=list)
    declarations: list[Any] = field(default_factory=list)
    agreements: list[Any] = field(default_factory=list)

    @property
    def in_eea(self) -> bool:
        return self.site.country in EEA

    @property
    def last_audit(self) -> Any | None:
        return self.audits[0] if self.audits else None


def relied_on(lot: Any, ancestors: Iterable[Any], on: date) -> list[Reliance]:
    """The sites of a lot, and the makers of the vector, plasmids and starting material in it, in a constant number of queries."""
    found: dict[int, Reliance] = {}
    for row in SiteActivity.objects.filter(lot=lot, voided_at__isnull=True).select_related("site__organisation").order_by("pk"):
        _note(found, row.site, row.activity)
    for ancestor in ancestors:
        if ancestor.made_at is not None and ancestor.lot_kind in MADE_AS:
            _note(found, ancestor.made_at, MADE_AS[ancestor.lot_kind])
    standing = {"site__in": list(found), "record__voided_at__isnull": True}
    kept: dict[str, QuerySet[Any]] = {
        "authorisations": SiteAuthorisation.objects.filter(**standing).order_by("-valid_from"),
        "audits": Audit.objects.filter(**standing).order_by("-audited_on"),
        "agreements": QualityAgreement.objects.filter(**standing).order_by("-valid_from"),
    }
    for name, rows in kept.items():
        for record in rows.select_related("record"):
            getattr(found[record.site_id], name).append(record)
    for row in _declarations(lot, list(found), on):
        found[row.site_id].declarations.append(row.declaration)
    return list(found.values())


def _note(found: dict[int, Reliance], site: Any, activity: str) -> None:
    reliance = found.setdefault(site.pk, Reliance(site))
    if activity not in reliance.activities:
        reliance.activities.append(activity)


def _declarations(lot: Any, sites: list[int], on: date) -> Iterable[Any]:
    rows = QPDeclarationSite.objects.filter(site__in=sites, voided_at__isnull=True, declaration__record__voided_at__isnull=True)
    rows = rows.filter(declaration__registration__product=lot.product_id, declaration__valid_from__lte=on)
    return rows.select_related("declaration__record", "declaration__qualified_person").order_by("-declaration__signed_on")
