"""Results of the demonstration that differ in what they measure are not pooled, and the reason is given."""

from __future__ import annotations

import pytest

from holdfast.batch.models import Result
from holdfast.batch.pooling import ResultPools, pools_of_attribute
from holdfast.ledger.access import Viewer, viewing
from holdfast.programme.models import Attribute

pytestmark = pytest.mark.req("5.5")


def pools(code: str) -> tuple[ResultPools, int]:
    with viewing(Viewer.operator()):
        return pools_of_attribute(Attribute.objects.get(code=code)), Result.objects.filter(attribute__code=code).count()


def test_two_procedures_of_different_families_are_two_pools_with_the_reason(demo: str) -> None:
    found, total = pools("viability")
    methods = [{one.method for one in pool.measured} for pool in found.pools]
    assert sorted(map(sorted, methods)) == [["Viability by flow cytometry (7-AAD)"], ["Viability by trypan blue"]]
    assert sum(len(pool.results) for pool in found.pools) == total
    (reason,) = found.apart
    assert "only with the same method family" in reason


def test_one_procedure_at_one_laboratory_is_one_pool(demo: str) -> None:
    for code in ("endotoxin", "car_positive", "potency_ifng", "vcn", "sterility"):
        found, total = pools(code)
        assert ([len(pool.results) for pool in found.pools], found.apart) == ([total], ()), code


def test_nothing_is_pooled_while_the_attribute_is_unmatched() -> None:
    found = pools_of_attribute(Attribute(name="Potency"))
    assert (found.pools, found.apart) == ((), ("Potency is not matched to the dictionary, so nobody can tell what may be pooled.",))
