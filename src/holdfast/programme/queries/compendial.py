"""Compendial references of registered procedures in the region they are registered in: the region's own text, a counterpart, or a gap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from holdfast.people.policy import holding
from holdfast.programme.models import Product, RegisteredProcedure, RegistrationContent
from holdfast.standards.crosswalks.counterparts import Answer, find_compendial
from holdfast.standards.crosswalks.loading import compendia
from holdfast.standards.crosswalks.reference import CompendialReference, parse_references
from holdfast.standards.crosswalks.schema import OF_REGION

#: own: the text names the region's pharmacopoeia; counterpart: it names another's, which has one here; gap: which has none here;
#: unknown: the crosswalk does not hold it; unread: it cannot be read; none: the procedure names no compendial text
Standing = Literal["own", "counterpart", "gap", "unknown", "unread", "none"]


@dataclass(frozen=True)
class ProcedureStanding:
    """How one registered procedure version stands to the pharmacopoeia of its region, with the answers of the crosswalk behind it."""

    registration: str
    region: str
    procedure: str
    version: int
    title: str
    reference: str
    standing: Standing
    says: str
    answers: tuple[Answer, ...] = ()


def compendial_standing(product: Product, on: date) -> tuple[ProcedureStanding, ...]:
    """Every procedure registered for a product on a day, in each registration, in one query."""
    contents = RegistrationContent.objects.filter(holding(on), registration__product=product)
    rows = (
        RegisteredProcedure.objects.filter(content__in=contents, voided_at__isnull=True, procedure__record__voided_at__isnull=True)
        .select_related("content__registration__record", "procedure__record")
        .order_by("content__registration__record__number", "procedure__record__number", "procedure__record__version")
    )
    return tuple(_standing(row) for row in rows)


def _standing(row: RegisteredProcedure) -> ProcedureStanding:
    registration, procedure = row.content.registration, row.procedure
    standing, says, answers = stand(procedure.compendial_reference, registration.region)
    record = procedure.record
    return ProcedureStanding(
        registration.record.number, registration.region, record.number, record.version, record.title, procedure.compendial_reference, standing, says, answers
    )


def stand(text: str, region: str) -> tuple[Standing, str, tuple[Answer, ...]]:
    """How a procedure's compendial reference stands in a region, in a word and a sentence."""
    found, home = parse_references(text), OF_REGION[region]
    if found.unread:
        return "unread", f"{'; '.join(found.unread)} cannot be read as a compendial reference.", ()
    if not found.read:
        return "none", "The procedure names no compendial text.", ()
    own = [reference for reference in found.read if reference.pharmacopoeia == home]
    if own:
        return "own", f"Names {', '.join(map(str, own))}.", ()
    return _translated(found.read, region)


def _translated(references: tuple[CompendialReference, ...], region: str) -> tuple[Standing, str, tuple[Answer, ...]]:
    answers = tuple(find_compendial(compendia(), str(reference), region) for reference in references)
    says = " ".join(answer.sentence for answer in answers)
    if any(not one.is_gap for answer in answers for one in answer.counterparts):
        return "counterpart", says, answers
    return ("gap" if all(answer.is_known for answer in answers) else "unknown"), says, answers


__all__ = ["ProcedureStanding", "Standing", "compendial_standing", "stand"]
