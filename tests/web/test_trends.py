"""The trends pages say what fired and where, why something is not charted, and what the viewer does not see."""

from __future__ import annotations

import re
from typing import Any

import pytest

from holdfast.ledger.access import Viewer, viewing
from holdfast.programme.models import Attribute, Product
from tests.release.people import NIA, QUINN, SAM

from .test_pages import signed_in

pytestmark = [pytest.mark.req("6.10")]


def place(code: str = "") -> str:
    with viewing(Viewer.operator()):
        product = Product.objects.get(record__number="FHT-201").pk
        return f"/products/{product}/trends/" + (f"{Attribute.objects.get(code=code).pk}/" if code else "")


def lines(email: str) -> dict[str, Any]:
    return {line.trend.attribute.code: line for line in signed_in(email).get(place()).context["lines"]}


def text_of(email: str, address: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", signed_in(email).get(address).content.decode()))


def test_each_attribute_says_what_fired_or_why_it_has_no_chart(demo: str) -> None:
    found = lines(SAM)
    assert len(found) == 12
    assert found["sterility"].reason == "Reported in words: there is no chart of numbers."
    assert "lie beyond a limit of what could be measured" in found["endotoxin"].reason
    assert found["viability"].charted == 1
    for line in found.values():
        assert line.charted or line.reason


def test_capability_stands_for_the_us_and_the_eu_apart(demo: str) -> None:
    told = {code: [(index.limit, index.is_reason) for index in line.capable] for code, line in lines(SAM).items()}
    assert told["viability"] == [("US IND-099201", False), ("EU 2025-599201-18-00", False)]
    assert told["endotoxin"] == []


def test_an_attribute_shows_every_result_as_reported_with_its_batch_and_its_source(demo: str) -> None:
    page = signed_in(SAM).get(place("viability"))
    rows = page.context["rows"]
    assert [row["result"].batch for row in rows] == [f"DP-26-{number:03}" for number in range(1, 23)]
    said = text_of(SAM, place("viability"))
    assert "58.3 %" in said
    assert "preliminary: not approved yet" in said
    assert "RUN-DP-26-004-LKA-FIN-101" in said
    assert "only with the same method family" in said
    states = {name: state for name, state, _ in rows[3]["stands"]}
    assert states == {"US IND-099201": "not met", "EU 2025-599201-18-00": "not met"}


def test_a_baseline_in_the_address_moves_the_limits_and_nonsense_does_not(demo: str) -> None:
    client = signed_in(SAM)

    def limits(query: str) -> Any:
        return client.get(place("viability") + query).context["trend"].streams[0].charted.chart

    assert (limits("").baseline, limits("?baseline=9").baseline, limits("?baseline=-3").baseline, limits("?baseline=x").baseline) == (13, 9, 13, 13)
    assert client.get(place("viability") + "?baseline=400").context["trend"].streams[0].charted.refused.startswith("baseline is 400")


def test_who_sees_a_part_is_told_so_and_gets_no_limits(demo: str) -> None:
    for address in (place(), place("viability")):
        said = text_of(NIA, address)
        assert "You see a part of the programme." in said
        assert "Ppk" not in said
        assert "control limits and no capability" in said
    assert signed_in(NIA).get(place("viability") + "values-1.csv").status_code == 404


def test_a_figure_can_be_taken_along_and_what_is_none_is_not_there(demo: str) -> None:
    client = signed_in(QUINN)
    assert client.get(place("viability") + "values-1.csv").content.decode().splitlines()[0] == "Batch,Manufactured,Reported,Rules fired"
    assert client.get(place("viability") + "ranges-1.json").json()["usermeta"]["palette"]
    for wrong in ("values-99.csv", "values-0.csv", "other-1.csv", "values-1.exe"):
        assert client.get(place("viability") + wrong).status_code == 404
    assert client.get("/products/1/trends/").status_code == 404
    assert client.get(place() + "999999/").status_code == 404


def review_page(email: str, query: str = "") -> Any:
    return signed_in(email).get(place().replace("trends/", "review/") + query)


def test_the_review_is_drafted_for_a_period_and_says_what_it_does_not_hold(demo: str) -> None:
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", review_page(SAM, "?from=2026-04-01&to=2026-04-30").content.decode()))
    assert "1 Apr 2026 to 30 Apr 2026" in said
    assert "13. Agreements" in said
    assert "Complaints, recalls, and returned or salvaged product are not recorded in Holdfast." in said
    assert "United States: Quality Unit" in said
    assert "DP-26-007" not in said


def test_a_period_that_cannot_be_read_is_said_and_the_year_shown(demo: str) -> None:
    page = review_page(SAM, "?from=2026-06-30&to=2026-01-01")
    assert page.context["problem"] == "The period ends on 2026-01-01 before it begins on 2026-06-30."
    assert page.context["period"].last.isoformat() == "2026-11-24"


def test_a_part_of_the_programme_is_no_review(demo: str) -> None:
    assert review_page(NIA).status_code == 404
    assert "Review of the year" not in text_of(NIA, place())
