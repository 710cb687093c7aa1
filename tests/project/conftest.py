"""A data folder of its own for a test, and the `holdfast` command as another process."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]


def environment(**variables: str) -> dict[str, str]:
    """This process's environment without Holdfast's variables, and with those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    return kept | {"PYTHONUNBUFFERED": "1"} | variables


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the server's own user can reach, unlike pytest's own."""
    base = Path("/var/tmp") if os.geteuid() == 0 else Path(tempfile.gettempdir())
    made = Path(tempfile.mkdtemp(prefix="holdfast-test-", dir=base))
    made.chmod(0o711)
    yield made
    made.chmod(0o711)
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def home(folder: Path) -> Path:
    """A data folder that does not exist yet."""
    return folder / "home"


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def command() -> Command:
    """Run `holdfast` to its end in another process."""

    def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "holdfast.cli", *words], env=environment(**variables), capture_output=True, text=True, timeout=120, check=False
        )

    return run


@pytest.fixture
def own_addresses(own_database: str, server: Any) -> dict[str, str]:
    """A migrated database of the test's own, for other processes, by its application role's address."""
    from holdfast.project.postgres import APPLICATION

    return {"HOLDFAST_DATABASE_URL": server.url(APPLICATION, own_database)}
