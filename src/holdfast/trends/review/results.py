"""Results of the period with their trends, and what failed its specification with its investigation."""

from __future__ import annotations

from holdfast.programme.models import Product
from holdfast.quality.models import OutOfSpecification

from ..limits import standings
from ..product_trends import AttributeTrend
from .section import Link, Listing, MadeBatch, Period, Section, tally, words


def results_section(trends: tuple[AttributeTrend, ...], made: tuple[MadeBatch, ...], period: Period) -> Section:
    """Each attribute: results of the period, signals in it, and capability over all batches; or why there is no chart."""
    rows = tuple(_row(trend, made, period) for trend in trends)
    signals = tuple(
        (Link(one.result.batch, one.result.lot, "batch"), trend.attribute.name, "moving range" if one.rule == "MR" else f"rule {one.rule}", one.meaning)
        for trend in trends
        for one in trend.fired
        if period.holds(one.result.made_on)
    )
    return Section(
        "In-process controls and results of the finished product",
        ("EudraLex Volume 4, 1.10 (ii)", "FDA process validation guidance (2011), stage 3"),
        (("Attributes", str(len(rows))), ("Signals in the period", str(len(signals)))),
        (
            Listing("Attributes", ("Attribute", "Batches with a result", "Batches without one", "Signals", "Capability, longest stream, all batches"), rows),
            Listing("Signals of control charts", ("Batch", "Attribute", "Rule", "Meaning"), signals, "No rule fired in a chart that there is."),
        ),
        ("Which tests are in-process controls is told by the stage of their sample. Trends of process values are not drawn here.",),
    )


def _row(trend: AttributeTrend, made: tuple[MadeBatch, ...], period: Period) -> tuple[str | Link, ...]:
    tested = {row.lot for row in trend.results if period.holds(row.made_on) and row.status != "invalidated"}
    signals = str(sum(period.holds(one.result.made_on) for one in trend.fired)) if trend.is_judged else "not charted"
    missing = [batch.number for batch in made if batch.key not in tested]
    said = f"{len(missing)}: {', '.join(missing[:6])}{' and more' if len(missing) > 6 else ''}" if missing else "0"
    return Link(trend.attribute.name, trend.attribute.pk, "attribute"), str(len(tested & {batch.key for batch in made})), said, signals, _capable(trend)


def _capable(trend: AttributeTrend) -> str:
    if not trend.streams:
        return "no result"
    longest = trend.streams[0]
    if longest.charted.chart is None:
        return longest.charted.refused
    told: dict[str, list[str]] = {}
    for one in longest.capable:
        told.setdefault(one.says, []).append(one.limit.region)
    return "; ".join(f"{' and '.join(regions)}: {says}" for says, regions in told.items()) or "no numeric limit is registered"


def failures_section(product: Product, trends: tuple[AttributeTrend, ...], made: tuple[MadeBatch, ...], period: Period) -> Section:
    """Results that do not meet a registered limit of their day, and every investigation of an out-of-specification result of these batches. One query."""
    failing = tuple(
        (Link(row.batch, row.lot, "batch"), trend.attribute.name, f"{row.reported} {row.unit}".strip(), name, why, Link(row.run_number, row.run))
        for trend in trends
        for row in trend.results
        if period.holds(row.made_on) and row.status != "invalidated"
        for name, (answer, why) in standings(row, trend.every_limit).items()
        if answer == "does_not_conform"
    )
    investigated = OutOfSpecification.objects.filter(lot__in=[batch.key for batch in made], record__voided_at__isnull=True)
    found = list(investigated.select_related("record", "lot__record", "attribute").order_by("record__number"))
    rows = tuple(
        (Link(one.record.number, one.pk), Link(one.lot.record.number, one.lot_id, "batch"), one.attribute.name, words(one.state),
         one.assignable_cause or "none recorded", f"{one.quality_approved_on:%-d %b %Y}" if one.quality_approved_on else "not approved")
        for one in found
    )  # fmt: skip
    known = {(one.lot_id, one.attribute.name) for one in found}
    silent = sorted({(line[0].text, str(line[1])) for line in failing if isinstance(line[0], Link) and (line[0].key, line[1]) not in known})
    return Section(
        "Batches that failed a specification, and their investigation",
        ("21 CFR 211.180(e)(2), 211.192", "EudraLex Volume 4, 1.10 (iii)"),
        (("Results that do not meet a limit", str(len(failing))), ("Investigations", str(len(found))), *tally("State", (words(one.state) for one in found))),
        (
            Listing("Results that do not meet the limit of their day", ("Batch", "Attribute", "Reported", "Application", "Why", "Test run"), failing),
            Listing("Investigations", ("Number", "Batch", "Attribute", "State", "Assignable cause", "Approved by quality"), rows),
        ),
        tuple(f"{batch}, {attribute}: no investigation is recorded." for batch, attribute in silent),
    )
