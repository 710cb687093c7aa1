"""`holdfast token`: made with the person's own password, listed without what opens, revoked with a reason."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from holdfast.people.models import ApiToken, SigningAttempt
from holdfast.people.tokens import identify
from tests.people.test_signing import enrol, totp
from tests.release.people import PASSWORD, QUINN

pytestmark = [pytest.mark.req("3.5")]


def run(*words: str, given: str = "") -> Result:
    from holdfast.cli import holdfast

    return CliRunner().invoke(holdfast, ["token", *words], input=given)


def create(*words: str, password: str = PASSWORD) -> Result:
    return run("create", "nightly", "--as", QUINN, "--password-stdin", *words, given=password + "\n")


def test_a_token_is_made_with_the_persons_password_and_its_secret_is_printed_once(demo: str) -> None:
    answer = create("--write", "--days", "7")
    assert answer.exit_code == 0
    said, secret = answer.stdout.strip().splitlines()
    assert said == f"Token 1 of {QUINN}, write, until 2026-12-01. It is shown this once:"
    assert identify(secret, "10.0.0.1").scope == "write"
    assert secret not in run("list").stdout
    assert [(t["id"], t["email"], t["scope"], t["revoked_at"]) for t in json.loads(run("list", "--json").stdout)] == [(1, QUINN, "write", None)]


def test_without_the_password_no_token_is_made_and_the_attempt_is_counted(demo: str) -> None:
    answer = create(password="wrong-password")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "password is not right" in answer.stderr
    assert (ApiToken.objects.count(), SigningAttempt.objects.count()) == (0, 1)


def test_the_code_is_asked_where_an_authenticator_is_enrolled(demo: str) -> None:
    secret = enrol(QUINN)
    assert create().exit_code == 1
    assert ApiToken.objects.count() == 0
    assert create("--code", totp(secret)).exit_code == 0


def test_a_token_is_revoked_by_its_number(demo: str) -> None:
    create()
    assert run("revoke", "1", "--reason", "lost").stdout == "Token 1 opens nothing any more.\n"
    assert "revoked 2026-11-24" in run("list", "--as", QUINN).stdout
    answer = run("revoke", "2", "--reason", "lost")
    assert (answer.exit_code, answer.stderr) == (1, "There is no token 2. `holdfast token list` shows those there are.\n")
