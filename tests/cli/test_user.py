"""`holdfast user`: log-ins and roles from the command line."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth import authenticate

from holdfast.kernel.clock import today
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.actions import start_programme, store_rows
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.models import ChangeSet
from holdfast.people.models import Account, Organisation, Person, Role

from .conftest import Run

pytestmark = pytest.mark.req("2.2")
LONG = "a long enough pass phrase\n"


@pytest.fixture
def ana(own_database: str) -> str:
    """Ana, of a sponsor, on the programme PRG-1; she has no log-in yet."""
    with change_set(Actor.operator("a test"), action="set up", reason="a test needs it") as opened:
        bound, _ = start_programme(opened, number="PRG-1", name="Fictional programme")
        sponsor = store_rows(bound, Organisation, [{"number": "SPO", "name": "Sponsor", "kind": "sponsor", "country": "US"}]).keys[0]
        store_rows(bound, Person, [{"number": "PER-1", "printed_name": "Ana", "organisation": sponsor, "email": "ana@example.com"}])
    return "ana@example.com"


def listed(run: Run) -> list[dict[str, object]]:
    return list(json.loads(run("user", "list", "--json").stdout))


def test_a_log_in_is_opened_for_a_person_of_the_record_and_listed(run: Run, ana: str) -> None:
    answer = run("user", "add", "Ana@Example.com", "--person", "PER-1", "--password-stdin", given=LONG)
    assert (answer.exit_code, answer.stdout) == (0, "Ana@Example.com may sign in as PER-1.\n")
    assert listed(run) == [{"email": ana, "name": "Ana", "person": "PER-1", "organisation": "Sponsor", "roles": [], "active": True, "second_factor": False}]
    assert authenticate(None, email=ana, password=LONG.strip()) == Account.objects.get()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["add", "ben@example.com", "--person", "PER-9"], "There is no person PER-9 in the record. Import the person first."),
        (["add", "ana@example.com", "--person", "PER-1"], "There is already a log-in ana@example.com."),
        (["add", "second@example.com", "--person", "PER-1"], "Ana already has a log-in."),
        (["password", "ben@example.com"], "There is no log-in ben@example.com. `holdfast user list` shows those there are."),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_and_nothing_changes(run: Run, ana: str, words: list[str], sentence: str) -> None:
    run("user", "add", ana, "--person", "PER-1", "--password-stdin", given=LONG)
    before = list(Account.objects.values())
    answer = run("user", *words, "--password-stdin", given=LONG)
    assert (answer.exit_code, answer.stdout, answer.stderr) == (1, "", sentence + "\n")
    assert list(Account.objects.values()) == before


def test_a_short_password_is_refused(run: Run, ana: str) -> None:
    answer = run("user", "add", ana, "--person", "PER-1", "--password-stdin", given="short\n")
    assert answer.exit_code == 1
    assert "too short" in answer.stderr
    assert Account.objects.count() == 0


def test_a_new_password_takes_the_place_of_the_old(run: Run, ana: str) -> None:
    run("user", "add", ana, "--person", "PER-1", "--password-stdin", given=LONG)
    assert run("user", "password", ana, "--password-stdin", given="another long pass phrase\n").exit_code == 0
    assert authenticate(None, email=ana, password=LONG.strip()) is None
    assert authenticate(None, email=ana, password="another long pass phrase") is not None


def test_a_closed_log_in_no_longer_signs_in_and_stays_listed(run: Run, ana: str) -> None:
    run("user", "add", ana, "--person", "PER-1", "--password-stdin", given=LONG)
    assert run("user", "deactivate", ana).stdout == "ana@example.com can no longer sign in.\n"
    assert authenticate(None, email=ana, password=LONG.strip()) is None
    assert listed(run)[0]["active"] is False


@pytest.mark.req("2.4")
def test_a_role_is_given_with_its_dates_and_the_ledger_keeps_who_gave_it_and_why(run: Run, ana: str) -> None:
    run("user", "add", ana, "--person", "PER-1", "--password-stdin", given=LONG)
    answer = run("user", "role", ana, "quality_unit", "--programme", "PRG-1", "--from", "2026-01-01", "--reason", "appointed by letter 7")
    assert (answer.exit_code, answer.stdout) == (0, "ana@example.com is quality unit on PRG-1 from 2026-01-01, open-ended.\n")
    assert listed(run)[0]["roles"] == ["quality_unit"]
    with viewing(Viewer.operator()):
        kept = ChangeSet.objects.latest("id")
        assert (kept.action, kept.reason) == ("give role", "appointed by letter 7")
        assert kept.actor_name.startswith("operator ")


@pytest.mark.req("2.4")
def test_a_role_that_ended_gives_nothing_today(run: Run, ana: str) -> None:
    run("user", "add", ana, "--person", "PER-1", "--password-stdin", given=LONG)
    run("user", "role", ana, "qp", "--programme", "PRG-1", "--from", "2026-01-01", "--until", "2026-02-01", "--reason", "for a month")
    assert today().isoformat() == "2026-11-24"
    assert listed(run)[0]["roles"] == []


@pytest.mark.parametrize(
    ("days", "sentence"), [(["--from", "2026-02-01", "--until", "2026-01-01"], "The role would end on 2026-01-01, before it begins on 2026-02-01.")]
)
def test_a_role_that_cannot_be_is_refused_and_nothing_is_written(run: Run, ana: str, days: list[str], sentence: str) -> None:
    run("user", "add", ana, "--person", "PER-1", "--password-stdin", given=LONG)
    answer = run("user", "role", ana, "qp", "--programme", "PRG-1", *days, "--reason", "x")
    assert (answer.exit_code, answer.stderr) == (1, sentence + "\n")
    with viewing(Viewer.operator()):
        assert Role.objects.count() == 0
