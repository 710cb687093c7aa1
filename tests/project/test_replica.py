"""A streaming replica: every read works on it, none writes, and a write is refused in a sentence."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from holdfast.project.binaries import programs
from holdfast.project.home import runs_as_root, server_user
from holdfast.project.postgres import APPLICATION, SUPERUSER

from .conftest import Command

pytestmark = [pytest.mark.req("3.8")]


@pytest.fixture
def replica(server: Any, demo: str) -> Iterator[tuple[Callable[[str], str], str]]:
    """A replica of the test server, made with pg_basebackup and following it; gives the address of a role's database on it."""
    base = Path("/var/tmp") if runs_as_root() else Path(tempfile.gettempdir())
    folder = Path(tempfile.mkdtemp(prefix="holdfast-replica-", dir=base))
    who: dict[str, Any] = {"user": server_user()[0], "group": server_user()[1], "extra_groups": []} if runs_as_root() else {}
    if runs_as_root():
        os.chown(folder, *server_user())
    hba = server.home.cluster / "pg_hba.conf"
    before = hba.read_text("utf-8")
    hba.write_text(before + "local replication postgres scram-sha-256\n", "utf-8")
    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_reload_conf()")
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PGPASSWORD": server.passwords[SUPERUSER]}
    copy = [str(programs(server.home) / "pg_basebackup"), "-h", str(server.home.sockets), "-U", SUPERUSER, "-D", str(folder / "data"), "-R", "-c", "fast"]
    subprocess.run(copy, check=True, env=environment, capture_output=True, cwd="/", **who)
    start = [str(programs(server.home) / "postgres"), "-D", str(folder / "data"), "-c", f"unix_socket_directories={folder}", "-c", "listen_addresses="]
    process = subprocess.Popen(start, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **who)
    try:
        yield lambda role: f"postgresql://{role}:{quote(server.passwords[role], safe='')}@/{demo}?host={quote(str(folder), safe='/')}", demo
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
        hba.write_text(before, "utf-8")


def _ready(address: str) -> None:
    for _ in range(200):
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the replica did not start")


def test_commands_read_from_a_replica_and_what_would_write_is_refused_in_a_sentence(
    replica: tuple[Callable[[str], str], str], server: Any, home: Path, folder: Path, command: Command
) -> None:
    address, database = replica
    _ready(address(APPLICATION))
    variables = {"HOLDFAST_HOME": str(home), "HOLDFAST_DATABASE_URL": address(APPLICATION)}
    listed = command("batch", "list", "--json", **variables)
    assert listed.returncode == 0, listed.stderr
    assert len(json.loads(listed.stdout)) == 24
    assert command("verdict", "DP-26-001", "--destination", "US", **variables).returncode in (0, 1)
    assert command("programme", "export", "FHT-201", str(folder / "book.xlsx"), **variables).returncode == 0
    verified = command("ledger", "verify", **variables)
    assert re.search(r"[0-9]+ change sets", verified.stdout), verified.stderr
    (folder / "in").mkdir()
    (folder / "in" / "programme.yaml").write_text("number: FT-9\nname: Fictional\n")
    refused = command("import", str(folder / "in"), **variables)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr
    assert "read-only" in refused.stderr
    with psycopg.connect(server.url(SUPERUSER, database)) as primary, psycopg.connect(address(SUPERUSER)) as copy:
        assert copy.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)
        counted = "SELECT count(*) FROM ledger_changeset"
        assert copy.execute(counted).fetchone() == primary.execute(counted).fetchone()
