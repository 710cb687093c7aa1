"""The trends of a product: every attribute with its streams, their charts and what they are capable of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from holdfast.kernel.clock import today
from holdfast.ledger.access import sees_whole
from holdfast.programme.models import Attribute, Product

from .capable import Capable, capabilities_of
from .charting import Charted, Fired, chart_of
from .limits import RegisteredLimit, limits_on
from .queries import AT_ONCE, attributes_of_product, registered_limits, results_of_product
from .reported import ReportedResult
from .streams import pools_across, streams_of
from .summary import Summary, summary_of


@dataclass(frozen=True)
class Monitored:
    """One stream: its chart or the reason for none, its capability against each registered limit, and its line among the streams."""

    charted: Charted
    capable: tuple[Capable, ...]
    summary: Summary


@dataclass(frozen=True)
class AttributeTrend:
    """One attribute over batches. `apart`: why some results may not be pooled with others; `limits` are those in force today."""

    attribute: Attribute
    results: tuple[ReportedResult, ...]
    streams: tuple[Monitored, ...]
    every_limit: tuple[RegisteredLimit, ...]
    limits: tuple[RegisteredLimit, ...]
    apart: tuple[str, ...]
    whole: bool  # nothing of the programme is hidden from the viewer

    @property
    def fired(self) -> tuple[Fired, ...]:
        return tuple(fired for one in self.streams for fired in one.charted.fired)

    @property
    def is_judged(self) -> bool:
        """Whether any stream has a chart: without one, that no rule fired says nothing."""
        return any(one.charted.chart for one in self.streams)


@dataclass(frozen=True)
class ProductTrends:
    """Some attributes of a product, in order of name. `after`: the last one's name and key when there are more; `whole`: nothing is hidden."""

    product: Product
    attributes: tuple[AttributeTrend, ...]
    whole: bool
    after: tuple[str, int] | None


def trends_of(product: Product, after: tuple[str, int] | None = None, baseline: int | None = None, at_once: int = AT_ONCE) -> ProductTrends:
    """The trends of at most `at_once` attributes after a name and key, in four queries whatever the number of batches."""
    found = attributes_of_product(product, after, at_once)
    attributes, more = found[:at_once], len(found) > at_once
    whole = sees_whole(product.programme.number)
    trends = _trends(product, attributes, baseline, whole)
    return ProductTrends(product, trends, whole, (attributes[-1].name, attributes[-1].pk) if more else None)


def trend_of_attribute(product: Product, attribute: Attribute, baseline: int | None = None) -> AttributeTrend:
    """The trend of one attribute of a product, in three queries."""
    return _trends(product, [attribute], baseline, sees_whole(product.programme.number))[0]


def _trends(product: Product, attributes: list[Attribute], baseline: int | None, whole: bool) -> tuple[AttributeTrend, ...]:
    rows = _by_attribute(results_of_product(product, [attribute.pk for attribute in attributes]))
    limits: dict[int, list[RegisteredLimit]] = defaultdict(list)
    for limit in registered_limits(product):
        limits[limit.attribute].append(limit)
    return tuple(_trend(attribute, rows[attribute.pk], limits[attribute.pk], baseline, whole, today()) for attribute in attributes)


def _trend(attribute: Attribute, results: list[ReportedResult], every: list[RegisteredLimit], baseline: int | None, whole: bool, day: date) -> AttributeTrend:
    entry, current = attribute.dictionary_entry, limits_on(every, day)
    streams = tuple(_monitored(chart_of(stream, baseline, whole), current) for stream in streams_of(results, entry))
    apart = pools_across(results, entry).apart if results else ()
    return AttributeTrend(attribute, tuple(results), streams, tuple(every), current, tuple(dict.fromkeys(apart)), whole)


def _monitored(charted: Charted, limits: tuple[RegisteredLimit, ...]) -> Monitored:
    return Monitored(charted, capabilities_of(charted, limits), summary_of(charted.stream))


def _by_attribute(results: Iterable[ReportedResult]) -> dict[int, list[ReportedResult]]:
    grouped: dict[int, list[ReportedResult]] = defaultdict(list)
    for result in results:
        grouped[result.attribute].append(result)
    return grouped


__all__ = ["AttributeTrend", "Monitored", "ProductTrends", "trend_of_attribute", "trends_of"]
