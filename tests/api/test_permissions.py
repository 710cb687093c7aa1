"""Every operation of the API over every kind of person: who is answered, who is told that it does not exist, who may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.actions import store_rows
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.models import ChangeSet, Record, RowChange
from holdfast.people.actions import open_account
from holdfast.people.models import ApiToken, Organisation, Person
from holdfast.people.tokens import digest_of
from tests.release.people import HANA, NIA, PASSWORD, QUINN, SAM, account

from .addresses import operations, requests
from .conftest import Asks, Script, token_of

pytestmark = [pytest.mark.req("3.2"), pytest.mark.req("3.5")]
IMANI, ALEX, STRANGER = "imani.cole@example.com", "alex.stone@example.com", "stranger@example.com"
KINDS = (QUINN, SAM, IMANI, ALEX, NIA, HANA, STRANGER)
#: the answer to each kind of person, in the order of KINDS: Quality Unit, system administrator, consultancy, inspector, CDMO, laboratory, no grant
MATRIX = {
    "GET /programmes": "200 200 200 200 200 200 200",
    "GET /programmes/{number}": "200 200 200 200 200 200 404",
    "GET /me": "200 200 200 200 200 200 200",
    "GET /organisations": "200 200 200 200 200 200 200",
    "GET /sites": "200 200 200 200 200 200 200",
    "GET /people": "200 200 200 200 200 200 200",
    "GET /people/{key}": "200 200 200 200 200 200 200",
    "GET /roles": "200 200 200 200 200 200 200",
    "POST /roles": "403 422 403 403 403 403 404",
    "GET /grants": "200 200 200 200 200 200 200",
    "POST /roles/{key}/end": "403 422 403 403 404 404 404",
    "POST /grants/{key}/end": "403 422 403 403 404 404 404",
    "POST /programmes/{number}/leavers": "403 404 403 403 403 403 404",
    "GET /programmes/{number}/access-review": "200 200 403 200 403 403 404",
    "POST /programmes/{number}/access-review": "422 403 403 403 403 403 404",
    "GET /tokens": "200 200 200 200 200 200 200",
    "POST /tokens": "422 422 422 422 422 422 422",
    "POST /tokens/{token}/revoke": "404 404 404 404 404 404 404",
    "GET /products/{key}/alignment": "200 200 200 200 403 403 404",
    "GET /products/{key}/phase/{region}": "200 200 200 200 200 200 404",
    "GET /products/{key}/compendial": "200 200 200 200 403 403 404",
    "POST /products/{key}/differences": "422 422 403 403 403 403 404",
    "POST /programmes/{number}/attribute-names": "422 422 403 403 403 403 404",
    "GET /attributes/{key}/pools": "200 200 200 200 403 403 404",
    "GET /tables": "200 200 200 200 200 200 200",
    "GET /records": "200 200 200 200 200 200 200",
    "GET /records/{key}": "200 200 200 200 200 404 404",
    "GET /records/{key}/history": "200 200 200 200 200 404 404",
    "POST /records/{key}/void": "422 422 422 422 422 404 404",
    "GET /facts/{table}": "200 200 200 200 200 200 200",
    "GET /facts/{table}/{key}": "200 200 200 200 404 200 404",
    "GET /facts/{table}/{key}/history": "200 200 200 200 404 200 404",
    "POST /facts/{table}/{key}/void": "422 422 422 422 422 422 422",
    "GET /change-sets": "200 200 200 200 200 200 200",
    "GET /change-sets/{key}": "200 200 200 200 404 404 404",
    "GET /change-sets/{key}/changes": "200 200 200 200 404 404 404",
    "GET /change-sets/{key}/proof": "200 200 200 200 404 404 404",
    "GET /ledger": "200 200 200 200 200 200 200",
    "GET /ledger/checkpoints": "200 200 200 200 200 200 200",
    "POST /ledger/checkpoints": "201 201 201 201 201 201 201",
    "GET /ledger/consistency": "200 200 200 200 200 200 200",
    "GET /files": "200 200 200 200 200 200 200",
    "GET /files/{key}": "200 200 200 200 404 404 404",
    "GET /files/{key}/content": "200 200 200 200 404 404 404",
    "GET /board": "200 200 200 200 200 200 200",
    "GET /search": "200 200 200 200 200 200 200",
    "GET /batches": "200 200 200 200 200 200 200",
    "GET /batches/{key}": "200 200 200 200 200 404 404",
    "GET /batches/{key}/results": "200 200 200 200 200 404 404",
    "GET /batches/{key}/inputs": "200 200 200 200 200 404 404",
    "GET /batches/{key}/uses": "200 200 200 200 200 404 404",
    "GET /batches/{key}/timeline": "200 200 200 200 200 404 404",
    "GET /batches/{key}/deviations": "200 200 200 200 200 404 404",
    "GET /batches/{key}/changes": "200 200 200 200 200 404 404",
    "GET /studies": "200 200 200 200 200 200 200",
    "GET /studies/{key}": "200 200 200 200 404 404 404",
    "GET /studies/{key}/data": "200 200 200 200 404 404 404",
    "GET /studies/{key}/pulls": "200 200 200 200 404 404 404",
    "GET /studies/{key}/export": "200 200 200 200 404 404 404",
    "POST /studies/{key}/data": "422 422 403 403 404 404 404",
    "POST /studies/{key}/exclusions": "422 422 403 403 404 404 404",
    "POST /studies/{key}/departures": "422 422 403 403 404 404 404",
    "POST /studies/{key}/pulls": "404 404 404 404 404 404 404",
    "POST /pulls/{key}": "404 404 404 404 404 404 404",
    "POST /studies/{key}/approval": "403 403 403 403 404 404 404",
    "POST /studies/{key}/conclusion": "403 403 403 403 404 404 404",
    "POST /programmes/{number}/studies": "422 422 422 422 422 422 404",
    "GET /science/methods": "200 200 200 200 200 200 200",
    "GET /science/methods/{method}": "200 200 200 200 200 200 200",
    "POST /science/methods/{method}": "422 422 422 422 422 422 422",
    "GET /statements": "200 200 200 200 200 200 200",
    "GET /audit-trail-reviews": "200 200 200 200 200 200 200",
    "GET /batches/{key}/verdicts/{destination}": "200 200 200 200 200 404 404",
    "GET /batches/{key}/dossiers/{destination}": "200 200 200 200 403 404 404",
    "POST /batches/{key}/decisions": "422 422 422 422 422 404 404",
    "GET /decisions": "200 200 200 200 200 200 200",
    "GET /decisions/{key}": "200 200 200 200 404 404 404",
    "GET /decisions/{key}/dossier": "200 200 200 200 404 404 404",
    "GET /decisions/{key}/certificate": "200 200 200 200 404 404 404",
    "GET /decisions/{key}/export": "200 200 200 200 404 404 404",
    "GET /register": "200 200 200 200 200 200 200",
    "POST /imports/folder": "422 422 422 422 422 422 422",
    "POST /imports/workbook": "422 422 422 422 422 422 422",
    "POST /imports/mapped": "422 422 422 422 422 422 422",
    "GET /imports": "200 200 200 200 200 200 200",
    "GET /programmes/{number}/workbook": "200 200 200 200 200 200 404",
    "GET /programmes/{number}/folder": "200 200 200 200 200 200 404",
}


@pytest.fixture
def stranger(demo: str) -> str:
    """A person whose organisation holds no grant: they see the directory and nothing else."""
    with change_set(Actor.operator("a test"), action="set up", reason="a test needs it") as opened:
        organisation = store_rows(opened, Organisation, [{"number": "NOB", "name": "Nobody Ltd (fictional)", "kind": "supplier", "country": "US"}]).keys[0]
        key = store_rows(opened, Person, [{"number": "PER-900", "printed_name": "Sten Ranger", "organisation": organisation, "email": STRANGER}]).keys[0]
    with viewing(Viewer.operator()):
        open_account(Person.objects.get(pk=key), email=STRANGER, password=PASSWORD)
    return STRANGER


def test_every_operation_answers_every_kind_of_person_as_the_matrix_says(short_board: None, stranger: str, script: Script) -> None:
    asked = requests()
    scripts = [script(email) for email in KINDS]
    found = {name: " ".join(str(request.ask(one).status_code) for one in scripts) for name, request in asked.items()}
    assert found == MATRIX


def test_the_matrix_has_a_row_for_every_operation_of_the_document() -> None:
    assert set(MATRIX) == {f"{method} {path}" for method, path in operations()}


def written() -> tuple[int, int]:
    """How much there is in the ledger besides what refused tokens leave in it."""
    with viewing(Viewer.operator()):
        return ChangeSet.objects.exclude(action="API token refused").count(), RowChange.objects.count()


def useless_tokens() -> dict[str, str]:
    """Tokens that open nothing, and why not."""
    secrets = {name: token_of(QUINN) for name in ("revoked", "expired")} | {"of a closed log-in": token_of(SAM), "unknown": "hf_" + "x" * 43, "none": ""}
    ApiToken.objects.filter(secret_digest=digest_of(secrets["revoked"])).update(revoked_at="2026-11-24T08:00:00Z")
    past = {"created_at": "2026-08-01T00:00:00Z", "expires_at": "2026-11-24T09:00:00Z"}  # the moment itself is over
    ApiToken.objects.filter(secret_digest=digest_of(secrets["expired"])).update(**past)
    closed = account(SAM)
    closed.is_active = False
    closed.save(update_fields=["is_active"])
    return secrets


def test_no_operation_answers_without_a_token_that_opens_and_nothing_is_written(short_board: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfast.people.tokens.LOCKED_AFTER", 10_000)
    asked, secrets = requests(), useless_tokens()
    before = written()
    for why, secret in secrets.items():
        script = Asks(secret)
        statuses = {name: request.ask(script).status_code for name, request in asked.items()}
        assert {name for name, status in statuses.items() if status != 401} == set(), why
    assert written() == before


def test_a_token_for_reading_writes_nothing(short_board: None, script: Script) -> None:
    reader, before = script(SAM, "read"), written()
    for name, request in requests().items():
        if name.startswith("POST"):
            answer = request.ask(reader)
            assert (answer.status_code, answer.json()["code"]) == (403, "read_only_token"), name
    assert written() == before


def test_a_browser_that_is_signed_in_opens_nothing_and_an_api_answer_sets_no_cookie(demo: str, script: Script) -> None:
    from django.test import Client

    browser = Client()
    browser.force_login(account(QUINN), backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = browser.get("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")
    answer = script(QUINN).get("/me")
    assert (answer.status_code, dict(answer.cookies), answer["Cache-Control"]) == (200, {}, "no-store")


def test_a_partner_reads_the_rows_of_their_own_work_and_no_others(demo: str, script: Script) -> None:
    numbers = {email: {row["number"] for row in script(email).every("/records", kind="lot", limit=200)} for email in (QUINN, NIA, HANA)}
    with viewing(Viewer.person(account(NIA).person_id)):
        assert numbers[NIA] == set(Record.objects.filter(kind="lot").values_list("number", flat=True))
    assert numbers[HANA] == set()
    assert numbers[NIA] < numbers[QUINN]


def test_hidden_evidence_does_not_improve_a_verdict(short_board: None, script: Script) -> None:
    answers: dict[str, Any] = {}
    for email in (QUINN, NIA):
        batch = script(email).get("/batches", number="DP-26-004").json()["items"][0]["id"]
        verdict = script(email).get(f"/batches/{batch}/verdicts/US").json()
        answers[email] = (verdict["state"], {rule["id"]: rule["answer"] for rule in verdict["rules"]}, verdict["redacted"])
    assert answers[QUINN][:2] == answers[NIA][:2]
    assert (answers[QUINN][0], answers[QUINN][2], answers[NIA][2]) == ("blocked", False, True)


def test_a_role_that_ended_yesterday_opens_nothing_today(demo: str, script: Script) -> None:
    from holdfast.people.models import Role

    femke, sam = script("femke.waterman@example.com"), script(SAM)
    with viewing(Viewer.operator()):
        role = Role.objects.get(person=account("femke.waterman@example.com").person_id).pk
    assert len(femke.get("/programmes").json()["items"]) == 1
    yesterday = (ApiToken.objects.latest("pk").created_at - timedelta(days=1)).date().isoformat()
    assert sam.post(f"/roles/{role}/end", {"on": yesterday, "reason": "left"}).status_code == 200
    assert femke.get("/programmes").json()["items"] == []
