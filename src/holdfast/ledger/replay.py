"""Replay: each image begins where the one before it ended, and each live row is its last image."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

from .install import image_sql, primary_key_column, regulated_models
from .models import Regulated

UNREADABLE: dict[str, Any] = {}  # stands for itself: compared with `is`
Find = Callable[..., None]
CHUNK = 500
#: tables whose kept bytes have a digest in a column: (table, bytes, digest)
DIGESTED = (("ledger_storedfile", "content", "sha256"), ("ledger_signature", "content", "digest"))


@dataclass
class Images:
    """The last image of every row, as a digest, and what its chain looked like."""

    using: str
    last: dict[str, dict[int, bytes]] = field(default_factory=dict)

    def take(self, row: tuple[Any, ...], find: Find) -> None:
        """Take the next image of a row; say where it does not begin at the end of the one before."""
        _, identity, table, key, operation, _, _, _, before, after = row
        rows = self.last.setdefault(table, {})
        known = rows.get(key)
        place = f"image {identity} of {table} row {key}"
        if operation == "insert":
            if known is not None or before is not None:
                find(place, "the row is added a second time")
        elif known is None:
            find(place, "the row is changed and was never added")
        elif digest(before) != known:
            self._explain(row, find)
        if after is None:
            find(place, "the image holds nothing")
        else:
            rows[key] = digest(after)

    def _explain(self, row: tuple[Any, ...], find: Find) -> None:
        """The texts differ: because a column was added since (no finding), or because a value does."""
        _, identity, table, key, _, _, _, _, before, _ = row
        earlier = _last_images(self.using, table, [key], below=identity).get(key)
        for name, ledger, found in differing(earlier, before):
            find(f"image {identity} of {table} row {key}", f"it begins with {found!r}; the image before it ends with {ledger!r}", name)


def stream(using: str, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Rows of a query through a server-side cursor, so that memory stays flat."""
    with connections[using].chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(2000):
            yield from rows


def digest(text: str | None) -> bytes:
    """SHA-256 of an image's text."""
    return hashlib.sha256((text or "").encode()).digest()


def differing(ledger: str | None, found: str | None) -> Iterator[tuple[str, Any, Any]]:
    """Fields that two images both have and that differ: name, value in the ledger, value found. Digits count."""
    one, other = _parsed(ledger), _parsed(found)
    if one is UNREADABLE or other is UNREADABLE:
        yield "", ledger, found
        return
    for name, value in one.items():
        if name in other and other[name] != value:
            yield name, value, other[name]


def _parsed(text: str | None) -> dict[str, Any]:
    """Fields of an image; `UNREADABLE` when the text is no JSON object any more."""
    try:
        read = json.loads(text, parse_float=str) if text else {}
    except ValueError:
        return UNREADABLE
    return read if isinstance(read, dict) else UNREADABLE


def replay(using: str, images: Images, find: Find) -> int:
    """Compare every live row with its last image; returns how many rows there are."""
    counted = 0
    tables = {model._meta.db_table: model for model in regulated_models()}
    for table, model in tables.items():
        counted += _compare_table(using, model, images.last.pop(table, {}), find)
    for table, rows in images.last.items():
        if rows:
            find(f"table {table}", f"{len(rows)} rows have images and the table is not a regulated one")
    for table, content, digested in DIGESTED:
        _compare_bytes(using, table, content, digested, find)
    return counted


def _compare_table(using: str, model: type[Regulated], last: dict[int, bytes], find: Find) -> int:
    table, key = model._meta.db_table, primary_key_column(model)
    counted, doubtful = 0, []
    for row, text in stream(using, f'SELECT t."{key}", {image_sql(model, "t")} FROM "{table}" t ORDER BY t."{key}"'):
        counted += 1
        known = last.pop(row, None)
        if known is None:
            find(f"{_name(table, row, text)}", "the row was never written through the ledger")
        elif known != digest(text):
            doubtful.append((row, text))
        if len(doubtful) >= CHUNK:
            _explain_rows(using, model, doubtful, find)
            doubtful = []
    _explain_rows(using, model, doubtful, find)
    for row in sorted(last):
        gone = _last_images(using, table, [row])[row]
        find(_name(table, row, gone), "the row is in the ledger and no longer in the table")
    return counted


def _explain_rows(using: str, model: type[Regulated], rows: Sequence[tuple[int, str]], find: Find) -> None:
    """Rows whose text is not their last image's: which field, or only another way of writing the same (a column added since, at its default)."""
    if not rows:
        return
    table = model._meta.db_table
    images = _last_images(using, table, [row for row, _ in rows])
    for row, text in rows:
        for name, ledger, found in differing(images[row], text):
            find(_name(table, row, images[row]), f"the table holds {found!r}, the ledger {ledger!r}", name)
        for name in sorted(set(_parsed(text)) - set(_parsed(images[row]))):
            value, default = _parsed(text)[name], _default(model, name)
            if value not in (None, default):
                find(_name(table, row, images[row]), f"the table holds {value!r}, and no image has the field (its default is {default!r})", name)


def _default(model: type[Regulated], column: str) -> Any:
    """What a migration gives existing rows in a column that it adds."""
    found = next((f for f in model._meta.concrete_fields if f.column == column), None)
    return found.get_default() if found is not None and found.has_default() else "" if found is not None and found.empty_strings_allowed else None


def _last_images(using: str, table: str, rows: Sequence[int], below: int | None = None) -> dict[int, str]:
    sql = "SELECT DISTINCT ON (row_id) row_id, after FROM ledger_rowchange WHERE table_name = %s AND row_id = ANY(%s)"
    values: list[Any] = [table, list(rows)]
    if below is not None:
        sql, values = sql + " AND id < %s", [*values, below]
    with connections[using].cursor() as cursor:
        cursor.execute(sql + " ORDER BY row_id, id DESC", values)
        return dict(cursor.fetchall())


def _name(table: str, row: int, image: str | None) -> str:
    """A row as a person knows it, where its image says: its kind and number, code or name."""
    facts = _parsed(image)
    known = " ".join(str(facts[name]) for name in ("kind", "number", "code", "printed_name", "sha256") if facts.get(name))
    return f"{table} row {row}" + (f" ({known})" if known else "")


def _compare_bytes(using: str, table: str, content: str, digested: str, find: Find) -> None:
    """Kept bytes against their digests, hashed by PostgreSQL's own function: they may be large."""
    with connections[using].cursor() as cursor:
        cursor.execute(f'SELECT id FROM "{table}" WHERE encode(sha256("{content}"), \'hex\') <> "{digested}" ORDER BY id')
        for (row,) in cursor.fetchall():
            find(f"{table} row {row}", f"its bytes are not those of its {digested}", content)
