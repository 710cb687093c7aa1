"""The batch page: one story, every result against every specification, the family, and why two verdicts differ."""

from __future__ import annotations

from typing import Any

import pytest

from tests.release.people import FEMKE, NIA, QUINN, lot

from .test_pages import signed_in

pytestmark = [pytest.mark.req("4.3")]


def context_of(email: str, number: str) -> Any:
    return signed_in(email).get(f"/batches/{lot(number).pk}/").context


def test_the_timeline_is_in_order_and_spans_making_testing_moving_stating_and_deciding(demo: str) -> None:
    events = context_of(QUINN, "DP-26-007")["timeline"]
    assert [event.sort_key for event in events] == sorted(event.sort_key for event in events)
    said = " | ".join(event.what for event in events)
    for part in (
        "Manufacture began",
        "Step 1:",
        "Identity check at",
        "Shipped from",
        "Tested: ",
        "Stated complete to",
        "US disposition: Released",
        "EU certification: Certified",
    ):
        assert part in said


def test_a_result_is_judged_against_each_region_and_what_fails_comes_first(demo: str) -> None:
    tests = context_of(QUINN, "DP-26-004")["tests"]
    assert tests[0].attribute.name == "Viability after thaw"
    assert {region: stand["state"] for region, stand in tests[0].results[0]["stands"].items()} == {"US": "not met", "EU": "not met"}
    assert tests[0].spark.description == "4 batches from 58.3 to 90; limits: EU and US ≥ 70"


def test_a_registered_test_without_a_result_is_shown_as_missing(demo: str) -> None:
    client = signed_in(QUINN)
    tests = client.get(f"/batches/{lot('DP-26-023').pk}/").context["tests"]
    missing = [test for test in tests if not test.results]
    assert missing
    assert all(test.urgency == 1 for test in missing)


def test_the_difference_of_two_verdicts_is_explained_by_what_it_comes_from(demo: str) -> None:
    rows = {row.subject: row for row in context_of(QUINN, "DP-26-003")["compared"]}
    changes = rows["Changes in the batch"]
    assert changes.answers == {"US": "not met", "EU": "met"}
    assert changes.do_differ
    assert (changes.differs, changes.why) == ("registration", "One change is filed apart in each region and may be permitted in one before the other.")
    assert not rows["Chain of identity"].do_differ


def test_the_family_is_drawn_with_each_lot_once_and_can_be_taken_along(demo: str) -> None:
    figure = context_of(QUINN, "DP-26-004")["genealogy"]
    assert len(figure.rows) == 15
    assert figure.description.startswith("DP-26-004 was made from 14 lots (1 apheresis, 1 container, 2 excipient, 4 plasmid, 5 reagent, 1 vector)")
    csv = signed_in(QUINN).get(f"/batches/{lot('DP-26-004').pk}/genealogy.csv").content.decode()
    assert csv.splitlines()[0] == "Lot,Kind,What,Level,Made into"
    assert "PLS-CAR-25-01,Plasmid,Plasmid CAR,-2,LV-25-002" in csv


def test_a_qp_sees_by_site_what_the_decision_relies_on(demo: str) -> None:
    sites = {one.site.name: one for one in context_of(FEMKE, "DP-26-004")["sites"]}
    maker = sites["Buckeye Cell Works, Columbus"]
    assert [row.record.number for row in maker.authorisations] == ["GMPC-BCW-OH", "FEI-3009001"]
    assert (maker.last_audit.record.number, maker.last_audit.open_major_findings) == ("AUD-BCW-OH", 1)
    assert [row.record.number for row in maker.declarations] == ["QPD-201-2"]
    assert "Plasmid Forge, Seattle" in sites


def test_what_a_viewer_may_not_see_is_said_to_be_perhaps_hidden_and_never_absent(demo: str) -> None:
    page = signed_in(NIA).get(f"/batches/{lot('DP-26-004').pk}/").content.decode()
    assert "none recorded, or not yours to see" in page
    assert "QPD-201-2" not in page
