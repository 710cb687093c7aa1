"""Signing in: shared lock-out, entries in the ledger, limited sessions, leavers, the review of access."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from datetime import date
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from holdfast.cli.user import _leave, _review
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import ChangeSet
from holdfast.people.models import Role, SignInAttempt
from holdfast.people.policy import holding
from holdfast.people.review import access_review
from holdfast.people.signing import IdentityRefused
from tests.people.test_signing import enrol, totp
from tests.release.people import FEMKE, PASSWORD, QUINN, account, decisions_on, take

pytestmark = [pytest.mark.req("3.3")]


@pytest.fixture(autouse=True)
def nobody_has_tried_before() -> None:
    """The library's own limits by address are counted in the cache, which outlives a test."""
    cache.clear()


def sign_in(email: str, password: str = PASSWORD, client: Client | None = None) -> Any:
    return (client or Client()).post("/accounts/login/", {"login": email, "password": password})


def is_signed_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def refusals() -> list[str]:
    with viewing(Viewer.operator()):
        return list(ChangeSet.objects.filter(action="sign-in refused").order_by("id").values_list("reason", flat=True))


def test_a_refused_sign_in_stands_in_the_ledger_of_the_persons_programme_and_not_what_was_typed(demo: str) -> None:
    assert sign_in(QUINN, "my-secret-typo").status_code == 200
    assert sign_in("nobody@example.com", "x").status_code == 200
    assert refusals() == [
        "quinn.adler@example.com from 127.0.0.1: the password is not right, or the log-in is closed.",
        "a log-in that does not exist from 127.0.0.1: the password is not right, or the log-in is closed.",
    ]
    with viewing(Viewer.person(account(FEMKE).person_id)):
        assert [c.reason.split()[0] for c in ChangeSet.objects.filter(action="sign-in refused")] == [QUINN]


def test_five_refusals_lock_the_log_in_for_every_process_and_the_right_password_does_not_open_it(demo: str) -> None:
    for _ in range(5):
        sign_in(QUINN, "wrong-password")
    client = Client()
    response = sign_in(QUINN, client=client)
    assert "locked after too many attempts" in response.content.decode()
    assert not is_signed_in(client)
    assert refusals()[-1].endswith("Signing in is locked for 15 minutes.")
    assert len(refusals()) == 5
    other = Client()
    assert sign_in(FEMKE, client=other).status_code == 302


def test_a_log_in_that_does_not_exist_locks_the_same_so_that_nothing_is_learnt(demo: str) -> None:
    answers = []
    for email in (QUINN, "nobody@example.com"):
        for _ in range(5):
            sign_in(email, "wrong-password")
        page = sign_in(email).content.decode()
        answers.append("locked after too many attempts" in page)
    assert answers == [True, True]


def test_a_complete_sign_in_forgets_earlier_refusals(demo: str) -> None:
    for _ in range(4):
        sign_in(QUINN, "wrong-password")
    assert sign_in(QUINN).status_code == 302
    assert SignInAttempt.objects.count() == 0


def test_a_wrong_code_counts_like_a_wrong_password(demo: str) -> None:
    secret = enrol(QUINN)
    client = Client()
    assert sign_in(QUINN, client=client)["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert not is_signed_in(client)
    assert refusals() == ["quinn.adler@example.com from 127.0.0.1: the code is not right."]
    assert client.post("/accounts/2fa/authenticate/", {"code": totp(secret)}).status_code == 302
    assert is_signed_in(client)


def test_a_recovery_code_signs_in_once_and_never_signs(demo: str) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    from holdfast.people.signing import IdentityRefused

    enrol(QUINN)
    codes = RecoveryCodes.activate(account(QUINN)).get_unused_codes()
    for expected in (True, False):
        client = Client()
        sign_in(QUINN, client=client)
        client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert is_signed_in(client) is expected
    with pytest.raises(IdentityRefused, match="code from your authenticator"):
        take(QUINN, "DP-26-001", "us_disposition", "released", code=codes[1])
    assert decisions_on("DP-26-001") == []


def test_a_log_in_has_three_sessions_and_the_oldest_ends_when_a_fourth_begins(demo: str) -> None:
    clients = [Client() for _ in range(4)]
    for client in clients:
        sign_in(QUINN, client=client)
    assert [is_signed_in(client) for client in clients] == [False, True, True, True]
    assert UserSession.objects.filter(user=account(QUINN)).count() == 3


@pytest.mark.parametrize(("name", "seconds"), [("seen", 31 * 60), ("began", 8 * 3600 + 60)])
def test_a_session_that_is_idle_or_old_ends_and_says_so(demo: str, name: str, seconds: int) -> None:
    client = Client()
    sign_in(QUINN, client=client)
    assert is_signed_in(client)
    session = client.session
    session[name] = int(time.time()) - seconds
    session.save()
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/")
    assert "You were signed out because the session was idle or old" in client.get("/accounts/login/").content.decode()


def test_sessions_are_listed_and_the_others_can_be_ended(demo: str) -> None:
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(QUINN, client=client)
    assert "Sign Out Other Sessions" in second.get("/accounts/sessions/").content.decode()
    second.post("/accounts/sessions/")
    assert [is_signed_in(client) for client in (first, second)] == [False, True]


def test_whoever_leaves_loses_roles_log_in_second_factor_and_sessions_and_what_names_them_is_listed(demo: str) -> None:
    client = Client()
    sign_in(FEMKE, client=client)
    enrol(FEMKE)
    ended, sessions, still = _leave(FEMKE, "contract ended", date(2026, 11, 23))
    assert (ended, sessions) == (["Qualified Person on FHT-201"], 1)
    assert still
    assert all(line.startswith("named as Qualified Person on ") for line in still)
    assert not is_signed_in(client)
    assert sign_in(FEMKE).status_code == 200
    with viewing(Viewer.operator()):
        assert not Role.objects.filter(holding(date(2026, 11, 24)), person=account(FEMKE).person).exists()
        left = ChangeSet.objects.get(action="person leaves")
        assert (left.reason, list(left.row_changes.values_list("table_name", flat=True))) == ("contract ended", ["people_role"])
    assert not Authenticator.objects.filter(user=account(FEMKE)).exists()
    assert decisions_on("DP-26-007") != []


def test_the_access_review_lists_every_held_role_and_every_log_in(demo: str) -> None:
    enrol(QUINN)
    with viewing(Viewer.operator()):
        lines = access_review(date(2026, 11, 24))
        roles = Role.objects.filter(holding(date(2026, 11, 24))).count()
    assert len([line for line in lines if line.role != "no role"]) == roles
    quinn = next(line for line in lines if line.log_in == QUINN)
    assert (quinn.role, quinn.second_factor, quinn.sees, quinn.log_in_open) == ("Quality Unit", "totp", "The whole programme", True)
    inspector = next(line for line in lines if line.role == "Inspector")
    assert (inspector.sees, str(inspector.role_until)) == ("The whole programme, read only, until 2027-03-31", "2027-03-31")
    written = list(csv.DictReader(io.StringIO(_review().decode())))
    assert len(written) == len(lines)
    assert next(row for row in written if row["log_in"] == QUINN)["log_in_open"] == "yes"


GUESSES = """
import sys
from concurrent.futures import ThreadPoolExecutor
import django
django.setup()
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS.append("testserver")
settings.ACCOUNT_RATE_LIMITS = False  # the library's own limits, by address, would hide ours
print("ready", flush=True)
sys.stdin.readline()

def guess(number):
    page = Client().post("/accounts/login/", {"login": sys.argv[1], "password": f"wrong-{number}"}).content.decode()
    return "locked" if "locked after too many" in page else "refused"

with ThreadPoolExecutor(5) as pool:
    print(*pool.map(guess, range(5)), flush=True)
"""


def test_ten_guesses_at_the_same_moment_in_two_processes_are_ten_attempts(demo: str, server: Any, tmp_path: Any) -> None:
    """Each process has five threads of its own that guess at once; not more than five guesses are judged, whoever comes first."""
    script = tmp_path / "guess.py"
    script.write_text(GUESSES)
    environment = {**os.environ, "HOLDFAST_DATABASE_URL": server.url("holdfast_app", demo), "DJANGO_SETTINGS_MODULE": "holdfast.project.settings"}
    processes = [
        subprocess.Popen([sys.executable, str(script), QUINN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(2)
    ]
    assert [process.stdout.readline() for process in processes] == ["ready\n", "ready\n"]  # type: ignore[union-attr]
    for process in processes:
        process.stdin.write("go\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
    answers = [word for process in processes for word in process.communicate(timeout=120)[0].split()]
    assert sorted(answers) == ["locked"] * 5 + ["refused"] * 5
    assert len(refusals()) == 5
    client = Client()
    assert "locked after too many attempts" in sign_in(QUINN, client=client).content.decode()


def test_the_password_is_hashed_once_whether_or_not_there_is_such_a_log_in_and_the_answer_is_the_same(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    calls: list[str] = []
    for name in ("verify", "encode"):
        kept = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(Argon2PasswordHasher, name, lambda self, *a, kept=kept, name=name, **k: (calls.append(name), kept(self, *a, **k))[1])
    quinn = account(QUINN)
    closed = account(FEMKE)
    closed.is_active = False
    closed.save(update_fields=["is_active"])
    said, work = set(), []
    for email in (quinn.email, closed.email, "nobody@example.com"):
        calls.clear()
        page = sign_in(email, "wrong-password").content.decode()
        work.append(len([c for c in calls if c == "verify"]) or len(calls))
        said.add(page[page.index("<main") : page.index("</main>")].replace(email, "").split("csrfmiddlewaretoken")[0])
    assert work == [1, 1, 1]
    assert len(said) == 1


def test_a_closed_log_in_with_the_right_password_is_told_no_more_than_a_wrong_one(demo: str) -> None:
    client = Client()
    assert sign_in(QUINN, client=client).status_code == 302
    quinn = account(QUINN)
    quinn.is_active = False
    quinn.save(update_fields=["is_active"])
    assert not is_signed_in(client)
    again = Client()
    sign_in(QUINN, client=again)
    assert not is_signed_in(again)


@pytest.mark.parametrize(
    ("place", "data", "problem"),
    [
        ("/accounts/reauthenticate/", {"password": "wrong-password"}, "the password is not right, or the log-in is closed."),
        ("/accounts/2fa/reauthenticate/", {"code": "000000"}, "the code is not right."),
        ("/accounts/2fa/webauthn/reauthenticate/", {"credential": "{}"}, "the passkey's answer is not right."),
        (
            "/accounts/password/change/",
            {"oldpassword": "wrong-password", "password1": "a new long pass phrase", "password2": "a new long pass phrase"},
            "the present password is not right, so it was not changed.",
        ),
    ],
)
def test_wherever_identity_is_asked_for_again_a_refusal_counts_and_stands_in_the_ledger(demo: str, place: str, data: dict[str, str], problem: str) -> None:
    from holdfast.people.sign_in import is_locked

    client = Client()
    client.force_login(account(QUINN), backend="allauth.account.auth_backends.AuthenticationBackend")
    enrol(QUINN)
    before = account(QUINN).password
    for _ in range(6):
        client.post(place, data)
    assert is_locked(QUINN)
    assert refusals()[0] == f"quinn.adler@example.com from 127.0.0.1: {problem}"
    assert len(refusals()) == 5
    assert account(QUINN).password == before


def test_a_passkey_that_only_claims_to_be_somebodys_is_recorded_and_locks_nobody_out(demo: str) -> None:
    from holdfast.people.sign_in import is_locked

    for _ in range(6):
        response = Client().post("/accounts/2fa/webauthn/login/", {"credential": json.dumps({"response": {"userHandle": "MQ"}})})
        assert response.status_code == 302
    assert set(refusals()) == {"a log-in that does not exist from 127.0.0.1: the passkey's answer is not right."}
    assert not is_locked(QUINN)


def test_attempts_to_sign_are_counted_one_after_the_other(demo: str) -> None:
    """Ten wrong passwords from ten threads: five are judged, and five are told that signing is locked."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    def guess(number: int) -> str:
        try:
            take(QUINN, "DP-26-001", "us_disposition", "released", password=f"wrong-password-{number}")
        except IdentityRefused as refusal:
            return "locked" if "locked" in str(refusal) else "refused"
        finally:
            connections.close_all()
        return "signed"

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(guess, range(10)))
    assert sorted(answers) == ["locked"] * 5 + ["refused"] * 5
    assert decisions_on("DP-26-001") == []


def test_the_review_neutralises_what_a_spreadsheet_would_run() -> None:
    from dataclasses import fields

    from holdfast.people.review import AccessLine, as_csv

    values = {field.name: "" for field in fields(AccessLine)} | {"person": "=HYPERLINK(1)", "log_in_open": True, "tokens": 0}
    row = next(csv.DictReader(io.StringIO(as_csv([AccessLine(**values)]).decode())))  # type: ignore[arg-type]
    assert (row["person"], row["log_in_open"]) == ("'=HYPERLINK(1)", "yes")


def test_the_quality_unit_reviews_access_on_its_page_and_nobody_of_another_programme_is_listed(demo: str) -> None:
    client = Client()
    sign_in(QUINN, client=client)
    rows = list(csv.DictReader(io.StringIO(client.get("/people/access-review.csv").content.decode())))
    assert {row["programme"] for row in rows} == {"FHT-201", ""}
    assert {row["log_in"] for row in rows if row["role"] == "no role"} == {"ines.falk@example.com", "tom.reed@example.com"}
    page = client.get("/people/access-review/").content.decode()
    assert "letter of authority LOA-2026-07" in page
