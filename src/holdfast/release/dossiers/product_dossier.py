"""The dossier of a product, for questions that are of the programme and of no batch: its phase, and how mature its CMC is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from holdfast.dossier.schema import DecisionContext, Dossier, Scope
from holdfast.kernel.clock import now
from holdfast.ledger.access import Viewer, viewing
from holdfast.people.policy import holding
from holdfast.programme.models import Attribute, DevelopmentPhase, Product, Registration
from holdfast.programme.models.product import Phase
from holdfast.programme.queries.alignment import sides_of
from holdfast.quality.models import CompletenessStatement
from holdfast.standards.alignment.sides import Side
from holdfast.standards.completeness import list_counts

from .build import EVALUATOR
from .development_part import development_part
from .other_parts import product_part, stated_part
from .rows import current, reference, standing

PIVOTAL = {Phase.PHASE_2, Phase.PHASE_3}


@dataclass(frozen=True)
class ProductDossier:
    """A product's dossier in one region, and what it was read from: the phase on the day, and the registration (None: none, or several)."""

    dossier: Dossier
    phase: str | None
    registration: str | None
    specification: str
    candidates: tuple[str, ...]  # registrations that have a specification in force


def build_product_dossier(product: Product, region: str, on: date, question: str = "phase", next_milestone: str | None = None) -> ProductDossier:
    """What records say of a product in one region on a day, read as the evaluator, so that what a viewer may not see never becomes a pass."""
    with viewing(Viewer.evaluator(product.programme_id)):
        phases = list(standing(DevelopmentPhase, product=product))
        phase = current([row for row in phases if row.region in {"", region}], on)
        registered = [side for side in sides_of(product, on) if side.region == region and side.specification]
        side = registered[0] if len(registered) == 1 else None
        dossier = Dossier(
            decision=DecisionContext(question=question, region=region, phase=phase.phase if phase else None, route=phase.route if phase else None, date=on),
            scope=Scope(programme=product.programme.number, evaluator=EVALUATOR, built_at=now()),
            product=product_part(product).model_copy(update=_history(phases, on)),
            development=_development(product, side, next_milestone) if side else None,
            statements=[stated_part(row) for row in _statements(product)],
        )
    counted = dossier.model_copy(update={"scope": dossier.scope.model_copy(update={"counts": list_counts(dossier)})})
    return ProductDossier(
        counted, phase.phase if phase else None, side.name if side else None, side.specification if side else "", tuple(one.name for one in registered)
    )


def _history(phases: list[Any], on: date) -> dict[str, bool | None]:
    """What the drug was used for up to a day. A phase that is not recorded is no proof that there was none."""
    begun = {row.phase for row in phases if row.valid_from is not None and row.valid_from <= on}
    return {"made_available_for_phase2_or_3": True if begun & PIVOTAL else None, "lawfully_marketed": True if Phase.COMMERCIAL in begun else None}


def _development(product: Product, side: Side, next_milestone: str | None) -> Any:
    registration = Registration.objects.select_related("record").get(product=product, record__number=side.name, record__voided_at__isnull=True)
    categories = dict(Attribute.objects.filter(programme=product.programme_id, voided_at__isnull=True, code__in=side.tests).values_list("code", "category"))
    return development_part(reference(registration), side, categories, next_milestone)


def _statements(product: Product) -> Any:
    """Statements about lists of the whole programme: none of a site's or a lot's."""
    return standing(CompletenessStatement, "party", "site", "stated_by", programme_id=product.programme_id, lot__isnull=True, site__isnull=True)


def phases_on(product: Product, on: date) -> dict[str, str]:
    """The phase of a product by region on a day, for who sees its phases; a region without one is not there."""
    rows = list(DevelopmentPhase.objects.filter(holding(on), product=product))
    found = {region: current([row for row in rows if row.region in {"", region}], on) for region in ("US", "EU")}
    return {region: row.phase for region, row in found.items() if row is not None}


__all__ = ["ProductDossier", "build_product_dossier", "phases_on"]
