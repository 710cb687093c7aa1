"""`holdfast serve`: pages up, one server a data folder, everything down again; and one sentence when it cannot."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from holdfast.project import cluster
from holdfast.project.home import Home

from .conftest import Command, environment

pytestmark = pytest.mark.req("2.1")
SIGN_IN = "/accounts/login/"


@contextmanager
def serving(port: int, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """`holdfast serve` in another process, up when the block begins."""
    process = subprocess.Popen(
        [sys.executable, "-m", "holdfast.cli", "serve", "--port", str(port)],
        env=environment(**variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"Holdfast is at http://127.0.0.1:{port}\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def get(port: int, path: str) -> Any:
    return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop_and_ends_well(number: int, home: Path, free_port: int, own_addresses: dict[str, str]) -> None:
    with serving(free_port, HOLDFAST_HOME=str(home), **own_addresses) as process:
        with get(free_port, SIGN_IN) as answer:
            assert answer.status == 200
        process.send_signal(number)
        _, complaints = process.communicate(timeout=30)
    assert process.returncode == 0
    assert complaints == ""


def test_every_page_holds_itself_to_what_we_serve(home: Path, free_port: int, own_addresses: dict[str, str]) -> None:
    with serving(free_port, HOLDFAST_HOME=str(home), **own_addresses), get(free_port, SIGN_IN) as answer:
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_second_server_of_the_same_folder_is_told_where_the_first_is(home: Path, free_port: int, own_addresses: dict[str, str], command: Command) -> None:
    with serving(free_port, HOLDFAST_HOME=str(home), **own_addresses) as first:
        second = command("serve", "--port", str(free_port), HOLDFAST_HOME=str(home), **own_addresses)
        assert get(free_port, SIGN_IN).status == 200
    assert second.returncode == 2
    assert second.stdout == ""
    assert second.stderr == (
        f"The data folder {home} is in use: process {first.pid} serves it at http://127.0.0.1:{free_port}. Stop that one, or name another with HOLDFAST_HOME.\n"
    )


def test_a_port_in_use_is_one_sentence(home: Path, own_addresses: dict[str, str], command: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = command("serve", HOLDFAST_PORT=str(port), HOLDFAST_HOME=str(home), **own_addresses)
    assert refused.returncode == 2
    assert refused.stderr == f"Port {port} of 127.0.0.1 is in use by another program: choose another with --port or HOLDFAST_PORT.\n"


def test_a_folder_that_cannot_be_written_is_one_sentence(folder: Path, command: Command) -> None:
    (folder / "file").write_text("")
    refused = command("serve", HOLDFAST_HOME=str(folder / "file"))
    assert refused.returncode == 2
    assert refused.stderr == f"The data folder {folder / 'file'} cannot be written (not a directory): choose another with HOLDFAST_HOME.\n"


@pytest.mark.req("2.2")
def test_with_its_own_database_it_starts_migrates_answers_commands_and_leaves_nothing_running(home: Path, free_port: int, command: Command) -> None:
    with serving(free_port, HOLDFAST_HOME=str(home)) as process:
        assert get(free_port, SIGN_IN).status == 200
        printed = command("db", "url", "--json", HOLDFAST_HOME=str(home))
        address = json.loads(printed.stdout)["url"]
        with psycopg.connect(address) as connection:
            assert connection.execute("SELECT current_user, count(*) > 0 FROM django_migrations WHERE app = 'ledger' GROUP BY 1").fetchone() == (
                "holdfast_app",
                True,
            )
        assert cluster.is_running(Home(home))
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (0, "")
    assert not cluster.is_running(Home(home))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)
