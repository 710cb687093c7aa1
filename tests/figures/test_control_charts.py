"""A control chart says in words what it draws, names each signal by its rule and not by colour alone, and is drawn alike each time."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from holdfast.figures.control_point import ControlLines, ControlPoint
from holdfast.figures.control_spark import SparkPoint, control_spark
from holdfast.figures.individuals_chart import individuals_chart
from holdfast.figures.moving_range_chart import moving_range_chart
from holdfast.figures.point import Limit
from holdfast.figures.theme import PALETTE

pytestmark = [pytest.mark.req("6.10"), pytest.mark.req("4.8")]
POINTS = (
    ControlPoint("DP-1", date(2026, 1, 5), "82.10", Decimal("82.10")),
    ControlPoint("DP-2", None, "60.0", Decimal("60.0"), ("1", "5", "MR")),
    ControlPoint("DP-3", date(2026, 3, 5), "81", Decimal(81)),
)
LINES = ControlLines(80.0, 70.5, 89.5, 3.57, 11.66, 2)
LIMITS = (Limit("US", low=Decimal(70)), Limit("EU", low=Decimal(75)))


def test_single_values_say_their_limits_where_they_come_from_and_what_fired() -> None:
    figure = individuals_chart("values-1", "Viability", "%", POINTS, LINES, LIMITS, 2)
    assert figure.description == (
        "Viability of 3 batches in the order they were made. Control limits 70.50 to 89.50 % about 80.00, from the first 2."
        " Registered: US ≥ 70; EU ≥ 75. Signals: DP-2 (rule 1, 5)."
    )
    assert figure.rows == (("DP-1", "2026-01-05", "82.10", "none"), ("DP-2", "not recorded", "60.0", "1, 5"), ("DP-3", "2026-03-05", "81", "none"))


def test_a_signal_is_a_diamond_with_its_rule_written_on_it() -> None:
    figure = individuals_chart("values-1", "Viability", "%", POINTS, LINES, LIMITS, 2)
    assert "rule 1, 5" in figure.svg
    assert figure.svg.count(f'fill="{PALETTE["bad"]}"') >= 1
    assert not re.search(r"style=|<script|<style", figure.svg)
    assert figure.svg == individuals_chart("values-1", "Viability", "%", POINTS, LINES, LIMITS, 2).svg


def test_a_moving_range_stands_at_the_later_batch_with_the_digits_of_the_difference() -> None:
    figure = moving_range_chart("ranges-1", "Viability", "%", POINTS, LINES, 2)
    assert figure.rows == (("DP-2", "22.10 %", "yes"), ("DP-3", "21.0 %", "no"))
    assert figure.description == "Difference between each batch and the one before; upper limit 11.66 %. Beyond it: DP-2."


def test_the_small_chart_marks_signals_by_shape_and_leaves_censored_results_hollow() -> None:
    points = (
        SparkPoint("DP-1", "82", Decimal(82)),
        SparkPoint("DP-2", "<60", Decimal(60), is_censored=True),
        SparkPoint("DP-3", "99", Decimal(99), is_signal=True),
    )
    figure = control_spark("spark-1", "Viability", points, (70.0, 90.0))
    assert figure is not None
    assert figure.description == "3 batches from 60 to 99, 1 of them beyond what could be measured; control limits 70 to 90, 1 outside their pattern"
    assert figure.svg.count("<circle") == 2
    assert f'fill="{PALETTE["paper"]}"' in figure.svg
    assert control_spark("spark-1", "Viability", points[:1], None) is None
