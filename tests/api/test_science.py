"""The statistical methods over the API: the same numbers as the library, and refusals that name the column."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.science import METHODS, method_named
from holdfast.science.series import Series
from tests.release.people import HANA, QUINN

pytestmark = [pytest.mark.req("6.8")]
REFERENCE, TEST = ["98.2", "101.4", "95.9", "104.1", "99.8"], ["103.0", "99.1", "106.2", "102.6"]


def columns(**changes: Any) -> dict[str, Any]:
    return {"reference": {"values": REFERENCE, "unit": "%"}, "test": {"values": TEST, "unit": "%"}, **changes}


def test_every_method_is_listed_and_explained(demo: str, script: Any) -> None:
    hana = script(HANA)
    assert {row["name"] for row in hana.every("/science/methods", limit=200)} == set(METHODS)
    shown = hana.get("/science/methods/tost-welch").json()
    assert [column["name"] for column in shown["columns"]] == ["reference", "test"]
    assert any("Schuirmann" in citation for citation in shown["citations"])
    assert hana.get("/science/methods/no-such-method").status_code == 404


def test_a_method_gives_the_same_numbers_as_the_library(demo: str, script: Any) -> None:
    answer = script(QUINN).post("/science/methods/tost-welch", {"columns": columns(), "parameters": {"lower": "-12", "upper": "12"}})
    result = method_named("tost-welch")(reference=Series.of(REFERENCE, "%"), test=Series.of(TEST, "%"), lower=-12, upper=12)
    assert answer.status_code == 200
    found = answer.json()
    assert (found["quantities"]["difference"], found["digest"], found["decision"]) == (repr(result.difference), result.digest, result.decision)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"columns": columns(test={"values": ["<99", "100", "101"], "unit": "%"}), "parameters": {"lower": "-1", "upper": "1"}}, "it has no number"),
        ({"columns": columns(test={"values": TEST, "unit": "mg"}), "parameters": {"lower": "-1", "upper": "1"}}, "Convert them first"),
        ({"columns": columns(nonsense={"values": ["1.0"]}), "parameters": {"lower": "-1", "upper": "1"}}, "no column or parameter 'nonsense'"),
        ({"columns": columns(), "parameters": {"lower": "-1"}}, "upper"),
        ({"columns": columns(test={"values": ["1.0"], "unit": "%"}), "parameters": {"lower": "-1", "upper": "1"}}, "at least 2"),
    ],
)
def test_what_a_method_refuses_is_told_in_words(demo: str, script: Any, given: dict[str, Any], says: str) -> None:
    answer = script(QUINN).post("/science/methods/tost-welch", given)
    assert answer.status_code == 422
    assert says in answer.json()["detail"]
