"""After a dump and a restore the door is as shut as before, from the first statement on."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest

from holdfast.project.home import Home
from holdfast.project.postgres import APPLICATION, OWNER, SUPERUSER
from tests.conftest import drop_database, make_database

pytestmark = [pytest.mark.req("2.3")]


def test_a_restored_database_refuses_writes_and_still_knows_its_images(server: Any, demo: str, tmp_path: Path) -> None:
    from holdfast.project.binaries import programs

    folder = programs(server.home if isinstance(server.home, Home) else Home(server.home))
    dump = tmp_path / "dump.sql"
    done = subprocess.run([str(folder / "pg_dump"), "--no-owner", "-d", server.url(SUPERUSER, demo), "-f", str(dump)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    make_database(server, "holdfast_restored")
    try:
        with psycopg.connect(server.url(SUPERUSER, "holdfast_restored"), autocommit=True) as owner:
            owner.execute(f'GRANT ALL ON SCHEMA public TO "{OWNER}"')
        done = subprocess.run(
            [str(folder / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-d", server.url(OWNER, "holdfast_restored"), "-f", str(dump)], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-500:]
        with psycopg.connect(server.url(APPLICATION, "holdfast_restored"), autocommit=True) as app:
            for statement in (
                "UPDATE batch_result SET reported = 'x'",
                "DELETE FROM batch_lot WHERE false",
                "INSERT INTO people_site SELECT * FROM people_site WHERE false",
            ):
                with pytest.raises(psycopg.Error) as refused:
                    app.execute(statement)
                assert refused.value.sqlstate == "HF010"
                with pytest.raises(psycopg.Error) as refused, app.transaction():
                    app.execute("SELECT holdfast_identify_operator()")
                    app.execute(statement)
                assert refused.value.sqlstate == "HF001"
            with app.transaction():
                app.execute("SELECT holdfast_identify_operator()")
                counted = app.execute(
                    "SELECT (SELECT count(*) FROM ledger_rowchange), (SELECT count(*) FROM batch_lot), (SELECT count(*) FROM release_decision)"
                ).fetchone()
        assert counted is not None
        assert (counted[0] > 2000, counted[1] > 60, counted[2]) == (True, True, 4)
    finally:
        drop_database(server, "holdfast_restored")
