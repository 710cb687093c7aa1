"""A reported value: the text as reported, and what can be read from it without inventing anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .errors import NotReadable

Censoring = Literal["none", "less_than", "greater_than"]

_MARKS: dict[str, Censoring] = {"<": "less_than", "≤": "less_than", "<=": "less_than", ">": "greater_than", "≥": "greater_than", ">=": "greater_than"}
_NUMBER = re.compile(r"^(?P<mark><=|>=|<|>|≤|≥)?\s*(?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)$")
_LOOKS_NUMERIC = re.compile(r"^[<>≤≥=~+\-\s]*[\d.,'\s]*\d[\d.,'\s]*(?:[eE][+-]?\d+)?%?$")


@dataclass(frozen=True)
class ReportedValue:
    """`text` exactly as reported; `value` is None for words. `<10` is 10 censored below, never 10 and never 0.

    `digits` counts digits after the decimal point as written (95.10 has 2); None for words and for powers of ten.
    """

    text: str
    value: Decimal | None = None
    censoring: Censoring = "none"
    digits: int | None = None
    inclusive: bool = False  # `<=10`: the limit itself is possible

    @property
    def is_number(self) -> bool:
        return self.value is not None


def parse_reported(text: str) -> ReportedValue:
    """Read a result as reported.

    Raises `NotReadable` for nothing at all, for what looks like a number but could be read in two ways (`5,3`, `1,000`), for
    minus zero (instrument software writes it for "missing") and for NaN and infinities.
    """
    stripped = text.strip()
    if not stripped:
        raise NotReadable("The reported value is empty. Leave the row out, or give what the laboratory reported.")
    if stripped.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        raise NotReadable(f"{text!r} is not a value. Give the number or the word that the laboratory reported.")
    match = _NUMBER.match(stripped)
    if match:
        return _number(text, match)
    if _LOOKS_NUMERIC.match(stripped):
        raise NotReadable(
            f"{text!r} can be read in more than one way. Write it with a decimal point and without separators, and put the unit in its own field."
        )
    return ReportedValue(text)


def _number(text: str, match: re.Match[str]) -> ReportedValue:
    number = match["number"]
    value = Decimal(number)
    if value.is_zero() and number.startswith("-"):
        raise NotReadable(f"{text!r} is minus zero, which instruments write for a missing value. Give the value, or leave the row out.")
    mantissa = re.split("[eE]", number)[0]
    digits = None if len(mantissa) != len(number) else len(mantissa.partition(".")[2])
    return ReportedValue(text, value, _MARKS.get(match["mark"] or "", "none"), digits, (match["mark"] or "") in {"<=", ">=", "≤", "≥"})


__all__ = ["Censoring", "ReportedValue", "parse_reported"]
