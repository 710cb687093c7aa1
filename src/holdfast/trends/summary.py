"""A stream in one line, to compare sites and method versions beside each other: nothing is pooled for it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean, stdev

from .streams import Stream


@dataclass(frozen=True)
class Summary:
    """How many results, and of the numbers among them the mean and the standard deviation to one digit more than was reported. Blank: not to be had."""

    results: int
    counted: int
    censored: int
    mean: str
    sd: str
    lowest: str
    highest: str


def summary_of(stream: Stream) -> Summary:
    """No mean and no deviation where a counted result is censored or in words: it has no number to enter with. Extremes are as reported."""
    rows = stream.counted
    values = [row.value for row in rows if row.value is not None and not row.is_censored]
    is_whole, digits = len(values) == len(rows) and len(rows) > 0, digits_of(stream)
    ordered = sorted((row for row in rows if row.value is not None and not row.is_censored), key=lambda row: row.value or Decimal(0))
    return Summary(
        results=len(stream.results),
        counted=len(rows),
        censored=sum(row.is_censored for row in rows),
        mean=f"{fmean(values):.{digits + 1}f}" if is_whole else "",
        sd=f"{stdev(values):.{digits + 1}f}" if is_whole and len(rows) > 1 else "",
        lowest=ordered[0].reported if ordered else "",
        highest=ordered[-1].reported if ordered else "",
    )


def digits_of(stream: Stream) -> int:
    """The most digits after the decimal point that any result of the stream was reported to."""
    return max((row.digits for row in stream.results if row.digits is not None), default=0)
