"""Comparing values of a dossier: text, decimals, dates, moments, durations. An absent or unreadable value is None: unknown."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

_DATED = re.compile(r"^\d{4}-\d{2}-\d{2}($|T)")
_DURATION = re.compile(r"^P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?$")


def is_duration(text: Any) -> bool:
    return isinstance(text, str) and len(text) > 1 and _DURATION.match(text) is not None


def as_day(value: Any) -> date | None:
    """A date, or the UTC day of a moment; None when it is neither."""
    if isinstance(value, str):
        return _day_of(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).date() if value.tzinfo else value.date()
    return value if isinstance(value, date) else None


@lru_cache(4096)
def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else as_day(datetime.fromisoformat(text))
    except ValueError:
        return None


def as_moment(value: Any) -> datetime | None:
    """A moment with its offset; None when the value is a mere date or unreadable."""
    if isinstance(value, str) and len(value) > 10:
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) and value.tzinfo else None


def as_number(value: Any) -> Decimal | None:
    """An exact decimal from a number or its text; None when it is not one."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def shift(day: date, duration: str, sign: int) -> date:
    """A day moved by an ISO 8601 duration of years, months and days; a month that is too short ends on its last day."""
    match = _DURATION.match(duration)
    if match is None:
        raise ValueError(f"{duration!r} is not a duration like P30D, P6M or P1Y.")
    months = sign * (int(match["years"] or 0) * 12 + int(match["months"] or 0))
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    moved = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    return moved + timedelta(days=sign * int(match["days"] or 0))


def same(left: Any, right: Any) -> bool | None:
    """Equality by meaning: numbers as decimals, days as days, everything else exactly."""
    if left is None or right is None:
        return None
    if type(left) is str and type(right) is str:
        return left == right
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, Decimal)) or isinstance(right, (int, Decimal)):
        a, b = as_number(left), as_number(right)
        return None if a is None or b is None else a == b
    return str(left) == str(right)


def ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool | None]:
    """A comparison of two days, or of two moments when both have a time."""

    def answer(left: Any, right: Any) -> bool | None:
        a: Any
        b: Any
        a, b = as_moment(left), as_moment(right)
        if a is None or b is None:
            a, b = as_day(left), as_day(right)
        return None if a is None or b is None else compare(a, b)

    return answer


def measured(compare: Callable[[Decimal, Decimal], bool]) -> Callable[[Any, Any], bool | None]:
    """A comparison of two numbers."""

    def answer(left: Any, right: Any) -> bool | None:
        a, b = as_number(left), as_number(right)
        return None if a is None or b is None else compare(a, b)

    return answer


def covers(validity: Any, day: Any) -> bool | None:
    """Whether a validity covers a day, both ends included. An end that nobody stated leaves it open, unless the beginning excludes it."""
    wanted = as_day(day)
    if not isinstance(validity, dict) or wanted is None:
        return None
    begin, until = as_day(validity.get("begin")), validity.get("until")
    if begin is not None and wanted < begin:
        return False
    ended = None if until is None else until != "open-ended" and (as_day(until) or date.min) < wanted
    if ended:
        return False
    return None if begin is None or until is None else True


def contains(value: Any, options: Any) -> bool | None:
    """Whether a value is one of some options."""
    if value is None or options is None:
        return None
    chosen = options if isinstance(options, (list, tuple)) else [options]
    return any(same(value, option) is True for option in chosen)


def shown(value: Any) -> str:
    """A value as a person reads it in a sentence."""
    if value is None or value == "":
        return "not recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value) or "none"
    return _shown_date(value) if isinstance(value, str) and len(value) >= 10 and value[4] == "-" and _DATED.match(value) else str(value)


@lru_cache(4096)
def _shown_date(text: str) -> str:
    moment, day = as_moment(text), as_day(text)
    if moment:
        return f"{moment.astimezone(UTC):%-d %b %Y %H:%M} UTC"
    return f"{day:%-d %b %Y}" if day else text


def written_out(condition: str | tuple[str, Any]) -> str:
    """A condition as a sentence."""
    return condition if isinstance(condition, str) else f"{condition[0]} {shown(condition[1])}"


def brief(value: Any) -> str:
    """What a condition found, as a person reads it beside the condition."""
    if isinstance(value, dict):
        if set(value) <= {"begin", "until"}:
            return f"{shown(value.get('begin'))} to {shown(value.get('until'))}"
        return "recorded"
    return f"{len(value)} rows" if isinstance(value, list) and value and isinstance(value[0], dict) else shown(value)
