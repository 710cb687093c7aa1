"""Ancestors of lots at any depth, in one recursive query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection

ANCESTORS = """
WITH RECURSIVE up (root, parent, child, depth, used_on, path) AS (
    SELECT u.child_id, u.parent_id, u.child_id, 1, u.used_on, ARRAY[u.child_id, u.parent_id]
      FROM batch_lotuse u WHERE u.child_id = ANY (%s) AND u.voided_at IS NULL
    UNION ALL
    SELECT up.root, u.parent_id, u.child_id, up.depth + 1, u.used_on, up.path || u.parent_id
      FROM up JOIN batch_lotuse u ON u.child_id = up.parent
     WHERE u.voided_at IS NULL AND NOT u.parent_id = ANY (up.path)
)
SELECT DISTINCT ON (root, parent) root, parent, depth, used_on FROM up ORDER BY root, parent, depth, used_on
"""


@dataclass(frozen=True)
class Ancestor:
    """A lot that went into `root`, directly (depth 1) or through others, and the day it was used on the shortest way."""

    root: int
    lot: int
    depth: int
    used_on: date | None


def ancestors_of(lots: Collection[int]) -> list[Ancestor]:
    """Every ancestor of the given lots, each once a root, nearest first."""
    with connection.cursor() as cursor:
        cursor.execute(ANCESTORS, [list(lots)])
        return [Ancestor(*row) for row in cursor.fetchall()]
