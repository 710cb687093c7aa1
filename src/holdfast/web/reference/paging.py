"""A page of a list that is held in memory, by the key of the last line before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.http import QueryDict

Line = TypeVar("Line")
LINES = 50


@dataclass(frozen=True)
class Page(Generic[Line]):
    """The lines of one page, what is said of it, and the addresses of the first and the following page (empty: none)."""

    lines: tuple[Line, ...]
    total: int
    said: str
    before: str
    after: str


def page_of(lines: Sequence[Line], asked: QueryDict, key: Callable[[Line], str], noun: str) -> Page[Line]:
    """The page that begins after the line whose key the address names; the first one where there is no such line."""
    keys = [key(line) for line in lines]
    given = asked.get("after", "")
    start = keys.index(given) + 1 if given in keys else 0
    shown = tuple(lines[start : start + LINES])
    end = start + len(shown)
    said = f"{start + 1} to {end} of {len(lines)} {noun}" if shown else f"0 {noun}"
    return Page(shown, len(lines), said, _with(asked, "") if start else "", _with(asked, keys[end - 1]) if end < len(lines) else "")


def _with(asked: QueryDict, after: str) -> str:
    kept = {name: value for name, value in asked.items() if name != "after" and value}
    return f"?{urlencode(kept | ({'after': after} if after else {}))}"
