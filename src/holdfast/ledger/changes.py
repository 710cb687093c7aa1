"""The one door: every regulated write happens inside a change set, with an actor, an action and a reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction

from holdfast.kernel.errors import Refused

from .access import Viewer
from .models import Programme

NO_CHANGE_SET = "HF001"
NEVER_DELETED = "HF002"
SIGNED = "HF003"
CHANGE_SET_MISUSED = "HF004"
LEFT_OPEN = "HF005"
KEY_CHANGED = "HF006"
CLOCK_SET_BACK = "HF007"
NOBODY_IDENTIFIED = "HF010"
MAY_NOT_WRITE = "HF011"


class MayNotWrite(Refused):
    """The actor only looks where the change set would write: no role that does more, or a grant that is read-only."""


@dataclass(frozen=True)
class Actor:
    """Who does it: a person by id and printed name, or (without id) the operator of the machine."""

    person_id: int | None
    printed_name: str

    @classmethod
    def operator(cls, name: str) -> Actor:
        """The operator at the command line, by the machine's own name for them."""
        return cls(None, name)

    @property
    def viewer(self) -> Viewer:
        return Viewer.operator() if self.person_id is None else Viewer.person(self.person_id)


@dataclass(frozen=True)
class OpenChangeSet:
    """A change set that is open in this transaction: the first parameter of every action."""

    id: int
    actor: Actor
    programme: Programme | None


@contextmanager
def change_set(actor: Actor, *, action: str, reason: str, programme: Programme | None = None) -> Iterator[OpenChangeSet]:
    """Open a change set in a transaction, identified as its actor, and close it before commit.

    Raises `MayNotWrite` when the actor may write nothing there, and `django.db.DatabaseError` with SQLSTATE HF004 when one is already open, the reason is
    empty, or the printed name is not the actor's.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        opened, scope_before = _open([actor.person_id, actor.printed_name, action, reason, programme.pk if programme else None, outermost])
        yield OpenChangeSet(opened, actor, programme)
        if not outermost:  # the commit closes one that is its own transaction: a round trip less
            with connection.cursor() as cursor:
                cursor.execute("SELECT holdfast_close_change_set(%s, %s)", [opened, scope_before])


OPEN = "SELECT opened, scope_before FROM holdfast_open_change_set(%s, %s, %s, %s, %s, %s)"


def _open(values: list[int | str | bool | None]) -> tuple[int, list[str]]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(OPEN, values)
            found = cursor.fetchone()
    except DatabaseError as error:
        if sqlstate(error) == MAY_NOT_WRITE:
            raise MayNotWrite(str(error).splitlines()[0]) from error
        raise
    return int(found[0]), list(found[1] or ())


def sqlstate(error: DatabaseError) -> str | None:
    """The SQLSTATE behind a Django database error, e.g. `HF001` from the guard."""
    cause = error.__cause__
    return getattr(cause, "sqlstate", None)


__all__ = ["Actor", "MayNotWrite", "OpenChangeSet", "change_set", "sqlstate"]
