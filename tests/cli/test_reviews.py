"""`holdfast ledger review list`: signed reviews, and which are out of date."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from holdfast.cli import holdfast
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.actions import void_record
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.models import Record
from tests.quality.reviews import batch, sign
from tests.release.people import NIA, QUINN

pytestmark = [pytest.mark.req("4.7")]


def run(*words: str) -> Any:
    return CliRunner().invoke(holdfast, ["ledger", "review", "list", *words])


def test_reviews_are_listed_with_their_scope_and_what_makes_them_outdated(demo: str) -> None:
    assert run().output == "No review that you may see.\n"
    sign(QUINN, batch("DP-26-007"))
    assert "ATR-0001  batch DP-26-007" in run().output
    assert "exceptions: 1 of 1 change sets  up to date" in run().output
    with viewing(Viewer.operator()):
        lot = Record.objects.select_related("programme").get(kind="lot", number="DP-26-007")
    with change_set(Actor.operator("a test"), action="void record", reason="a test", programme=lot.programme) as opened:
        void_record(opened, lot, "a test")
    (shown,) = json.loads(run("--json", "--programme", "FHT-201").output)["reviews"]
    assert (shown["number"], shown["reviewer"], shown["outdated_since"]) == ("ATR-0001", "Quinn Adler", opened.id)
    assert f"OUTDATED since change set {opened.id}" in run().output
    assert run("--as", NIA).output == "No review that you may see.\n"
    assert run("--programme", "NOWHERE").exit_code == 1
