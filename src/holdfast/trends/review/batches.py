"""Batches of the period and what was decided of each: the US and the EU beside each other, never merged."""

from __future__ import annotations

from collections import defaultdict

from holdfast.batch.models import Lot, LotDestination, LotStatus
from holdfast.programme.models import Product
from holdfast.release.models import Decision, Outcome, Question

from .section import Link, Listing, MadeBatch, Period, Section, day, tally

REGION = {"us_disposition": "US", "eu_certification": "EU"}
UNDECIDED, NOT_BOUND = "not decided", "not bound for it"


def made_in(product: Product, period: Period) -> tuple[MadeBatch, ...]:
    """Batches of drug product whose manufacture ended in the period, in order. One query."""
    rows = Lot.objects.filter(
        product=product, lot_kind="drug_product", manufactured_on__gte=period.first, manufactured_on__lte=period.last, record__voided_at__isnull=True
    )
    values = rows.order_by("manufactured_on", "record__number").values_list("pk", "record__number", "manufactured_on", "made_at__name")
    return tuple(MadeBatch(key, number, made_on, maker or "not recorded") for key, number, made_on, maker in values if made_on)


def batches_section(product: Product, made: tuple[MadeBatch, ...]) -> Section:
    """Made, decided and rejected, each destination apart; and batches of which nobody knows when they were made."""
    keys = [batch.key for batch in made]
    decided, bound = _decided(keys), _bound(keys)
    outcomes = {batch.key: {question: _outcome(batch.key, question, decided, bound) for question in Question.values} for batch in made}
    rows = tuple((batch.link, day(batch.made_on), batch.maker, *outcomes[batch.key].values()) for batch in made)
    counts = [("Batches made", str(len(made)))]
    for question, label in Question.choices:
        counts += tally(str(label), (_text(outcomes[batch.key][question]) for batch in made))
    rejected = LotStatus.objects.filter(lot__in=keys, status="rejected", voided_at__isnull=True).values("lot").distinct().count()
    undated = Lot.objects.filter(product=product, lot_kind="drug_product", manufactured_on__isnull=True, record__voided_at__isnull=True).count()
    counts.append(("With an inventory status of rejected", str(rejected)))
    return Section(
        "Batches made, and what was decided",
        ("21 CFR 211.180(e)(1)",),
        tuple(counts),
        (Listing("Batches of the period", ("Batch", "Manufactured", "Made at", *(str(label) for _, label in Question.choices)), rows),),
        (f"{undated} batches without a recorded day of manufacture stand in no period.",) if undated else (),
    )


def _decided(keys: list[int]) -> dict[tuple[int, str], Link]:
    rows = Decision.objects.filter(lot__in=keys, record__voided_at__isnull=True).values_list("lot_id", "question", "outcome", "pk")
    return {(lot, question): Link(str(Outcome(outcome).label), key) for lot, question, outcome, key in rows}


def _bound(keys: list[int]) -> dict[int, set[str]]:
    bound: dict[int, set[str]] = defaultdict(set)
    for lot, region in LotDestination.objects.filter(lot__in=keys, voided_at__isnull=True).values_list("lot_id", "registration__region"):
        bound[lot].add(region)
    return bound


def _outcome(lot: int, question: str, decided: dict[tuple[int, str], Link], bound: dict[int, set[str]]) -> str | Link:
    found = decided.get((lot, question))
    if found is not None:
        return found
    return UNDECIDED if REGION.get(question, "EU") in bound[lot] else NOT_BOUND


def _text(cell: str | Link) -> str:
    return cell.text if isinstance(cell, Link) else cell
