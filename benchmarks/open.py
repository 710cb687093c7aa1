"""What benchmarks share: a throw-away database with the demonstration in it, and medians of repeated runs."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def demonstration() -> Iterator[None]:
    """A new data folder with the demonstration programme, gone afterwards."""
    base = "/var/tmp" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-", dir=base) as folder:
        Path(folder).chmod(0o711)
        os.environ["HOLDFAST_HOME"] = str(Path(folder) / "home")
        from holdfast.project.demo import prepare
        from holdfast.project.opening import opened

        with opened():
            prepare(lambda said: None)
            yield


@contextmanager
def empty() -> Iterator[Any]:
    """A new data folder with an empty, migrated database; yields its server."""
    base = "/var/tmp" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-", dir=base) as folder:
        Path(folder).chmod(0o711)
        os.environ["HOLDFAST_HOME"] = str(Path(folder) / "home")
        from holdfast.project import postgres
        from holdfast.project.opening import opened

        with opened(), postgres.running() as server:
            yield server


def median(run: Callable[[], object], times: int = 7) -> float:
    """Median seconds of several runs, after one that is not counted."""
    run()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def said(task: str, measured: float, floor: float, target: float, against: str) -> bool:
    """Print one line: task, seconds, floor, ratio, target, reached or not; returns whether it was."""
    ratio = measured / floor
    reached = ratio <= target
    print(
        f"{task}: {measured * 1000:.2f} ms; {against} {floor * 1000:.2f} ms; ratio {ratio:.2f}; target {target:g}: {'reached' if reached else 'NOT REACHED'}",
        flush=True,
    )
    return reached


def plain_twin(model: type[Any]) -> type[Any]:
    """A permanent table of the same columns, indexes, checks and foreign keys, without guard, capture or policy, and a model on it."""
    from django.conf import settings
    from django.db import models

    from holdfast.project.opening import addresses

    table, name = model._meta.db_table, f"bench_{model._meta.db_table}"
    keys = [f for f in model._meta.concrete_fields if f.is_relation]
    with addresses() as found:
        import psycopg

        with psycopg.connect(found.owner or "", autocommit=True) as owner:
            owner.execute(f'DROP TABLE IF EXISTS "{name}"')
            owner.execute(f'CREATE TABLE "{name}" (LIKE "{table}" INCLUDING ALL)')
            for f in keys:
                owner.execute(
                    f'ALTER TABLE "{name}" ADD FOREIGN KEY ("{f.column}") REFERENCES "{f.related_model._meta.db_table}" DEFERRABLE INITIALLY DEFERRED'
                )
            owner.execute(f'GRANT SELECT, INSERT ON "{name}" TO "{settings.DATABASES["default"]["USER"]}"')

    body: dict[str, Any] = {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "people", "db_table": name, "managed": False})}
    for f in model._meta.concrete_fields:
        if not f.primary_key:
            body[f.attname] = models.BigIntegerField() if f.is_relation else f.clone()
    return type(f"Plain{model.__name__}", (models.Model,), body)


@contextmanager
def owner_of(server: Any) -> Iterator[Any]:
    """A connection as the owner of the tables, whom no row-level policy binds."""
    import psycopg

    from holdfast.project.postgres import OWNER

    with psycopg.connect(server.url(OWNER), autocommit=True) as owner:
        yield owner
