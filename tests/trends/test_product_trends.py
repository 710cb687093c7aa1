"""The trends of the demonstration's product, read in a fixed number of queries."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.ledger.access import Viewer, viewing
from holdfast.programme.models import Product
from holdfast.trends.charting import PART_SEEN
from holdfast.trends.product_trends import AttributeTrend, ProductTrends, trends_of
from tests.release.people import HANA, NIA, account

pytestmark = [pytest.mark.req("6.10")]


def trends(viewer: Viewer | None = None, **more: Any) -> ProductTrends:
    with viewing(viewer or Viewer.operator()):
        return trends_of(Product.objects.select_related("record", "programme").get(record__number="FHT-201"), **more)


def trend(code: str, viewer: Viewer | None = None) -> AttributeTrend:
    return next(one for one in trends(viewer).attributes if one.attribute.code == code)


def test_every_attribute_stands_in_order_of_manufacture_with_its_factors(demo: str) -> None:
    found = trend("viability")
    days = [result.made_on for result in found.results]
    assert days == sorted(days, key=str)
    assert [(one.charted.stream.factors.maker, one.charted.stream.factors.method, one.summary.counted) for one in found.streams] == [
        ("Buckeye Cell Works, Columbus", "AP-101 v2", 13),
        ("Buckeye Cell Works, Columbus", "AP-101 v1", 5),
        ("Tidewater, Rockville", "AP-101 v1", 1),
        ("Tidewater, Rockville", "AP-101 v2", 1),
    ]
    assert "only with the same method family" in found.apart[0]
    assert [(limit.name, limit.as_registered) for limit in found.limits] == [("US IND-099201", "Not less than 70 %"), ("EU 2025-599201-18-00", "NLT 70 %")]


def test_censored_results_are_never_numbers(demo: str) -> None:
    found = trend("endotoxin")
    assert not found.is_judged
    assert "lie beyond a limit of what could be measured" in found.streams[0].charted.refused
    assert all(one.summary.mean == "" for one in found.streams if one.summary.censored)


def test_a_read_takes_the_same_few_queries_whatever_is_read(demo: str, django_assert_num_queries: Any) -> None:
    with viewing(Viewer.operator()):
        product = Product.objects.select_related("record", "programme").get(record__number="FHT-201")
        with django_assert_num_queries(4):
            trends_of(product)
        with django_assert_num_queries(4):
            trends_of(product, at_once=1)


def test_attributes_are_read_by_key(demo: str) -> None:
    whole = [one.attribute.code for one in trends().attributes]
    seen: list[str] = []
    page = trends(at_once=5)
    while True:
        seen += [one.attribute.code for one in page.attributes]
        if page.after is None:
            break
        page = trends(at_once=5, after=page.after)
    assert (seen, len(seen)) == (whole, 12)


def test_who_sees_a_part_gets_that_part_and_no_statistics_of_it(demo: str) -> None:
    for email in (NIA, HANA):
        found = trends(Viewer.person(account(email).person_id))
        assert not found.whole
        charts = [one.charted for attribute in found.attributes for one in attribute.streams]
        assert {one.refused for one in charts if one.stream.is_numeric} <= {PART_SEEN}
        assert all(one.chart is None for one in charts)
        assert all(not attribute.limits for attribute in found.attributes)
    makers = {result.maker for one in trends(Viewer.person(account(NIA).person_id)).attributes for result in one.results}
    assert makers <= {"Buckeye Cell Works, Columbus"}
