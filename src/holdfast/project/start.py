"""Opening the record: start or join the database, tell Django where it is, migrate what is due."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import postgres
from .home import Home, HomeProblem, open_home


@contextmanager
def open_record() -> Iterator[Home]:
    """Open the data folder and its database for this process, with Django set up and migrations applied."""
    server = None
    if "HOLDFAST_DATABASE_URL" in os.environ:
        home = open_home()
    else:
        server = postgres.start()
        home = server.home
        os.environ["HOLDFAST_DATABASE_URL"] = server.url(postgres.APPLICATION)
        os.environ["HOLDFAST_OWNER_DATABASE_URL"] = server.url(postgres.OWNER)
    try:
        os.environ.setdefault("HOLDFAST_SECRET_KEY", secret_key(home))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.project.settings")
        set_up()
        yield home
    finally:
        if server is not None:
            from django.db import connections

            connections.close_all()
            server.stop()
            os.environ.pop("HOLDFAST_DATABASE_URL", None)


def set_up() -> None:
    """Django's set-up, and migrations as the owner when any is due."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    connections["owner"].close()


def secret_key(home: Home) -> str:
    """The key of sessions and forms: made once, kept in the data folder, readable by its owner only."""
    path = home.keys / "secret-key"
    if not path.exists():
        home.keys.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text("ascii")


def examples_folder(name: str) -> Path:
    """A folder of examples: beside the sources in a clone, inside the package when installed."""
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "examples" / name, package.parent.parent / "examples" / name):
        if candidate.is_dir():
            return candidate
    raise HomeProblem(f"The example {name} is not installed. Install Holdfast again.")
