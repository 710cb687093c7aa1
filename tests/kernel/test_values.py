"""Numbers with manners: reported values, units, rounding, acceptance criteria."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from holdfast.kernel.acceptance import Criterion, judge_result
from holdfast.kernel.errors import Incommensurable, NotReadable, UnknownUnit
from holdfast.kernel.reported_value import parse_reported
from holdfast.kernel.rounding import round_to_limit
from holdfast.kernel.unit import convert, find_unit, known_units

pytestmark = [pytest.mark.req("2.6")]


@pytest.mark.parametrize(
    ("text", "value", "censoring", "digits"),
    [
        ("95.10", "95.10", "none", 2),
        ("<10", "10", "less_than", 0),
        ("< 0.50", "0.50", "less_than", 2),
        (">=3", "3", "greater_than", 0),
        ("1.2E6", "1.2E6", "none", None),
        ("0", "0", "none", 0),
        ("-0.5", "-0.5", "none", 1),
    ],
)
def test_a_number_is_read_with_its_mark_and_its_digits(text: str, value: str, censoring: str, digits: int | None) -> None:
    found = parse_reported(text)
    assert (found.text, found.value, found.censoring, found.digits) == (text, Decimal(value), censoring, digits)


@pytest.mark.parametrize("text", ["Negative", "No growth", "Not detected", "see report 7"])
def test_words_stay_words(text: str) -> None:
    assert (parse_reported(text).text, parse_reported(text).value) == (text, None)


@pytest.mark.parametrize("text", ["", "  ", "5,3", "1,000", "1 000", "-0.0", "nan", "-inf", "1.2.3", "12%"])
def test_what_can_be_read_in_two_ways_or_not_at_all_is_refused(text: str) -> None:
    with pytest.raises(NotReadable):
        parse_reported(text)


@given(some.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1e12"), max_value=Decimal("1e12"), places=4), some.sampled_from(["", "<", ">"]))
def test_what_is_written_is_read_exactly(value: Decimal, mark: str) -> None:
    assume(not (value.is_zero() and value.is_signed()))
    found = parse_reported(f"{mark}{value:f}")
    assert found.value == value
    assert found.digits == 4


#: USP General Notices 7.20, its own table of examples: compendial requirement, unrounded value, rounded, meets
USP_7_20 = [
    ("nlt", "98.0", "97.96", True),
    ("nlt", "98.0", "97.92", False),
    ("nlt", "98.0", "97.95", True),
    ("nmt", "101.5", "101.55", False),
    ("nmt", "101.5", "101.46", True),
    ("nmt", "101.5", "101.45", True),
    ("nmt", "0.02", "0.025", False),
    ("nmt", "0.02", "0.015", True),
    ("nmt", "0.02", "0.027", False),
    ("nmt", "3", "3.5", False),
    ("nmt", "3", "3.4", True),
]


@pytest.mark.parametrize(("kind", "limit", "reported", "meets"), USP_7_20)
def test_rounding_before_comparison_agrees_with_the_pharmacopoeias_examples(kind: str, limit: str, reported: str, meets: bool) -> None:
    criterion = Criterion(kind, low=limit if kind == "nlt" else None, high=limit if kind == "nmt" else None, unit="%")
    assert judge_result(criterion, reported, "%").conformity == ("conforms" if meets else "does_not_conform")


@pytest.mark.parametrize(
    ("kind", "limit", "reported", "expected"),
    [
        ("nmt", "10", "<10", "conforms"),
        ("nmt", "5", "<10", "cannot_tell"),
        ("nlt", "5", "<10", "cannot_tell"),
        ("nlt", "5", "<3", "does_not_conform"),
        ("nlt", "5", ">5", "conforms"),
        ("nmt", "5", ">5", "does_not_conform"),
        ("nmt", "5", ">3", "cannot_tell"),
        ("lt", "5", "<5", "conforms"),
        ("lt", "5", "<=5", "cannot_tell"),
        ("gt", "5", ">5", "conforms"),
        ("gt", "5", ">=5", "cannot_tell"),
        ("lt", "5", "5", "does_not_conform"),
        ("nlt", "5", "Negative", "cannot_tell"),
    ],
)
def test_a_censored_value_is_an_interval_never_a_number(kind: str, limit: str, reported: str, expected: str) -> None:
    criterion = Criterion(kind, low=limit, high=limit, unit="CFU/mL")
    assert judge_result(criterion, reported, "CFU/mL").conformity == expected


@pytest.mark.parametrize(
    ("criterion", "reported", "unit", "expected"),
    [
        (Criterion("range", "60", "600", "10*6.{cells}"), "240", "10*6.{cells}", "conforms"),
        (Criterion("range", "60", "600", "10*6.{cells}"), "240000000", "{cells}", "conforms"),
        (Criterion("range", "60", "600", "10*6.{cells}"), "59.4", "10*6.{cells}", "does_not_conform"),
        (Criterion("nlt", "1", None, "{cells}/mL"), "5", "{vg}/mL", "cannot_tell"),
        (Criterion("nlt", "1", None, "%"), "5", None, "cannot_tell"),
        (Criterion("nlt", "1", None, "%"), "5", "furlong", "cannot_tell"),
        (Criterion("nlt", None, None, "%"), "5", "%", "cannot_tell"),
        (Criterion("one_of", allowed=("No growth",)), "no growth", "", "conforms"),
        (Criterion("one_of", allowed=("No growth",)), "Growth", "", "does_not_conform"),
        (Criterion("one_of"), "Growth", "", "cannot_tell"),
        (Criterion("absent"), "Not detected", "", "conforms"),
        (Criterion("report_only"), "17", "%", "conforms"),
        (Criterion("report_only"), "", "%", "cannot_tell"),
        (Criterion("unheard_of"), "17", "%", "cannot_tell"),
    ],
)
def test_units_words_and_what_is_missing(criterion: Criterion, reported: str, unit: str | None, expected: str) -> None:
    assert judge_result(criterion, reported, unit).conformity == expected


def test_units_that_look_alike_are_different_kinds() -> None:
    for source, target in (("{cells}/mL", "{vg}/mL"), ("{cells}/mL", "CFU/mL"), ("%", "% (w/w)"), ("pH", "%")):
        with pytest.raises(Incommensurable):
            convert(Decimal(1), source, target)
    assert find_unit("EU/mL").kind == "endotoxin concentration"


@pytest.mark.parametrize("text", ["[EU]", "furlong", "AU", "mg/ml/h", " "])
def test_an_unknown_unit_is_an_error_that_names_it(text: str) -> None:
    if text.strip():
        with pytest.raises(UnknownUnit, match="is not known"):
            find_unit(text)
    else:
        assert find_unit(text).kind == "word"


PAIRS = sorted((a, b) for a, one in known_units().items() for b, other in known_units().items() if one.kind == other.kind)


@given(some.sampled_from(PAIRS), some.integers(-(10**9), 10**9))
def test_conversion_there_and_back_gives_the_value_again(pair: tuple[str, str], number: int) -> None:
    source, target = pair
    value = Decimal(number)
    back = convert(convert(value, source, target), target, source)
    assert abs(back - value) <= abs(value) * Decimal("1e-25")


@given(some.integers(-(10**6), 10**6), some.integers(-(10**6), 10**6), some.sampled_from(["1", "0.1", "0.01", "100"]))
def test_rounding_keeps_order(a: int, b: int, limit: str) -> None:
    one, other = sorted((Decimal(a) / 1000, Decimal(b) / 1000))
    assert round_to_limit(one, limit) <= round_to_limit(other, limit)


def test_plain_units_agree_with_an_independent_library() -> None:
    pint = pytest.importorskip("pint")
    registry = pint.UnitRegistry(non_int_type=Decimal)
    for source, target in (
        ("mg", "g"),
        ("ug", "g"),
        ("kg", "g"),
        ("L", "mL"),
        ("uL", "mL"),
        ("um", "mm"),
        ("kN", "N"),
        ("kPa", "MPa"),
        ("h", "s"),
        ("min", "s"),
    ):
        expected = registry.Quantity(Decimal(7), source).to(target).magnitude
        assert convert(Decimal(7), source, target) == expected.normalize() or abs(convert(Decimal(7), source, target) - expected) < Decimal("1e-20")
