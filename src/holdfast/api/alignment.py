"""What is registered where, and what names mean: differences between registrations, the pharmacopoeia, the dictionary of attributes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from holdfast.batch.pooling import pools_of_attribute
from holdfast.kernel.clock import today
from holdfast.ledger.changes import change_set
from holdfast.people.models import Organisation, Person
from holdfast.people.signing import actor_of
from holdfast.programme.actions.class_difference import WhichDifference, class_difference
from holdfast.programme.actions.name_attributes import remember_name
from holdfast.programme.models import Attribute, Product
from holdfast.programme.queries.alignment import ClassedDifference, Pair, alignment_of
from holdfast.programme.queries.compendial import compendial_standing

from .access import found, need_whole, person, programme_of
from .paging import page_in
from .routes import reads, writes
from .schema.alignment import AlignmentShown, ClassKept, NameKept, NewClass, NewName, PoolsShown, StandingShown
from .schema.base import Given, Key, Page, Paging
from .schema.batch import OnDay

router = Router()


def product_of(key: int) -> Any:
    """A standing product, of a programme that the person sees the whole of: a hidden registration would look like agreement."""
    product = found(Product.objects.select_related("record", "programme"), pk=key, record__voided_at__isnull=True)
    need_whole(product.programme.number)
    return product


@router.get("/products/{key}/alignment", response=reads(AlignmentShown))
def show_alignment(request: HttpRequest, key: Path[Key], asked: Query[OnDay]) -> Any:
    """Where the US and the EU registrations of a product differ, and why; what nobody can tell. For who sees the whole programme."""
    matrix = alignment_of(product_of(key), asked.on or today())
    return {"product": matrix.product, "on": matrix.on, "pairs": [_pair(pair) for pair in matrix.pairs]}


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "left": _side(pair.left), "right": _side(pair.right), "differences": [_difference(one) for one in pair.differences],
        "cannot_tell": [{"subject": gap.subject, "name": gap.name, "aspect": gap.aspect, "reason": gap.reason} for gap in pair.cannot_tell],
        "changes": [{"side": change.side, "says": change.says} for change in pair.changes],
    }  # fmt: skip


def _side(side: Any) -> dict[str, str]:
    return {"name": side.name, "region": side.region, "specification": side.specification}


def _difference(one: ClassedDifference) -> dict[str, Any]:
    seen = one.difference
    return {
        "subject": seen.subject, "name": seen.name, "aspect": seen.aspect, "left": seen.left, "right": seen.right,
        "difference_class": one.difference_class, "owner": one.owner, "decision": one.decision, "rationale": one.rationale,
        "decided_on": one.decided_on, "outdated": one.outdated,
    }  # fmt: skip


@router.get("/products/{key}/compendial", response=reads(Page[StandingShown]))
def list_standings(request: HttpRequest, key: Path[Key], asked: Query[Paging]) -> Any:
    """How each registered procedure stands to the pharmacopoeia of its region today. For who sees the whole programme."""
    return page_in(compendial_standing(product_of(key), today()), asked, lambda row: row)


@router.post("/products/{key}/differences", response=writes(ClassKept, 201))
def explain_difference(request: HttpRequest, key: Path[Key], given: NewClass) -> Any:
    """Say why a difference between two registrations is there, who owns it, and what becomes of it."""
    product, owner = product_of(key), found(Person.objects.all(), pk=given.owner)
    which = WhichDifference(given.left, given.right, given.subject, given.aspect)
    seen = (given.seen_left, given.seen_right) if given.seen_left is not None and given.seen_right is not None else None
    with change_set(actor_of(person(request)), action="class difference", reason=given.rationale, programme=product.programme) as opened:
        kept = class_difference(
            opened, product, which, difference_class=given.difference_class, owner=owner, rationale=given.rationale, decision=given.decision, seen=seen
        )
    return Status(201, {"id": kept.pk, **{name: getattr(kept, name) for name in ClassKept.model_fields if name != "id"}})


@router.post("/programmes/{number}/attribute-names", response=writes(NameKept, 201))
def match_name(request: HttpRequest, number: Path[Given], given: NewName) -> Any:
    """Say once which entry of the dictionary a name means: the next import knows."""
    programme = programme_of(number)
    need_whole(programme.number)
    organisation = found(Organisation.objects.all(), pk=given.organisation) if given.organisation else None
    with change_set(actor_of(person(request)), action="match attribute", reason=given.reason, programme=programme) as opened:
        done = remember_name(opened, given.name, given.entry, organisation=organisation, unit=given.unit)
    return Status(201, {"id": done.name.pk, "attributes": [attribute.code for attribute in done.attributes]})


@router.get("/attributes/{key}/pools", response=reads(PoolsShown))
def show_pools(request: HttpRequest, key: Path[Key]) -> Any:
    """Which results of an attribute may stand in one statistic, and why others may not. For who sees the whole programme."""
    attribute = found(Attribute.objects.select_related("programme"), pk=key, voided_at__isnull=True)
    need_whole(attribute.programme.number)
    sorted_ = pools_of_attribute(attribute)
    return {"pools": [{"results": list(pool.results), "factors": list(pool.factors)} for pool in sorted_.pools], "apart": list(sorted_.apart)}
