"""One embedded server a test run; one migrated template database; a copy for tests that must commit."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

os.environ["HOLDFAST_CLOCK"] = "2026-11-24T09:00:00+00:00"

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TEMPLATE, WORKING = "holdfast_template", "holdfast_test"


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """The embedded PostgreSQL of this run, in a folder that its own user can reach."""
    from holdfast.project import postgres

    base = Path("/var/tmp") if hasattr(os, "geteuid") and os.geteuid() == 0 else Path(tempfile.gettempdir())
    home = Path(tempfile.mkdtemp(prefix="holdfast-test-", dir=base))
    running = postgres.start(home, durable=False)
    os.environ["HOLDFAST_HOME"] = str(home)
    yield running
    running.stop()
    shutil.rmtree(home, ignore_errors=True)


def point_django_at(server: Any, database: str) -> None:
    """Aim both of Django's connections at one database of the test server."""
    from django.conf import settings
    from django.db import connections

    from holdfast.project.database import from_url
    from holdfast.project.postgres import APPLICATION, OWNER

    for alias, role in (("default", APPLICATION), ("owner", OWNER)):
        connections[alias].close()
        values = from_url(server.url(role, database))
        settings.DATABASES[alias].update(values)
        connections[alias].settings_dict.update(values)


def make_database(server: Any, name: str, template: str | None = None) -> None:
    import psycopg

    from holdfast.project.postgres import SUPERUSER, create_database

    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        create_database(connection, name, template)


def drop_database(server: Any, name: str) -> None:
    import psycopg

    from holdfast.project.postgres import SUPERUSER

    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def close_against_connections(server: Any, name: str) -> None:
    """What is copied must stay as it was made: no test can connect to it, and so none can leave anything in it."""
    import psycopg

    from holdfast.project.postgres import SUPERUSER

    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')


@contextmanager
def copied_database(server: Any, template: str, django_db_blocker: Any) -> Iterator[str]:
    """A copy of a template, which may be written to; Django points at it until it is dropped."""
    name = f"holdfast_{uuid.uuid4().hex[:12]}"
    make_database(server, name, template)
    with django_db_blocker.unblock():
        point_django_at(server, name)
        yield name
        point_django_at(server, WORKING)
    drop_database(server, name)


@pytest.fixture(scope="session")
def template_database(server: Any, django_db_blocker: Any) -> str:
    """A database that the owner migrated once; everything else is a copy of it."""
    from django.core.management import call_command

    make_database(server, TEMPLATE)
    with django_db_blocker.unblock():
        point_django_at(server, TEMPLATE)
        call_command("migrate", database="owner", verbosity=0)
        from django.db import connections

        connections["owner"].close()
        connections["default"].close()
    close_against_connections(server, TEMPLATE)
    return TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(server: Any, template_database: str, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's set-up, ours: tests run in rolled-back transactions as the application's role."""
    make_database(server, WORKING, template_database)
    with django_db_blocker.unblock():
        point_django_at(server, WORKING)
    yield
    with django_db_blocker.unblock():
        from django.db import connections

        connections.close_all()


@pytest.fixture
def own_database(server: Any, django_db_setup: None, template_database: str, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own for a test that commits; Django points at it until the test ends."""
    with copied_database(server, template_database, django_db_blocker) as name:
        yield name


@pytest.fixture(scope="session")
def demo_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the keys that the demonstration's own checkpoints are signed with."""
    return tmp_path_factory.mktemp("demonstration") / "keys"


@pytest.fixture(scope="session")
def demo_template(server: Any, django_db_setup: None, template_database: str, django_db_blocker: Any, demo_keys: Path) -> str:
    """A database with the demonstration programme loaded through its own doors: accounts and signed decisions included."""
    from django.test import override_settings

    from holdfast.project.demo import prepare

    name = "holdfast_demo_template"
    make_database(server, name, template_database)
    with django_db_blocker.unblock(), override_settings(HOLDFAST_KEYS=demo_keys):
        point_django_at(server, name)
        prepare(lambda said: None)
        point_django_at(server, WORKING)
    close_against_connections(server, name)
    return name


@pytest.fixture
def demo(server: Any, demo_template: str, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the demonstration for one test, which may commit; Django points at it until the test ends."""
    with copied_database(server, demo_template, django_db_blocker) as name:
        yield name


@pytest.fixture(autouse=True)
def keys_in_the_tests_own_folder(tmp_path: Path, settings: Any) -> None:
    """Exports of a test are signed with a key of its own."""
    settings.HOLDFAST_KEYS = tmp_path / "keys"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data, where it is present."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real data (../shared/data) is not here")
    return SHARED_DATA
