"""The data folder: where it is, what is in it, and one clear sentence when it cannot be used."""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

SERVER_USER = "nobody"


class HomeProblem(Exception):
    """The data folder cannot be used; the message is one sentence that says why and what to do."""


@dataclass(frozen=True)
class Home:
    """A data folder and the places in it."""

    path: Path

    @property
    def cluster(self) -> Path:
        return self.path / "postgresql" / "data"

    @property
    def credentials(self) -> Path:
        return self.path / "database.json"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def log(self) -> Path:
        return self.path / "postgresql" / "server.log"

    @property
    def sockets(self) -> Path:
        """Folder of the server's socket: in the home, or a short path when the home's is too long for a socket's address."""
        inside = self.path / "postgresql" / "run"
        if len(str(inside)) < 80:
            return inside
        return Path("/tmp") / f"holdfast-{hashlib.sha256(str(self.path).encode()).hexdigest()[:16]}"


def default_home() -> Path:
    """HOLDFAST_HOME, or the place where this kind of machine keeps a user's data."""
    named = os.environ.get("HOLDFAST_HOME")
    if named:
        return Path(named).expanduser().resolve()
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/holdfast")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Holdfast"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "holdfast"


def runs_as_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def open_home(path: Path | None = None) -> Home:
    """Make the data folder if it is not there, and check that it can be used.

    A folder that we make, or that is empty, becomes ours: others may pass through it (0711) so that the server's own user reaches its
    cluster. Rights of any other folder are never changed. Raises `HomeProblem`.
    """
    home = Home(path or default_home())
    try:
        ours = not home.path.exists() or not any(home.path.iterdir())
        home.path.mkdir(parents=True, exist_ok=True)
        if ours and runs_as_root():
            home.path.chmod(0o711)
        probe = home.path / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise HomeProblem(
            f"The data folder {home.path} cannot be written ({error.strerror}): choose another with HOLDFAST_HOME."
        ) from error
    if runs_as_root():
        _check_reachable(home.path)
    return home


def _check_reachable(path: Path) -> None:
    blocked = unreachable_by_server_user(path)
    if blocked:
        raise HomeProblem(
            f"The folder {blocked} lets nobody but its owner pass, and PostgreSQL does not run as root:"
            " name a data folder outside it with HOLDFAST_HOME, for example HOLDFAST_HOME=/var/lib/holdfast."
        )


def unreachable_by_server_user(path: Path) -> Path | None:
    """The first folder on the way to `path`, itself included, that the server's user cannot pass; None when it can."""
    user = pwd.getpwnam(SERVER_USER)
    for folder in [*reversed(path.parents), path]:
        if not folder.is_dir():
            continue
        status = folder.stat()
        bit = stat.S_IXUSR if status.st_uid == user.pw_uid else stat.S_IXGRP if status.st_gid == user.pw_gid else stat.S_IXOTH
        if not status.st_mode & bit:
            return folder
    return None
