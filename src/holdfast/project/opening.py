"""Open the database for one process: start or join a server, migrate what is old, and hand Django the application's role."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from . import postgres
from .database import ABSENT, aim, is_open
from .home import HomeProblem, default_home, open_home, secret_key
from .postgres import APPLICATION, OWNER

FROM_A_SERVER = "HOLDFAST_DATABASE_URL"
OF_ITS_OWNER = "HOLDFAST_OWNER_DATABASE_URL"
UNFINISHED = "restore-unfinished"  # stands in a data folder while a backup is brought back
MIGRATION_LOCK = 0x484F4C44  # any number that nothing else in the database uses


@dataclass(frozen=True)
class Addresses:
    """Where the database is, for the application's role and, where we have it, its owner's."""

    application: str = field(repr=False)
    owner: str | None = field(repr=False)
    is_embedded: bool


@contextmanager
def opened(*, refresh: bool = False) -> Iterator[None]:
    """Django, ready, on a migrated database, connected as the role that owns nothing.

    HOLDFAST_DATABASE_URL names a server; without it the embedded one of the data folder is used, and stopped when the last
    process that uses it leaves. A database that this process has open is used as it is. `refresh` installs the guards again even
    when no migration is new. Raises `HomeProblem`.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.project.settings")
    if is_open():
        yield
        return
    with addresses() as found:
        import django

        django.setup()
        try:
            _connect(found)
            _bring_up_to_date(found, refresh=refresh)
            aim(found.application, None)  # from here on this process cannot migrate, whatever it runs
            yield
        finally:
            aim(ABSENT, None)


@contextmanager
def addresses(*, restoring: bool = False) -> Iterator[Addresses]:
    """The database's addresses, with a server behind them while the block runs. Raises `HomeProblem` in a folder whose restore was interrupted."""
    if not restoring and (default_home() / UNFINISHED).exists():
        raise HomeProblem(f"A restore into {default_home()} was interrupted: empty the folder and restore again.")
    named = os.environ.get(FROM_A_SERVER)
    if named:
        open_home(default_home(), for_server=False)  # keys are kept there, whoever keeps the database
        yield Addresses(named, os.environ.get(OF_ITS_OWNER), is_embedded=False)
        return
    with postgres.running(default_home()) as server:
        yield Addresses(server.url(APPLICATION), server.url(OWNER), is_embedded=True)


def _connect(found: Addresses) -> None:
    from django.db import OperationalError, connection

    aim(found.application, found.owner)
    try:
        connection.ensure_connection()
    except OperationalError as error:
        said = str(error).strip().splitlines() or ["no message"]
        raise HomeProblem(f"The database at {FROM_A_SERVER} does not answer: {said[-1]}") from error
    if not found.is_embedded:
        _refuse_a_powerful_role(connection)


def _refuse_a_powerful_role(connection: Any) -> None:
    """With a superuser's or the owner's address, nothing that the database guards would hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR EXISTS"
            " (SELECT FROM pg_tables WHERE schemaname = 'public' AND pg_has_role(current_user, tableowner, 'USAGE'))"
            " FROM pg_roles WHERE rolname = current_user"
        )
        is_powerful = cursor.fetchone()[0]
    if is_powerful:
        raise HomeProblem(f"{FROM_A_SERVER} names a role that owns the tables or passes every rule: give the application a role that owns nothing.")


def _bring_up_to_date(found: Addresses, *, refresh: bool) -> None:
    from django.core.management import call_command
    from django.db import connections

    from holdfast.ledger import install

    _refuse_a_newer_database("owner" if found.owner else "default")
    if found.owner is None:
        if _is_old("default") or not install.is_current("default"):
            raise HomeProblem(f"The database is older than this Holdfast: give its owner's address in {OF_ITS_OWNER} once, so that it can migrate.")
        return
    if not refresh and not _is_old("owner") and install.is_current("owner"):
        return
    with connections["owner"].cursor() as cursor:  # the lock goes with the connection
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        call_command("migrate", database="owner", verbosity=0, interactive=False)


def _refuse_a_newer_database(alias: str) -> None:
    """A database that a newer Holdfast has migrated is not for this one: it would write what that one's checks do not know."""
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connections[alias])
    newest: dict[str, str] = {}
    for app, name in loader.disk_migrations or ():
        newest[app] = max(newest.get(app, ""), name)
    ahead = sorted(f"{app} {name}" for app, name in loader.applied_migrations or () if name > newest.get(app, name))
    if ahead:
        raise HomeProblem(f"The database was migrated by a newer Holdfast ({', '.join(ahead)}): start that version, or restore a backup made by this one.")


def _is_old(alias: str) -> bool:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections[alias])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def session_key() -> str:
    """The key that sessions are signed with: HOLDFAST_SECRET_KEY, or the data folder's own."""
    return os.environ.get("HOLDFAST_SECRET_KEY") or secret_key(open_home(default_home(), for_server=False))
