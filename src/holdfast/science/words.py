"""Numbers as a sentence says them."""

from __future__ import annotations


def say(number: float, digits: int = 4) -> str:
    """A number to significant digits, without an exponent where a reader would not write one."""
    text = f"{number:.{digits}g}"
    return f"{number:.0f}" if "e" in text and 1 <= abs(number) < 1e9 else text


def share(level: float) -> str:
    """A level as a percentage: 0.9 is `90 %`."""
    return f"{100 * level:.6g} %"


def with_unit(number: float, unit: str, digits: int = 4) -> str:
    """A number and its unit, if it has one."""
    return say(number, digits) + (f" {unit}" if unit not in {"", "1"} else "")


def duration(number: float, unit: str) -> str:
    """A time with its unit, in the plural where English has one: `23.4 months`."""
    plural = "s" if unit in {"day", "week", "month", "year", "hour"} and number != 1 else ""
    return with_unit(number, unit) + plural
