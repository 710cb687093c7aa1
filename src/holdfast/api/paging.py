"""Lists by page: a page begins after a key, so that its cost does not grow with its place."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from ninja.errors import ValidationError

from .schema.base import LARGEST_KEY, Paging


def cursor_of(key: Sequence[Any]) -> str:
    """A key as an opaque word."""
    return base64.urlsafe_b64encode(json.dumps(list(key), separators=(",", ":")).encode()).decode().rstrip("=")


def key_in(cursor: str | None, kinds: Sequence[type]) -> list[Any] | None:
    """The key in a cursor; None without one. Raises `ValidationError` for a word that is no cursor of this list."""
    if cursor is None:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        found = None
    if not isinstance(found, list) or [type(part) for part in found] != list(kinds) or any(isinstance(p, int) and not 0 <= p <= LARGEST_KEY for p in found):
        raise ValidationError([{"loc": ("query", "after"), "msg": "This is not the `next` of a page of this list."}])
    return found


def page_of(rows: QuerySet[Any], asked: Paging, shown: Callable[[Any], Any], *, newest_first: bool = False) -> dict[str, Any]:
    """One page of a queryset in the order of its primary key."""
    key = key_in(asked.after, [int])
    if key is not None:
        rows = rows.filter(pk__lt=key[0]) if newest_first else rows.filter(pk__gt=key[0])
    return cut(rows.order_by("-pk" if newest_first else "pk")[: asked.limit + 1], asked.limit, shown, lambda row: [row.pk])


def page_in(items: Sequence[Any], asked: Paging, shown: Callable[[Any], Any]) -> dict[str, Any]:
    """One page of a list that only ever grows at its end (a history) or is short: the key is the place in it."""
    key = key_in(asked.after, [int])
    start = 0 if key is None else key[0] + 1
    numbered = list(enumerate(items))[start : start + asked.limit + 1]
    return cut(numbered, asked.limit, lambda pair: shown(pair[1]), lambda pair: [pair[0]])


def cut(found: Iterable[Any], limit: int, shown: Callable[[Any], Any], key: Callable[[Any], Sequence[Any]]) -> dict[str, Any]:
    """A page from up to one more than its rows: the one more says whether there is a next."""
    rows = list(found)
    more = len(rows) > limit
    return {"items": [shown(row) for row in rows[:limit]], "next": cursor_of(key(rows[limit - 1])) if more else None}
