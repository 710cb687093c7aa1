"""Who is asking: every transaction that reads programme data says so, or the database raises HF010."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True)
class Viewer:
    """The identity under which rows are read: a person, the evaluator of one programme, or the operator of the machine."""

    function: str
    argument: int | None = None

    @classmethod
    def person(cls, person_id: int) -> Viewer:
        """A person, who sees what their organisation's grants and their own roles give them today."""
        return cls("holdfast_identify_person", person_id)

    @classmethod
    def evaluator(cls, programme_id: int) -> Viewer:
        """The evaluator, who sees one whole programme, so that hidden evidence never becomes a pass."""
        return cls("holdfast_identify_evaluator", programme_id)

    @classmethod
    def operator(cls) -> Viewer:
        """The operator at the command line of the machine that holds the database."""
        return cls("holdfast_identify_operator")


@contextmanager
def viewing(viewer: Viewer) -> Iterator[None]:
    """Run the block as `viewer`, in a transaction; the identity before it comes back after it."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        before = None if outermost else scope_now()
        identify(viewer)
        yield
        # With the transaction its identity ends; on an error PostgreSQL restores the settings with the savepoint.
        if before is not None:
            restore(before)


def identify(viewer: Viewer) -> None:
    """Set the identity for the current transaction."""
    with connection.cursor() as cursor:
        if viewer.argument is None:
            cursor.execute(f"SELECT {viewer.function}()")
        else:
            cursor.execute(f"SELECT {viewer.function}(%s)", [viewer.argument])


def scope_now() -> list[str]:
    """The identity of the current transaction, as settings."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT holdfast_scope_now()")
        return list(cursor.fetchone()[0])


def sees_whole(programme: str) -> bool:
    """Whether the open identity has the whole of a programme (by its number) in scope: no row of it is hidden then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT holdfast_everything() OR EXISTS (SELECT FROM ledger_programme WHERE number = %s AND id = ANY ((SELECT holdfast_scope('whole'))::bigint[]))",
            [programme],
        )
        return bool(cursor.fetchone()[0])


def writes_whole(programme: str) -> bool:
    """Whether the open identity may write what is of the whole of a programme (by its number): its grant says so, and one of its roles."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT holdfast_everything() OR EXISTS (SELECT FROM ledger_programme WHERE number = %s AND id = ANY ((SELECT holdfast_scope('writable_whole'))::bigint[]))",  # noqa: E501
            [programme],
        )
        return bool(cursor.fetchone()[0])


def restore(scope: list[str]) -> None:
    """Put an identity back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT holdfast_restore_scope(%s)", [scope])


__all__ = ["Viewer", "identify", "sees_whole", "viewing", "writes_whole"]
