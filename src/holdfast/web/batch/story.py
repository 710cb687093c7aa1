"""Everything that happened to a batch, in order: made, moved, tested, gone wrong, stated, decided. And its family as a figure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from holdfast.batch.genealogy import Family
from holdfast.batch.queries import Event, timeline_of
from holdfast.figures.figure import Figure
from holdfast.figures.genealogy import Lot, genealogy
from holdfast.quality.queries import events_of


def story_of(lot: Any, decisions: Iterable[Any]) -> list[Event]:
    """One timeline over all contexts, as far as the viewer sees it."""
    decided = [
        Event(
            decision.decided_at,
            f"{decision.get_question_display()}: {decision.get_outcome_display()}",
            decision.signer.printed_name,
            record=decision.pk,
            icon="stamp",
            tone="done",
        )
        for decision in decisions
    ]
    return sorted([*timeline_of(lot), *events_of(lot), *decided], key=lambda event: event.sort_key)


def family_figure(family: Family, fold_address: str) -> Figure | None:
    """The genealogy of a lot, each box leading to its batch or record."""
    lots = tuple(
        Lot(
            key=row.pk,
            number=row.record.number,
            kind=row.get_lot_kind_display(),
            what=(row.material or row.product).record.title if row.material or row.product else "",
            level=level,
            address=reverse("batch" if row.lot_kind == "drug_product" else "record", args=[row.pk]) if level else "",
        )
        for row, level in family.lots
    )
    return genealogy("genealogy", lots, tuple(family.uses), fold_address)
