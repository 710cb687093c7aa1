"""Is a claimed number of months within what an observed one allows?"""

from __future__ import annotations

from typing import Any

from holdfast.standards.values import as_number


def months_within(item: dict[str, Any], root: dict[str, Any], *, claimed: Any, observed: Any, more: Any, times: Any = None) -> bool | None:
    """Whether `claimed` is at most `more` months above `observed` and, where `times` is given, at most so many times it (ICH Q1E 2.4-2.5);
    unknown when one of them is not recorded."""
    numbers = [as_number(value) for value in (claimed, observed, more, times if times is not None else 1)]
    if any(number is None for number in numbers):
        return None
    asked, seen, added, factor = [number for number in numbers if number is not None]
    return asked <= seen + added and (times is None or asked <= seen * factor)
