"""Reference cases: what a source printed, beside what the method gives. A case is a YAML file; its digits decide the tolerance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .registry import method_named
from .result import Result
from .series import Series
from .table import column_values, read_table


@dataclass(frozen=True)
class Case:
    """One reference case. `expected` maps the path of a quantity to what the source says: text as printed (agreement to half a unit of
    its last digit), or a mapping with `value` and `relative` or `absolute`. `data` names a file outside the project, when the data are there."""

    name: str
    method: str
    source: str
    expected: Mapping[str, Any]
    columns: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    data: str | None = None
    script: str = ""


@dataclass(frozen=True)
class Agreement:
    """One expected value, what was computed, the largest difference allowed, and whether they agree."""

    path: str
    expected: str
    computed: Any
    tolerance: float
    agrees: bool


def read_cases(folder: Path) -> list[Case]:
    """Every case under a folder, by name. A file holds one case or a list of them."""
    cases: list[Case] = []
    for path in sorted(folder.rglob("cases/*.yaml")):
        content = yaml.safe_load(path.read_text("utf-8"))
        for number, each in enumerate(content if isinstance(content, list) else [content], 1):
            name = each.pop("name", path.stem if not isinstance(content, list) else f"{path.stem}-{number}")
            cases.append(Case(name=name, **each))
    return cases


def compute(case: Case, shared: Path | None = None) -> Result:
    """The method's result for the case. With `data`, the file is looked for under `shared`."""
    chosen = method_named(case.method)
    if case.data is None:
        columns = {name: _column(name, given) for name, given in case.columns.items()}
    else:
        assert shared is not None
        table = read_table(shared / case.data)
        columns = {column.name: column_values(table, column, case.columns.get(column.name, column.name)) for column in chosen.columns
                   if column.required or column.name in case.columns}  # fmt: skip
    result: Result = chosen(**columns, **case.parameters)
    return result


def agreements(case: Case, result: Result) -> Iterator[Agreement]:
    """Each expected value against the result."""
    found = result.as_dict()
    for path, expected in case.expected.items():
        computed = lookup(found, path)
        yield _agreement(path, expected, computed)


def lookup(found: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path among the quantities, or, where there is none of that name, of the result itself.

    Raises `KeyError` naming the path: a quantity that is missing is a disagreement.
    """
    first = path.split(".")[0]
    value: Any = found["quantities"] if first in found["quantities"] else found
    for part in path.split("."):
        try:
            value = value[int(part)] if isinstance(value, list) else value[part]
        except (KeyError, IndexError, TypeError, ValueError):
            raise KeyError(f"{found['method']} reports no {path}") from None
    return value


def _agreement(path: str, expected: Any, computed: Any) -> Agreement:
    tolerance = 0.0
    if isinstance(expected, Mapping):
        value = float(expected["value"])
        tolerance = float(expected.get("absolute", 0)) or abs(value) * float(expected["relative"])
        return Agreement(path, repr(value), computed, tolerance, computed is not None and abs(computed - value) <= tolerance)
    if isinstance(expected, str):
        number = _number(expected)
        if number is not None and isinstance(computed, (int, float)):
            tolerance = half_last_digit(expected)
            return Agreement(path, expected, computed, tolerance, abs(computed - number) <= tolerance)
    return Agreement(path, str(expected), computed, tolerance, computed == expected)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def half_last_digit(text: str) -> float:
    """Half a unit of the last digit of a number as printed, and a hair for binary representation: 2.80 gives 0.005."""
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(0.5 * 10.0 ** (int(exponent or 0) - decimals) * (1 + 1e-9))


def _column(name: str, given: Any) -> Any:  # Any: as YAML has it; the method reads it as its column's kind
    if isinstance(given, Mapping):
        return Series.of(given["values"], given.get("unit", ""), name)
    return given
