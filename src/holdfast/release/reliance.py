"""What a decision relies on, site by site: what each did for the batch, and the evidence that it may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from holdfast.batch.models import Lot, SiteActivity
from holdfast.ledger.models import Programme
from holdfast.people.models import Site
from holdfast.programme.models import Audit, QPDeclarationSite, SiteAuthorisation

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

    @property
    def in_eea(self) -> bool:
        return self.site.country in EEA

    @property
    def last_audit(self) -> Any | None:
        return self.audits[0] if self.audits else None

    def out_of_date(self, on: date) -> list[str]:
        """What has run out by a day and nothing newer stands in its place. What is not recorded, or hidden, is not out of date: it is unknown."""
        found = []
        for kind in dict.fromkeys(row.get_authorisation_kind_display() for row in self.authorisations):
            rows = [row for row in self.authorisations if row.get_authorisation_kind_display() == kind]
            if all(_is_past(row, on) for row in rows):
                found.append(f"{kind} ended {max(row.valid_until for row in rows):%-d %b %Y}")
        if self.last_audit and _is_past(self.last_audit, on):
            found.append(f"audit due since {self.last_audit.valid_until:%-d %b %Y}")
        if self.declarations and all(_is_past(row, on) for row in self.declarations):
            found.append(f"QP declaration ended {max(row.valid_until for row in self.declarations):%-d %b %Y}")
        return found


def relied_on(lot: Any, ancestors: Iterable[Any], on: date) -> list[Reliance]:
    """The sites of a lot, and the makers of the vector, plasmids and starting material in it, in a constant number of queries."""
    found: dict[int, Reliance] = {}
    for row in SiteActivity.objects.filter(lot=lot, voided_at__isnull=True).select_related("site__organisation").order_by("pk"):
        _note(found, row.site, row.activity)
    for ancestor in ancestors:
        if ancestor.made_at is not None and ancestor.lot_kind in MADE_AS:
            _note(found, ancestor.made_at, MADE_AS[ancestor.lot_kind])
    return _with_evidence(found, lot.programme, on)


def sites_of(programme: Programme, on: date) -> list[Reliance]:
    """Every site that worked on any lot of a programme, with the same evidence, in a constant number of queries."""
    found: dict[int, Reliance] = {}
    done = SiteActivity.objects.filter(programme=programme, voided_at__isnull=True).values_list("site_id", "activity").distinct()
    made = Lot.objects.filter(programme=programme, lot_kind__in=MADE_AS, made_at__isnull=False, record__voided_at__isnull=True)
    pairs = [*sorted(done), *sorted((site, MADE_AS[kind]) for site, kind in made.values_list("made_at_id", "lot_kind").distinct())]
    sites = Site.objects.select_related("organisation").in_bulk({site for site, _ in pairs})
    for site, activity in pairs:
        _note(found, sites[site], activity)
    return _with_evidence(found, programme, on)


def _with_evidence(found: dict[int, Reliance], programme: Programme, on: date) -> list[Reliance]:
    standing = Q(site__in=list(found), record__voided_at__isnull=True)
    for permit in SiteAuthorisation.objects.filter(standing).select_related("record").order_by("-valid_from"):
        found[permit.site_id].authorisations.append(permit)
    for audit in Audit.objects.filter(standing).select_related("record").order_by("-audited_on"):
        found[audit.site_id].audits.append(audit)
    for row in _declarations(programme, list(found), on):
        found[row.site_id].declarations.append(row.declaration)
    return list(found.values())


def _is_past(row: Any, on: date) -> bool:
    return row.valid_until is not None and row.valid_until < on


def _note(found: dict[int, Reliance], site: Any, activity: str) -> None:
    reliance = found.setdefault(site.pk, Reliance(site))
    if activity not in reliance.activities:
        reliance.activities.append(activity)


def _declarations(programme: Programme, sites: list[int], on: date) -> Iterable[Any]:
    rows = QPDeclarationSite.objects.filter(site__in=sites, voided_at__isnull=True, declaration__record__voided_at__isnull=True)
    rows = rows.filter(programme=programme, declaration__valid_from__lte=on)
    return rows.select_related("declaration__record", "declaration__qualified_person").order_by("-declaration__signed_on")
