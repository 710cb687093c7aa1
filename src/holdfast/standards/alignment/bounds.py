"""Which numbers a criterion accepts, exactly: rounding to the digits of the limit included (USP General Notices 7.20, see `kernel.rounding`)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from holdfast.kernel.acceptance import NUMERIC, Criterion
from holdfast.kernel.errors import NotReadable
from holdfast.kernel.rounding import digits_after_point
from holdfast.kernel.unit import find_unit

COMPARISONS = {"nlt": "not less than", "nmt": "not more than", "gt": "more than", "lt": "less than", "equals": "exactly"}


@dataclass(frozen=True)
class Bound:
    """An end of the accepted numbers, in the first unit of the kind of quantity, and whether the end itself is accepted."""

    value: Fraction
    included: bool


@dataclass(frozen=True)
class Accepted:
    """The numbers that a criterion accepts; None: no end on that side."""

    low: Bound | None
    high: Bound | None

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low.value > self.high.value or (self.low.value == self.high.value and not (self.low.included and self.high.included))


@dataclass(frozen=True)
class Limits:
    """A numeric criterion in two kinds of limit only, accepting exactly the same numbers: `more than 5` is `not less than 6` after rounding."""

    low: str | None
    high: str | None
    unit: str

    @property
    def accepted(self) -> Accepted:
        factor = Fraction(find_unit(self.unit).factor)
        return Accepted(_low(self.low, factor), _high(self.high, factor))

    @property
    def criterion(self) -> Criterion:
        kind = "range" if self.low and self.high else "nlt" if self.low else "nmt"
        return Criterion(kind, low=self.low, high=self.high, unit=self.unit)


def limits_of(criterion: Criterion) -> Limits:
    """The limits of a numeric criterion. Raises `NotReadable` when it is none, or a limit is missing or no number, and `UnknownUnit`."""
    if criterion.kind not in NUMERIC:
        raise NotReadable(f"A criterion of the kind {criterion.kind!r} has no limits.")
    find_unit(criterion.unit)
    low = {"range": criterion.low, "nlt": criterion.low, "gt": _next(criterion.low, 1), "equals": criterion.low or criterion.high}.get(criterion.kind)
    high = {"range": criterion.high, "nmt": criterion.high, "lt": _next(criterion.high, -1), "equals": criterion.low or criterion.high}.get(criterion.kind)
    wanted = {"range": (low, high), "equals": (low, high), "nlt": (low,), "gt": (low,), "nmt": (high,), "lt": (high,)}[criterion.kind]
    if not all(wanted):
        raise NotReadable("A limit of the criterion is not recorded.")
    for text in filter(None, (low, high)):
        _number(text)
    return Limits(low or None, high or None, criterion.unit)


def shown(criterion: Criterion) -> str:
    """A criterion in words, as a person reads it."""
    unit = f" {criterion.unit}" if criterion.unit else ""
    if criterion.kind == "range":
        return f"{criterion.low} to {criterion.high}{unit}"
    if criterion.kind in COMPARISONS:
        return f"{COMPARISONS[criterion.kind]} {criterion.low or criterion.high}{unit}"
    if criterion.kind == "one_of":
        return f"one of: {'; '.join(criterion.allowed)}"
    return criterion.kind.replace("_", " ")


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise NotReadable(f"The limit {text!r} is not a number.") from None
    if not value.is_finite():
        raise NotReadable(f"The limit {text!r} is not a number.")
    return value


def _next(text: str | None, step: int) -> str | None:
    """The neighbour of a limit at its own last digit."""
    return None if not text else f"{_number(text) + step * Decimal(1).scaleb(-digits_after_point(text)):f}"


def _half(text: str) -> Fraction:
    return Fraction(1, 2) * Fraction(1, 10 ** digits_after_point(text))


def _low(text: str | None, factor: Fraction) -> Bound | None:
    """A tie rounds away from zero: up to a positive limit, and away from one that is not."""
    return None if text is None else Bound((Fraction(_number(text)) - _half(text)) * factor, _number(text) > 0)


def _high(text: str | None, factor: Fraction) -> Bound | None:
    return None if text is None else Bound((Fraction(_number(text)) + _half(text)) * factor, _number(text) < 0)


__all__ = ["Accepted", "Bound", "Limits", "limits_of", "shown"]
