"""Lists: page by page everything once, in a number of queries that does not grow with the page, and no parameter that is not known."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from holdfast.api.application import document
from holdfast.people import usage
from tests.release.people import QUINN

from .addresses import Request, requests
from .conftest import Script

pytestmark = [pytest.mark.req("3.5")]


def lists() -> dict[str, Request]:
    """A request for every list of the API: what may be asked for a page."""
    paths = document()["paths"]
    asked = requests()
    return {
        name: request
        for name, request in asked.items()
        if any(p["name"] == "after" for p in paths["/api/v1" + name.split()[1]].get(name.split()[0].lower(), {}).get("parameters", []))
    }


def test_every_read_of_several_things_is_a_list_by_page(short_board: None) -> None:
    schemas = document()["components"]["schemas"]
    paged = {name for name in schemas if name.startswith("Page_")}
    assert len(paged) >= 18
    assert {*schemas[next(iter(paged))]["properties"]} == {"items", "next"}
    whole = {
        "GET /me",
        "GET /ledger",
        "GET /ledger/consistency",
        "GET /programmes/{number}/access-review",
        "GET /products/{key}/alignment",
        "GET /attributes/{key}/pools",
    }
    one = {
        name
        for name in requests()
        if name.startswith("GET")
        and (name.endswith("}") or name.rsplit("/", 1)[1] in {"proof", "content", "dossier", "data", "certificate", "export", "workbook", "folder"})
    }
    assert set(lists()) | whole | one == {name for name in requests() if name.startswith("GET")}


def pages_of(script: Any, request: Request, limit: int) -> list[Any]:
    return list(script.every(request.path, limit=limit))


def test_small_pages_hold_together_what_one_large_page_holds(short_board: None, script: Script) -> None:
    quinn = script(QUINN)
    for name, request in lists().items():
        large = quinn.get(request.path, limit=40, **request.query).json()
        small = [quinn.get(request.path, limit=7, **request.query).json()]
        while small[-1]["next"] and sum(len(page["items"]) for page in small) < 40:
            small.append(quinn.get(request.path, limit=7, after=small[-1]["next"], **request.query).json())
        together = [item for page in small for item in page["items"]]
        assert together[:40] == large["items"], name


def test_a_page_takes_as_many_queries_as_a_longer_one(short_board: None, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "time", lambda: 1_800_000_000.0)  # at the turn of a minute old counts are forgotten, which are queries too
    quinn = script(QUINN)
    quinn.get("/me")  # the token's first use is noted
    for name, request in lists().items():
        counts = []
        for limit in (2, 60):
            with CaptureQueriesContext(connection) as captured:
                assert quinn.get(request.path, limit=limit, **request.query).status_code == 200
            counts.append(len(captured))
        assert counts[1] <= counts[0], (name, counts)
        assert counts[0] < (300 if name in {"GET /batches", "GET /board"} else 25), (name, counts)


@pytest.mark.parametrize("query", [{"after": "nonsense"}, {"after": "WyJhIl0"}, {"after": "Wy01XQ"}, {"limit": "0"}, {"limit": "201"}, {"limt": "5"}])
def test_what_is_no_page_is_refused_and_says_which_parameter(script: Script, query: dict[str, str]) -> None:
    answer = script(QUINN).get("/records", **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_valid")
    assert next(iter(query)) in answer.json()["detail"]


def test_a_misspelt_filter_does_not_look_like_no_filter(script: Script) -> None:
    answer = script(QUINN).get("/batches", sate="ready")
    assert (answer.status_code, answer.json()["problems"][0]["message"]) == (
        422,
        "Value error, sate is not known here. Known: after, limit, programme, state, text, number.",
    )


def test_the_board_narrows_by_state_text_and_number_over_pages(script: Script) -> None:
    quinn = script(QUINN)
    assert [row["number"] for row in quinn.every("/batches", state="cannot_tell", limit=5)] == ["DP-26-005"]
    assert [row["number"] for row in quinn.every("/batches", text="pt-7211")] == ["DP-26-003"]
    assert quinn.get("/batches", number="DP-26-00").json() == {"items": [], "next": None}
    assert quinn.get("/batches", programme="NONE-1").status_code == 404
