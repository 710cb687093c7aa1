"""One criterion for both sides: whatever it accepts, both accept; and it refuses nothing that both accept."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from holdfast.kernel.acceptance import Criterion, judge_result
from holdfast.kernel.rounding import round_to_limit
from holdfast.standards.alignment.bounds import limits_of
from holdfast.standards.alignment.one_specification import common_criterion

pytestmark = pytest.mark.req("5.6")


@some.composite
def criteria(draw: some.DrawFn, units: tuple[str, ...] = ("%",)) -> Criterion:
    digits = draw(some.integers(0, 2))
    limit = some.integers(-300, 300).map(lambda n: f"{Decimal(n).scaleb(-digits):f}")
    kind = draw(some.sampled_from(["nlt", "nmt", "gt", "lt", "range", "equals"]))
    low, high = draw(limit), draw(limit)
    if kind == "range" and Decimal(low) > Decimal(high):
        low, high = high, low
    return Criterion(
        kind, low=low if kind not in {"nmt", "lt"} else None, high=high if kind in {"nmt", "lt", "range"} else None, unit=draw(some.sampled_from(units))
    )


NUMBERS = some.integers(-400_000, 400_000).map(lambda n: f"{Decimal(n).scaleb(-3):f}").filter(lambda text: text != "-0.000")


def meets(criterion: Criterion, value: str, unit: str = "%") -> bool:
    return judge_result(criterion, value, unit).conformity == "conforms"


@given(criteria(), NUMBERS)
def test_the_accepted_numbers_are_exactly_those_that_the_judgement_accepts(criterion: Criterion, value: str) -> None:
    accepted = limits_of(criterion).accepted
    number = Decimal(value)
    above = accepted.low is None or number > accepted.low.value or (accepted.low.included and number == accepted.low.value)
    below = accepted.high is None or number < accepted.high.value or (accepted.high.included and number == accepted.high.value)
    assert (above and below) == meets(criterion, value)


@given(criteria(), criteria(), NUMBERS)
def test_one_criterion_accepts_what_both_accept_and_nothing_else(one: Criterion, other: Criterion, value: str) -> None:
    common = common_criterion(one, other).criterion
    assert (common is not None and meets(common, value)) == (meets(one, value) and meets(other, value))


@given(criteria(("{cells}/mL", "{cells}/uL")), criteria(("{cells}/mL", "{cells}/uL")), some.integers(-400_000, 400_000))
def test_with_units_to_convert_one_criterion_accepts_nothing_that_either_refuses(one: Criterion, other: Criterion, number: int) -> None:
    common = common_criterion(one, other).criterion
    assume(common is not None)
    assert common is not None
    if meets(common, str(number), "{cells}/mL"):
        assert meets(one, str(number), "{cells}/mL")
        assert meets(other, str(number), "{cells}/mL")


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        (Criterion("nlt", low="15", unit="%"), Criterion("nlt", low="20", unit="%"), Criterion("nlt", low="20", unit="%")),
        (Criterion("nmt", high="5.0", unit="EU/mL"), Criterion("nmt", high="3.5", unit="EU/mL"), Criterion("nmt", high="3.5", unit="EU/mL")),
        # more digits round less: 5.4 meets "not more than 5" and fails "not more than 5.0"
        (Criterion("nmt", high="5", unit="%"), Criterion("nmt", high="5.0", unit="%"), Criterion("nmt", high="5.0", unit="%")),
        # but 4.7 meets "less than 5.0" and fails "less than 5"
        (Criterion("lt", high="5", unit="%"), Criterion("lt", high="5.0", unit="%"), Criterion("lt", high="5", unit="%")),
        (Criterion("nlt", low="70", unit="%"), Criterion("nmt", high="90", unit="%"), Criterion("range", low="70", high="90", unit="%")),
        (Criterion("nlt", low="91", unit="%"), Criterion("nmt", high="90", unit="%"), None),
        (Criterion("nlt", low="1", unit="{vg}/mL"), Criterion("nlt", low="1", unit="{cells}/mL"), None),
        (Criterion("report_only"), Criterion("nlt", low="1", unit="%"), Criterion("nlt", low="1", unit="%")),
        (Criterion("one_of", allowed=("A", "b")), Criterion("one_of", allowed=("B", "c")), Criterion("one_of", allowed=("b",))),
        (Criterion("one_of", allowed=("A",)), Criterion("one_of", allowed=("B",)), None),
        (Criterion("absent"), Criterion("one_of", allowed=("Not detected", "Pass")), Criterion("one_of", allowed=("not detected",))),
        (Criterion("nlt", low="1", unit="%"), Criterion("absent"), None),
        (Criterion("nlt", unit="%"), Criterion("nlt", low="1", unit="%"), None),
    ],
)
def test_the_common_criterion_of_two(one: Criterion, other: Criterion, common: Criterion | None) -> None:
    found = common_criterion(one, other)
    assert found.criterion == common
    assert found.reason


def test_rounding_rule_that_the_bounds_rest_on() -> None:
    assert [round_to_limit(Decimal(text), "1") for text in ("0.5", "-0.5", "1.5", "-1.5")] == [1, -1, 2, -2]
