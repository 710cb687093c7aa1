"""One write a key: asked again it is answered as before, by whichever process, and never to somebody else."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction

from holdfast.api import once
from holdfast.kernel.clock import now
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import ChangeSet
from holdfast.people.models import ApiAnswer, ApiToken, Role, SigningAttempt
from tests.release.people import FEMKE, PASSWORD, QUINN, ROWAN, SAM, account, decisions_on, lot

from .conftest import Asks, Script, token_of

pytestmark = [pytest.mark.req("3.5")]
KEY = "0d6f0f0e-7a51-4f5b-9c63-6a2f0f6d7c11"


def decision(**changed: Any) -> dict[str, Any]:
    return {"destination": "US", "outcome": "rejected", "password": PASSWORD, **changed}


def address(number: str = "DP-26-001") -> str:
    return f"/batches/{lot(number).pk}/decisions"


@pytest.mark.parametrize("key", ["", "short", "with space", "ü" * 12, "x" * 201])
def test_a_write_without_a_key_that_can_be_one_is_refused_and_does_nothing(demo: str, key: str) -> None:
    from django.test import Client

    headers = {"Authorization": f"Bearer {token_of(QUINN)}"} | ({"Idempotency-Key": key} if key else {})
    answer = Client().post(f"/api/v1{address()}", decision(), content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "no_idempotency_key")
    assert decisions_on("DP-26-001") == []


def test_the_same_request_with_the_same_key_is_answered_as_before_and_done_once(script: Script) -> None:
    quinn = script(QUINN)
    first, again = (quinn.post(address(), decision(), key=KEY) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert decisions_on("DP-26-001") == [("us_disposition", "rejected")]


def test_a_refusal_is_given_again_and_the_attempt_is_counted_once(script: Script) -> None:
    quinn = script(QUINN)
    first, again = (quinn.post(address(), decision(password="wrong"), key=KEY) for _ in range(2))
    assert (first.status_code, first.json()["code"]) == (403, "identity_not_proved")
    assert again.content == first.content
    assert SigningAttempt.objects.filter(account=account(QUINN)).count() == 1
    assert quinn.post(address(), decision(), key=str(uuid.uuid4())).status_code == 201


@pytest.mark.parametrize("other", [{"outcome": "released"}, {"password": "another"}])
def test_another_body_with_the_same_key_is_refused_and_does_nothing(script: Script, other: dict[str, str]) -> None:
    quinn = script(QUINN)
    quinn.post(address(), decision(), key=KEY)
    answer = quinn.post(address(), decision(**other), key=KEY)
    assert (answer.status_code, answer.json()["code"]) == (422, "key_used_otherwise")
    answer = quinn.post(address("DP-26-002"), decision(), key=KEY)
    assert (answer.status_code, answer.json()["code"]) == (422, "key_used_otherwise")
    assert decisions_on("DP-26-002") == []


def test_a_kept_answer_is_never_given_to_another_person(script: Script) -> None:
    script(QUINN).post(address(), decision(), key=KEY)
    answer = script(ROWAN).post(address(), decision(), key=KEY)
    assert (answer.status_code, answer.json()["code"], "Idempotency-Replayed" in answer) == (409, "already_decided", False)


def test_another_token_of_the_same_person_is_given_the_kept_answer(script: Script) -> None:
    first = script(QUINN).post(address(), decision(), key=KEY)
    assert script(QUINN).post(address(), decision(), key=KEY).content == first.content


def test_a_secret_is_shown_once_also_to_who_asks_again(script: Script) -> None:
    quinn, body = script(QUINN), {"name": "nightly", "password": PASSWORD}
    first, again = (quinn.post("/tokens", body, key=KEY).json() for _ in range(2))
    assert first["secret"].startswith("hf_")
    assert again == {**first, "secret": None}
    assert first["secret"].encode() not in bytes(ApiAnswer.objects.get(key=KEY).body)


def test_nothing_that_was_sent_can_be_guessed_from_what_is_kept_of_it(script: Script) -> None:
    import hashlib

    script(QUINN).post(address(), decision(), key=KEY)
    kept = ApiAnswer.objects.get(key=KEY)
    assert PASSWORD.encode() not in bytes(kept.body)
    assert len(kept.request_digest) == hashlib.sha256().digest_size * 2


def test_an_answer_is_kept_for_seven_days(script: Script) -> None:
    quinn = script(QUINN)
    quinn.post("/ledger/checkpoints", key=KEY)
    quinn.post("/ledger/checkpoints", key="another-key-of-hers")
    ApiAnswer.objects.filter(key=KEY).update(asked_at=now() - timedelta(days=7, seconds=1))
    ApiAnswer.objects.filter(key="another-key-of-hers").update(asked_at=now() - timedelta(days=6, hours=23))
    assert "Idempotency-Replayed" not in quinn.post("/ledger/checkpoints", key=KEY)
    assert quinn.post("/ledger/checkpoints", key="another-key-of-hers")["Idempotency-Replayed"] == "true"


def test_a_failure_of_ours_is_not_kept_and_leaves_nothing(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    sam, role = script(SAM), {"programme": "FHT-201", "person": account(QUINN).person_id, "role": "reader", "valid_from": "2026-11-01", "reason": "a test"}

    def fails(_row: Any) -> Any:
        raise RuntimeError("a fault after the write")

    monkeypatch.setattr("holdfast.api.people.role_shown", fails)
    answer = sam.post("/roles", role, key=KEY)
    assert (answer.status_code, answer.json()["code"]) == (500, "failed")
    assert "fault" not in answer.content.decode()
    with viewing(Viewer.operator()):
        assert not Role.objects.filter(person=account(QUINN).person_id, role="reader").exists()
        assert not ChangeSet.objects.filter(action="give role").exists()
    monkeypatch.undo()
    assert sam.post("/roles", role, key=KEY).status_code == 201


def test_what_the_database_refuses_is_a_kept_refusal(script: Script) -> None:
    """The grant of the consultancy is read-only: the row-level policy refuses the write in the middle of the request's transaction."""
    imani = script("imani.cole@example.com")
    sample = imani.get("/records", kind="sample", limit=1).json()["items"][0]["id"]
    first, again = (imani.post(f"/records/{sample}/void", {"reason": "a test"}, key=KEY) for _ in range(2))
    assert (first.status_code, first.json()["code"]) == (403, "not_allowed")
    assert again.content == first.content
    assert imani.get(f"/records/{sample}").json()["voided_at"] is None


def test_of_duplicates_at_the_same_moment_one_does_it_and_the_others_are_answered_like_it(demo: str) -> None:
    secret, answers, barrier = token_of(QUINN), [], threading.Barrier(4)

    def ask() -> None:
        barrier.wait()
        answers.append(Asks(secret).post("/tokens", {"name": "nightly", "password": PASSWORD}, key=KEY))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answer.status_code for answer in answers) == [201] * 4
    assert sorted("Idempotency-Replayed" in answer for answer in answers) == [False, True, True, True]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert ApiToken.objects.filter(name="nightly").count() == 1


def test_a_duplicate_of_a_request_that_takes_long_is_told_to_come_back(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "WAIT", "200ms")
    femke, answers = Asks(token_of(FEMKE)), []

    def ask() -> None:
        answers.append(femke.post("/ledger/checkpoints", key=KEY))
        connections.close_all()

    with transaction.atomic():
        ApiAnswer.objects.create(account=account(FEMKE), key=KEY, request_digest="0" * 64, asked_at=now())
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(60)
        transaction.set_rollback(True)
    assert [(a.status_code, a.json()["code"], a["Retry-After"]) for a in answers] == [(409, "still_answering", "5")]
    assert femke.post("/ledger/checkpoints", key=KEY).status_code == 201
