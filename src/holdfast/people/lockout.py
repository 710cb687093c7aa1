"""Lock-out after too many refusals, shared by every process because it is kept in the database.

An attempt is counted before it is judged, and taken back when it succeeds. Attempts of one log-in are counted in turn, so that ten guesses at the same
moment are ten attempts, and not ten that each saw none before it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from holdfast.kernel.clock import now

LOCKED_AFTER = 5
LOCKED_FOR = timedelta(minutes=15)


def is_locked(attempts: Any) -> bool:
    """Whether too many of these attempts (a queryset of one log-in's) were made lately."""
    return bool(attempts.filter(attempted_at__gte=now() - LOCKED_FOR).count() >= LOCKED_AFTER)


def admit(attempts: Any, **whose: Any) -> Any | None:
    """Count an attempt that is about to be judged, as a row of its own; None when there were too many already.

    Delete the row when the attempt succeeds. Others who try with the same log-in wait until it is counted, and inside a longer transaction until that ends.
    """
    name = f"{attempts.model._meta.db_table} {sorted(whose.items())}"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return None if is_locked(attempts.filter(**whose)) else attempts.create(**whose, attempted_at=now())
