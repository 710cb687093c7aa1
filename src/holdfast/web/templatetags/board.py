"""How the board and what follows from it are worded."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()
DESTINATIONS = {"US": "United States", "EU": "European Union"}


@register.filter
def destination(code: str) -> str:
    return DESTINATIONS.get(code, code)


@register.filter
def days_left(days: int) -> str:
    """`in 12 days`, `today`, `3 days ago`."""
    if days == 0:
        return "today"
    number = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"in {number}" if days > 0 else f"{number} ago"


@register.filter
def of(values: dict[Any, Any], key: Any) -> Any:
    """The value under a key; empty where there is none."""
    return values.get(key, "")
