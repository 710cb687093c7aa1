"""What somebody does who owns the machine: a superuser's connection with triggers off, inside a transaction that is rolled back or kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from holdfast.dossier.package import load_or_make_key
from holdfast.kernel import merkle
from holdfast.kernel.checkpoint import sign_checkpoint
from holdfast.kernel.clock import now
from holdfast.ledger.seals import origin_of
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


def rewrite_the_ledger(cursor: Any, keys: Path) -> None:
    """Make leaves, nodes and kept checkpoints agree with whatever the change sets and images hold now, signed with the installation's own key: what an owner
    of the machine can do, and what only a checkpoint kept elsewhere shows."""
    cursor.execute("UPDATE ledger_leaf SET leaf_hash = holdfast_leaf_hash(change_set_id)")
    cursor.execute("DELETE FROM ledger_treenode")
    cursor.execute("SELECT leaf_hash FROM ledger_leaf ORDER BY index")
    leaves = [bytes(leaf) for (leaf,) in cursor.fetchall()]
    for level, row in enumerate(merkle.complete_levels(leaves)):
        if level:
            values = [(level, index, value) for index, value in enumerate(row)]
            cursor.executemany("INSERT INTO ledger_treenode (level, index, hash) VALUES (%s, %s, %s)", values)
    cursor.execute("DELETE FROM ledger_keptcheckpoint")
    root = merkle.root_hash(len(leaves), merkle.node_at_of(leaves))
    made = sign_checkpoint(origin_of(leaves[0]), len(leaves), root, now(), [load_or_make_key(keys)])
    insert = "INSERT INTO ledger_keptcheckpoint (size, root, issued_at, text) VALUES (%s, %s, %s, %s)"
    cursor.execute(insert, [made.size, made.root, made.issued_at, made.text])
