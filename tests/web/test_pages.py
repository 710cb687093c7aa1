"""Every page over every kind of person: who sees it, who is told that it does not exist, who is sent to sign in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from holdfast.batch.models import BatchStep
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import Programme, StoredFile
from holdfast.people.models import Site
from holdfast.programme.models import Attribute, Product
from holdfast.quality.models import AuditTrailReview
from holdfast.release.models import Decision
from tests.quality.reviews import records, sign
from tests.release.people import DANA, FEMKE, HANA, NIA, PASSWORD, QUINN, ROWAN, SAM, account, decisions_on, lot

pytestmark = [pytest.mark.req("2.12")]
ENDOTOXIN = "left=IND-099201&right=2025-599201-18-00&subject=endotoxin&aspect=limit"
GRACE, ALEX = "grace.odum@example.com", "alex.stone@example.com"


def signed_in(email: str) -> Client:
    client = Client()
    client.force_login(account(email), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def a_review() -> int:
    """The key of a review of the audit trail; the demonstration has none, so the first who asks signs one, of a record that no batch rests on."""
    with viewing(Viewer.operator()):
        found = AuditTrailReview.objects.order_by("pk").values_list("pk", flat=True).first()
    return found or sign(QUINN, records("DP-26-007-US")).pk


def addresses() -> dict[str, str]:
    """One address for every page of ours, on the demonstration."""
    with viewing(Viewer.operator()):
        programme = Programme.objects.get().pk
        product = Product.objects.get().pk
        decision = Decision.objects.get(lot__record__number="DP-26-007", question="us_disposition").pk
        attribute = Attribute.objects.get(code="viability").pk
        site = Site.objects.get(number="BCW-OH").pk
        step = BatchStep.objects.filter(batch_record__lot__record__number="DP-26-001").order_by("pk")[0].pk
        source = StoredFile.objects.order_by("pk")[0].pk
        signed = Decision.objects.get(pk=decision).change_set_id
    batch = lot("DP-26-001").pk
    return {
        "board": "/",
        "batch": f"/batches/{batch}/",
        "trend": f"/batches/{batch}/trends/{attribute}/",
        "trend_file": f"/batches/{batch}/trends/{attribute}.csv",
        "trends": "/trends/",
        "product_review": f"/products/{product}/review/",
        "product_trends": f"/products/{product}/trends/",
        "attribute_trend": f"/products/{product}/trends/{attribute}/",
        "attribute_trend_file": f"/products/{product}/trends/{attribute}/values-1.csv",
        "genealogy_file": f"/batches/{batch}/genealogy.json",
        "decide": f"/batches/{batch}/decide/us/",
        "record": f"/records/{batch}/",
        "entry": f"/directory/site/{site}/",
        "fact": f"/facts/batch_batchstep/{step}/",
        "links": f"/links/record/{batch}/batch_sample/lot/",
        "pin": f"/records/{batch}/pin/",
        "source_file": f"/files/{source}/",
        "search": "/search/?q=DP-26",
        "palette": "/search/palette/?q=DP-26",
        "keep_view": "/views/",
        "start": "/start/",
        "walk": "/start/walk/",
        "glossary": "/glossary/",
        "reference": "/reference/?q=sterility",
        "reference_rules": "/reference/rules/",
        "reference_rule": "/reference/rules/US-DSP-008/",
        "reference_packs": "/reference/packs/",
        "reference_pack": "/reference/packs/us_disposition_part_211/",
        "reference_crosswalk": "/reference/crosswalk/?reference=USP+%3C71%3E&to=EU",
        "reference_row": "/reference/crosswalk/PHA-001/",
        "reference_dictionary": "/reference/dictionary/?name=viability",
        "reference_attribute": "/reference/dictionary/cell_viability/",
        "reference_documents": "/reference/documents/",
        "reference_document": "/reference/documents/21-cfr/",
        "decision": f"/decisions/{decision}/",
        "certificate": f"/decisions/{decision}/certificate.pdf",
        "export": f"/decisions/{decision}/decision.zip",
        "programme_map": "/map/",
        "phase": "/phase/?region=EU",
        "alignment": "/alignment/",
        "difference": f"/products/{product}/differences/?{ENDOTOXIN}",
        "programme_map_file": f"/map/{programme}.csv",
        "studies": "/studies/",
        "study": "/studies/STU-001/",
        "study_report": "/studies/STU-001/report/",
        "study_pdf": "/studies/STU-001/report.pdf",
        "study_export": "/studies/STU-001/study.zip",
        "ledger": "/ledger/",
        "change_set": f"/ledger/{signed}/",
        "import": "/import/",
        "import_checked": "/import/checked/",
        "import_errors": "/import/errors.csv",
        "audit_trail_reviews": "/ledger/reviews/",
        "audit_trail_review_new": "/ledger/reviews/new/",
        "audit_trail_review": f"/ledger/reviews/{a_review()}/",
        "packs": "/packs/",
        "packs_adopt": "/packs/adopt/",
        "preferences": "/preferences/",
        "pattern": "/pattern/",
        "access_review": "/people/access-review/",
        "access_review_csv": "/people/access-review.csv",
    }


#: status of each page for each kind of person (DP-26-001 is made at Columbus; its decision pages belong to who sees the whole programme)
MATRIX = {
    QUINN: {
        "board": 200,
        "batch": 200,
        "trend": 200,
        "trend_file": 200,
        "attribute_trend_file": 200,
        "product_review": 200,
        "genealogy_file": 200,
        "programme_map_file": 200,
        "decide": 200,
        "record": 200,
        "fact": 200,
        "links": 200,
        "source_file": 200,
        "decision": 200,
        "certificate": 200,
        "export": 200,
        "study": 200,
        "study_export": 200,
        "study_report": 200,
        "study_pdf": 200,
        "change_set": 200,
        "audit_trail_review": 200,
        "audit_trail_review_new": 200,
        "difference": 200,
        "packs_adopt": 200,
        "access_review": 200,
        "access_review_csv": 200,
    },
    FEMKE: {
        "board": 200,
        "batch": 200,
        "trend": 200,
        "trend_file": 200,
        "attribute_trend_file": 200,
        "product_review": 200,
        "genealogy_file": 200,
        "programme_map_file": 200,
        "decide": 403,
        "record": 200,
        "fact": 200,
        "links": 200,
        "source_file": 200,
        "decision": 200,
        "certificate": 200,
        "export": 200,
        "study": 200,
        "study_export": 200,
        "study_report": 200,
        "study_pdf": 200,
        "change_set": 200,
        "audit_trail_review": 200,
        "audit_trail_review_new": 200,
        "difference": 200,
        "packs_adopt": 200,
        "access_review": 200,
        "access_review_csv": 200,
    },
    SAM: {
        "board": 200,
        "batch": 200,
        "trend": 200,
        "trend_file": 200,
        "attribute_trend_file": 200,
        "product_review": 200,
        "genealogy_file": 200,
        "programme_map_file": 200,
        "decide": 403,
        "record": 200,
        "fact": 200,
        "links": 200,
        "source_file": 200,
        "decision": 200,
        "certificate": 200,
        "export": 200,
        "study": 200,
        "study_export": 200,
        "study_report": 200,
        "study_pdf": 200,
        "change_set": 200,
        "audit_trail_review": 200,
        "audit_trail_review_new": 403,
        "difference": 403,
        "packs_adopt": 403,
        "access_review": 403,
        "access_review_csv": 403,
    },
    ALEX: {
        "board": 200,
        "batch": 200,
        "trend": 200,
        "trend_file": 200,
        "attribute_trend_file": 200,
        "product_review": 200,
        "genealogy_file": 200,
        "programme_map_file": 200,
        "decide": 403,
        "record": 200,
        "fact": 200,
        "links": 200,
        "source_file": 200,
        "decision": 200,
        "certificate": 200,
        "export": 200,
        "study": 200,
        "study_export": 200,
        "study_report": 200,
        "study_pdf": 200,
        "change_set": 200,
        "audit_trail_review": 200,
        "audit_trail_review_new": 403,
        "difference": 403,
        "packs_adopt": 403,
        "access_review": 403,
        "access_review_csv": 403,
    },
    NIA: {
        "board": 200,
        "batch": 200,
        "trend": 200,
        "trend_file": 404,
        "attribute_trend_file": 404,
        "product_review": 404,
        "genealogy_file": 404,
        "programme_map_file": 200,
        "decide": 403,
        "record": 200,
        "fact": 200,
        "links": 200,
        "source_file": 404,
        "decision": 404,
        "certificate": 404,
        "export": 404,
        "study": 404,
        "study_export": 404,
        "study_report": 404,
        "study_pdf": 404,
        "change_set": 404,
        "audit_trail_review": 404,
        "audit_trail_review_new": 403,
        "difference": 403,
        "packs_adopt": 403,
        "access_review": 403,
        "access_review_csv": 403,
    },
    GRACE: {
        "board": 200,
        "batch": 404,
        "trend": 404,
        "trend_file": 404,
        "attribute_trend_file": 404,
        "product_review": 404,
        "genealogy_file": 404,
        "programme_map_file": 200,
        "decide": 404,
        "record": 404,
        "fact": 404,
        "links": 404,
        "source_file": 404,
        "decision": 404,
        "certificate": 404,
        "export": 404,
        "study": 404,
        "study_export": 404,
        "study_report": 404,
        "study_pdf": 404,
        "change_set": 404,
        "audit_trail_review": 404,
        "audit_trail_review_new": 403,
        "difference": 403,
        "packs_adopt": 403,
        "access_review": 403,
        "access_review_csv": 403,
    },
    HANA: {
        "board": 200,
        "batch": 404,
        "trend": 404,
        "trend_file": 404,
        "attribute_trend_file": 404,
        "product_review": 404,
        "genealogy_file": 404,
        "programme_map_file": 200,
        "decide": 404,
        "record": 404,
        "fact": 404,
        "links": 404,
        "source_file": 404,
        "decision": 404,
        "certificate": 404,
        "export": 404,
        "study": 404,
        "study_export": 404,
        "study_report": 404,
        "study_pdf": 404,
        "change_set": 404,
        "audit_trail_review": 404,
        "audit_trail_review_new": 403,
        "difference": 403,
        "packs_adopt": 403,
        "access_review": 403,
        "access_review_csv": 403,
    },
}
#: pages that hold no record and answer every signed-in person alike (what is only posted to refuses a visit)
EVERYBODY = {
    "packs": 200,
    "trends": 200,
    "product_trends": 200,
    "attribute_trend": 200,
    "programme_map": 200,
    "phase": 200,
    "alignment": 200,
    "entry": 200,
    "search": 200,
    "palette": 200,
    "pin": 405,
    "keep_view": 405,
    "start": 200,
    "walk": 405,
    "glossary": 200,
    "studies": 200,
    "reference": 200,
    "reference_rules": 200,
    "reference_rule": 200,
    "reference_packs": 200,
    "reference_pack": 200,
    "reference_crosswalk": 200,
    "reference_row": 200,
    "reference_dictionary": 200,
    "reference_attribute": 200,
    "reference_documents": 200,
    "reference_document": 200,
    "ledger": 200,
    "audit_trail_reviews": 200,
    "import": 200,
    "import_checked": 200,
    "import_errors": 200,
    "preferences": 405,
    "pattern": 200,
}


def test_every_page_has_a_row_in_the_permission_matrix(demo: str) -> None:
    names = {pattern.name for pattern in get_resolver("holdfast.web.urls").url_patterns}
    assert names == set(addresses())
    assert all(set(row) == names - EVERYBODY.keys() for row in MATRIX.values())


def test_every_page_answers_every_kind_of_person_as_the_matrix_says(demo: str) -> None:
    pages = addresses()
    found = {email: {name: signed_in(email).get(address).status_code for name, address in pages.items()} for email in MATRIX}
    assert found == {email: row | EVERYBODY for email, row in MATRIX.items()}


def test_a_visitor_is_sent_to_sign_in_from_every_page(demo: str) -> None:
    for address in addresses().values():
        response = Client().get(address)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_a_log_in_without_a_person_is_told_so(demo: str) -> None:
    from holdfast.people.models import Account

    nobody = Account.objects.create_user(username="nobody@example.com", email="nobody@example.com", password="long-enough-password")
    client = Client()
    client.force_login(nobody, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get("/")
    assert response.status_code == 403
    assert "belongs to no person" in response.content.decode()


def test_pages_carry_a_strict_policy_and_no_inline_script_or_style(demo: str) -> None:
    client = signed_in(QUINN)
    for name, address in addresses().items():
        response = client.get(address)
        assert response["Content-Security-Policy"].startswith("default-src 'self';")
        if response["Content-Type"].startswith("text/html"):
            page = response.content.decode()
            assert not re.search(r"<script(?![^>]*\b(?:src=|application/json))|<style| style=|\bon\w+=\"|https?://(?!www\.w3\.org)", page), name


def test_the_board_shows_batches_soonest_expiry_first_and_narrows_by_state_and_text(demo: str) -> None:
    client = signed_in(QUINN)
    numbers = re.findall(r">(DP-26-\d{3})</a>", client.get("/").content.decode())
    assert numbers == [f"DP-26-{n:03d}" for n in range(1, 25)]
    assert re.findall(r">(DP-26-\d{3})</a>", client.get("/?state=cannot_tell").content.decode()) == ["DP-26-005"]
    assert re.findall(r">(DP-26-\d{3})</a>", client.get("/?q=PT-7211").content.decode()) == ["DP-26-003"]
    assert "No batch matches" in client.get("/?q=nothing-like-it").content.decode()


def test_the_batch_page_shows_both_verdicts_and_each_blocker_links_to_its_record(demo: str) -> None:
    page = signed_in(QUINN).get(f"/batches/{lot('DP-26-004').pk}/").content.decode()
    assert "United States: disposition" in page
    assert "European Union: certification" in page
    assert "58.3 %" in page
    assert "21 CFR 211.165(f), 211.115(b)" in page
    run = re.search(r'<a href="(/records/\d+/)">test run RUN-DP-26-004-LKA-FIN-101</a>', page)
    assert run
    record = signed_in(QUINN).get(run[1])
    assert record.status_code == 200
    assert "<td>58.3</td>" in record.content.decode()


def decide(client: Client, number: str, place: str = "us", **data: str) -> Any:
    return client.post(f"/batches/{lot(number).pk}/decide/{place}/", data)


def test_a_person_decides_and_signs_in_the_browser_and_sees_what_they_signed(demo: str) -> None:
    client = signed_in(QUINN)
    response = decide(client, "DP-26-001", outcome="released", password=PASSWORD)
    assert response.status_code == 302
    page = client.get(response["Location"]).content.decode()
    assert "I have reviewed the record of this batch and release it" in page
    assert decisions_on("DP-26-001") == [("us_disposition", "released")]


@pytest.mark.parametrize(
    ("number", "data", "status", "says"),
    [
        ("DP-26-001", {"outcome": "released", "password": "wrong-password"}, 422, "The password is not right"),
        ("DP-26-001", {"password": PASSWORD}, 422, "Choose what you decide"),
        ("DP-26-004", {"outcome": "released", "password": PASSWORD}, 422, "US-DSP-008 (not met)"),
        ("DP-26-019", {"outcome": "released", "password": PASSWORD, "override-US-DSP-041": "over-labelled"}, 422, "second person"),
    ],
)
def test_a_refused_decision_says_why_and_signs_nothing(demo: str, number: str, data: dict[str, str], status: int, says: str) -> None:
    response = decide(signed_in(QUINN), number, **data)
    assert response.status_code == status
    assert says in response.content.decode()
    assert decisions_on(number) == []


def test_an_override_is_signed_by_two_people_on_one_page(demo: str) -> None:
    data = {"outcome": "released", "password": PASSWORD, "override-US-DSP-041": "Over-label applied", "second_email": ROWAN, "second_password": PASSWORD}
    response = decide(signed_in(QUINN), "DP-26-019", **data)
    assert response.status_code == 302
    page = signed_in(FEMKE).get(response["Location"]).content.decode()
    assert "Over-label applied" in page
    assert "second signature of Rowan Pike" in page


def test_the_sponsors_release_opens_only_after_certification(demo: str) -> None:
    dana = signed_in(DANA)
    assert "has not been certified by a QP" in dana.get(f"/batches/{lot('DP-26-001').pk}/decide/use/").content.decode()
    assert decide(signed_in(FEMKE), "DP-26-001", "eu", outcome="certified", password=PASSWORD).status_code == 302
    assert decide(dana, "DP-26-001", "use", outcome="released_for_use", password=PASSWORD).status_code == 302
    assert decisions_on("DP-26-001") == [("eu_certification", "certified"), ("sponsor_release", "released_for_use")]


def test_a_record_shows_its_history_and_how_it_was_before_it_existed(demo: str) -> None:
    client = signed_in(QUINN)
    address = addresses()["record"]
    page = client.get(address).content.decode()
    assert "import programme" in page
    assert "The demonstration programme" in page
    assert "It did not exist yet" in client.get(address + "?at=2020-01-01T00:00").content.decode()
    assert "is not a moment" in client.get(address + "?at=yesterday").content.decode()


def test_a_viewer_with_less_access_is_told_that_evidence_is_withheld(demo: str) -> None:
    page = signed_in(NIA).get(addresses()["batch"]).content.decode()
    assert "Some evidence is withheld from you" in page
    assert "IND-099201" not in page


def test_documents_are_a_pdf_and_a_file_that_verifies(demo: str) -> None:
    from holdfast.dossier.verification import CONSISTENT, verify_package

    client, pages = signed_in(QUINN), addresses()
    assert client.get(pages["certificate"]).content.startswith(b"%PDF-")
    assert verify_package(client.get(pages["export"]).content).conclusion == CONSISTENT


def test_the_number_of_queries_of_the_main_pages_and_search_stays_at_its_baseline(demo: str) -> None:
    import json
    from pathlib import Path

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from holdfast.ledger.access import Viewer, viewing
    from holdfast.ledger.queries import search

    path = Path(__file__).with_name("query_counts.json")
    client, counts, pages = signed_in(QUINN), {}, addresses()
    for name, page in (
        ("board, nothing judged yet", "board"),
        ("board", "board"),
        ("batch", "batch"),
        ("programme_map", "programme_map"),
        ("studies", "studies"),
        ("study", "study"),
        ("phase", "phase"),
        ("alignment", "alignment"),
        ("ledger", "ledger"),
        ("change_set", "change_set"),
        ("reference_rule", "reference_rule"),
        ("reference_pack", "reference_pack"),
        ("reference_rules", "reference_rules"),
        ("product_trends", "product_trends"),
        ("attribute_trend", "attribute_trend"),
        ("product_review", "product_review"),
    ):
        with CaptureQueriesContext(connection) as captured:
            client.get(pages[page])
        counts[name] = len(captured)
    with CaptureQueriesContext(connection) as captured, viewing(Viewer.operator()):
        search("DP-26")
    counts["search"] = len(captured)
    assert counts == json.loads(path.read_text())  # a difference is looked at, and then written here
