"""Planted differences between two registrations are all found, and none is invented."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from holdfast.kernel.acceptance import Criterion
from holdfast.standards.alignment.compare import compare_sides
from holdfast.standards.alignment.one_specification import changes_for_one
from holdfast.standards.alignment.sides import Proof, RegisteredTest, Side, Stability

pytestmark = pytest.mark.req("5.6")
DAY = date(2026, 1, 1)
COLD = "below -150 C"


def proof(site: str, state: str = "validated", since: date | None = DAY, procedure: str = "AP-1", version: int = 1) -> Proof:
    return Proof(site, procedure, version, state, since)


TESTS = {
    "viability": RegisteredTest("viability", "Viability", Criterion("nlt", low="70", unit="%"), "NLT 70 %", "AP-1", (1,), (proof("LAB-A"),)),
    "dose": RegisteredTest(
        "dose", "Dose", Criterion("range", "60", "600", "10*6.{cells}"), "60 to 600 million", "AP-2", (1, 2), (proof("LAB-A", procedure="AP-2", version=2),)
    ),
    "sterility": RegisteredTest(
        "sterility", "Sterility", Criterion("one_of", allowed=("No growth",)), "No growth", "AP-3", (1,), (proof("LAB-B", procedure="AP-3"),)
    ),
}  # fmt: skip
US = Side("IND-1", "US", "SPC-US version 1", TESTS, ("LAB-A", "LAB-B"), {COLD: Stability(COLD, 24, 1)})
EU = dataclasses.replace(US, name="CTA-1", region="EU", specification="SPC-EU version 1")


def test_two_registrations_that_say_the_same_do_not_differ_and_need_nothing() -> None:
    worded = dataclasses.replace(EU, tests={**TESTS, "viability": dataclasses.replace(TESTS["viability"], as_registered="Not less than 70 %")})
    spelled = dataclasses.replace(
        EU, tests={**TESTS, "sterility": dataclasses.replace(TESTS["sterility"], criterion=Criterion("one_of", allowed=("no growth",)))}
    )
    for other in (EU, worded, spelled):
        assert (compare_sides(US, other), changes_for_one(US, other)) == ((), ())


Change = Callable[[Side], Side]


def on_test(code: str, **changes: object) -> Change:
    return lambda side: dataclasses.replace(side, tests={**side.tests, code: dataclasses.replace(side.tests[code], **changes)})  # type: ignore[arg-type]


def without(code: str) -> Change:
    return lambda side: dataclasses.replace(side, tests={k: v for k, v in side.tests.items() if k != code})


def on_side(**changes: object) -> Change:
    return lambda side: dataclasses.replace(side, **changes)  # type: ignore[arg-type]


#: what is planted in the EU side: the attribute, the aspect that must be found, whether it is certain, and what each side must then change
PLANTED: list[tuple[Change, tuple[str, str], bool, list[str]]] = [
    (on_test("viability", criterion=Criterion("nlt", low="75", unit="%")), ("viability", "limit"), True, ["IND-1"]),
    (on_test("viability", criterion=Criterion("nlt", low="65", unit="%")), ("viability", "limit"), True, ["CTA-1"]),
    (on_test("viability", criterion=Criterion("gt", low="70", unit="%")), ("viability", "limit"), True, ["IND-1"]),
    (on_test("viability", criterion=Criterion("nlt", low="70.0", unit="%")), ("viability", "precision"), True, ["IND-1"]),
    (on_test("viability", criterion=Criterion("nlt", unit="%")), ("viability", "limit"), False, [""]),
    (on_test("viability", criterion=Criterion("nlt", low="70", unit="{cells}/mL")), ("viability", "unit"), True, [""]),
    (on_test("dose", criterion=Criterion("range", "0.060", "0.600", "10*9.{cells}")), ("dose", "unit"), True, ["CTA-1"]),
    (on_test("sterility", criterion=Criterion("one_of", allowed=("Sterile",))), ("sterility", "limit"), True, [""]),
    (on_test("sterility", criterion=Criterion("absent")), ("sterility", "limit"), True, ["CTA-1"]),
    (on_test("viability", procedure="AP-9", proofs=(proof("LAB-A", procedure="AP-9"),)), ("viability", "method"), True, [""]),
    (on_test("viability", procedure="", versions=(), proofs=()), ("viability", "method"), False, [""]),
    (on_test("dose", versions=(1,)), ("dose", "method version"), True, ["IND-1", "CTA-1"]),
    (on_test("dose", versions=()), ("dose", "method version"), False, [""]),
    (on_test("viability", proofs=(proof("LAB-A", "qualified"),)), ("viability", "validation state"), True, ["CTA-1"]),
    (on_test("viability", proofs=()), ("viability", "validation state"), False, []),
    (on_test("viability", proofs=(proof("LAB-A", since=date(2026, 5, 1)),)), ("viability", "validation timing"), True, []),
    (on_test("viability", proofs=(proof("LAB-A", since=None),)), ("viability", "validation timing"), False, []),
    (on_test("viability", proofs=(proof("LAB-C"),)), ("viability", "testing site"), True, []),
    (without("dose"), ("dose", "tested"), True, ["CTA-1"]),
    (on_side(release_sites=("LAB-A",)), ("", "release site"), True, ["CTA-1"]),
    (on_side(release_sites=()), ("", "release site"), False, ["CTA-1", "CTA-1"]),
    (on_side(stability={COLD: Stability(COLD, 18, 1)}), (COLD, "shelf life"), True, ["IND-1"]),
    (on_side(stability={COLD: Stability(COLD, 24, 2)}), (COLD, "stability commitment"), True, ["IND-1"]),
    (on_side(stability={COLD: Stability(COLD, None, 1)}), (COLD, "shelf life"), False, ["CTA-1"]),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: f"{one[1][0]} {one[1][1]} {'different' if one[2] else 'cannot tell'}")
def test_one_planted_difference_is_found_alone_and_says_who_must_change(planted: tuple[Change, tuple[str, str], bool, list[str]]) -> None:
    plant, key, certain, sides = planted
    other = plant(EU)
    assert [(d.key, d.certain) for d in compare_sides(US, other)] == [(key, certain)]
    assert [change.side for change in changes_for_one(US, other) if change.subject == key[0]] == sides


@given(some.sets(some.integers(0, len(PLANTED) - 1), max_size=5))
def test_several_planted_differences_are_all_found_and_nothing_else(chosen: set[int]) -> None:
    """At most one plant a subject, so that none covers another."""
    plants = {PLANTED[index][1][0]: PLANTED[index] for index in sorted(chosen)}
    side = EU
    for plant, *_ in plants.values():
        side = plant(side)
    found = {(d.key, d.certain) for d in compare_sides(US, side)}
    assert found == {(key, certain) for _, key, certain, _ in plants.values()}


@given(some.sampled_from(PLANTED))
def test_the_order_of_the_sides_changes_nothing_but_the_columns(planted: tuple[Change, tuple[str, str], bool, list[str]]) -> None:
    other = planted[0](EU)
    there, back = compare_sides(US, other), compare_sides(other, US)
    assert {(d.key, d.left, d.right, d.certain) for d in there} == {(d.key, d.right, d.left, d.certain) for d in back}


def test_equal_limits_in_another_unit_differ_in_rounding_when_their_last_digits_are_worth_different_amounts() -> None:
    """59.6 million rounds to 60 million and meets the US limit; as 59600000 cells it is below 60000000."""
    other = on_test("dose", criterion=Criterion("range", "60000000", "600000000", "{cells}"))(EU)
    assert [d.key for d in compare_sides(US, other)] == [("dose", "unit"), ("dose", "precision")]
    assert [c.side for c in changes_for_one(US, other)] == ["IND-1"]


def test_without_a_specification_nothing_is_compared_and_nothing_is_said_to_agree() -> None:
    found = compare_sides(US, Side("CTA-1", "EU", release_sites=US.release_sites, stability=US.stability))
    assert [(d.aspect, d.certain, d.right) for d in found] == [("tested", False, "not recorded")]
    assert "CTA-1" in found[0].reason
