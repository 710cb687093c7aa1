"""Streams as figures: a control chart where there is one, otherwise the results as they are."""

from __future__ import annotations

from dataclasses import replace

from holdfast.figures.control_point import ControlLines, ControlPoint
from holdfast.figures.control_spark import SparkPoint, control_spark
from holdfast.figures.figure import Figure
from holdfast.figures.individuals_chart import individuals_chart
from holdfast.figures.moving_range_chart import moving_range_chart
from holdfast.figures.point import Limit, Point
from holdfast.figures.trend import trend
from holdfast.science.control.individuals import IndividualsResult
from holdfast.trends.limits import RegisteredLimit
from holdfast.trends.product_trends import AttributeTrend, Monitored
from holdfast.trends.reported import ReportedResult
from holdfast.trends.summary import digits_of


def spark_of(one: Monitored, attribute: AttributeTrend) -> Figure | None:
    """The small chart of a stream's counted results; None when fewer than two can be placed."""
    chart = one.charted.chart
    points = tuple(
        SparkPoint(row.batch, row.reported, row.value, row.is_censored, bool(one.charted.rules_at(row)))
        for row in one.charted.stream.counted
        if row.value is not None
    )
    return control_spark(f"spark-{attribute.attribute.pk}", attribute.attribute.name, points, (chart.lower, chart.upper) if chart else None)


def figures_of(one: Monitored, attribute: AttributeTrend, number: int, units: str) -> dict[str, Figure]:
    """The figures of the stream of a number, by name: values and moving ranges of a chart, or the results alone. `units` as a person writes them."""
    chart, name = one.charted.chart, attribute.attribute.name
    limits = drawn_limits(attribute.limits, one.charted.stream.factors.unit)
    if chart is None:
        plain = trend(name, units, tuple(_point(row) for row in one.charted.stream.counted), limits, width=720)
        return _named([replace(plain, name=f"values-{number}")], number) if plain and len(one.charted.stream.counted) > 1 else {}
    points, lines, digits = _control_points(one), _lines(chart), digits_of(one.charted.stream) + 1
    values = individuals_chart(f"values-{number}", name, units, points, lines, limits, digits)
    ranges = moving_range_chart(f"ranges-{number}", name, units, points, lines, digits)
    return _named([values, ranges], number)


def _named(figures: list[Figure], number: int) -> dict[str, Figure]:
    """By name, each with its stream in the title: two streams of an attribute stand on one page."""
    return {figure.name: replace(figure, title=f"Stream {number}: {figure.title}") for figure in figures}


def drawn_limits(limits: tuple[RegisteredLimit, ...], unit: str) -> tuple[Limit, ...]:
    """Registered limits that are numbers in the unit of the results, by region."""
    return tuple(Limit(limit.region, limit.lower, limit.upper) for limit in limits if limit.is_numeric and limit.unit == unit)


def _control_points(one: Monitored) -> tuple[ControlPoint, ...]:
    rows = one.charted.stream.counted
    return tuple(ControlPoint(row.batch, row.made_on, row.reported, row.value, one.charted.rules_at(row)) for row in rows if row.value is not None)


def _lines(chart: IndividualsResult) -> ControlLines:
    return ControlLines(chart.centre, chart.lower, chart.upper, chart.moving_range, chart.moving_range_upper, chart.baseline)


def _point(row: ReportedResult) -> Point:
    return Point(row.batch, row.made_on, row.reported, row.value, row.censoring)
