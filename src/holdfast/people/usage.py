"""How often somebody asks: counted by minute in the database, so that every process shares the count."""

from __future__ import annotations

from dataclasses import dataclass
from time import time

from django.db import DatabaseError, connection, transaction

from holdfast.ledger.changes import sqlstate

from .models import ApiUse

#: minutes for which counts are kept
KEPT = 10
READ_ONLY = "25006"
ADD = (
    "INSERT INTO people_apiuse (who, minute, count) VALUES (%s, %s, 1) ON CONFLICT (who, minute) DO UPDATE SET count = people_apiuse.count + 1 RETURNING count"
)


@dataclass(frozen=True)
class Usage:
    """How often somebody asked in this minute, of how often they may, and the seconds until the next minute."""

    count: int
    limit: int
    seconds_left: int

    @property
    def is_over(self) -> bool:
        return self.count > self.limit


def count_use(who: str, limit: int) -> Usage:
    """Count one more request of `who`. A replica, which cannot write, counts nothing: what stands before it must."""
    moment = int(time())
    minute, passed = divmod(moment, 60)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ADD, [who, minute])
            count = int(cursor.fetchone()[0])
            if count == 1:
                ApiUse.objects.filter(minute__lt=minute - KEPT).delete()
    except DatabaseError as error:
        if sqlstate(error) != READ_ONLY:
            raise
        count = 0
    return Usage(count, limit, 60 - passed)
