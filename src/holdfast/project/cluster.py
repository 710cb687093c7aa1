"""One PostgreSQL cluster in a data folder: made once, started as a user that is not root, found again, stopped."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from .binaries import MAJOR, programs
from .home import Home, HomeProblem, runs_as_root, server_user

SUPERUSER, OWNER, APPLICATION = "postgres", "holdfast_owner", "holdfast_app"
HBA = "# Written by Holdfast: a password for everybody, nobody over the network.\nlocal all all scram-sha-256\n"
START_SECONDS = 60
#: a postmaster that was killed leaves its children for a moment; a new one must wait until they are gone
STILL_IN_USE = ("is still in use", "already exists", "could not bind")


def initialise(home: Home) -> dict[str, str]:
    """Make the cluster if it is new. Returns the password of each role, from `database.json`, readable by its owner only."""
    is_made = (home.cluster / "PG_VERSION").exists()
    passwords = _passwords(home, is_made)
    if is_made:
        _check_major(home)
        return passwords
    own(home.server)
    fresh = home.server / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", prefix="holdfast-") as file:
        file.write(passwords[SUPERUSER] + "\n")
        file.flush()
        if runs_as_root():
            os.chown(file.name, *server_user())
        options = ("--auth=scram-sha-256", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", f"--pwfile={file.name}")
        _run(home, "initdb", "-D", str(fresh), "-U", SUPERUSER, "-E", "UTF8", *options)
    (fresh / "pg_hba.conf").write_text(HBA, "utf-8")
    fresh.rename(home.cluster)
    return passwords


def _passwords(home: Home, is_made: bool) -> dict[str, str]:
    """Read the passwords; they are written before the cluster is, so that a cluster without them is never ours to replace."""
    try:
        return dict(json.loads(home.credentials.read_text("utf-8")))
    except FileNotFoundError:
        if is_made:
            raise HomeProblem(f"The data folder {home.path} holds a database but not its passwords: put {home.credentials.name} back from a backup.") from None
    except (OSError, ValueError) as error:
        raise HomeProblem(f"{home.credentials} cannot be read ({error}): use the account that made it, or put it back from a backup.") from error
    made = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, APPLICATION)}
    written = home.credentials.with_suffix(".new")
    written.unlink(missing_ok=True)
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(made, file)
    written.rename(home.credentials)
    return made


def _check_major(home: Home) -> None:
    made_by = (home.cluster / "PG_VERSION").read_text("utf-8").strip()
    if made_by != MAJOR:
        raise HomeProblem(
            f"The data folder {home.path} was made by PostgreSQL {made_by} and this version brings {MAJOR}: restore a backup into a new HOLDFAST_HOME."
        )


def own(path: Path) -> None:
    """A folder that only the server's user enters. One that is already there must be that user's own, and no link."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    user, group = server_user() if runs_as_root() else (os.geteuid(), os.getegid())
    status = path.lstat()
    if path.is_symlink() or status.st_uid not in (user, os.geteuid()):
        raise HomeProblem(f"The folder {path} belongs to somebody else: remove it, or choose another data folder with HOLDFAST_HOME.")
    if runs_as_root():
        os.chown(path, user, group, follow_symlinks=False)
    path.chmod(0o700)


def _as_server_user() -> dict[str, Any]:
    """Arguments of subprocess that leave root behind."""
    if not runs_as_root():
        return {}
    user, group = server_user()
    return {"user": user, "group": group, "extra_groups": []}


def _environment() -> dict[str, str]:
    """Without the caller's PG* variables and locale: a cluster is the same whoever makes it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))} | {"LC_ALL": "C"}


def _run(home: Home, program: str, *arguments: str) -> None:
    command = [str(programs(home) / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", env=_environment(), umask=0o077, check=False, **_as_server_user())
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or ["no message"]
        raise HomeProblem(f"PostgreSQL's {program} failed in {home.path}: {said[-1]}")


def launch(home: Home, *, durable: bool) -> subprocess.Popen[bytes]:
    """Start the server in a session of its own, so that Ctrl-C at the terminal reaches us and not it."""
    own(home.sockets)
    _drop_stale_pid(home)
    options = {"unix_socket_directories": str(home.sockets), "listen_addresses": "", "max_connections": "100", "logging_collector": "off"}
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with os.fdopen(os.open(home.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as log:
        return subprocess.Popen(
            [str(programs(home) / "postgres"), "-D", str(home.cluster), *arguments],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=_environment(), start_new_session=True, **_as_server_user(),
        )  # fmt: skip


def _drop_stale_pid(home: Home) -> None:
    """Nothing runs and nothing answers: a lock whose number is another program's by now (after a power cut) must not stop the start.

    A number that is nobody's is left to PostgreSQL, which then looks for the shared memory of the server that died.
    """
    pid = postmaster(home)
    if pid is not None:
        _bury(pid)
        if pid_is_alive(pid):
            (home.cluster / "postmaster.pid").unlink(missing_ok=True)
    for left in home.sockets.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def _bury(pid: int) -> None:
    """A server of our own that was killed keeps its number until we ask for its exit code."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def postmaster(home: Home) -> int | None:
    """The pid that the cluster's pid file names, dead or alive."""
    try:
        return int((home.cluster / "postmaster.pid").read_text("utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def pid_is_alive(pid: int) -> bool:
    """Whether a process with this number exists, whoever's it is."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_running(home: Home) -> bool:
    """Whether the pid file's process is this cluster's own server, and not another program that got its number."""
    pid = postmaster(home)
    if pid is None or not pid_is_alive(pid):
        return False
    command = _command_of(pid)
    return "postgres" in command and str(home.cluster) in command


def _command_of(pid: int) -> str:
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            return ""
    return subprocess.run(["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


def answers(home: Home, passwords: dict[str, str]) -> bool:
    """Whether a server accepts our password on the cluster's socket."""
    try:
        psycopg.connect(host=str(home.sockets), user=SUPERUSER, password=passwords[SUPERUSER], dbname="postgres", connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def start(home: Home, passwords: dict[str, str], *, durable: bool) -> None:
    """Start the server unless it runs, and wait until it answers. Recovers from whatever a crash left behind."""
    deadline = time.monotonic() + START_SECONDS
    process = None if is_running(home) or answers(home, passwords) else launch(home, durable=durable)
    while not answers(home, passwords):
        ended = process is not None and process.poll() is not None
        if time.monotonic() > deadline or (ended and not _waits_for_another(home)):
            raise HomeProblem(f"PostgreSQL did not start in {home.path}: {_last_words(home)} (the rest is in {home.log}).")
        time.sleep(0.05)
        if ended or (process is None and not is_running(home)):
            time.sleep(0.25)
            process = launch(home, durable=durable)


def _last_words(home: Home) -> str:
    lines = home.log.read_text("utf-8", "replace").strip().splitlines()[-12:] if home.log.exists() else []
    telling = [line for line in lines if "FATAL" in line or "error" in line.lower()] or lines
    return telling[-1] if telling else "it said nothing"


def _waits_for_another(home: Home) -> bool:
    return any(sign in _last_words(home) for sign in STILL_IN_USE)


def stop(home: Home) -> None:
    """Fast shutdown: transactions are rolled back, connections closed, and it is down when this returns."""
    pid = postmaster(home)
    if pid is None or not is_running(home):
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + START_SECONDS
    while is_running(home) and time.monotonic() < deadline:
        time.sleep(0.02)
