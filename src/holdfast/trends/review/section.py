"""What a review is made of: sections with counts, lists that lead to records, and what is absent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Link:
    """Text that leads to a batch, to a record, or to the trend of an attribute, by its key."""

    text: str
    key: int
    to: Literal["batch", "record", "attribute"] = "record"


@dataclass(frozen=True)
class Listing:
    """A table: what it lists, its columns, and its rows. `empty` is what is said where there is no row: an empty list is no evidence by itself."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | Link, ...], ...]
    empty: str = "None in the record. Whether the list is complete is for whoever keeps it to state."

    @property
    def labelled(self) -> list[list[tuple[str, str | Link]]]:
        """Each row with its columns' names beside the cells."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Section:
    """One point of the review: its title, where it is asked for, counts, lists, and what Holdfast does not hold of it."""

    title: str
    sources: tuple[str, ...]
    counts: tuple[tuple[str, str], ...] = ()
    listings: tuple[Listing, ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Period:
    """First and last day, both included."""

    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True)
class MadeBatch:
    """A batch of drug product whose manufacture ended in the period."""

    key: int
    number: str
    made_on: date
    maker: str

    @property
    def link(self) -> Link:
        return Link(self.number, self.key, "batch")


def day(value: date | None) -> str:
    """A day as a person reads it; absence is said."""
    return f"{value:%-d %b %Y}" if value else "not recorded"


def words(code: str | None) -> str:
    """A code word as words; absence is said."""
    return code.replace("_", " ") if code else "not recorded"


def tally(label: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """How many of each value, in order of the values: `label: value` and the number."""
    found: dict[str, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return [(f"{label}: {value}", str(found[value])) for value in sorted(found)]
