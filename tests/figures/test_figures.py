"""A figure never comes without its words and its data, and stays readable with many inputs."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal

import pytest

from holdfast.figures.genealogy import Lot, genealogy
from holdfast.figures.point import Limit, Point
from holdfast.figures.programme_map import Flow, Place, programme_map
from holdfast.figures.sparkline import sparkline
from holdfast.figures.theme import PALETTE
from holdfast.figures.trend import trend

pytestmark = [pytest.mark.req("4.8")]
POINTS = (
    Point("DP-1", date(2026, 1, 5), "82.10", Decimal("82.10")),
    Point("DP-2", date(2026, 2, 5), "<60", Decimal(60), "less_than"),
    Point("DP-3", None, "not counted", None),
    Point("DP-4", date(2026, 4, 5), "58.3", Decimal("58.3"), is_this=True),
)
LIMITS = (Limit("US", low=Decimal(70)), Limit("EU", low=Decimal(70), high=Decimal(95)))


def test_a_trend_says_in_words_what_it_draws_and_keeps_values_as_reported() -> None:
    figure = trend("Viability", "%", POINTS, LIMITS)
    assert figure is not None
    assert figure.description == (
        "Viability of 3 batches in the order they were made: from 58.3 to 82.1 %. DP-4: 58.3 %. Limits: US and EU ≥ 70; EU ≤ 95."
        " 1 reported in words stand in the table only."
    )
    assert figure.csv.splitlines() == [
        "Batch,Manufactured,Reported,Note",
        "DP-1,2026-01-05,82.10,",
        "DP-2,2026-02-05,<60,",
        "DP-3,not recorded,not counted,",
        "DP-4,2026-04-05,58.3,",
    ]


def test_a_trend_is_drawn_alike_each_time_and_needs_no_style_or_script() -> None:
    figure = trend("Viability", "%", POINTS, LIMITS)
    assert figure is not None
    again = trend("Viability", "%", POINTS, LIMITS)
    assert again is not None
    assert figure.svg == again.svg
    assert not re.search(r"style=|<script|<style", figure.svg)
    drawn = ET.fromstring(figure.svg)
    assert drawn.attrib["viewBox"].startswith("0 0 ")


def test_on_a_page_a_figure_has_title_and_description_inside_and_takes_the_pages_colours() -> None:
    figure = trend("Viability", "%", POINTS, LIMITS)
    assert figure is not None
    drawn = ET.fromstring(figure.page_svg)
    space = "{http://www.w3.org/2000/svg}"
    assert drawn.attrib["role"] == "img"
    assert [drawn.find(space + name).text for name in ("title", "desc")] == [figure.title, figure.description]  # type: ignore[union-attr]
    assert f"var(--fig-accent, {PALETTE['accent']})" in figure.page_svg
    assert json.loads(figure.json)["usermeta"]["palette"][PALETTE["accent"]] == "--fig-accent"


def test_a_censored_value_is_hollow_and_the_readers_batch_is_marked() -> None:
    figure = sparkline("s", "Viability", POINTS, LIMITS)
    assert figure is not None
    circles = [element.attrib for element in ET.fromstring(figure.svg) if element.tag.endswith("circle")]
    assert [(c["fill"], c["r"]) for c in circles] == [(PALETTE["paper"], "2.2"), (PALETTE["accent"], "3.4")]
    assert figure.description == "3 batches from 58.3 to 82.1; limits: US and EU ≥ 70; EU ≤ 95"


@pytest.mark.parametrize("points", [POINTS[:1], POINTS[2:3], ()])
def test_no_sparkline_is_drawn_of_less_than_two_values(points: tuple[Point, ...]) -> None:
    assert sparkline("s", "Viability", points, LIMITS) is None


def test_no_trend_is_drawn_of_words_alone() -> None:
    assert trend("Viability", "%", POINTS[2:3], LIMITS) is None


def family(inputs: int) -> tuple[tuple[Lot, ...], tuple[tuple[int, int], ...]]:
    lots = [
        Lot(0, "DP-1", "Drug product", "", 0),
        *(Lot(i, f"LOT-{i:03d}", f"Kind {i % 5}", "A <material>", -1, f"/records/{i}/") for i in range(1, inputs + 1)),
    ]
    return tuple(lots), tuple((i, 0) for i in range(1, inputs + 1))


@pytest.mark.parametrize(("inputs", "boxes"), [(10, 11), (20, 21), (21, 18), (200, 6)])
def test_many_lots_of_a_kind_become_one_box_and_the_table_still_names_each(inputs: int, boxes: int) -> None:
    figure = genealogy("g", *family(inputs), fold_address="#inputs")
    assert figure is not None
    drawn = ET.fromstring(figure.svg)
    assert len([e for e in drawn if e.tag.endswith(("}a", "}g"))]) == boxes
    assert len(figure.rows) == inputs + 1
    assert int(drawn.attrib["height"]) < 1200
    assert f"DP-1 was made from {inputs} lots" in figure.description


def test_a_lot_leads_to_its_record_and_a_fold_to_the_table() -> None:
    lots, uses = family(21)
    figure = genealogy("g", lots, uses, fold_address="#inputs")
    assert figure is not None
    addresses = [e.attrib["href"] for e in ET.fromstring(figure.svg) if e.tag.endswith("}a")]
    assert addresses.count("#inputs") == 1
    assert "/records/5/" in addresses
    assert "/records/1/" not in addresses  # folded with 6, 11, 16 and 21


def test_a_lot_that_stands_alone_has_no_genealogy_to_draw() -> None:
    assert genealogy("g", *family(0)) is None


def test_a_programme_map_names_each_site_once_and_says_what_is_out_of_date_and_what_left_its_range() -> None:
    places = (
        Place(1, "Clinic", "US", ("Collection",), 0),
        Place(2, "Maker & Sons", "US", ("Drug product manufacture",), 1, ("GMP certificate ended 30 Sep 2026",), "#site-2"),
        Place(3, "Importer", "NL", ("Importation",), 3),
    )
    figure = programme_map("map", "P-1", places, (Flow(1, 2, 20), Flow(2, 3, 5, 1, 2), Flow(2, 9, 4)))
    assert figure is not None
    assert figure.description == (
        "3 sites and 25 shipments between them, 1 of which left their temperature range. The number on a line counts its shipments."
        " Out of date: something at 1 of them."
    )
    assert figure.rows[1] == (
        "Maker & Sons",
        "US",
        "Drug product manufacture",
        "GMP certificate ended 30 Sep 2026",
        "Importer: 5 shipments, 1 out of range, 2 not assessed",
    )
    drawn = ET.fromstring(figure.page_svg)
    assert [e.attrib["href"] for e in drawn.iter() if e.tag.endswith("}a")] == ["#site-2"]
    assert "5 · 1 out" in [e.text for e in drawn.iter() if e.tag.endswith("}text")]
    assert programme_map("map", "P-1", (), ()) is None
