"""Which results of an attribute may stand in one statistic: read from the record, sorted by the dictionary, with the reason for each that stands apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from holdfast.programme.models import Attribute
from holdfast.standards.dictionary.loading import dictionary
from holdfast.standards.dictionary.pooling import Measured, pools_of
from holdfast.standards.dictionary.schema import CONDITIONS, Condition

from .models import Result
from .models.laboratory import ResultStatus


@dataclass(frozen=True)
class ResultPool:
    """Results that may be pooled: their keys, how they were measured, and what must be kept as a factor."""

    results: tuple[int, ...]
    measured: tuple[Measured, ...]
    factors: tuple[str, ...]


@dataclass(frozen=True)
class ResultPools:
    """Every pool of an attribute's standing results, and why each after the first stands apart. Nothing is pooled while the attribute is unmatched."""

    pools: tuple[ResultPool, ...]
    apart: tuple[str, ...]


def pools_of_attribute(attribute: Attribute) -> ResultPools:
    """Sort an attribute's standing results (approved or preliminary, not voided, of runs that stand) into pools, in one query.

    A procedure version fixes what the record does not hold apart (gating, cell line, standard): such a condition is the same within one version only.
    """
    if not attribute.dictionary_entry:
        return ResultPools((), (f"{attribute.name} is not matched to the dictionary, so nobody can tell what may be pooled.",))
    sets: dict[tuple[str, str, int, str, str, str, str], list[int]] = defaultdict(list)
    rows = (
        Result.objects.filter(attribute=attribute, voided_at__isnull=True, test_run__record__voided_at__isnull=True)
        .exclude(status=ResultStatus.INVALIDATED)
        .exclude(test_run__state="invalid")
        .order_by("pk")
        .values_list(
            "pk", "unit", "test_run__procedure__record__number", "test_run__procedure__record__version", "test_run__procedure__record__title",
            "test_run__site__number", "test_run__sample__stage", "test_run__sample__lot__container",
        )
    )  # fmt: skip
    for key, unit, number, version, title, site, stage, container in rows:
        sets[unit, number or "", version or 0, title or "", site or "", stage, container].append(key)
    measured = [measured_as(attribute.dictionary_entry, *one) for one in sets]
    found, keys = pools_of(dictionary(), measured), list(sets.values())
    pools = tuple(
        ResultPool(tuple(key for member in pool.members for key in keys[member]), tuple(measured[member] for member in pool.members), pool.factors)
        for pool in found.pools
    )
    return ResultPools(pools, found.apart)


def measured_as(entry: str, unit: str, number: str, version: int, title: str, site: str, stage: str, container: str) -> Measured:
    """How a result was measured. What the record does not hold apart, the version of the procedure fixes; without its number it is not known."""
    fixed = f"what {number} version {version} has" if number else ""
    conditions: dict[Condition, str] = dict.fromkeys(CONDITIONS, fixed)
    conditions |= {"stage": stage, "matrix": stage, "container": container}
    return Measured(entry, unit, title, site, conditions)


__all__ = ["ResultPool", "ResultPools", "measured_as", "pools_of_attribute"]
