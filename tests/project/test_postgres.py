"""The embedded server: passwords for everybody, shared by processes, found again after a crash."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from holdfast.project import cluster, postgres
from holdfast.project.home import Home, HomeProblem
from holdfast.project.postgres import APPLICATION, OWNER, SUPERUSER
from tests.conftest import WORKING

from .conftest import environment

pytestmark = pytest.mark.req("2.1")
USE_UNTIL_TOLD = """
import sys
from pathlib import Path
from holdfast.project import postgres
server = postgres.start(Path(sys.argv[1]), durable=False)
print("joined", flush=True)
sys.stdin.read()
server.stop()
"""


class User:
    """Another process that uses the server of a data folder until it is told to leave."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USE_UNTIL_TOLD, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "joined\n"

    def leave(self) -> int:
        self.process.communicate(timeout=60)
        return self.process.returncode

    def be_killed(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=60)


def write(server: postgres.Server, value: int) -> None:
    with psycopg.connect(server.url(OWNER), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value integer)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def kept(server: postgres.Server) -> list[int]:
    with psycopg.connect(server.url(OWNER)) as connection:
        return [row[0] for row in connection.execute("SELECT value FROM kept ORDER BY value")]


def test_the_address_opens_for_its_own_role_and_with_another_name_for_nobody(server: postgres.Server) -> None:
    address = server.url(APPLICATION)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (APPLICATION,)
    for role in (OWNER, SUPERUSER, "nobody", "root"):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(address.replace(f"//{APPLICATION}:", f"//{role}:"))


@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_the_application_role_enters_no_database_but_ours(server: postgres.Server, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(server.url(APPLICATION, database))


def test_nothing_listens_on_the_network_and_no_line_lets_anybody_in_without_a_password(server: postgres.Server) -> None:
    with psycopg.connect(server.url(SUPERUSER, "postgres")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        rules = connection.execute("SELECT type, database, user_name, auth_method FROM pg_hba_file_rules").fetchall()
    assert rules == [("local", ["all"], ["all"], "scram-sha-256")]


def test_the_two_roles_have_no_power_beyond_their_own(server: postgres.Server) -> None:
    with psycopg.connect(server.url(SUPERUSER)) as connection:
        roles = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname LIKE 'holdfast%' ORDER BY rolname"
        ).fetchall()
        owned = connection.execute("SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = %s", [APPLICATION]).fetchone()
        memberships = connection.execute("SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname LIKE 'holdfast%'")
        assert memberships.fetchone() == (0,)
    assert roles == [(APPLICATION, *[False] * 5), (OWNER, *[False] * 5)]
    assert owned == (0,)


def test_only_the_owner_of_the_folder_reads_the_passwords(server: postgres.Server) -> None:
    assert stat.S_IMODE(server.home.credentials.stat().st_mode) == 0o600
    assert stat.S_IMODE(server.home.cluster.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.home.log.stat().st_mode) == 0o600
    assert len(set(server.passwords.values())) == 3
    log = server.home.log.read_text()
    assert [password for password in server.passwords.values() if password in log] == []


def test_processes_share_one_server_and_the_last_to_leave_stops_it(home: Path) -> None:
    first = User(home)
    pid = cluster.postmaster(Home(home))
    second = User(home)
    assert cluster.postmaster(Home(home)) == pid
    assert first.leave() == 0
    assert cluster.is_running(Home(home))
    assert second.leave() == 0
    assert not cluster.is_running(Home(home))
    assert cluster.postmaster(Home(home)) is None


def test_a_server_whose_user_was_killed_is_adopted_and_stopped_by_the_next(home: Path) -> None:
    User(home).be_killed()
    pid = cluster.postmaster(Home(home))
    assert cluster.is_running(Home(home))
    server = postgres.start(home, durable=False)
    assert cluster.postmaster(Home(home)) == pid
    server.stop()
    assert not cluster.is_running(Home(home))


def test_a_server_that_was_killed_itself_starts_again_with_what_was_committed(home: Path) -> None:
    server = postgres.start(home)
    write(server, 1)
    pid = cluster.postmaster(server.home)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    again = postgres.start(home)
    assert kept(again) == [1]
    assert cluster.postmaster(server.home) != pid
    server.stop()
    again.stop()


def test_a_pid_file_that_names_another_program_is_recovered_from(home: Path) -> None:
    server = postgres.start(home, durable=False)
    write(server, 2)
    server.stop()
    other = subprocess.Popen(["sleep", "600"])
    try:
        stale = server.home.cluster / "postmaster.pid"
        stale.write_text(f"{other.pid}\n{server.home.cluster}\n{int(time.time())}\n5432\n")
        if os.geteuid() == 0:
            stale.chmod(0o644)
        again = postgres.start(home, durable=False)
        assert kept(again) == [2]
        again.stop()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_passwords_that_are_gone_are_asked_for_and_the_database_is_left_as_it_is(home: Path) -> None:
    server = postgres.start(home, durable=False)
    write(server, 3)
    server.stop()
    passwords = server.home.credentials.read_text()
    server.home.credentials.unlink()
    with pytest.raises(HomeProblem) as refused:
        postgres.start(home, durable=False)
    assert str(refused.value) == f"The data folder {home} holds a database but not its passwords: put database.json back from a backup."
    server.home.credentials.write_text(passwords)
    again = postgres.start(home, durable=False)
    assert kept(again) == [3]
    again.stop()


def test_a_cluster_of_another_major_version_is_one_sentence(home: Path) -> None:
    server = postgres.start(home, durable=False)
    server.stop()
    (server.home.cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(HomeProblem) as refused:
        postgres.start(home, durable=False)
    assert str(refused.value) == f"The data folder {home} was made by PostgreSQL 17 and this version brings 18: restore a backup into a new HOLDFAST_HOME."


def test_a_start_that_was_interrupted_leaves_nothing_that_the_next_trips_over(home: Path) -> None:
    opened = Home(home)
    home.mkdir(mode=0o711)
    cluster.own(opened.server)
    (opened.server / "data.new").mkdir()
    (opened.server / "data.new" / "half").write_text("")
    server = postgres.start(home, durable=False)
    server.stop()
    assert not (opened.server / "data.new").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_a_wheel_that_the_servers_user_cannot_reach_is_copied_to_where_it_can(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from holdfast.project import binaries

    monkeypatch.setattr(binaries, "_is_reachable", lambda _package: False)
    server = postgres.start(home, durable=False)
    assert binaries.programs(server.home).is_relative_to(home / "postgresql-18")
    write(server, 4)
    assert kept(server) == [4]
    server.stop()


@pytest.mark.req("3.2")
@pytest.mark.parametrize("role", [OWNER, SUPERUSER])
def test_the_printed_address_with_another_user_is_refused_however_it_is_written(server: postgres.Server, role: str) -> None:
    """As keywords, with another folder of sockets, by PGUSER, in the middle of the address, and by psql itself."""
    address, sockets = server.url(APPLICATION), str(server.home.sockets)
    password = server.passwords[APPLICATION]
    elsewhere = Path(server.home.sockets).parent / "server"
    for attempt in (
        {"conninfo": address, "user": role},
        {"host": sockets, "user": role, "password": password, "dbname": "holdfast"},
        {"host": sockets, "user": role, "dbname": "holdfast", "passfile": "/dev/null"},
        {"host": sockets, "user": role, "password": password, "dbname": "postgres", "options": "-c role=postgres"},
        {"host": str(elsewhere), "user": role, "password": password, "dbname": "holdfast"},
        {"host": "127.0.0.1", "user": role, "password": password, "dbname": "holdfast", "connect_timeout": "2"},
    ):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(**attempt)  # type: ignore[arg-type]
    psql = cluster.programs(server.home) / "psql"
    asked = subprocess.run(
        [str(psql), "-w", "-U", role, "-d", address.replace(f"{APPLICATION}:", f"{role}:"), "-c", "SELECT 1"], capture_output=True, text=True, check=False
    )
    assert asked.returncode == 2
    assert "password authentication failed" in asked.stderr


@pytest.mark.req("3.2")
@pytest.mark.parametrize("option", ["role=postgres", "role=holdfast_owner", "session_authorization=postgres", "session_replication_role=replica"])
def test_no_option_of_a_connection_makes_the_application_role_another(server: postgres.Server, option: str) -> None:
    with pytest.raises(psycopg.Error):
        psycopg.connect(server.url(APPLICATION), options=f"-c {option}").execute("SELECT 1")


@pytest.mark.req("3.2")
@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE holdfast_owner",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "SELECT * FROM pg_authid",
        "SELECT * FROM pg_shadow",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "COPY pg_class TO '/tmp/x'",
        "CREATE TABLE public.t (i int)",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION public.holdfast_identified() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE SCHEMA s",
        "CREATE EXTENSION plpgsql",
        "CREATE ROLE r SUPERUSER",
        "ALTER ROLE holdfast_app BYPASSRLS",
        "ALTER ROLE holdfast_app SET track_activities = on",
        "SET track_activities = on",
        "SET session_replication_role = replica",
        "ALTER SYSTEM SET row_security = off",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT lo_import('/etc/passwd')",
    ],
)
def test_the_application_role_can_neither_become_more_nor_reach_beyond_the_database(server: postgres.Server, django_db_setup: None, statement: str) -> None:
    with psycopg.connect(server.url(APPLICATION, WORKING), autocommit=True) as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(statement)
    assert refused.value.sqlstate in {"42501", "42710", "42723", "22023", "01000", "55000"} or "permission denied" in str(refused.value)


@pytest.mark.req("3.2")
def test_row_security_that_is_switched_off_is_an_error_and_shows_nothing_more(server: postgres.Server, django_db_setup: None) -> None:
    with psycopg.connect(server.url(APPLICATION, WORKING), autocommit=True) as connection:
        connection.execute("SET row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            connection.execute("SELECT holdfast_identify_operator(); SELECT count(*) FROM ledger_record")


@pytest.mark.req("3.2")
def test_a_session_does_not_show_its_statements_to_another_of_the_same_role(server: postgres.Server, django_db_setup: None) -> None:
    with psycopg.connect(server.url(APPLICATION, WORKING)) as one, psycopg.connect(server.url(APPLICATION, WORKING)) as other:
        one.execute("SELECT 'PT-7211 has relapsed'")
        shown = other.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [one.info.backend_pid]).fetchone()
    assert shown is not None
    assert "PT-7211" not in (shown[0] or "")


@pytest.mark.req("3.2")
def test_a_temporary_table_of_the_ledgers_name_takes_no_image_away(server: postgres.Server, own_database: str) -> None:
    """A function of the owner's that looked at temporary tables first would write its images there."""
    with psycopg.connect(server.url(APPLICATION, own_database), autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE ledger_rowchange (change_set_id bigint, table_name text, row_id bigint, operation text, before text, after text)")
        connection.execute("CREATE TEMP TABLE people_grant (programme_id bigint, organisation_id bigint)")
        with connection.transaction():
            connection.execute("SELECT holdfast_open_change_set(NULL, 'operator', 'add', 'a test', NULL, true)")
            connection.execute("INSERT INTO people_organisation (number, name, kind, country) VALUES ('X', 'X', 'sponsor', 'US')")
        with connection.transaction():
            connection.execute("SELECT holdfast_identify_operator()")
            images = connection.execute("SELECT count(*) FROM public.ledger_rowchange WHERE table_name = 'people_organisation'").fetchone()
            taken = connection.execute("SELECT count(*) FROM pg_temp.ledger_rowchange").fetchone()
    assert (images, taken) == ((1,), (0,))
