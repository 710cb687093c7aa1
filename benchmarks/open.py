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
