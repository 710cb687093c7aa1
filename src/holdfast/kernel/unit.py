"""Units: an allow-list by kind of quantity, with exact conversion inside a kind and none between kinds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

import yaml

from .errors import Incommensurable, UnknownUnit


@dataclass(frozen=True)
class Unit:
    """A unit we know: its code, the kind of quantity it measures, and the exact factor to the kind's first unit."""

    code: str
    kind: str
    factor: Decimal


@cache
def known_units() -> dict[str, Unit]:
    """Every unit by its code and by each synonym seen at laboratories."""
    table = yaml.safe_load(resources.files(__package__).joinpath("units.yaml").read_text("utf-8"))
    units: dict[str, Unit] = {}
    for kind, entries in table.items():
        for entry in entries:
            unit = Unit(str(entry["code"]), str(kind), Decimal(entry.get("factor", "1")))
            for name in (unit.code, *entry.get("synonyms", [])):
                if name in units:
                    raise ValueError(f"The unit {name!r} stands twice in units.yaml.")
                units[str(name)] = unit
    return units


def find_unit(text: str) -> Unit:
    """The unit that a text names. Raises `UnknownUnit`."""
    unit = known_units().get(text.strip())
    if unit is None:
        raise UnknownUnit(f"The unit {text!r} is not known. Use a unit of kernel/units.yaml, or add this one there with its kind.")
    return unit


def convert(value: Decimal, source: str, target: str) -> Decimal:
    """Convert a value within one kind of quantity, in decimal arithmetic (exactly, where the factors' ratio is a finite decimal).

    Raises `Incommensurable` between kinds (cells are not vector genomes, though UCUM writes both as 1/mL) and `UnknownUnit`.
    """
    found, wanted = find_unit(source), find_unit(target)
    if found.kind != wanted.kind:
        raise Incommensurable(f"{source} measures {found.kind} and {target} measures {wanted.kind}: the two are not converted.")
    if found.factor == wanted.factor:
        return value
    return value * found.factor / wanted.factor
