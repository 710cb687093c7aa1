"""Figures of a study come from what its methods answered."""

from __future__ import annotations

import pytest

from holdfast.dossier.study.evaluate import exact
from holdfast.science import method_named
from holdfast.science.series import Series
from holdfast.web.studies.stability_figure import _bounds, _shelf_life
from tests.web.test_studies import IMANI

from .test_pages import signed_in

pytestmark = [pytest.mark.req("6.6")]


def test_the_forest_has_both_looks_at_an_attribute_with_an_exclusion(demo: str) -> None:
    page = signed_in(IMANI).get("/studies/STU-001/").context["page"]
    assert [row[:4] for row in page.forest.rows] == [
        ("T cells (CD3+)", "-0.07436", "-0.9585", "0.8098"),
        ("T cells (CD3+), with every result", "-0.1738", "-1.056", "0.7084"),
    ]
    purity, potency, car = (finding.figure for finding in page.findings)
    assert ("After the change", "DP-26-010", "96.1 %", "left out") in purity.rows
    assert "Quality range 30.69 to 160.3. Registered limits: EU and US ≥ 50; EU and US ≤ 200." in potency.description
    assert "Registered limits: EU ≥ 20; US ≥ 15." in car.description


@pytest.mark.parametrize(("name", "draw"), [("shelf-life", _shelf_life), ("regression-bounds", _bounds)])
def test_the_bound_that_is_drawn_meets_the_limit_where_the_method_says(name: str, draw: object) -> None:
    method = method_named(name)
    columns, given = method.example.columns, {**method.example.parameters}
    time = Series(tuple(map(float, columns["time"])), (), "month")
    value = Series(tuple(map(float, columns["value"])), (), "%")
    batch = {"batch": tuple(columns["batch"])} if "batch" in columns else {}
    result = exact(method(time=time, value=value, **batch, **given).as_dict())
    labels = list(columns.get("batch", ["A"] * len(columns["time"])))
    fit = draw(result, time.array, value.array, labels)  # type: ignore[operator]
    assert fit.meets is not None
    at_end = next(bound for t, _, bound in fit.course if t == pytest.approx(fit.meets))
    assert at_end == pytest.approx(float(given.get("lower") or given["limit"]), abs=1e-6)
