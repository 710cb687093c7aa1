"""What somebody does who owns the machine: a superuser's connection with triggers off, inside a transaction that is rolled back or kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from holdfast.project.database import from_url
from holdfast.project.postgres import SUPERUSER

ALIAS = "owner"


@contextmanager
def superuser(server: Any, database: str) -> Iterator[Any]:
    """A cursor of the superuser with triggers and policies off, on the alias `owner`."""
    before = dict(settings.DATABASES[ALIAS])
    _aim(from_url(server.url(SUPERUSER, database)))
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            yield cursor
    finally:
        _aim(before)


def _aim(values: dict[str, Any]) -> None:
    connections[ALIAS].close()
    settings.DATABASES[ALIAS].update(values)
    connections[ALIAS].settings_dict.update(values)


@contextmanager
def undone() -> Iterator[None]:
    """A transaction of the superuser that leaves nothing behind."""
    with transaction.atomic(using=ALIAS):
        yield
        transaction.set_rollback(True, using=ALIAS)


def rewrite_the_ledger(cursor: Any) -> None:
    """Make leaves, nodes and the queue agree with whatever the change sets and images hold now: what an owner with a text editor can do."""
    cursor.execute("UPDATE ledger_leaf SET leaf_hash = holdfast_leaf_hash(change_set_id)")
    cursor.execute("DELETE FROM ledger_treenode")
    cursor.execute("SELECT leaf_hash FROM ledger_leaf ORDER BY index")
    from holdfast.kernel.merkle import complete_levels

    for level, row in enumerate(complete_levels([bytes(leaf) for (leaf,) in cursor.fetchall()])):
        if level:
            values = [(level, index, value) for index, value in enumerate(row)]
            cursor.executemany("INSERT INTO ledger_treenode (level, index, hash) VALUES (%s, %s, %s)", values)
