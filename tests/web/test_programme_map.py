"""The programme map reads the record: who does what, what moved, what has run out."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from holdfast.release.reliance import Reliance
from tests.release.people import NIA, QUINN

from .test_pages import signed_in

pytestmark = [pytest.mark.req("4.4")]


def rows_of(email: str) -> dict[str, tuple[str, ...]]:
    return {row[0]: row for shown in signed_in(email).get("/map/").context["maps"] for row in (shown["figure"].rows if shown["figure"] else ())}


def test_sites_shipments_and_what_is_out_of_date_come_from_the_record(demo: str) -> None:
    rows = rows_of(QUINN)
    assert len(rows) == 10
    assert rows["Riverbend Medical Center, apheresis unit"][2:] == (
        "Collection",
        "",
        "Buckeye Cell Works, Columbus: 20 shipments; Tidewater, Rockville: 2 shipments",
    )
    assert rows["Tidewater, Rockville"][3] == "GMP certificate ended 30 Sep 2026"
    assert "Polder Pharma Import, Hoofddorp: 20 shipments, 1 out of range" in rows["Buckeye Cell Works, Columbus"][4]


def test_a_partner_sees_its_own_work_on_the_map_and_no_audit(demo: str) -> None:
    page = signed_in(NIA).get("/map/").content.decode()
    assert "Buckeye Cell Works, Columbus" in page
    assert "AUD-BCW-OH" not in page


def test_the_map_can_be_taken_along_as_data_and_as_its_graph(demo: str) -> None:
    client = signed_in(QUINN)
    programme = client.get("/map/").context["maps"][0]["programme"].pk
    assert client.get(f"/map/{programme}.csv").content.decode().splitlines()[0] == "Site,Country,Does,Out of date,Sends to"
    assert client.get(f"/map/{programme}.json").json()["kind"] == "programme map"
    assert client.get(f"/map/{programme}.exe").status_code == 404


def permit(kind: str, until: date | None) -> Any:
    return SimpleNamespace(valid_until=until, get_authorisation_kind_display=lambda: kind)


@pytest.mark.parametrize(
    ("until", "marks"),
    [
        ([date(2026, 1, 31)], ["GMP certificate ended 31 Jan 2026"]),
        ([date(2026, 1, 31), date(2025, 1, 31)], ["GMP certificate ended 31 Jan 2026"]),
        ([date(2026, 1, 31), date(2026, 12, 31)], []),
        ([date(2026, 6, 1)], []),
        ([None], []),
        ([], []),
    ],
)
def test_only_what_has_run_out_and_was_not_renewed_is_out_of_date(until: list[date | None], marks: list[str]) -> None:
    reliance = Reliance(SimpleNamespace(country="US"), authorisations=[permit("GMP certificate", day) for day in until])
    assert reliance.out_of_date(date(2026, 6, 1)) == marks
