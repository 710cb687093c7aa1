"""Signing in: shared lock-out, entries in the ledger, limited sessions, leavers, the review of access."""

from __future__ import annotations

import csv
import io
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
