"""The drawings of a study: marks stand where their numbers say, and each comes with its words and its table."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest

from holdfast.figures.bland_altman import bland_altman
from holdfast.figures.chart import Scale, scale_over
from holdfast.figures.equivalence_forest import Estimate, equivalence_forest
from holdfast.figures.figure import Figure
from holdfast.figures.lots_in_range import Arm, Band, lots_in_range
from holdfast.figures.operating_curve import operating_curve
from holdfast.figures.point import Limit, Point
from holdfast.figures.stability_lines import Fit, Pull, stability_lines

pytestmark = [pytest.mark.req("6.6"), pytest.mark.req("4.8")]
PURITY = Estimate("Purity", "%", 0.0, -1.5, 1.5, 0.9, -3.0, 3.0, "demonstrated")


def sound(figure: Figure | None) -> Figure:
    """The figure, once it is whole: drawn without style or script, named, and in the page's colours."""
    assert figure is not None
    assert not re.search(r"style=|<script|<style", figure.svg)
    drawn = ET.fromstring(figure.page_svg)
    assert drawn.attrib["role"] == "img"
    assert "var(--fig-" in figure.page_svg
    assert all(len(row) == len(figure.columns) for row in figure.rows)
    return figure


def test_a_scale_puts_values_where_they_belong_and_ticks_at_round_ones() -> None:
    scale = Scale(0.0, 10.0, 100.0, 200.0)
    assert (scale.at(0), scale.at(2.5), scale.at(10)) == (100.0, 125.0, 200.0)
    assert scale.ticks(5) == [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    assert scale_over([5.0, 5.0], 0, 100).at(5.0) == 50.0  # one value has room on both sides


def test_margins_stand_one_above_the_other_and_the_interval_where_it_lies_between_them() -> None:
    assert (PURITY.place(-3), PURITY.place(0), PURITY.place(3)) == (80.0, 160.0, 240.0)
    figure = sound(equivalence_forest((PURITY,)))
    assert "M120.0 72.0L200.0 72.0" in figure.svg  # -1.5 and 1.5: a quarter and three quarters of the way
    assert figure.description == "Purity: 0 %, 90 % interval -1.5 to 1.5, margins -3 to 3: demonstrated."
    assert figure.rows == (("Purity", "0", "-1.5", "1.5", "90 %", "-3", "3", "%", "demonstrated"),)


def test_an_interval_that_leaves_the_drawing_ends_in_an_arrow() -> None:
    figure = sound(equivalence_forest((Estimate("Purity", "%", 4.0, 1.0, 40.0, 0.9, -3.0, 3.0, "not demonstrated"),)))
    assert "M313.0 67.0L320.0 72.0L313.0 77.0" in figure.svg
    assert equivalence_forest(()) is None


def test_a_ratio_is_placed_by_its_logarithm() -> None:
    ratio = Estimate("Potency", "", 1.0, 0.9, 1.1, 0.9, 0.8, 1.25, "demonstrated", is_log=True)
    assert ratio.place(1.0) == pytest.approx(160.0)  # 1 is the middle of 0.8 and 1.25 on that scale


def test_lots_stand_against_their_range_and_the_registered_limits() -> None:
    before = Arm("Before", (Point("L-1", None, "96", Decimal(96)), Point("L-2", None, "98", Decimal(98))))
    after = Arm("After", (Point("L-3", None, "97", Decimal(97)), Point("L-4", None, "95", Decimal(95), note="left out")))
    figure = sound(lots_in_range("lots", "Purity", "%", (before, after), Band("quality range", 94, 100), (Limit("US", low=Decimal(90)),)))
    assert figure.description == (
        "Purity. Before: 2 values, from 96 to 98 %; After: 2 values, from 95 to 97 %. Quality range 94 to 100. Registered limits: US ≥ 90."
        " Hollow marks (1) are left out or censored; the table says which."
    )
    assert figure.rows[3] == ("After", "L-4", "95 %", "left out")
    assert figure.svg.count("<circle") == 2
    assert "Before (2)" in figure.svg
    # from 90 to 100 with a margin of 0.6: 100 stands at 270 - 10.6 / 11.2 * 230
    assert "M56.0 52.3L740.0 52.3" in figure.svg
    assert "M56.0 257.7L740.0 257.7" in figure.svg


def test_results_in_words_are_told_and_not_drawn() -> None:
    arm = Arm("Before", (Point("L-1", None, "not counted", None),))
    assert lots_in_range("lots", "Purity", "%", (arm,)) is None


def test_an_operating_characteristic_marks_no_shift_and_the_margins() -> None:
    figure = sound(operating_curve("design", "Purity", "%", ((-3.0, 0.05), (0.0, 0.99), (3.0, 0.05)), (-3.0, 3.0)))
    assert figure.description == "Probability that the planned test of Purity passes: 0.99 with no shift; 0.05 at -3; 0.05 at 3."
    assert 'cx="298.0" cy="49.6"' in figure.svg  # the middle, and 0.99 of the way from 208 up to 48
    assert figure.svg.count("<circle") == 3


def test_a_stability_line_shows_where_its_bound_meets_the_limit() -> None:
    pulls = (Pull("A", 0, 100, "100 %"), Pull("B", 12, 97, "97 %"))
    figure = sound(stability_lines("s", "Potency", ("%", "months"), pulls, Fit("the line of A", ((0, 100, 99), (24, 94, 90)), 24.0), (90.0,)))
    assert figure.description.endswith("Solid: the line of A; dotted: its bound. The bound meets the limit at 24 months.")
    assert "limit 90" in figure.svg
    never = sound(stability_lines("s", "Potency", ("%", "months"), pulls, Fit("the line of A", ((0, 100, 99), (24, 94, 92)), None), (90.0,)))
    assert never.description.endswith("The bound does not meet a limit.")


def test_pairs_outside_the_limits_of_agreement_are_counted_and_hollow() -> None:
    figure = sound(bland_altman("b", "Viability", "%", (("L-1", 90.0, 1.0), ("L-2", 91.0, 9.0)), 2.0, (-4.0, 8.0)))
    assert figure.description == "2 pairs of Viability: bias 2, limits of agreement -4 to 8 %; 1 outside, drawn hollow."
    assert figure.rows == (("L-1", "90", "1"), ("L-2", "91", "9"))
