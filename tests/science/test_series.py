"""A column of results keeps what it knows of each value, and refuses what it cannot know."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kernel.reported_value import parse_reported
from holdfast.science import CensoredValues, Mismatch, NotFinite, Unsuitable
from holdfast.science.series import Series

pytestmark = pytest.mark.req("6.1")


def test_numbers_decimals_and_reported_text_are_read_as_they_are() -> None:
    series = Series.of([1, 2.5, Decimal("3.25"), "4.125", parse_reported("5.0"), np.float64(6)], "%", "assay")
    assert series.values == (1.0, 2.5, 3.25, 4.125, 5.0, 6.0)
    assert not series.censored
    assert series.array.tolist() == [1.0, 2.5, 3.25, 4.125, 5.0, 6.0]


def test_a_censored_value_keeps_its_limit_and_has_no_number() -> None:
    series = Series.of(["<0.5", "1.2", ">9"], "ng/mg", "HCP")
    assert series.limits.tolist() == [0.5, 1.2, 9.0]
    assert series.below.tolist() == [True, False, False]
    assert series.above.tolist() == [False, False, True]
    with pytest.raises(CensoredValues, match=r"HCP, value 1, is <0\.5: it has no number"):
        _ = series.array


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float64("-inf")])
def test_what_is_not_finite_is_refused_by_position(value: float) -> None:
    with pytest.raises(NotFinite, match="values, value 2, is"):
        Series.of([1.0, value])


@pytest.mark.parametrize("value", ["", "n.d.", "1,5", "NaN", "-0.0", None, True, object()])
def test_what_is_not_a_number_is_refused_by_position(value: object) -> None:
    with pytest.raises(Unsuitable, match="assay, value 2"):
        Series.of([1.0, value], name="assay")


def test_one_mark_a_value_or_none_at_all() -> None:
    with pytest.raises(Mismatch, match="2 values and 1 censoring marks"):
        Series((1.0, 2.0), ("<",))


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_what_a_digest_is_taken_of_reads_back_to_the_same_numbers(values: list[float]) -> None:
    assert [float(text) for text in Series.of(values).as_reported()] == values
