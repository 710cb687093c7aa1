"""The pages of studies: each state, what is left out with both answers, what would change the conclusion, and who sees nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from holdfast.batch.models import Result
from holdfast.dossier.verification import CONSISTENT, verify_package
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import change_set
from holdfast.ledger.models import Programme, Record
from holdfast.people.signing import actor_of
from holdfast.study.models import Study
from tests.release.people import HANA, NIA, QUINN
from tests.study.test_study import approved, drafted, only, person

from .test_pages import signed_in

pytestmark = [pytest.mark.req("6.6")]
IMANI = "imani.cole@example.com"


def text_of(email: str, address: str) -> str:
    """A page as words, without its tags."""
    page = signed_in(email).get(address)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_the_list_says_what_each_study_concludes_or_waits_for(demo: str) -> None:
    page = text_of(IMANI, "/studies/")
    assert "Comparable. Purity is equivalent within its margin, and potency and transduction stay in the range of lots made before the change." in page
    assert "Data taken" in page
    assert "The data are frozen. Waits for the Quality Unit to conclude." in page


def test_the_list_is_narrowed_by_kind_and_says_when_there_is_none(demo: str) -> None:
    client = signed_in(IMANI)
    assert re.findall(r">(STU-\d+)</a>", client.get("/studies/?kind=comparability").content.decode()) == ["STU-001"]
    assert "No such study" in client.get("/studies/?kind=stability").content.decode()
    assert client.get("/studies/?before=yesterday").status_code == 404


def test_the_list_is_read_a_page_at_a_time(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfast.web.studies.pages.PAGE", 1)
    client = signed_in(IMANI)
    first = client.get("/studies/").content.decode()
    assert re.findall(r">(STU-\d+)</a>", first) == ["STU-002"]
    following = re.search(r'href="(\?before=\d+)" rel="next"', first)
    assert following
    assert re.findall(r">(STU-\d+)</a>", client.get(f"/studies/{following[1]}").content.decode()) == ["STU-001"]


def test_somebody_who_sees_a_part_of_the_programme_sees_no_study(demo: str) -> None:
    for email in (NIA, HANA):
        assert "No studies" in text_of(email, "/studies/")
        assert signed_in(email).get("/studies/STU-001/").status_code == 404
    assert signed_in(QUINN).get("/studies/STU-404/").status_code == 404


def test_a_concluded_study_shows_what_was_left_out_with_its_cause_and_both_results(demo: str) -> None:
    page = text_of(IMANI, "/studies/STU-001/")
    assert "T cells (CD3+) of DP-26-010: 96.1 %" in page
    assert "held longer than its validated 6 h (DEV-DP-26-010, major, still open)" in page
    assert "The mean difference (test minus reference) was -0.07436 % (90 % CI -0.9585 to 0.8098)" in page  # without it: n = 6 and 13
    assert "The mean difference (test minus reference) was -0.1738 % (90 % CI -1.056 to 0.7084)" in page  # with every result: n = 6 and 14
    assert "The protocol planned 16 lots made after the change." in page


def test_a_concluded_study_says_what_would_change_it(demo: str) -> None:
    page = text_of(IMANI, "/studies/STU-001/")
    assert "the estimate could move 2.041 % that way before equivalence is lost" in page  # -3 minus -0.9585
    assert "No single lot decides: leaving out any one of the 19 leaves the answer demonstrated." in page
    assert "with the excluded result in, it is demonstrated too" in page
    assert "14 of 14 lots lie inside and 13 are needed: the answer changes when 2 of them would lie outside." in page
    assert "Nearest to an end is DP-26-014: 24.8 %, 6.464 % from 18.34." in page


def test_a_study_shows_its_protocol_lots_design_data_and_signatures(demo: str) -> None:
    page = text_of(IMANI, "/studies/STU-001/")
    assert "Lots of drug product that do not contain CHG-014 and were made from 1 Jan 2026 on." in page
    assert "by Quinn Adler" in page
    assert "passes an unmoved product with probability 0.9978 and one that moved by the margin with 0.0509" in page
    assert "AP-102 version 1" in page
    assert "1 decimal" in page
    assert "I approve this protocol. It is locked before results are read." in page
    assert "I have reviewed this study and conclude as stated." in page
    assert "holdfast verify STU-001.zip" in page


def test_every_frozen_result_leads_to_its_test_run(demo: str) -> None:
    page = signed_in(IMANI).get("/studies/STU-001/").content.decode()
    with viewing(Viewer.operator()):
        run = Record.objects.get(number="RUN-DP-26-010-LKA-FIN-102").pk
    assert page.count(f'href="/records/{run}/"') == 3  # two attributes of the run, and the exclusion


def test_a_study_that_nobody_can_tell_says_so_and_what_is_needed(demo: str) -> None:
    page = text_of(IMANI, "/studies/STU-002/")
    assert "Nobody can tell yet: cannot tell for Viability after thaw." in page
    assert "Dye exclusion by microscope or image cytometer is not Flow cytometry" in page
    assert "The method gave no answer. What it needs:" in page
    assert "The file is made once the conclusion is signed." in page
    assert signed_in(IMANI).get("/studies/STU-002/study.zip").status_code == 404


@pytest.mark.parametrize(("make", "waits"), [(drafted, "No result has been read."), (approved, "Waits for its data to be taken by the protocol")])
def test_a_study_without_data_shows_its_protocol_and_design_and_no_result(demo: str, make: Any, waits: str) -> None:
    make(only("cd3_purity"))
    page = text_of(IMANI, "/studies/STU-900/")
    assert waits in page
    assert "Lower margin: -3 %" in page
    assert "Results by attribute" not in page
    assert "Demonstrated" not in page


def test_a_record_that_changed_since_the_data_were_frozen_is_named(demo: str) -> None:
    who = person("PER-003")
    with viewing(Viewer.operator()):
        result = Result.objects.get(test_run__record__number="RUN-DP-26-001-LKA-FIN-102", attribute__code="cd3_purity")
        programme = Programme.objects.get()
    with change_set(actor_of(who), action="correct result", reason="A test", programme=programme):
        result.reported = "91.0"
        result.save(update_fields=["reported"])
    page = text_of(IMANI, "/studies/STU-001/")
    assert "cd3 purity in RUN-DP-26-001-LKA-FIN-102, frozen as 97.0 %: now it is 91.0 %" in page
    assert "The mean difference (test minus reference) was -0.07436 %" in page  # what was signed stays


def test_the_export_of_a_study_verifies(demo: str) -> None:
    response = signed_in(QUINN).get("/studies/STU-001/study.zip")
    assert verify_package(response.content).conclusion == CONSISTENT
    assert response["Content-Disposition"] == 'attachment; filename="STU-001.zip"'


def test_the_record_of_a_study_leads_to_its_page(demo: str) -> None:
    with viewing(Viewer.operator()):
        study = Study.objects.get(record__number="STU-001")
        keys = [study.pk, study.report.pk]
    for key in keys:
        assert 'href="/studies/STU-001/?programme=FHT-201"' in signed_in(QUINN).get(f"/records/{key}/").content.decode()


def test_the_report_has_its_sections_in_the_order_that_ich_q5e_expects(demo: str) -> None:
    page = signed_in(IMANI).get("/studies/STU-001/report/").content.decode()
    assert re.findall(r'<h2 id="part-\d+">([^<]+)</h2>', page) == [
        "1. Objective and subject",
        "2. Protocol: lots, attributes and acceptance criteria",
        "3. Strength of the design",
        "4. Lots and analytical procedures",
        "5. Results by attribute",
        "6. Exclusions and departures from the protocol",
        "7. What would change the conclusion, and what is taken for granted",
        "8. Conclusion",
        "9. Signatures",
        "10. Methods, digests and how to verify",
        "11. Every result",
    ]
    text = text_of(IMANI, "/studies/STU-001/report/")
    assert "tost-welch version 1" in text
    assert "Seed of simulations 20260101" in text
    with viewing(Viewer.operator()):
        study = Study.objects.get(record__number="STU-001")
        digests = (study.protocol_digest, study.data_set.digest, study.report.evaluation_digest)
    for digest in digests:
        assert digest in text


def test_the_report_is_a_pdf_by_the_route_of_other_documents_and_the_same_each_time(demo: str) -> None:
    client = signed_in(IMANI)
    first = client.get("/studies/STU-001/report.pdf")
    assert first.content.startswith(b"%PDF-")
    assert first["Content-Disposition"] == 'attachment; filename="STU-001-report.pdf"'
    assert client.get("/studies/STU-001/report.pdf").content == first.content


def test_the_report_of_a_study_that_is_not_concluded_says_so_and_concludes_nothing(demo: str) -> None:
    text = text_of(IMANI, "/studies/STU-002/report/")
    assert "Not concluded (data taken)" in text
    assert "8. Conclusion The data are frozen. Waits for the Quality Unit to conclude." in text
