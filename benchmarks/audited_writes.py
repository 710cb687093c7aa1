"""What the ledger costs: audited writes against the same writes to a table of the same shape without guard, capture or policy.

The plain table is permanent and has the same columns, indexes and foreign keys, so both pay for the same log and the same commit.
Run: `python -m benchmarks.audited_writes` (or `./dev bench`). Prints ratios measured in one run; seconds are the machine's own.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from .open import demonstration, plain_twin, said

ROWS, SINGLES = 5_000, 200
TARGET = 1.5
NUMBERS = itertools.count()


def main() -> None:
    """Measure single and bulk writes through the ORM, both ways in one process and one database, taking turns."""
    with demonstration():
        from holdfast.people.models import Organisation, Person

        organisation = Organisation.objects.model
        for model, make in ((organisation, _organisation), (Person, _person())):
            _compare(model, make)


def _organisation(model: type[Any]) -> Any:
    return model(number=f"B-{next(NUMBERS)}", name="Fictional", kind="supplier", country="US")


def _person() -> Callable[[type[Any]], Any]:
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.people.models import Organisation

    with viewing(Viewer.operator()):
        key = Organisation.objects.values_list("pk", flat=True)[0]
    return lambda model: model(number=f"P-{next(NUMBERS)}", printed_name="Fictional Person", organisation_id=key, email="")


def _compare(model: type[Any], make: Callable[[type[Any]], Any]) -> None:
    from django.db import transaction

    from holdfast.ledger.changes import Actor, change_set

    plain = plain_twin(model)
    actor = Actor.operator("benchmark")

    def single() -> None:
        with change_set(actor, action="write", reason="benchmark"):
            make(model).save(force_insert=True)

    def singles() -> None:
        with change_set(actor, action="write", reason="benchmark"):
            for _ in range(SINGLES):
                make(model).save(force_insert=True)

    def bulk() -> None:
        with change_set(actor, action="write", reason="benchmark"):
            model.objects.bulk_create([make(model) for _ in range(ROWS)])

    def plain_single() -> None:
        with transaction.atomic():
            make(plain).save(force_insert=True)

    def plain_singles() -> None:
        with transaction.atomic():
            for _ in range(SINGLES):
                make(plain).save(force_insert=True)

    def plain_bulk() -> None:
        with transaction.atomic():
            plain.objects.bulk_create([make(plain) for _ in range(ROWS)])  # type: ignore[attr-defined]

    for what, audited, without, times in (
        ("one row, with its own change set", single, plain_single, 200),
        (f"{SINGLES} single writes in one change set", singles, plain_singles, 9),
        (f"bulk_create of {ROWS} rows", bulk, plain_bulk, 9),
    ):
        one, other = _by_turns(audited, without, times)
        said(f"{model.__name__}: {what}, audited", one, other, TARGET, "plain insert")


def _by_turns(first: Callable[[], None], second: Callable[[], None], times: int) -> tuple[float, float]:
    """Median seconds of each, run alternately, so that a slow moment of the machine meets both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for index in range(times + 1):
        for place, run in enumerate((first, second)):
            began = time.perf_counter()
            run()
            if index:
                taken[place].append(time.perf_counter() - began)
    return median(taken[0]), median(taken[1])


if __name__ == "__main__":
    main()
