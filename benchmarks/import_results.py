"""Importing results with all checks against a bare COPY of the same rows, and whether memory stays flat.

The floor: the rows as they were stored, copied into a table of the same columns, indexes, checks and foreign keys, without guard, capture or policy, and
committed. The import does besides: read and keep the file, parse every cell, resolve references, check units and doubles, take images and their digest.

Run: `python -m benchmarks.import_results [ROWS]` (default 200000).
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from .open import empty, plain_twin, said

TARGET = 8.0
FLAT_MB = 64  # by how much four times the rows may raise the peak: the file's own bytes are kept whole
BATCHES = 480


def main(words: list[str]) -> int:
    """Import a programme without panel, then the panel's results, in a process of its own that measures its peak."""
    rows = int(words[0]) if words else 200_000
    few_rows = rows // 4
    with empty() as server, tempfile.TemporaryDirectory() as folder:
        from . import large_programme

        *_, part = large_programme.write(Path(folder), BATCHES, large_programme.RESULTS_WITHOUT_PANEL + -(-(rows + few_rows) // BATCHES))
        results = (part / "results.csv").read_text("utf-8").splitlines(keepends=True)
        header, panel = results[0], [line for line in results if "panel_" in line][: rows + few_rows]
        (part / "results.csv").write_text("".join(line for line in results if "panel_" not in line), "utf-8")
        _load(part)
        few = _apart(server, part, header, panel[:few_rows])
        whole = _apart(server, part, header, panel[few_rows:])
        floor = min(_bare_copy(rows) for _ in range(3))
    reached = said(f"import of {rows} results, all checks", whole[0], floor, TARGET, "bare COPY")
    growth = whole[1] - few[1]
    print(f"peak memory: {few[1]:.0f} MB for {few_rows} rows, {whole[1]:.0f} MB for {rows}; grows by {growth:.0f} MB, at most {FLAT_MB}: {'reached' if growth <= FLAT_MB else 'NOT REACHED'}")  # fmt: skip  # noqa: E501
    return 0 if reached and growth <= FLAT_MB else 1


def _load(part: Path) -> None:
    from holdfast.exchange.programme.loading import load_folder
    from holdfast.ledger.changes import Actor

    report = load_folder(part, Actor.operator("benchmark"), reason="benchmark")
    if report.problems:
        raise RuntimeError(str(report.problems[0]))


def _apart(server: Any, part: Path, header: str, lines: list[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of importing these results, in a new process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "programme.yaml").write_bytes((part / "programme.yaml").read_bytes())
        (folder / "results.csv").write_text(header + "".join(lines), "utf-8")
        context = multiprocessing.get_context("spawn")
        queue = context.Queue()
        process = context.Process(target=_import, args=(str(folder), queue))
        process.start()
        found: tuple[float, float] = queue.get()
        process.join()
    return found


def _import(folder: str, queue: Any) -> None:
    from holdfast.project.opening import opened

    with opened():
        began = time.perf_counter()
        _load(Path(folder))
        taken = time.perf_counter() - began
    queue.put((taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def _bare_copy(rows: int) -> float:
    """Seconds to copy the last rows that were stored into a plain table of the same shape, and commit."""
    from django.db import connection, transaction

    from holdfast.batch.models import Result
    from holdfast.ledger.access import Viewer, viewing

    plain = plain_twin(Result)._meta.db_table
    last = f"COPY (SELECT * FROM batch_result ORDER BY id DESC LIMIT {rows}) TO STDOUT"
    with viewing(Viewer.operator()), connection.cursor() as cursor, cursor.copy(last) as copy:
        content = b"".join(bytes(block) for block in copy)
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(f'COPY "{plain}" FROM STDIN') as copy:
        copy.write(content)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
