"""Requests made up from the OpenAPI document, at every address, with every method: no server error, and nothing that the document does not say."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance
from schemathesis.transport.serialization import serialize_binary

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import ChangeSet, Record, StoredFile
from holdfast.people.models import ApiToken
from holdfast.people.tokens import digest_of
from holdfast.programme.models import Attribute, Product
from holdfast.release.models import Decision
from holdfast.study.models import Study
from tests.release.people import QUINN, lot

from .conftest import token_of

pytestmark = [pytest.mark.req("3.5")]
CHECKS = [schemathesis.checks.not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 5
#: our own token, where no made-up number finds and revokes it
HIDDEN_TOKEN = 987_654_321


@pytest.fixture
def secret(short_board: None) -> str:
    """Quinn's token, under a number that no request makes up."""
    made = token_of(QUINN)
    ApiToken.objects.filter(secret_digest=digest_of(made)).update(id=HIDDEN_TOKEN)
    return made


def known_keys(address: str) -> dict[str, Any]:
    """Values for the parameters of an address that lead to something, so that answers are not all 404."""
    with viewing(Viewer.operator()):
        key = lot("DP-26-007").pk
        kept = {"/decisions": Decision, "/change-sets": ChangeSet, "/files": StoredFile, "/products": Product, "/attributes": Attribute}
        for part, found in kept.items():
            if address.startswith(part):
                key = found.objects.order_by("-pk").first().pk  # type: ignore[attr-defined]
        if address.startswith("/studies"):
            key = Study.objects.filter(report__isnull=False).get().pk
        if address == "/records/{key}/void":  # what nothing else here asks for
            key = Record.objects.filter(kind="sample").order_by("-pk").first().pk  # type: ignore[union-attr]
    if address.startswith(("/people", "/roles", "/grants", "/facts")):
        key = 1
    return {"key": key, "number": "FHT-201", "table": "results", "destination": "US", "region": "EU", "token": 1, "method": "tost-welch"}


@schemathesis.serializer("application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
def as_it_is(_context: Any, value: Any) -> bytes:
    """A file is sent as its bytes."""
    return serialize_binary(value)


def operations() -> Iterator[Any]:
    from holdfast.project.wsgi import application

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for found in schema.get_all_operations():
        yield found.ok()


def ask(operation: Any, mode: GenerationMode, secret: str, seen: dict[str, set[int]]) -> None:
    """Several requests of one operation, half of them for things that are there."""
    known = known_keys(operation.path.removeprefix("/api/v1"))

    @settings(max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    def requests(case: Any, is_known: bool) -> None:
        if is_known:
            case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
            if "earlier" in (case.query or {}):
                case.query["earlier"] = 1
            for name in ("programme", "after", "record"):  # what narrows a list to nothing
                (case.query or {}).pop(name, None)
        case.headers = {**(case.headers or {}), "Accept-Encoding": "identity", "Authorization": f"Bearer {secret}"}
        if operation.method.upper() == "POST":
            case.headers["Idempotency-Key"] = str(uuid.uuid4())
        response = case.call()
        seen.setdefault(operation.label, set()).add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    requests()


def test_requests_made_up_from_the_document_find_no_server_error_and_nothing_undocumented(secret: str) -> None:
    seen: dict[str, set[int]] = {}
    for operation in operations():
        ask(operation, GenerationMode.POSITIVE, secret, seen)
    assert len(seen) == len(list(operations()))
    assert {status for statuses in seen.values() for status in statuses} >= {200, 404, 422}
    # every read was answered at least once with what was asked for
    assert not {label for label, statuses in seen.items() if label.startswith("GET") and 200 not in statuses}


def test_bodies_that_break_the_document_are_refused_and_break_nothing(secret: str) -> None:
    seen: dict[str, set[int]] = {}
    for operation in operations():
        if operation.method.upper() == "POST" and operation.body and "/imports/" not in operation.path:
            ask(operation, GenerationMode.NEGATIVE, secret, seen)
    assert {status for statuses in seen.values() for status in statuses} <= {200, 201, 400, 403, 404, 422}
