"""Results of a batch against every registered specification at once, with each attribute's trend over earlier batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from holdfast.batch.queries import earlier_results, results_of_lot
from holdfast.figures.figure import Figure
from holdfast.figures.point import Limit, Point
from holdfast.figures.sparkline import sparkline
from holdfast.figures.trend import trend
from holdfast.kernel.acceptance import Criterion, judge_result
from holdfast.kernel.clock import today
from holdfast.programme.models import RegistrationContent

CONFORMITY = {"conforms": "met", "does_not_conform": "not met", "cannot_tell": "cannot tell"}
URGENCY = {"not met": 0, "cannot tell": 1, "met": 2}


@dataclass
class AttributeResults:
    """One attribute: the limit of each region, its results with how each stands in each region, and its trend."""

    attribute: Any
    limits: dict[str, Any]
    results: list[dict[str, Any]] = field(default_factory=list)
    spark: Figure | None = None

    @property
    def urgency(self) -> int:
        states = [stand["state"] for entry in self.results for stand in entry["stands"].values()]
        return min((URGENCY[state] for state in states), default=1 if not self.results and self.limits else 2)


def results_by_attribute(lot: Any) -> list[AttributeResults]:
    """Every attribute that has a result or a registered test, what does not conform first, then what is missing, then by name."""
    limits = specification_limits(lot)
    found: dict[int, AttributeResults] = {}
    for result in results_of_lot(lot):
        row = found.setdefault(result.attribute_id, AttributeResults(result.attribute, limits.get(result.attribute_id, {})))
        row.results.append({"result": result, "stands": {region: _against(test, result) for region, test in row.limits.items()}})
    for key, regions in limits.items():
        found.setdefault(key, AttributeResults(next(iter(regions.values())).attribute, regions))
    earlier = _by_attribute(earlier_results(lot))
    for key, row in found.items():
        points, unit = points_of(lot, earlier[key])
        row.spark = sparkline(f"spark-{key}", str(row.attribute.name), points, limits_of(row.limits, unit))
    return sorted(found.values(), key=lambda row: (row.urgency, str(row.attribute.name)))


def trend_of(lot: Any, attribute: Any) -> Figure | None:
    """The whole trend of one attribute up to this batch; None when there is no value to place."""
    points, unit = points_of(lot, list(earlier_results(lot).filter(attribute=attribute)))
    return trend(str(attribute.name), unit, points, limits_of(specification_limits(lot).get(attribute.pk, {}), unit))


def specification_limits(lot: Any) -> dict[int, dict[str, Any]]:
    """Tests by attribute and region, of the specification that each application registered at manufacture, as far as the viewer sees it. Two queries."""
    return registered_limits(lot.product_id, lot.manufactured_on or today())


def registered_limits(product: int, day: date) -> dict[int, dict[str, Any]]:
    """Tests by attribute and region, of the specification that each application of a product registered on a day. Two queries."""
    contents = RegistrationContent.objects.filter(
        registration__product=product, valid_from__lte=day, specification__isnull=False, voided_at__isnull=True
    ).select_related("registration")
    limits: dict[int, dict[str, Any]] = {}
    for content in contents.prefetch_related("specification__tests__attribute"):
        if content.valid_until and content.valid_until < day:
            continue
        for test in content.specification.tests.all():  # type: ignore[union-attr]
            if test.voided_at is None:
                limits.setdefault(test.attribute_id, {})[content.registration.region] = test
    return limits


def points_of(lot: Any, results: Iterable[Any]) -> tuple[tuple[Point, ...], str]:
    """Results as points, and their unit: the one that this batch reported, otherwise the latest. What is in another unit is named, not placed."""
    rows = list(results)
    units = [row.unit for row in rows if row.test_run.sample.lot_id == lot.pk] or [row.unit for row in rows]
    unit = units[-1] if units else ""
    return tuple(_point(lot, row, unit) for row in rows), unit


def _point(lot: Any, row: Any, unit: str) -> Point:
    batch = row.test_run.sample.lot
    is_same = row.unit == unit
    return Point(
        batch=batch.record.number,
        on=batch.manufactured_on,
        reported=row.reported if is_same else f"{row.reported} {row.unit}",
        value=row.value if is_same else None,
        censoring=row.censoring,
        is_this=batch.pk == lot.pk,
        note="" if is_same else "in another unit: not drawn",
    )


def limits_of(tests: dict[str, Any], unit: str) -> tuple[Limit, ...]:
    """Limits that can be drawn: numbers, in the unit of the points."""
    return tuple(Limit(region, _number(test.low), _number(test.high)) for region, test in sorted(tests.items()) if test.unit == unit)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _by_attribute(results: Iterable[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for result in results:
        grouped[result.attribute_id].append(result)
    return grouped


def _against(test: Any, result: Any) -> dict[str, str]:
    words = tuple(word.strip() for word in test.allowed.split(";") if word.strip())
    judged = judge_result(Criterion(test.criterion_kind, test.low or None, test.high or None, test.unit, words), result.reported, result.unit)
    return {"state": CONFORMITY[judged.conformity], "why": judged.reason}
