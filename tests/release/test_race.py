"""Two people decide at the same instant, a hundred times: exactly one decision each time, the other is told."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from typing import Any

import pytest

from holdfast.ledger.access import Viewer, viewing
from holdfast.release.models import Decision

from .people import PASSWORD, QUINN, ROWAN, account, lot

pytestmark = [pytest.mark.req("2.9")]
ROUNDS = 100


def contend(email: str, lots: list[Any], barrier: Any, outcomes: Any) -> None:
    """One of two processes: reject each lot at the moment the other does."""
    from unittest import mock

    from django.db import connections

    from holdfast.people import signing
    from holdfast.release.actions import AlreadyDecided, decide

    connections.close_all()
    signer = account(email)
    # The password was checked once before; what is raced here is the decision, not Argon2.
    with mock.patch.object(signing, "check_password", return_value=True):
        for number in lots:
            barrier.wait()
            try:
                decide(signer, PASSWORD, number, "us_disposition", "rejected")
                outcomes.put((number.pk, "decided", email))
            except AlreadyDecided as told:
                outcomes.put((number.pk, "told", str(told)))
    connections.close_all()


def hundred_lots() -> list[Any]:
    """Lots to decide on: thin ones, since what is raced is the decision."""
    from holdfast.batch.models import Lot
    from holdfast.ledger.actions import store_rows
    from holdfast.ledger.changes import Actor, change_set

    model = lot("DP-26-001")
    with change_set(Actor.operator("operator"), action="add lots", reason="a race needs them", programme=model.programme) as opened:
        rows = [{"number": f"RACE-{n:03d}", "lot_kind": "drug_product", "product": model.product_id, "made_at": model.made_at_id} for n in range(ROUNDS)]
        keys = store_rows(opened, Lot, rows).keys
    with viewing(Viewer.operator()):
        return list(Lot.objects.filter(pk__in=keys).select_related("record", "programme", "product__record").order_by("pk"))


def test_two_processes_at_a_barrier_make_exactly_one_decision_each_round(demo: str) -> None:
    from django.db import connections

    lots = hundred_lots()
    connections.close_all()
    context = multiprocessing.get_context("fork")
    barrier, outcomes = context.Barrier(2), context.SimpleQueue()
    workers = [context.Process(target=contend, args=(email, lots, barrier, outcomes)) for email in (QUINN, ROWAN)]
    for worker in workers:
        worker.start()
    found = [outcomes.get() for _ in range(2 * ROUNDS)]
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    by_lot = Counter((key, what) for key, what, _ in found)
    assert all(by_lot[(one.pk, "decided")] == 1 and by_lot[(one.pk, "told")] == 1 for one in lots)
    with viewing(Viewer.operator()):
        standing = Counter(Decision.objects.filter(lot__in=lots).values_list("lot_id", flat=True))
    assert sorted(standing.values()) == [1] * ROUNDS
    assert all("already" in text or "somebody else" in text for _, what, text in found if what == "told")
