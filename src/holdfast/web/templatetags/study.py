"""How the numbers of a study are written on its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import template

from holdfast.science.words import say

register = template.Library()


@register.filter
def quantities(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    """A result's numbers as name, value to six digits, and unit. Lists of one value a row stand in the data, not here."""
    found = [(path, text) for path, text in _leaves(result["quantities"], "") if text]
    return [(path.replace("_", " ").replace(".", ", "), text, _unit(result["units"], path)) for path, text in found]


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _leaves(part, f"{path}.{name}" if path else name)
    elif isinstance(value, bool):
        yield path, "yes" if value else "no"
    elif value is None:
        yield path, "none"
    elif not isinstance(value, list):
        yield path, _number(value)


def _number(value: Any) -> str:
    try:
        return say(float(value), 6) if isinstance(value, str) else str(value)
    except ValueError:
        return str(value)


def _unit(units: dict[str, str], path: str) -> str:
    unit = units.get(path, "")
    return "" if unit == "1" else unit
