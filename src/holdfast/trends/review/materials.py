"""Starting materials and packaging that went into the batches of the period, by supplier."""

from __future__ import annotations

from django.db.models import Count, Min

from holdfast.batch.models import LotUse

from .section import Link, Listing, MadeBatch, Period, Section, day


def materials_section(made: tuple[MadeBatch, ...], period: Period) -> Section:
    """Materials with the number of their lots, their supplier and its approval; which were not used before the period. Two queries."""
    keys = [batch.key for batch in made]
    used = LotUse.objects.filter(child__in=keys, voided_at__isnull=True, parent__material__isnull=False)
    columns = (
        "parent__material_id", "parent__material__record__number", "parent__material__record__title", "parent__material__supplier__name",
        "parent__material__supplier_approved_from", "parent__material__supplier_approved_until",
        "parent__material__supplier_approved_until_stated",
    )  # fmt: skip
    found = list(used.values_list(*columns).annotate(lots=Count("parent", distinct=True)).order_by("parent__material__record__number"))
    since = dict(
        LotUse.objects.filter(parent__material__in=[row[0] for row in found], voided_at__isnull=True)
        .values_list("parent__material_id")
        .annotate(first=Min("child__manufactured_on"))
        .order_by()
    )
    rows = tuple(
        (Link(number, key), title, supplier or "not recorded", f"{day(start)} to {day(end) if end or not stated else 'open-ended'}", str(lots),
         "yes" if period.holds(since.get(key)) else "no")
        for key, number, title, supplier, start, end, stated, lots in found
    )  # fmt: skip
    table = Listing("Materials used", ("Material", "What", "Supplier", "Supplier approved", "Lots used", "First used in the period"), rows)
    return Section(
        "Starting materials and packaging",
        ("EudraLex Volume 4, 1.10 (i)",),
        (("Materials used", str(len(rows))),),
        (table,),
        ("Traceability of active substances beyond the direct supplier is not recorded in Holdfast.",),
    )
