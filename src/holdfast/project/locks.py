"""Locks between processes on files of the data folder; the system releases them when a process dies, however it dies."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

from .home import HomeProblem

if sys.platform != "win32":
    import fcntl


def _flock(file: TextIOWrapper, *, shared: bool, wait: bool) -> None:
    if sys.platform == "win32":
        raise HomeProblem("The embedded PostgreSQL runs on Linux and macOS: on Windows, name a server with HOLDFAST_DATABASE_URL.")
    fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock while the block runs, waiting for whoever holds it now."""
    with path.open("a") as file:
        _flock(file, shared=False, wait=True)
        yield


def join(path: Path) -> TextIOWrapper:
    """Stand among the users of something, until the returned file is closed."""
    file = path.open("a")
    _flock(file, shared=True, wait=True)
    return file


def is_used(path: Path) -> bool:
    """Whether anybody stands among the users."""
    with path.open("a") as file:
        try:
            _flock(file, shared=False, wait=False)
        except BlockingIOError:
            return True
    return False


def claim(path: Path) -> TextIOWrapper | None:
    """Take the only place, until the returned file is closed; None when it is taken."""
    file = path.open("a+")
    try:
        _flock(file, shared=False, wait=False)
    except BlockingIOError:
        file.close()
        return None
    return file
