"""What a script does: decide, give and end roles, leave, void, checkpoint, read documents. A refusal also changes nothing."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import ChangeSet, RowChange
from tests.people.test_signing import enrol, totp
from tests.release.people import DANA, FEMKE, HANA, NIA, PASSWORD, QUINN, ROWAN, SAM, account, decisions_on, lot

from .conftest import Script

pytestmark = [pytest.mark.req("3.5")]


def images() -> int:
    with viewing(Viewer.operator()):
        return RowChange.objects.count()


def decision(number: str, destination: str, outcome: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return f"/batches/{lot(number).pk}/decisions", {"destination": destination, "outcome": outcome, "password": PASSWORD, **more}


def test_a_decision_is_signed_and_everything_it_rests_on_can_be_read(script: Script) -> None:
    from holdfast.dossier.verification import CONSISTENT, verify_package

    quinn = script(QUINN)
    answer = quinn.post(*decision("DP-26-001", "US", "released"))
    assert (answer.status_code, answer.json()["number"], answer.json()["signer"]) == (201, "DP-26-001-US", "Quinn Adler")
    key = answer.json()["id"]
    shown = quinn.get(f"/decisions/{key}").json()
    assert (shown["meaning"].split(" and ")[0], shown["flagged"]) == ("As a member of the Quality Unit I have reviewed the record of this batch", False)
    assert [s["printed_name"] for s in shown["signatures"]] == ["Quinn Adler"]
    assert hashlib.sha256(quinn.get(f"/decisions/{key}/dossier").content).hexdigest() == shown["dossier_digest"]
    assert quinn.get(f"/decisions/{key}/certificate").content.startswith(b"%PDF-")
    assert verify_package(quinn.get(f"/decisions/{key}/export").content).conclusion == CONSISTENT
    assert decisions_on("DP-26-001") == [("us_disposition", "released")]


def test_a_token_alone_signs_nothing_and_the_code_is_asked_where_one_is_enrolled(script: Script) -> None:
    quinn, secret = script(QUINN), enrol(QUINN)
    path, body = decision("DP-26-001", "US", "released")
    without = {name: value for name, value in body.items() if name != "password"}
    assert quinn.post(path, without).json()["problems"][0]["field"] == "body.given.password"
    for wrong in ({"password": "wrong-password"}, {}, {"code": "000000"}):
        answer = quinn.post(path, body | wrong)
        assert (answer.status_code, answer.json()["code"]) == (403, "identity_not_proved")
    assert decisions_on("DP-26-001") == []
    assert quinn.post(path, body | {"code": totp(secret)}).status_code == 201


def test_refused_passwords_are_counted_with_those_of_the_pages_and_lock_signing(script: Script) -> None:
    quinn = script(QUINN)
    for _ in range(5):
        assert quinn.post(*decision("DP-26-001", "US", "released", password="wrong")).status_code == 403
    answer = quinn.post(*decision("DP-26-001", "US", "released"))
    assert (answer.status_code, answer.json()["detail"]) == (403, "Signing is locked after too many attempts. Wait 15 minutes.")
    with viewing(Viewer.operator()):
        assert ChangeSet.objects.filter(action="signature refused").count() == 6
    assert decisions_on("DP-26-001") == []


@pytest.mark.parametrize(
    ("who", "number", "destination", "outcome", "status", "code", "says"),
    [
        (QUINN, "DP-26-004", "US", "released", 422, "decision_refused", "US-DSP-008 (not met)"),
        (QUINN, "DP-26-001", "EU", "certified", 422, "decision_refused", "role"),
        (FEMKE, "DP-26-001", "US", "released", 422, "decision_refused", "role"),
        (QUINN, "DP-26-001", "US", "certified", 422, "decision_refused", "does not answer"),
        (DANA, "DP-26-001", "EU-USE", "released_for_use", 422, "decision_refused", "(not met)"),
        (SAM, "DP-26-001", "US", "released", 422, "decision_refused", "role"),
    ],
)
def test_a_refused_decision_says_why_and_signs_nothing(
    script: Script, who: str, number: str, destination: str, outcome: str, status: int, code: str, says: str
) -> None:
    answer = script(who).post(*decision(number, destination, outcome))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert says in answer.json()["detail"]
    assert decisions_on(number) == []


def test_the_rules_that_stand_in_the_way_are_in_the_answer(script: Script) -> None:
    rules = script(QUINN).post(*decision("DP-26-004", "US", "released")).json()["rules"]
    by_id = {rule["id"]: rule for rule in rules}
    assert (by_id["US-DSP-008"]["answer"], by_id["US-DSP-008"]["severity"]) == ("not met", "blocker")
    assert "58.3" in by_id["US-DSP-008"]["says"]


def test_a_second_decision_is_told_that_the_first_stands(script: Script) -> None:
    assert script(QUINN).post(*decision("DP-26-001", "US", "rejected")).status_code == 201
    answer = script(ROWAN).post(*decision("DP-26-001", "US", "released"))
    assert (answer.status_code, answer.json()["code"]) == (409, "already_decided")
    assert decisions_on("DP-26-001") == [("us_disposition", "rejected")]


def test_an_override_is_signed_by_a_second_person_in_the_same_request(script: Script) -> None:
    quinn, over = script(QUINN), [{"rule": "US-DSP-041", "reason": "Over-label applied"}]
    answer = quinn.post(*decision("DP-26-019", "US", "released", overrides=over))
    assert (answer.status_code, "second person" in answer.json()["detail"]) == (422, True)
    wrong = {"email": ROWAN, "password": "wrong-password"}
    assert quinn.post(*decision("DP-26-019", "US", "released", overrides=over, second=wrong)).json()["code"] == "identity_not_proved"
    assert quinn.post(*decision("DP-26-019", "US", "released", overrides=over * 2, second=wrong)).json()["code"] == "refused"
    assert decisions_on("DP-26-019") == []
    answer = quinn.post(*decision("DP-26-019", "US", "released", overrides=over, second={"email": ROWAN, "password": PASSWORD}))
    assert answer.status_code == 201
    overrides = quinn.get(f"/decisions/{answer.json()['id']}").json()["overrides"]
    assert overrides == [{"rule": "US-DSP-041", "answer": "not met", "reason": "Over-label applied", "person": "Quinn Adler", "second_person": "Rowan Pike"}]


def test_a_certification_is_entered_in_the_register(script: Script) -> None:
    femke = script(FEMKE)
    answer = femke.post(*decision("DP-26-001", "EU", "certified"))
    assert answer.status_code == 201
    lines = [(entry["authorisation"], entry["line"], entry["batch_number"]) for entry in femke.get("/register").json()["items"]]
    assert lines == [("MIA-IMP-4471", 1, "DP-26-007"), ("MIA-IMP-4471", 2, "DP-26-001")]


def new_role(who: str, **more: Any) -> dict[str, Any]:
    return {"programme": "FHT-201", "person": account(who).person_id, "role": "reader", "valid_from": "2026-11-01", "reason": "asked by letter", **more}


def test_the_system_administrator_gives_and_ends_roles_and_the_ledger_says_why(script: Script) -> None:
    sam = script(SAM)
    made = sam.post("/roles", new_role(QUINN, authority="letter 12"))
    assert (made.status_code, made.json()["person"], made.json()["role"], made.json()["authority"]) == (201, "Quinn Adler", "reader", "letter 12")
    ended = sam.post(f"/roles/{made.json()['id']}/end", {"on": "2026-11-30", "reason": "no longer"})
    assert (ended.status_code, ended.json()["valid_until"], ended.json()["until_stated"]) == (200, "2026-11-30", True)
    told = [(c["action"], c["reason"], c["actor"]) for c in sam.get("/change-sets", limit=2).json()["items"]]
    assert told == [("end role", "no longer", "Sam Keller"), ("give role", "asked by letter", "Sam Keller")]


@pytest.mark.parametrize(
    ("who", "body", "status"),
    [
        (SAM, {"person": SAM}, 403),
        (QUINN, {"person": FEMKE}, 403),
        (SAM, {"person": FEMKE, "valid_until": "2026-10-01"}, 422),
        (SAM, {"person": FEMKE, "role": "emperor"}, 422),
        (SAM, {"person": FEMKE, "reason": "  "}, 422),
    ],
)
def test_a_role_that_may_not_be_given_is_refused_and_nothing_is_written(script: Script, who: str, body: dict[str, str], status: int) -> None:
    before = images()
    answer = script(who).post("/roles", {**new_role(body["person"]), **{k: v for k, v in body.items() if k != "person"}})
    assert (answer.status_code, images()) == (status, before)


def test_a_leaver_loses_every_role_on_the_programme(script: Script) -> None:
    sam, rowan = script(SAM), script(ROWAN)
    answer = sam.post("/programmes/FHT-201/leavers", {"person": account(ROWAN).person_id, "on": "2026-11-23", "reason": "left"})
    assert (answer.status_code, [(role["role"], role["valid_until"]) for role in answer.json()]) == (200, [("quality_unit", "2026-11-23")])
    assert rowan.get("/programmes").json()["items"] == []


def test_an_organisations_grant_ends(script: Script) -> None:
    sam, nia = script(SAM), script(NIA)
    grant = next(g["id"] for g in sam.every("/grants", programme="FHT-201") if g["organisation"].startswith("Buckeye"))
    assert sam.post(f"/grants/{grant}/end", {"on": "2026-11-23", "reason": "agreement ended"}).json()["valid_until"] == "2026-11-23"
    assert nia.get("/batches").json()["items"] == []


def test_a_review_of_access_is_recorded_by_a_quality_role_of_the_list_that_was_read(script: Script) -> None:
    quinn, sam = script(QUINN), script(SAM)
    listed = quinn.get("/programmes/FHT-201/access-review").json()
    assert {line["person"]: line["tokens"] for line in listed["lines"]}["Quinn Adler"] == 1
    body = {"sha256": listed["sha256"], "reason": "as it should be"}
    assert sam.post("/programmes/FHT-201/access-review", body).status_code == 403
    sam.post("/roles", new_role(FEMKE))
    assert quinn.post("/programmes/FHT-201/access-review", body).status_code == 422
    body["sha256"] = quinn.get("/programmes/FHT-201/access-review").json()["sha256"]
    kept = quinn.post("/programmes/FHT-201/access-review", body)
    assert kept.status_code == 201
    assert body["sha256"] in quinn.get(f"/change-sets/{kept.json()['change_set']}").json()["reason"]


def test_a_record_is_voided_with_a_reason_and_its_past_stays_readable(script: Script) -> None:
    quinn = script(QUINN)
    sample = quinn.get("/records", kind="sample", limit=1).json()["items"][0]["id"]
    facts = quinn.get(f"/records/{sample}").json()["facts"]
    assert quinn.post(f"/records/{sample}/void", {"reason": "taken twice"}).json()["void_reason"] == "taken twice"
    again = quinn.post(f"/records/{sample}/void", {"reason": "once more"})
    assert (again.status_code, again.json()["detail"]) == (422, "It was voided already: taken twice")
    history = quinn.every(f"/records/{sample}/history")
    assert (history[-1]["action"], {c["field"] for c in history[-1]["changes"]}) == ("void record", {"voided_at", "void_reason"})
    past = quinn.get(f"/records/{sample}", at=history[0]["recorded_at"]).json()
    assert {name: past["facts"][name] for name in facts} == facts
    assert quinn.get(f"/records/{sample}", at="2020-01-01T00:00:00Z").json()["facts"] is None


def test_what_was_signed_is_not_voided_and_partners_void_only_what_they_see(script: Script) -> None:
    quinn, before = script(QUINN), images()
    decided = quinn.get("/decisions").json()["items"][0]["id"]
    assert quinn.post(f"/records/{decided}/void", {"reason": "x"}).status_code == 422
    assert quinn.post("/facts/register_entrys/1/void", {"reason": "x"}).status_code in {404, 422}
    assert script(HANA).post(f"/records/{lot('DP-26-001').pk}/void", {"reason": "x"}).status_code == 404
    roles = quinn.get("/roles", limit=1).json()["items"][0]["id"]
    assert quinn.post(f"/facts/roles/{roles}/void", {"reason": "x"}).status_code == 403
    assert images() == before


def test_a_fact_is_voided_and_counts_no_more(script: Script) -> None:
    quinn, batch = script(QUINN), lot("DP-26-004").pk
    results = quinn.every(f"/batches/{batch}/results")
    viability = next(result for result in results if result["reported"] == "58.3")
    assert quinn.post(f"/facts/results/{viability['id']}/void", {"reason": "transcription"}).json()["values"]["void_reason"] == "transcription"
    assert len(quinn.every(f"/batches/{batch}/results")) == len(results) - 1
    assert quinn.get(f"/facts/results/{viability['id']}").json()["values"]["reported"] == "58.3"


def test_reported_values_and_decimals_are_text_and_times_are_utc(script: Script) -> None:
    quinn = script(QUINN)
    row = quinn.get("/facts/results", limit=1).json()["items"][0]["values"]
    assert isinstance(row["reported"], str)
    numbers = [v["values"]["value"] for v in quinn.get("/facts/results", limit=60).json()["items"] if v["values"]["value"] is not None]
    assert numbers and all(isinstance(value, str) for value in numbers)
    assert quinn.get("/change-sets", limit=1).json()["items"][0]["recorded_at"].endswith("Z")


def test_the_ledgers_proofs_hold_against_its_checkpoint(script: Script) -> None:
    from holdfast.kernel import merkle

    quinn = script(QUINN)
    early = quinn.post("/ledger/checkpoints").json()
    quinn.post(*decision("DP-26-001", "US", "rejected"))
    made = quinn.get("/decisions").json()["items"][0]["change_set"]
    proof = quinn.get(f"/change-sets/{made}/proof").json()
    leaf, steps = merkle.leaf_hash(proof["statement"].encode()), [bytes.fromhex(step) for step in proof["inclusion"]]
    root = bytes.fromhex(proof["checkpoint"]["root"])
    assert merkle.verify_inclusion(leaf, proof["index"], proof["checkpoint"]["size"], steps, root)
    later = quinn.get("/ledger/consistency", earlier=early["size"]).json()
    steps = [bytes.fromhex(step) for step in later["consistency"]]
    assert merkle.verify_consistency(early["size"], later["size"], bytes.fromhex(early["root"]), bytes.fromhex(later["checkpoint"]["root"]), steps)
    assert json.loads(proof["statement"])["id"] == made
    assert quinn.get("/ledger/checkpoints").json()["items"][0]["size"] == later["size"]
    assert quinn.get("/ledger/consistency", earlier=later["size"] + 99).status_code == 422
