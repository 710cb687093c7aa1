"""Results that differ in what they measure are not pooled, and the reason is a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from holdfast.kernel.errors import NotReadable
from holdfast.standards.dictionary.loading import dictionary
from holdfast.standards.dictionary.pooling import Measured, may_pool, pools_of

pytestmark = pytest.mark.req("5.5")
VIABILITY = Measured("cell_viability", "%", "Viability by flow cytometry (7-AAD)", "LAB-A", {"stage": "final container"})


def but(**changes: object) -> Measured:
    return Measured(**{**VIABILITY.__dict__, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (but(entry="cell_viability_post_thaw"), "They measure different attributes: Cell viability, and Cell viability after thaw."),
        (but(method="Trypan blue"), "only with the same method family"),
        (but(method=""), "not recorded or not known"),
        (but(method="a procedure of ours"), "not recorded or not known"),
        (but(conditions={"stage": "in process"}), "only with the same stage"),
        (but(conditions={}), "for one of them it is not recorded"),
        (but(unit="{vg}/mL"), "measures vector genome concentration, which is no kind of quantity of Cell viability"),
        (but(unit="furlong"), "is not known"),
    ],
)
def test_what_differs_or_is_not_recorded_is_not_pooled(other: Measured, says: str) -> None:
    answer = may_pool(dictionary(), VIABILITY, other)
    assert not answer.allowed
    assert says in answer.reason


def test_units_of_different_kinds_are_not_pooled_though_the_attribute_takes_both() -> None:
    one, other = (Measured("endotoxin", unit, "LAL", "LAB", {"matrix": "final product"}) for unit in ("EU/mL", "EU/{dose}"))
    reason = "EU/mL measures endotoxin concentration and EU/{dose} measures endotoxin per dose: the two are not converted."
    assert may_pool(dictionary(), one, other).reason == reason


def test_the_same_is_pooled_and_another_site_is_kept_as_a_factor() -> None:
    assert may_pool(dictionary(), VIABILITY, VIABILITY) == may_pool(dictionary(), VIABILITY, but(method="FACS viability"))
    same, other = may_pool(dictionary(), VIABILITY, VIABILITY), may_pool(dictionary(), VIABILITY, but(site="LAB-B"))
    assert (same.allowed, same.factors) == (True, ())
    assert (other.allowed, other.factors) == (True, ("site",))
    assert "keep the site as a factor" in other.reason


def test_units_of_one_kind_are_pooled_because_they_convert_exactly() -> None:
    one, other = (Measured("ph", "pH", site="A"), Measured("ph", "[pH]", site="A"))
    assert may_pool(dictionary(), one, other).allowed


def test_an_entry_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NotReadable, match="no entry 'phlogiston'"):
        may_pool(dictionary(), but(entry="phlogiston"), VIABILITY)


MEASURED = some.builds(
    Measured,
    some.sampled_from(sorted(dictionary().entries)),
    some.sampled_from(["%", "", "EU/mL", "{vg}/mL", "pH"]),
    some.sampled_from(["", "ELISA", "qPCR", "flow cytometry"]),
    some.sampled_from(["", "A", "B"]),
    some.dictionaries(some.sampled_from(["stage", "cell line", "reference standard"]), some.sampled_from(["x", "y"])),
)


@given(MEASURED, MEASURED)
def test_the_answer_does_not_depend_on_the_order(one: Measured, other: Measured) -> None:
    assert may_pool(dictionary(), one, other).allowed == may_pool(dictionary(), other, one).allowed


def test_sets_are_sorted_into_pools_and_what_agrees_with_nothing_stands_alone() -> None:
    given = [VIABILITY, but(method="Trypan blue"), but(site="LAB-B"), but(conditions={}), but(conditions={})]
    found = pools_of(dictionary(), given)
    assert [(pool.members, pool.factors) for pool in found.pools] == [((0, 2), ("site",)), ((1,), ()), ((3,), ()), ((4,), ())]
    assert len(found.apart) == 3


@given(some.lists(MEASURED, max_size=6))
def test_every_set_is_in_exactly_one_pool_and_those_of_a_pool_agree(given: list[Measured]) -> None:
    found = pools_of(dictionary(), given)
    assert sorted(member for pool in found.pools for member in pool.members) == list(range(len(given)))
    assert all(may_pool(dictionary(), given[a], given[b]).allowed for pool in found.pools for a in pool.members for b in pool.members if a != b)
