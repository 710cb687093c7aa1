"""The OpenAPI document: as committed, as served, every status documented, no number where digits count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from holdfast.api.application import document
from holdfast.cli.reference import openapi
from holdfast.project.home import clone

from .conftest import Asks, Script

pytestmark = [pytest.mark.req("3.5")]


def test_the_committed_document_is_what_is_served_to_anybody(demo: str) -> None:
    root = clone()
    assert root is not None
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == document() == json.loads((root / "docs" / "reference" / "openapi.json").read_text("utf-8")) == json.loads(openapi())
    assert document()["openapi"] == "3.1.0"


def test_every_operation_says_what_it_does_and_every_way_in_which_it_can_fail() -> None:
    for path, methods in document()["paths"].items():
        for method, said in methods.items():
            always = {"400", "401", "403", "404", "422", "429", "503"} | ({"409", "413"} if method == "post" else set())
            assert always <= set(said["responses"]), path
            assert len(set(said["responses"]) - always) == 1, path
            assert said["description"].strip(), path
            assert said["security"] == [{"PersonToken": []}], path
            assert ("Idempotency-Key" in {p["name"] for p in said["parameters"]}) == (method == "post"), path
    problems = document()["components"]["responses"]
    assert {*problems["429"]["content"]} == {"application/problem+json"}
    assert "Retry-After" in problems["429"]["headers"]


def types_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        found = schema.get("type")
        yield from [found] if isinstance(found, str) else found or []
        for inner in schema.values():
            yield from types_in(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from types_in(inner)


def test_no_value_goes_out_or_comes_in_as_a_json_number_that_could_lose_a_digit() -> None:
    assert "number" not in set(types_in(document()["components"]["schemas"]))


def test_nothing_leads_to_a_page_or_a_file_elsewhere(demo: str) -> None:
    assert "http" not in json.dumps({k: v for k, v in document().items() if k != "info"}).replace('"scheme": "bearer"', "").replace('"type": "http"', "")
    for path in ("/docs", "/redoc", "/"):
        assert Asks("").get(path).status_code == 401


def test_a_problem_is_said_in_the_same_form_wherever_it_comes_from(script: Script) -> None:
    quinn = script("quinn.adler@example.com")
    said = [quinn.get("/no-such-address"), quinn.client.put("/api/v1/me", headers={"Authorization": f"Bearer {quinn.secret}", "Idempotency-Key": "x" * 8})]
    said += [quinn.post("/tokens", b"{no json"), quinn.get("/records/999999"), quinn.get("/records/nine"), Asks("").get("/me")]
    assert [answer.status_code for answer in said] == [404, 405, 400, 404, 422, 401]
    for answer in said:
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
        assert {"title", "code", "detail", "problems"} <= set(answer.json())
    assert said[1]["Allow"] == "GET"
    assert said[4].json()["problems"][0]["field"] == "path.key"


def test_no_two_schemas_of_different_files_go_by_one_name() -> None:
    """OpenAPI has one name for one thing: a second of the same name would silently take the first one's place."""
    import importlib
    import pkgutil

    from ninja import Schema

    import holdfast.api.schema as folder

    homes: dict[str, set[str]] = {}
    for module in pkgutil.iter_modules(folder.__path__):
        found = importlib.import_module(f"{folder.__name__}.{module.name}")
        for name, value in vars(found).items():
            if isinstance(value, type) and issubclass(value, Schema) and value.__module__ == found.__name__ and "[" not in name:
                homes.setdefault(name, set()).add(module.name)
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}
