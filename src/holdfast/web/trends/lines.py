"""Trends as rows of a page: what fired where, what a stream is capable of, and every result with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from holdfast.figures.figure import Figure
from holdfast.trends.capable import Capable
from holdfast.trends.limits import standings
from holdfast.trends.product_trends import AttributeTrend, Monitored
from holdfast.trends.reported import ReportedResult

from .drawn import spark_of

CONFORMITY = {"conforms": "met", "does_not_conform": "not met", "cannot_tell": "cannot tell"}
NAMED = 3  # signals named in a row of the list; the attribute's own page has all


@dataclass(frozen=True)
class Signal:
    """A rule that fired: its number, its meaning, and the batch with its page."""

    rule: str
    meaning: str
    batch: str
    address: str


@dataclass(frozen=True)
class Index:
    """Capability against one application's limit: the sentence, or the reason for none."""

    limit: str
    says: str
    is_reason: bool


@dataclass(frozen=True)
class Line:
    """One attribute of the list."""

    trend: AttributeTrend
    spark: Figure | None
    signals: tuple[Signal, ...]
    more: int
    charted: int
    reason: str
    capable: tuple[Index, ...]

    @property
    def streams(self) -> int:
        return len(self.trend.streams)

    @property
    def longest(self) -> Monitored | None:
        return self.trend.streams[0] if self.trend.streams else None


def line_of(trend: AttributeTrend) -> Line:
    """The row of an attribute: its longest stream drawn, every signal counted, and what it is capable of."""
    signals, first = signals_of(trend), trend.streams[0] if trend.streams else None
    return Line(
        trend=trend,
        spark=spark_of(first, trend) if first else None,
        signals=signals[:NAMED],
        more=max(0, len(signals) - NAMED),
        charted=sum(1 for one in trend.streams if one.charted.chart),
        reason=first.charted.refused if first else "No result is recorded, or none that is yours to see.",
        capable=indices_of(first.capable) if first and first.charted.chart else (),
    )


def signals_of(trend: AttributeTrend) -> tuple[Signal, ...]:
    """Every rule that fired in any stream of an attribute."""
    return tuple(
        Signal("moving range" if fired.rule == "MR" else f"rule {fired.rule}", fired.meaning, fired.result.batch, address_of(fired.result))
        for fired in trend.fired
    )


def indices_of(capable: tuple[Capable, ...]) -> tuple[Index, ...]:
    """One line an application; applications that share a reason share its line."""
    told = tuple(Index(one.limit.name, one.says, False) for one in capable if one.found)
    reasons: dict[str, list[str]] = {}
    for one in capable:
        if one.found is None:
            reasons.setdefault(one.refused, []).append(one.limit.name)
    return told + tuple(Index(" and ".join(names), why, True) for why, names in reasons.items())


def address_of(result: ReportedResult) -> str:
    """The page of the batch that a result is of."""
    return reverse("batch" if result.lot_kind == "drug_product" else "record", args=[result.lot])


def results_of(trend: AttributeTrend) -> list[dict[str, Any]]:
    """Every result in order of manufacture: as reported, against each limit of its day, its stream, what fired, and its source."""
    places = {row.key: (number, one) for number, one in enumerate(trend.streams, 1) for row in one.charted.stream.results}
    rows = []
    for result in trend.results:
        number, one = places[result.key]
        stands = standings(result, trend.every_limit)
        rows.append(
            {
                "result": result,
                "address": address_of(result),
                "stream": number,
                "factors": one.charted.stream.factors,
                "rules": one.charted.rules_at(result),
                "stands": [(name, CONFORMITY[answer], why) for name, (answer, why) in stands.items()],
            }
        )
    return rows
