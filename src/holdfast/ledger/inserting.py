"""New rows in number: copied into a temporary table and inserted from there, because COPY into a table with row-level policies is refused.

Guards, capture, policies and constraints meet them as they meet any insert.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

FEW = 100  # up to here one INSERT with values is quicker than a temporary table
COPIED_AT_ONCE = 20_000  # so that one statement's images never fill the server's memory


def insert(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert rows (columns' attribute names to values; a field not given takes its default) and return their primary keys, in order."""
    if len(rows) <= FEW:
        return [instance.pk for instance in model._base_manager.bulk_create([model(**row) for row in rows])]
    keys: list[int] = []
    for start in range(0, len(rows), COPIED_AT_ONCE):
        keys += _copy(model, rows[start : start + COPIED_AT_ONCE])
    return keys


def _copy(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> list[int]:
    key: Any = model._meta.pk
    keys = [row[key.attname] for row in rows] if key.is_relation else _new_keys(model, len(rows))
    fields = [field for field in model._meta.concrete_fields if field is not key]
    defaults = {field.attname: field.get_default() for field in fields}
    names = [field.attname for field in fields]
    table, waiting = model._meta.db_table, f"waiting_{model._meta.db_table}"
    columns = ", ".join(f'"{field.column}"' for field in (key, *fields))
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMPORARY TABLE IF NOT EXISTS "{waiting}" (LIKE "{table}") ON COMMIT DROP')
        with cursor.copy(f'COPY "{waiting}" ({columns}) FROM STDIN') as copy:
            for number, row in zip(keys, rows, strict=True):
                whole = defaults | row
                copy.write_row([number, *[whole[name] for name in names]])
        cursor.execute(f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM "{waiting}"')
        cursor.execute(f'TRUNCATE "{waiting}"')
    return keys


def _new_keys(model: type[models.Model], number: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [model._meta.db_table, model._meta.pk.column, number])  # type: ignore[union-attr]
        return [row[0] for row in cursor.fetchall()]
