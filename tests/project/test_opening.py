"""Opening the database: what the application may never be given, and what an old database needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from holdfast.project.database import from_url
from holdfast.project.postgres import APPLICATION, OWNER, SUPERUSER

from .conftest import Command

POWERFUL = "HOLDFAST_DATABASE_URL names a role that owns the tables or passes every rule: give the application a role that owns nothing.\n"


@pytest.mark.req("2.3")
@pytest.mark.parametrize("role", [OWNER, SUPERUSER])
def test_the_application_refuses_to_work_as_a_role_that_could_disarm_the_guards(
    role: str, home: Path, server: Any, own_database: str, command: Command
) -> None:
    refused = command("user", "list", HOLDFAST_DATABASE_URL=server.url(role, own_database), HOLDFAST_HOME=str(home))
    assert (refused.returncode, refused.stdout, refused.stderr) == (2, "", POWERFUL)


@pytest.mark.req("2.2")
def test_an_old_database_asks_for_its_owner_once_and_is_not_changed(home: Path, server: Any, own_database: str, command: Command) -> None:
    with psycopg.connect(server.url(OWNER, own_database), autocommit=True) as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'mfa'")
    refused = command("user", "list", HOLDFAST_DATABASE_URL=server.url(APPLICATION, own_database), HOLDFAST_HOME=str(home))
    assert refused.returncode == 2
    assert refused.stderr == "The database is older than this Holdfast: give its owner's address in HOLDFAST_OWNER_DATABASE_URL once, so that it can migrate.\n"
    with psycopg.connect(server.url(OWNER, own_database)) as connection:
        assert connection.execute("SELECT count(*) FROM django_migrations WHERE app = 'mfa'").fetchone() == (0,)


@pytest.mark.req("2.2")
def test_a_server_that_does_not_answer_is_one_sentence(home: Path, command: Command) -> None:
    refused = command("user", "list", HOLDFAST_DATABASE_URL="postgresql://a:b@127.0.0.1:1/none", HOLDFAST_HOME=str(home))
    assert refused.returncode == 2
    assert refused.stderr.startswith("The database at HOLDFAST_DATABASE_URL does not answer: ")
    assert "Traceback" not in refused.stderr


def test_an_address_is_read_with_its_port_its_socket_and_whatever_else_it_says() -> None:
    far = from_url("postgresql://app:p%40ss@db.example.com:5433/holdfast?sslmode=verify-full")
    near = from_url("postgresql://app:x@/holdfast?host=/var/lib/holdfast/postgresql/run")
    assert (far["USER"], far["PASSWORD"], far["HOST"], far["PORT"], far["NAME"]) == ("app", "p@ss", "db.example.com", "5433", "holdfast")
    assert far["OPTIONS"] == {"sslmode": "verify-full"}
    assert (near["HOST"], near["PORT"], near["OPTIONS"]) == ("/var/lib/holdfast/postgresql/run", "", {})
