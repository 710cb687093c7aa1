"""Stability, commitments, qualification and agreements; and complaints, which Holdfast does not hold."""

from __future__ import annotations

from collections import Counter

from holdfast.batch.models import SiteActivity
from holdfast.kernel.clock import today
from holdfast.ledger.models import Valid
from holdfast.programme.models import AsepticSimulation, Product, QualityAgreement, RegisteredStability, ShelfLife
from holdfast.study.queries import pulls_on

from .section import Link, Listing, MadeBatch, Period, Section, day, tally, words


def stability_section(product: Product, period: Period) -> Section:
    """Pulls that fell due in the period, by how they stand, and the shelf lives that studies support. Two queries."""
    found = [(seen.pull, seen.state) for seen in pulls_on(today()) if seen.pull.study.product_id == product.pk and period.holds(seen.pull.due_on)]
    rows = tuple(
        (Link(one.study.record.number, one.study_id), Link(one.lot.record.number, one.lot_id), one.condition, str(one.months), day(one.due_on), state)
        for one, state in found
    )
    lives = ShelfLife.objects.filter(product=product, record__voided_at__isnull=True).select_related("record").order_by("record__number")
    lasting = tuple(
        (Link(one.record.number, one.pk), one.study or "not recorded", one.storage_condition or "not recorded",
         f"{one.months_supported} months" if one.months_supported else "not recorded", day(one.approved_on))
        for one in lives
    )  # fmt: skip
    return Section(
        "Stability programme and adverse trends",
        ("EudraLex Volume 4, 1.10 (vii)",),
        (("Pulls due in the period", str(len(rows))), *tally("Pulls", (state for _, state in found))),
        (
            Listing("Pulls due in the period", ("Study", "Lot", "Condition", "Months", "Due", "State"), rows),
            Listing("Shelf lives", ("Number", "Study", "Storage", "Supported", "Approved"), lasting),
        ),
        ("Adverse trends are for the evaluation of each study: none is concluded here.",),
    )


def complaints_section() -> Section:
    """Not recorded, and said to be."""
    return Section(
        "Returns, complaints and recalls, and their investigation",
        ("21 CFR 211.180(e)(2)", "EudraLex Volume 4, 1.10 (viii)"),
        absent=(
            "Complaints, recalls, and returned or salvaged product are not recorded in Holdfast.",
            "This section cannot be drafted: that it is empty says nothing.",
        ),
    )


def commitments_section(product: Product, period: Period) -> Section:
    """Stability commitments that the applications in force at the end of the period register. One query."""
    rows = RegisteredStability.objects.filter(content__registration__product=product, voided_at__isnull=True, content__voided_at__isnull=True)
    held = [row for row in rows.select_related("content__registration__record").order_by("-content__registration__region", "pk") if _holds(row, period)]
    listed = tuple(
        (Link(one.content.registration.record.number, one.content.registration_id), one.content.registration.region, one.storage_condition,
         str(one.lots_per_year) if one.lots_per_year is not None else "not recorded", one.commitment or "not recorded")
        for one in held
    )  # fmt: skip
    return Section(
        "Post-marketing and other commitments",
        ("EudraLex Volume 4, 1.10 (x)",),
        (("Registered stability commitments", str(len(listed))),),
        (Listing("Stability commitments", ("Application", "Region", "Storage", "Lots a year", "Commitment"), listed),),
        ("Other commitments to authorities are not recorded in Holdfast.",),
    )


def _holds(row: RegisteredStability, period: Period) -> bool:
    return _state(row.content, period) == "in force"


def _state(valid: Valid, period: Period) -> str:
    """How something with a validity stands on the last day of the period; an end that nobody stated is not known."""
    if valid.valid_from is None or (valid.valid_until is None and not valid.until_stated):
        return "cannot tell: its days are not recorded"
    if valid.valid_from > period.last:
        return "not yet in force"
    return "in force" if valid.valid_until is None or valid.valid_until >= period.last else "ended"


def qualification_section(product: Product, period: Period) -> Section:
    """Aseptic process simulations of the period; equipment and utilities are not recorded. One query."""
    runs = AsepticSimulation.objects.filter(programme=product.programme_id, record__voided_at__isnull=True, performed_on__range=(period.first, period.last))
    rows = tuple(
        (Link(one.record.number, one.pk), one.site.name, day(one.performed_on), words(one.outcome))
        for one in runs.select_related("record", "site").order_by("performed_on", "pk")
    )
    return Section(
        "Qualification of equipment and utilities",
        ("EudraLex Volume 4, 1.10 (xi)",),
        (("Aseptic process simulations", str(len(rows))),),
        (Listing("Aseptic process simulations", ("Number", "Site", "Performed", "Outcome"), rows),),
        ("Qualification of equipment, HVAC, water and gases is not recorded in Holdfast.",),
    )


def agreements_section(product: Product, made: tuple[MadeBatch, ...], period: Period) -> Section:
    """What each site did for the batches of the period, with the agreement that covers it at the end of the period; or that there is none. Two queries."""
    activities = SiteActivity.objects.filter(lot__in=[batch.key for batch in made], voided_at__isnull=True)
    done = Counter((site, name, activity) for site, name, activity in activities.values_list("site_id", "site__name", "activity"))
    agreements = QualityAgreement.objects.filter(programme=product.programme_id, record__voided_at__isnull=True)
    held: dict[tuple[int, str], QualityAgreement] = {}
    for one in agreements.select_related("record").order_by("valid_from", "pk"):
        before = held.get((one.site_id, one.activity))
        if before is None or _state(before, period) != "in force":
            held[one.site_id, one.activity] = one
    rows = tuple(_covered(name, activity, number, held.get((site, activity)), period) for (site, name, activity), number in sorted(done.items(), key=str))
    without = sum(1 for row in rows if row[4] != "in force")
    return Section(
        "Agreements with those who make and test",
        ("EudraLex Volume 4, 1.10 (xii), chapter 7",),
        (("Activities of sites", str(len(rows))), ("Without an agreement in force at the end of the period", str(without))),
        (Listing("Activities and the agreement that covers each", ("Site", "Activity", "Batches", "Agreement", "State", "Until"), rows),),
    )


def _covered(name: str, activity: str, batches: int, found: QualityAgreement | None, period: Period) -> tuple[str | Link, ...]:
    if found is None:
        return name, words(activity), str(batches), "none recorded", "none recorded", ""
    until = "open-ended" if found.valid_until is None and found.until_stated else day(found.valid_until)
    return name, words(activity), str(batches), Link(found.record.number, found.pk), _state(found, period), until
