"""The data folder: where it is, what is in it, and one clear sentence when it cannot be used."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from holdfast.kernel.errors import HoldfastError

SERVER_USER = "nobody"
LONGEST_SOCKET_FOLDER = 88  # a socket's address holds 104 bytes on macOS, 108 on Linux, and ends in `/.s.PGSQL.5432`


class HomeProblem(HoldfastError):
    """The data folder cannot be used; the message is one sentence that says why and what to do."""


@dataclass(frozen=True)
class Home:
    """A data folder and the places in it."""

    path: Path

    @property
    def server(self) -> Path:
        """What the server's own user owns."""
        return self.path / "postgresql"

    @property
    def cluster(self) -> Path:
        return self.server / "data"

    @property
    def credentials(self) -> Path:
        return self.path / "database.json"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def secret(self) -> Path:
        """What sessions are signed with."""
        return self.path / "secret.txt"

    @property
    def cache(self) -> Path:
        return self.path / "cache"

    @property
    def log(self) -> Path:
        return self.path / "postgresql.log"

    @property
    def sockets(self) -> Path:
        """Folder of the server's socket: in the home, or a short path when the home's is too long for a socket's address."""
        inside = self.server / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        run = Path("/run")
        base = run if runs_as_root() and run.is_dir() else Path(tempfile.gettempdir())
        return base / f"holdfast-{hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]}"


def clone() -> Path | None:
    """The clone that this package runs from, or None when it is installed."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "dev.py").is_file() and (root / "pyproject.toml").is_file() else None


def example(name: str) -> Path:
    """The folder of an example: the clone's, or the one that was installed with the package."""
    root = clone()
    folder = (root / "examples" if root else Path(__file__).resolve().parents[1] / "examples") / name
    if not folder.is_dir():
        raise HomeProblem(f"The example {name} is not in {folder.parent}: install Holdfast again.")
    return folder


def default_home() -> Path:
    """HOLDFAST_HOME; else a clone's `.holdfast`; else the place where this kind of machine keeps a user's data."""
    named = os.environ.get("HOLDFAST_HOME")
    if named:
        return Path(named).expanduser().resolve()
    root = clone()
    if root and not (runs_as_root() and unreachable_by_server_user(root)):
        return root / ".holdfast"
    if runs_as_root():
        return Path("/var/lib/holdfast")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Holdfast"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "holdfast"


def runs_as_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def server_user() -> tuple[int, int]:
    """User and group of the server when we run as root: PostgreSQL refuses to run as root itself."""
    import pwd  # not on Windows, where nobody is root

    try:
        user = pwd.getpwnam(SERVER_USER)
    except KeyError as error:
        raise HomeProblem(
            f"PostgreSQL does not run as root and this machine has no user `{SERVER_USER}` to run it as:"
            " start Holdfast as another user, or name a server with HOLDFAST_DATABASE_URL."
        ) from error
    return user.pw_uid, user.pw_gid


def open_home(path: Path | None = None, *, for_server: bool = True) -> Home:
    """Make the data folder if it is not there, and check that it can be used; `for_server`, by the embedded server's user too.

    A folder that we make, or that is empty, becomes ours: as root, others may pass through it (0711) so that the server's own user
    reaches its cluster. Rights of any other folder are never changed. Raises `HomeProblem`.
    """
    home = Home((path or default_home()).absolute())
    try:
        _make(home.path)
        probe = home.path / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise HomeProblem(f"The data folder {home.path} cannot be written ({reason}): choose another with HOLDFAST_HOME.") from error
    if for_server and runs_as_root():
        _check_reachable(home.path)
    return home


def _make(path: Path) -> None:
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755 if folder != path else 0o700)
    if runs_as_root() and (missing or not any(path.iterdir())):
        path.chmod(0o711)


def _check_reachable(path: Path) -> None:
    blocked = unreachable_by_server_user(path)
    if blocked:
        raise HomeProblem(
            f"The folder {blocked} lets nobody but its owner pass, and PostgreSQL does not run as root:"
            " name a data folder outside it with HOLDFAST_HOME, for example HOLDFAST_HOME=/var/lib/holdfast."
        )


def unreachable_by_server_user(path: Path) -> Path | None:
    """The first folder on the way to `path`, itself included, that the server's user cannot pass; None when it can."""
    for folder in [*reversed(path.parents), path]:
        if folder.is_dir() and not allows_server_user(folder, stat.S_IXUSR):
            return folder
    return None


def allows_server_user(path: Path, user_bit: int) -> bool:
    """Whether the server's user has a right (given as the owner's bit of it) on one file or folder."""
    user, group = server_user()
    status = path.stat()
    shift = 0 if status.st_uid == user else 3 if status.st_gid == group else 6
    return bool(status.st_mode & (user_bit >> shift))


def secret_key(home: Home) -> str:
    """The key that sessions are signed with, made once and readable by its owner only."""
    import secrets

    try:
        descriptor = os.open(home.secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return home.secret.read_text("utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        made = secrets.token_urlsafe(48)
        file.write(made + "\n")
    return made
