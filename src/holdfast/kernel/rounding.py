"""Rounding before comparison, as USP General Notices 7.20 has it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def digits_after_point(text: str) -> int:
    """Digits after the decimal point as a limit is written: `0.50` has 2, `70` has 0, `1E3` has 0."""
    exponent = Decimal(text).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def round_to_limit(value: Decimal, limit: str) -> Decimal:
    """Round a value to the last digit of the limit it is compared with; a 5 goes up.

    USP General Notices 7.20: consider one digit beyond the last place of the limit; below 5 it is dropped, 5 and above raise the digit before.
    """
    return value.quantize(Decimal(1).scaleb(-digits_after_point(limit)), rounding=ROUND_HALF_UP)
