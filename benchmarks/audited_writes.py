"""What the ledger costs: audited writes against the same writes to a table of the same shape without guard or capture.

Run: `python -m benchmarks.audited_writes` (or `./dev bench`). Prints ratios measured in one run; seconds are the machine's own.
"""

from __future__ import annotations

import itertools
from typing import Any

from .open import demonstration, median

ROWS = 5_000


def main() -> None:
    """Measure single and bulk writes through the ORM, both ways in one process and one database."""
    with demonstration():
        from django.db import connection, models

        from holdfast.ledger.access import Viewer, viewing
        from holdfast.ledger.changes import Actor, change_set
        from holdfast.people.models import Organisation

        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE plain_organisation (LIKE people_organisation INCLUDING DEFAULTS INCLUDING INDEXES INCLUDING IDENTITY)")

        class Plain(models.Model):
            number = models.CharField(max_length=40)
            name = models.CharField(max_length=200)
            kind = models.CharField(max_length=20)
            country = models.CharField(max_length=2)

            class Meta:
                app_label = "people"
                db_table = "plain_organisation"
                managed = False

        numbers = itertools.count()

        def rows(model: type[Any], count: int) -> list[Any]:
            return [model(number=f"B-{next(numbers)}", name="Fictional", kind="supplier", country="US") for _ in range(count)]

        def audited(count: int) -> None:
            with change_set(Actor.operator("benchmark"), action="write", reason="benchmark"):
                Organisation.objects.bulk_create(rows(Organisation, count)) if count > 1 else rows(Organisation, 1)[0].save()

        def plain(count: int) -> None:
            with viewing(Viewer.operator()):
                Plain.objects.bulk_create(rows(Plain, count)) if count > 1 else rows(Plain, 1)[0].save()

        def one_set_of_singles() -> None:
            with change_set(Actor.operator("benchmark"), action="write", reason="benchmark"):
                for row in rows(Organisation, 200):
                    row.save()

        def plain_singles() -> None:
            with viewing(Viewer.operator()):
                for row in rows(Plain, 200):
                    row.save()

        for name, with_ledger, without in (
            ("one row, with its own change set", lambda: audited(1), lambda: plain(1)),
            ("200 single writes in one change set", one_set_of_singles, plain_singles),
            (f"bulk_create of {ROWS} rows", lambda: audited(ROWS), lambda: plain(ROWS)),
        ):
            one, other = median(with_ledger), median(without)
            print(f"{name}: audited {one * 1000:.1f} ms, plain {other * 1000:.1f} ms, ratio {one / other:.2f}")


if __name__ == "__main__":
    main()
