"""Tokens: made for a person, shown once, kept as a digest, ended by time, by revocation and with the log-in; each in the ledger."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from holdfast.cli.user import _leave
from holdfast.kernel.clock import now, today
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import ChangeSet
from holdfast.people.models import ApiToken
from holdfast.people.review import access_review
from holdfast.people.signing import Confirmed, IdentityRefused
from holdfast.people.tokens import NewToken, TokenRefused, confirm_for_token, create_token, identify, live_tokens, revoke_token
from tests.release.people import FEMKE, PASSWORD, QUINN, account

pytestmark = [pytest.mark.req("3.5")]


def make(email: str = QUINN, **more: object) -> NewToken:
    who = account(email)
    return create_token(Confirmed(who, who.person), name="nightly", **more)  # type: ignore[arg-type]


def entries(action: str) -> list[tuple[str, str]]:
    with viewing(Viewer.operator()):
        return list(ChangeSet.objects.filter(action=action).order_by("id").values_list("actor_name", "reason"))


def test_a_token_lasts_ninety_days_reads_only_and_is_kept_as_its_sha_256(demo: str) -> None:
    made = make()
    kept = ApiToken.objects.get()
    assert (kept.scope, kept.expires_at - kept.created_at) == ("read", timedelta(days=90))
    assert kept.secret_digest == hashlib.sha256(made.secret.encode()).hexdigest()
    assert (made.secret[:3], len(made.secret)) == ("hf_", 46)  # 32 random bytes in base64url
    assert made.secret not in str(ApiToken.objects.values())
    assert make().secret != made.secret


def test_its_making_and_its_end_stand_in_the_ledger_without_the_secret(demo: str) -> None:
    made = make()
    revoke_token(made.token, by="Quinn Adler", reason="no longer needed")
    line = f"token {made.token.pk} “nightly” (read only, until 2027-02-22) of {QUINN}"
    assert entries("create API token") == [("the tokens of the API", line)]
    assert entries("revoke API token") == [("the tokens of the API", f"{line}, by Quinn Adler: no longer needed")]


def test_a_token_is_known_by_its_secret_and_its_use_is_noted_once_an_hour(demo: str) -> None:
    made = make()
    assert identify(made.secret, "10.0.0.1").pk == made.token.pk
    assert ApiToken.objects.get().last_used_at == now()
    ApiToken.objects.update(last_used_at=now() - timedelta(minutes=59))
    identify(made.secret, "10.0.0.1")
    assert ApiToken.objects.get().last_used_at == now() - timedelta(minutes=59)


@pytest.mark.parametrize(("days", "opens"), [(1, True), (0, False)])
def test_a_token_ends_at_the_moment_it_says(demo: str, days: int, opens: bool) -> None:
    made = make()
    ApiToken.objects.update(created_at=now() - timedelta(days=90 - days), expires_at=now() + timedelta(days=days))
    if opens:
        assert identify(made.secret, "10.0.0.1") == made.token
    else:
        with pytest.raises(TokenRefused, match="expired on 2026-11-24"):
            identify(made.secret, "10.0.0.1")


def test_a_token_ends_with_the_log_in_and_comes_back_only_as_a_new_one(demo: str) -> None:
    made, other = make(), make(FEMKE)
    _leave(QUINN, "left", today())
    with pytest.raises(TokenRefused, match="revoked"):
        identify(made.secret, "10.0.0.1")
    assert identify(other.secret, "10.0.0.1") == other.token
    assert list(live_tokens()) == [other.token]


def test_a_closed_log_in_opens_nothing_while_it_is_closed_and_gets_no_token(demo: str) -> None:
    made, closed = make(), account(QUINN)
    closed.is_active = False
    closed.save(update_fields=["is_active"])
    with pytest.raises(TokenRefused, match="log-in that the token belongs to is closed"):
        identify(made.secret, "10.0.0.1")
    with pytest.raises(IdentityRefused, match="cannot sign"):
        confirm_for_token(account(QUINN), PASSWORD)
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"name": " "}, {"name": "x" * 81}, {"scope": "everything"}, {"days": 0}, {"days": 367}])
def test_a_token_that_cannot_be_is_refused_and_none_is_made(demo: str, wrong: dict[str, object]) -> None:
    who = account(QUINN)
    with pytest.raises(Refused):
        create_token(Confirmed(who, who.person), **{"name": "nightly", **wrong})  # type: ignore[arg-type]
    assert (ApiToken.objects.count(), entries("create API token")) == (0, [])


def test_a_token_is_revoked_once_and_with_a_reason(demo: str) -> None:
    made, by = make(), "Quinn Adler"
    with pytest.raises(Refused, match="Say why"):
        revoke_token(made.token, by=by, reason=" ")
    assert ApiToken.objects.get().revoked_at is None
    revoke_token(made.token, by=by, reason="x")
    with pytest.raises(Refused, match="revoked already"):
        revoke_token(made.token, by=by, reason="x")
    assert len(entries("revoke API token")) == 1


def test_the_database_refuses_a_token_that_ends_before_it_begins(demo: str) -> None:
    make()
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.update(expires_at=now() - timedelta(days=365))


def test_the_review_of_access_counts_the_tokens_that_open_something(demo: str) -> None:
    make()
    make()
    revoke_token(make().token, by="Quinn Adler", reason="x")
    with viewing(Viewer.operator()):
        counts = {line.person: line.tokens for line in access_review(today())}
    assert (counts["Quinn Adler"], counts["Femke Waterman"]) == (2, 0)
