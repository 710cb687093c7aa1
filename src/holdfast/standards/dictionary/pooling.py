"""Whether two sets of results measure the same thing, so that they may stand in one statistic; with the reason in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from holdfast.kernel.errors import HoldfastError
from holdfast.kernel.unit import find_unit

from .loading import Dictionary
from .schema import Condition, Entry


@dataclass(frozen=True)
class Measured:
    """What a set of results is: the entry of the dictionary, the unit, the method as named, the site, and the conditions that are recorded."""

    entry: str
    unit: str
    method: str = ""
    site: str = ""
    conditions: Mapping[Condition, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pooling:
    """May two sets be pooled, why, and what must then be kept as a factor (the site, when it differs)."""

    allowed: bool
    reason: str
    factors: tuple[str, ...] = ()


def may_pool(dictionary: Dictionary, one: Measured, other: Measured) -> Pooling:
    """Whether two sets of results may be pooled. What is not recorded is no agreement. Raises `NotReadable` for an entry that does not exist."""
    entry, against = dictionary.get(one.entry), dictionary.get(other.entry)
    if entry.id != against.id:
        return Pooling(False, f"They measure different attributes: {entry.name}, and {against.name}.")
    return _units(entry, one, other) or _conditions(dictionary, entry, one, other) or _together(entry, one, other)


@dataclass(frozen=True)
class Pool:
    """Sets of results that may be pooled, by their positions in what was given, and what must be kept as a factor."""

    members: tuple[int, ...]
    factors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pools:
    """Every pool, and for each after the first why it does not join an earlier one."""

    pools: tuple[Pool, ...]
    apart: tuple[str, ...]


def pools_of(dictionary: Dictionary, given: Sequence[Measured]) -> Pools:
    """Sort sets of results into pools: each joins the first that it may be pooled with. A set that agrees with nothing, not even itself, stands alone."""
    pools: list[list[int]] = []
    apart: list[str] = []
    for index, measured in enumerate(given):
        answers = [may_pool(dictionary, given[pool[0]], measured) for pool in pools]
        home = next((number for number, answer in enumerate(answers) if answer.allowed), None)
        if home is not None:
            pools[home].append(index)
            continue
        apart += [answers[0].reason] if answers else []
        pools.append([index])
    return Pools(tuple(Pool(tuple(pool), ("site",) if len({given[i].site for i in pool}) > 1 else ()) for pool in pools), tuple(apart))


def _units(entry: Entry, one: Measured, other: Measured) -> Pooling | None:
    try:
        kinds = (find_unit(one.unit).kind, find_unit(other.unit).kind)
    except HoldfastError as error:
        return Pooling(False, str(error))
    for unit, kind in zip((one.unit, other.unit), kinds, strict=True):
        if kind not in entry.kinds:
            return Pooling(False, f"{unit or 'A word'} measures {kind}, which is no kind of quantity of {entry.name}.")
    if kinds[0] != kinds[1]:
        return Pooling(False, f"{one.unit or 'A word'} measures {kinds[0]} and {other.unit or 'a word'} measures {kinds[1]}: the two are not converted.")
    return None


def _conditions(dictionary: Dictionary, entry: Entry, one: Measured, other: Measured) -> Pooling | None:
    for condition in entry.pool:
        values = [_value(dictionary, measured, condition) for measured in (one, other)]
        if not all(values):
            return Pooling(False, f"{entry.name} is pooled only with the same {condition}, and for one of them it is not recorded or not known.")
        if values[0] != values[1]:
            return Pooling(False, f"{entry.name} is pooled only with the same {condition}, and {values[0]} is not {values[1]}.")
    return None


def _value(dictionary: Dictionary, measured: Measured, condition: Condition) -> str:
    recorded = measured.conditions.get(condition, "").strip().casefold()
    if condition != "method family":
        return recorded
    family = dictionary.family_of(measured.method)
    return family.name if family else recorded


def _together(entry: Entry, one: Measured, other: Measured) -> Pooling:
    if one.site and one.site == other.site:
        return Pooling(True, f"Both measure {entry.name} at {one.site}.")
    where = f"at {one.site} and {other.site}" if one.site and other.site else "at sites of which one is not recorded"
    return Pooling(True, f"Both measure {entry.name}, {where}: keep the site as a factor.", ("site",))


__all__ = ["Measured", "Pool", "Pooling", "Pools", "may_pool", "pools_of"]
