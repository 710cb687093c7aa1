"""The board of a large programme: judging all of it from the database, and its pages under row-level security.

Run: `python -m benchmarks.board [BATCHES [RESULTS_A_BATCH]]` (default 480 and 20; the full run is `10000 100`, which takes a while to load).
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .open import empty, owner_of, said

SECONDS_FOR_10_000, P95_MS, OVER_OWNER = 60.0, 100.0, 3.0
PAGES = 60


def main(words: list[str]) -> int:
    """Load, judge, and read pages."""
    batches, results = (int(word) for word in (words + ["480", "20"][len(words) :])[:2])
    with empty() as server, tempfile.TemporaryDirectory() as folder:
        from . import large_programme

        began = time.perf_counter()
        large_programme.load(Path(folder), batches, results, lambda said: print(said, flush=True))
        print(f"loaded in {time.perf_counter() - began:.0f} s", flush=True)
        reached = [_settled(server, _judge_all), *_settled(server, _pages), *_against_owner(server), *_searches(server)]
    return 0 if all(reached) else 1


def _settled(server: Any, run: Callable[[], Any]) -> Any:
    """Run with statistics as autovacuum would have them a minute later."""
    with owner_of(server) as owner:
        owner.execute("VACUUM ANALYZE")
    return run()


def _judge_all() -> bool:
    from holdfast.cli.board import refresh_programme
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.ledger.models import Programme

    with viewing(Viewer.operator()):
        programme = Programme.objects.get()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    judged = refresh_programme(programme, 2)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    projected = wall * 10_000 / judged if judged else 0.0
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(
        f"{judged} batches judged for both destinations in {wall:.1f} s (processors busy {cpu:.1f} s of it; load of the machine {load:.1f});"
        f" 10,000 would take {projected:.0f} s; target {SECONDS_FOR_10_000:.0f}: {'reached' if projected <= SECONDS_FOR_10_000 else 'NOT REACHED'}",
        flush=True,
    )
    return projected <= SECONDS_FOR_10_000


def _walks() -> dict[str, dict[str, str]]:
    return {
        "soonest expiry": {},
        "ready": {"state": "ready"},
        "blocked in the EU, by number": {"state": "blocked", "destination": "EU", "sort": "number"},
        "by state": {"sort": "state"},
        "a number": {"text": "DP-26-017-0"},
    }


def _pages() -> list[bool]:
    """p95 of a page, as a person of the sponsor, walking on from page to page; and at a partner, who sees its own work."""
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.ledger.models import Programme
    from holdfast.people.models import Person
    from holdfast.release.board import BoardFilter, board_page

    reached = []
    with viewing(Viewer.operator()):
        people = dict(Person.objects.filter(number__in=["PER-001", "PER-021"]).values_list("number", "pk"))
    for number, viewer in people.items():
        for name, asked in _walks().items():
            taken, after = [], None
            for _ in range(PAGES):
                began = time.perf_counter()
                with viewing(Viewer.person(viewer)):
                    page = board_page(list(Programme.objects.all()), BoardFilter(**asked), after)
                taken.append((time.perf_counter() - began) * 1000)
                after = page.after
            p95 = statistics.quantiles(taken, n=20)[-1]
            reached.append(p95 <= P95_MS)
            print(
                f"board page ({name}) as {number}, {page.total} batches: median {statistics.median(taken):.0f} ms, p95 {p95:.0f} ms;"
                f" target {P95_MS:.0f}: {'reached' if reached[-1] else 'NOT REACHED'}",
                flush=True,
            )
    return reached


def _against_owner(server: Any) -> list[bool]:
    """The board's two queries under policies against the same as the owner of the tables, whom no policy binds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from holdfast.ledger.access import Viewer, viewing
    from holdfast.ledger.models import Programme
    from holdfast.people.models import Person
    from holdfast.release import board_counts
    from holdfast.release.board import BoardFilter, board_page

    with viewing(Viewer.operator()):
        person = Person.objects.get(number="PER-001").pk
        programmes = list(Programme.objects.all())
    board_counts.forget()  # so that the counts are asked of the database once more
    with viewing(Viewer.person(person)), CaptureQueriesContext(connection) as captured:
        board_page(programmes, BoardFilter())
    statements = {
        "list": next(q["sql"] for q in captured if "b.sorts_on" in q["sql"]),
        "counts": next(q["sql"] for q in captured if "MATERIALIZED" in q["sql"]),
    }
    reached = []
    with owner_of(server) as owner:
        for name, sql in statements.items():
            under = _median(lambda sql=sql: _as_person(sql, person))  # type: ignore[misc]
            without = _median(lambda sql=sql: owner.execute(sql, prepare=False).fetchall())  # type: ignore[misc]
            reached.append(said(f"board query ({name}) under row-level security", under, without, OVER_OWNER, "as owner"))
    return reached


def _searches(server: Any) -> list[bool]:
    """Searching as a person of the sponsor, and as a partner, against the owner with every scope open."""
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.people.models import Person

    with viewing(Viewer.operator()):
        people = dict(Person.objects.filter(number__in=["PER-001", "PER-021"]).values_list("number", "pk"))
    reached = []
    with owner_of(server) as owner:
        for text in ("DP-26-017-011", "RUN-DP-26-0", "PT-7211", "monitoring sample", "adler"):
            sql = f"SELECT * FROM holdfast_search('{text}', '{{}}', NULL, NULL, NULL, 21)"
            without = _median(lambda sql=sql: _open_scope(owner, sql))  # type: ignore[misc]
            for number, person in people.items():
                under = _median(lambda sql=sql, person=person: _as_person(sql, person))  # type: ignore[misc]
                reached.append(said(f"search for {text!r} as {number}", under, without, OVER_OWNER, "as owner"))
    return reached


def _open_scope(owner: Any, sql: str) -> float:
    with owner.transaction():
        owner.execute("SELECT holdfast_identify_operator()")
        began = time.perf_counter()
        owner.execute(sql).fetchall()
        return time.perf_counter() - began


def _as_person(sql: str, person: int) -> float:
    """Seconds of the query alone: identifying costs the same for every page."""
    from django.db import connection

    from holdfast.ledger.access import Viewer, viewing

    with viewing(Viewer.person(person)), connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(sql)
        cursor.fetchall()
        return time.perf_counter() - began


def _median(run: Callable[[], Any], times: int = 15) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        own = run()
        taken.append(own if isinstance(own, float) else time.perf_counter() - began)
    return statistics.median(taken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
