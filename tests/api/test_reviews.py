"""Signed reviews of the audit trail over the API: whole for who sees the programme, not there for a partner."""

from __future__ import annotations

import pytest

from tests.quality.reviews import batch, records, sign
from tests.release.people import NIA, QUINN

from .conftest import Script

pytestmark = [pytest.mark.req("3.5"), pytest.mark.req("4.7")]


def test_a_review_is_read_with_its_scope_comments_and_state(script: Script) -> None:
    of_batch = sign(QUINN, batch("DP-26-007"), comments={1: "Brought in from paper."})
    sign(QUINN, records("DP-26-008"))
    items = script(QUINN).get("/audit-trail-reviews").json()["items"]
    assert [(one["scope"], one["record"]["number"], one["outdated_since"]) for one in items] == [("records", "ATR-0002", None), ("batch", "ATR-0001", None)]
    assert [one["number"] for one in items[0]["records"]] == ["DP-26-008"]
    assert items[1]["comments"] == [{"change_set": 1, "comment": "Brought in from paper."}]
    assert (items[1]["lot_id"], items[1]["change_sets"], items[1]["exceptions"]) == (of_batch.lot_id, 1, 1)
    only = script(QUINN).get("/audit-trail-reviews", lot=of_batch.lot_id, programme="FHT-201").json()["items"]
    assert [one["record"]["number"] for one in only] == ["ATR-0001"]
    assert script(NIA).get("/audit-trail-reviews").json()["items"] == []
