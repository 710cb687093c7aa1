"""Deviations, changes and filings of the period."""

from __future__ import annotations

from django.db.models import Q

from holdfast.programme.models import Product, RegistrationContent
from holdfast.quality.models import Change, ChangeFiling, ChangeLot, CompletenessStatement, Deviation, DeviationLot

from .section import Link, Listing, MadeBatch, Period, Section, day, tally, words


def deviations_of_review(product: Product, made: tuple[MadeBatch, ...], period: Period) -> list[Deviation]:
    """Standing deviations that touch a batch of the period, or were found in it and touch any batch of the product or none. One query."""
    keys = [batch.key for batch in made]
    linked = DeviationLot.objects.filter(voided_at__isnull=True)
    found = Q(discovered_on__gte=period.first, discovered_on__lte=period.last)
    wanted = Q(pk__in=linked.filter(lot__in=keys).values("deviation")) | (
        found & (Q(pk__in=linked.filter(lot__product=product).values("deviation")) | ~Q(pk__in=linked.values("deviation")))
    )
    rows = Deviation.objects.filter(wanted, programme=product.programme_id, record__voided_at__isnull=True)
    return list(rows.select_related("record", "site").order_by("discovered_on", "record__number"))


def deviations_section(found: list[Deviation], made: tuple[MadeBatch, ...]) -> Section:
    """Investigation, impact and CAPA apart; and for how many batches the keeper of the list states that it is complete. One query."""
    rows = tuple(
        (Link(one.record.number, one.pk), one.record.title, words(one.classification), day(one.discovered_on), words(one.investigation_state),
         words(one.root_cause), words(one.impact_conclusion), words(one.capa_state))
        for one in found
    )  # fmt: skip
    stated = CompletenessStatement.objects.filter(lot__in=[batch.key for batch in made], list="deviations", record__voided_at__isnull=True)
    complete = stated.values("lot").distinct().count()
    return Section(
        "Deviations and non-conformances, and their corrective actions",
        ("21 CFR 211.180(e)(2), 211.192", "EudraLex Volume 4, 1.10 (iv)"),
        (("Deviations", str(len(rows))), *tally("Class", (words(one.classification) for one in found)),
         *tally("CAPA", (words(one.capa_state) for one in found)),
         ("Batches whose list is stated complete", f"{complete} of {len(made)}")),
        (Listing("Deviations", ("Number", "What", "Class", "Found on", "Investigation", "Root cause", "Impact", "CAPA"), rows),),
    )  # fmt: skip


def corrective_section(found: list[Deviation]) -> Section:
    """Corrective actions that are not yet shown to be effective."""
    open_ones = [one for one in found if one.capa_state in {"", "open", "implemented"}]
    rows = tuple((Link(one.record.number, one.pk), one.record.title, words(one.capa_state)) for one in open_ones)
    return Section(
        "Adequacy of earlier corrective actions",
        ("EudraLex Volume 4, 1.10 (ix)",),
        (("Not shown to be effective", str(len(rows))),),
        (Listing("Corrective actions not shown to be effective", ("Deviation", "What", "CAPA"), rows),),
        ("Corrective actions on processes and equipment outside deviations are not recorded in Holdfast.",),
    )


def changes_section(product: Product, made: tuple[MadeBatch, ...]) -> Section:
    """Changes that the batches of the period contain, with how many of them; the record holds no day of a change itself. Two queries."""
    batches: dict[int, list[str]] = {}
    numbers = {batch.key: batch.number for batch in made}
    for change, lot in ChangeLot.objects.filter(lot__in=list(numbers), voided_at__isnull=True).values_list("change_id", "lot_id").order_by("lot_id"):
        batches.setdefault(change, []).append(numbers[lot])
    every = list(Change.objects.filter(programme=product.programme_id, record__voided_at__isnull=True).select_related("record").order_by("record__number"))
    rows = tuple(
        (Link(one.record.number, one.pk), one.record.title, words(one.state), _answer(one.impact_evaluated), _answer(one.additional_tests_done),
         str(len(batches[one.pk])))
        for one in every
        if one.pk in batches
    )  # fmt: skip
    others = len(every) - len(rows)
    return Section(
        "Changes of process or analytical methods",
        ("EudraLex Volume 4, 1.10 (v)",),
        (("Changes in batches of the period", str(len(rows))), ("Other changes of the programme", str(others))),
        (Listing("Changes that batches of the period contain", ("Number", "What", "State", "Impact evaluated", "Further tests done", "Batches"), rows),),
        ("The day of a change is not recorded: those that no batch of the period contains are counted and not listed.",) if others else (),
    )


def filings_section(product: Product, period: Period) -> Section:
    """Filings of changes by region, and versions of applications that began in the period. Two queries."""
    filings = ChangeFiling.objects.filter(change__programme=product.programme_id, voided_at__isnull=True, change__record__voided_at__isnull=True)
    filed = tuple(
        (Link(one.change.record.number, one.change_id), one.region, one.filing_class or "not recorded", words(one.filing_state), day(one.permitted_from))
        for one in filings.select_related("change__record").order_by("change__record__number", "-region")
    )
    contents = RegistrationContent.objects.filter(registration__product=product, voided_at__isnull=True, valid_from__range=(period.first, period.last))
    versions = tuple(
        (Link(one.registration.record.number, one.registration_id), one.registration.region, str(one.version), day(one.valid_from))
        for one in contents.select_related("registration__record").order_by("-registration__region", "valid_from", "pk")
    )
    return Section(
        "Variations and amendments submitted, granted or refused",
        ("EudraLex Volume 4, 1.10 (vi)",),
        (("Filings of changes", str(len(filed))), ("Versions of applications that began in the period", str(len(versions)))),
        (
            Listing("Filings of changes, each region apart, whatever their day", ("Change", "Region", "Class", "State", "Permitted from"), filed),
            Listing("Versions of applications", ("Application", "Region", "Version", "From"), versions),
        ),
        ("Applications in other countries, and for export only, are not recorded in Holdfast.",),
    )


def _answer(value: bool | None) -> str:
    return "not recorded" if value is None else "yes" if value else "no"
