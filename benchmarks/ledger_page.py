"""The ledger page over a long ledger: each view under row-level security against the same statements as the owner, whom no policy binds.

The change sets are written into the throw-away database by its owner, five images each, one in a hundred an exception; what is measured is reading. Run:
`python -m benchmarks.ledger_page [CHANGES]` (default 300000 images). Prints medians, p95 and ratios; seconds are the machine's own.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from .open import demonstration, owner_of, said

CHANGES, A_SET = 300_000, 5
P95_MS, OVER_OWNER = 100.0, 3.0
TIMES = 15
FILL = """
    WITH place AS (SELECT min(id) AS programme FROM ledger_programme), records AS (SELECT array_agg(id) AS ids FROM ledger_record),
         sites AS (SELECT array_agg(DISTINCT scope_site_id) AS ids FROM ledger_record WHERE scope_site_id IS NOT NULL),
    made AS (
        INSERT INTO ledger_changeset (actor_id, actor_name, action, reason, programme_id, recorded_at)
        SELECT NULL, 'Person ' || n %% 40, 'enter ' || n %% 12, 'a benchmark', place.programme, timestamptz '2020-01-01' + n * interval '1 hour'
          FROM generate_series(1, %(sets)s) n, place RETURNING id, programme_id),
    images AS (
        INSERT INTO ledger_rowchange (change_set_id, table_name, row_id, operation, before, after, access, programme_id, scope_site_id)
        SELECT made.id, 'ledger_record', records.ids[1 + (made.id * 7 + k) %% cardinality(records.ids)], 'update',
               '{"title": "before"}', '{"title": "after"}', 'work',
               made.programme_id, sites.ids[1 + made.id %% cardinality(sites.ids)]
          FROM made, records, sites, generate_series(1, %(each)s) k)
    INSERT INTO ledger_ledgerexception (change_set_id, kind, table_name, rows, row_id, access, programme_id, scope_site_id)
    SELECT id, (ARRAY['void', 'late', 'access'])[1 + id / 100 %% 3], 'ledger_record', 1, 1, 'work', programme_id, NULL FROM made WHERE id %% 100 = 0
"""


def main(words: list[str]) -> int:
    """Fill the ledger, then read each view as a person of the sponsor and as a partner."""
    changes = int(words[0]) if words else CHANGES
    with demonstration():
        from holdfast.project import postgres

        with postgres.running() as server, owner_of(server) as owner:
            owner.execute(FILL, {"sets": changes // A_SET, "each": A_SET})
            owner.execute("VACUUM ANALYZE")
            print(f"{owner.execute('SELECT count(*) FROM ledger_rowchange').fetchone()[0]} images", flush=True)
            reached = [read(number, name, view, owner) for number in _people() for name, view in _views().items()]
    return 0 if all(reached) else 1


def _people() -> dict[str, int]:
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.people.models import Person

    with viewing(Viewer.operator()):
        return dict(Person.objects.filter(number__in=["PER-001", "PER-021"]).values_list("number", "pk"))


def _views() -> dict[str, tuple[dict[str, Any], str]]:
    return {
        "exceptions first": ({}, ""),
        "by time": ({"newest_first": True}, ""),
        "by time, far on": ({"newest_first": True}, "1.5000"),
        "a record": ({"record": "DP-26-007"}, ""),
        "a person": ({"person": "person 17"}, ""),
        "an action": ({"action": "enter 11"}, ""),
        "voids": ({"kind": "void"}, ""),
        "a month": ({"since": datetime(2022, 3, 1, tzinfo=UTC), "until": datetime(2022, 4, 1, tzinfo=UTC)}, ""),
    }


def read(number: str, name: str, view: tuple[dict[str, Any], str], owner: Any) -> bool:
    """One view: p95 of the whole page, and the median of its statements against the same as the owner."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from holdfast.ledger.access import Viewer, viewing
    from holdfast.ledger.browsing import LedgerFilter, ledger_page

    person, (wanted, after) = _people()[number], view

    def page() -> None:
        with viewing(Viewer.person(person)):
            ledger_page(LedgerFilter(**wanted), after)

    with viewing(Viewer.person(person)), CaptureQueriesContext(connection) as captured:
        ledger_page(LedgerFilter(**wanted), after)
    statements = [query["sql"] for query in captured if query["sql"].startswith(("SELECT", "WITH"))]
    taken = _taken(page)
    p95 = statistics.quantiles(taken, n=20)[-1] * 1000
    print(f"ledger page ({name}) as {number}: median {statistics.median(taken) * 1000:.0f} ms, p95 {p95:.0f} ms; target {P95_MS:.0f}", flush=True)
    floor = statistics.median(_taken(lambda: [owner.execute(sql).fetchall() for sql in statements]))
    with viewing(Viewer.person(person)), connection.cursor() as cursor:  # identifying costs the same for every page
        under = statistics.median(_taken(lambda: [(cursor.execute(sql), cursor.fetchall()) for sql in statements]))
    return said(f"its {len(statements)} statements under row-level security", under, floor, OVER_OWNER, "as owner") and p95 <= P95_MS


def _taken(run: Callable[[], object]) -> list[float]:
    run()
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    return taken


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
