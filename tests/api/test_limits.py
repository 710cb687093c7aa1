"""How often one may ask: a token, an address, and whoever shows tokens that open nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import ChangeSet
from holdfast.people import usage
from holdfast.people.models import ApiUse, SignInAttempt
from tests.release.people import FEMKE, QUINN

from .conftest import Asks, Script, token_of

pytestmark = [pytest.mark.req("3.5")]


@pytest.fixture(autouse=True)
def moment(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that counts are kept by, which a test may move."""
    now = [1_800_000_000.0]  # the first second of a minute
    monkeypatch.setattr(usage, "time", lambda: now[0])
    return now


def refusals() -> list[str]:
    with viewing(Viewer.operator()):
        return list(ChangeSet.objects.filter(action="API token refused").order_by("id").values_list("reason", flat=True))


def test_a_token_that_asks_too_often_is_told_when_to_come_back_and_others_are_not(script: Script, settings: Any, moment: list[float]) -> None:
    settings.HOLDFAST_API_RATE = 3
    quinn, femke = script(QUINN), script(FEMKE)
    assert [quinn.get("/me").status_code for _ in range(3)] == [200, 200, 200]
    moment[0] += 18
    answer = quinn.get("/me")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (429, "too_many_requests", "42")
    assert answer["Content-Type"] == "application/problem+json"
    assert femke.get("/me").status_code == 200
    moment[0] += 42
    assert quinn.get("/me").status_code == 200


def test_a_write_over_the_limit_does_nothing_and_its_key_is_still_good(script: Script, settings: Any, moment: list[float]) -> None:
    settings.HOLDFAST_API_RATE = 1
    quinn = script(QUINN)
    quinn.get("/me")
    assert quinn.post("/ledger/checkpoints", key="the-very-same-key").status_code == 429
    moment[0] += 60
    answer = quinn.post("/ledger/checkpoints", key="the-very-same-key")
    assert (answer.status_code, "Idempotency-Replayed" in answer) == (201, False)


def test_an_address_is_counted_whatever_it_shows(script: Script, settings: Any) -> None:
    settings.HOLDFAST_API_ADDRESS_RATE = 2
    quinn = script(QUINN)
    assert [Asks("").get("/openapi.json").status_code, quinn.get("/me").status_code, quinn.get("/me").status_code] == [200, 200, 429]
    assert Asks("").get("/openapi.json").status_code == 429


def test_the_count_is_in_the_database_so_that_processes_share_it_and_old_counts_go(script: Script, moment: list[float]) -> None:
    quinn = script(QUINN)
    quinn.get("/me")
    quinn.get("/me")
    assert sorted(ApiUse.objects.values_list("count", flat=True)) == [2, 2]
    moment[0] += 60 * (usage.KEPT + 1)
    quinn.get("/me")
    assert sorted(ApiUse.objects.values_list("count", flat=True)) == [1, 1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'people_apiuse'")
        assert cursor.fetchone()[0] in {"u", b"u"}


def test_refused_tokens_are_counted_for_their_address_and_written_until_they_are_too_many(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfast.people.tokens.LOCKED_AFTER", 3)
    stranger = Asks("hf_my-password-by-mistake")
    answers = [stranger.get("/me") for _ in range(5)]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(401, "token_refused")] * 3 + [(429, "too_many_refused")] * 2
    assert (answers[0]["WWW-Authenticate"], answers[3]["Retry-After"]) == ('Bearer realm="Holdfast"', "900")
    assert refusals() == ["an unknown token from 127.0.0.1: There is no such token."] * 3
    assert SignInAttempt.objects.count() == 3
    assert Asks(token_of(QUINN)).get("/me").status_code == 200


def test_a_request_without_a_token_is_refused_and_not_worth_a_line_in_the_ledger(demo: str) -> None:
    assert Asks("").get("/me").status_code == 401
    assert refusals() == []


def test_a_refused_token_of_somebody_stands_in_the_ledger_of_their_programme(script: Script) -> None:
    from holdfast.people.models import ApiToken

    quinn = script(QUINN)
    token = ApiToken.objects.get()
    quinn.post(f"/tokens/{token.pk}/revoke", {"reason": "it was in a log"})
    answer = quinn.get("/me")
    assert (answer.status_code, answer.json()["detail"]) == (401, "The token was revoked.")
    told = f"token {token.pk} “a test” (read and write, until 2027-02-22) of {QUINN} from 127.0.0.1: The token was revoked."
    assert script(FEMKE).get("/change-sets", action="API token refused").json()["items"][0]["reason"] == told
