"""The demonstration loads once, signs once, and stays away from real programmes."""

from __future__ import annotations

import pytest

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.actions import start_programme
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.models import ChangeSet, Programme
from holdfast.people.models import Account
from holdfast.project import demo
from holdfast.project.home import HomeProblem
from holdfast.release.models import Decision

pytestmark = [pytest.mark.req("2.11"), pytest.mark.usefixtures("own_database")]


def state() -> dict[str, int]:
    with viewing(Viewer.operator()):
        return {model.__name__: model.objects.count() for model in (Programme, ChangeSet, Account, Decision)}


def test_a_second_run_finds_everything_and_changes_nothing() -> None:
    said: list[str] = []
    demo.prepare(said.append)
    first = state()
    demo.prepare(said.append)
    assert state() == first
    assert first["Programme"] == 1
    assert first["Account"] == 18
    assert first["Decision"] == 4
    assert said == ["Loading the demonstration programme FHT-201 …"]


def test_it_introduces_every_account_with_its_role_and_what_to_try_first() -> None:
    demo.prepare(lambda _: None)
    text = demo.introduction("http://127.0.0.1:8000")
    assert text.startswith("Holdfast is at http://127.0.0.1:8000\n")
    assert "quinn.adler@example.com     Quality Unit, Fernhill Therapeutics (fictional)" in text
    assert "femke.waterman@example.com  Qualified Person, Waterland QP Services (fictional)" in text
    assert "password: holdfast-demo-2026" in text
    assert "1. Sign in as the QA director" in text


def test_beside_a_real_programme_it_opens_no_account_with_a_published_password() -> None:
    with change_set(Actor.operator("a test"), action="start", reason="a real programme") as opened:
        start_programme(opened, number="REAL-1", name="Not fictional")
    before = state()
    with pytest.raises(HomeProblem, match=r"^This data folder holds REAL-1, which is not fictional"):
        demo.prepare(lambda _: None)
    assert state() == before
