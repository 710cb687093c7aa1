"""The family of a lot: what went into it and what it went into, at any depth, as far as the open identity sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from .models import Lot, LotUse

#: lots above and below with their distance, negative above; a lot reached on two ways stands at its farthest, so that lines always run forward
FAMILY = """
WITH RECURSIVE up (lot, level, path) AS (
    SELECT parent_id, -1, ARRAY[child_id, parent_id] FROM batch_lotuse WHERE child_id = %s AND voided_at IS NULL
    UNION ALL
    SELECT u.parent_id, up.level - 1, up.path || u.parent_id FROM up JOIN batch_lotuse u ON u.child_id = up.lot
     WHERE u.voided_at IS NULL AND NOT u.parent_id = ANY (up.path)
), down (lot, level, path) AS (
    SELECT child_id, 1, ARRAY[parent_id, child_id] FROM batch_lotuse WHERE parent_id = %s AND voided_at IS NULL
    UNION ALL
    SELECT u.child_id, down.level + 1, down.path || u.child_id FROM down JOIN batch_lotuse u ON u.parent_id = down.lot
     WHERE u.voided_at IS NULL AND NOT u.child_id = ANY (down.path)
)
SELECT lot, min(level) FROM up GROUP BY lot UNION ALL SELECT lot, max(level) FROM down GROUP BY lot
"""


@dataclass(frozen=True)
class Family:
    """Lots with their level (0 is the lot itself, negative what went into it), and who went into whom."""

    lots: list[tuple[Any, int]]
    uses: list[tuple[int, int]]


def family_of(lot: Lot) -> Family:
    """Three queries, however large the family. A lot that is both above and below (rework) is kept where it went in."""
    with connection.cursor() as cursor:
        cursor.execute(FAMILY, [lot.pk, lot.pk])
        levels: dict[int, int] = {lot.pk: 0}
        for key, level in cursor.fetchall():
            levels.setdefault(key, level)
    found = Lot.objects.filter(pk__in=levels).select_related("record", "material__record", "product__record", "made_at__organisation")
    uses = LotUse.objects.filter(parent__in=levels, child__in=levels, voided_at__isnull=True).values_list("parent_id", "child_id").distinct()
    return Family([(row, levels[row.pk]) for row in found], sorted(uses))
