"""One real request for every operation of the API on the demonstration: reads as they are, writes with a body that whoever may write is refused for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from holdfast.api.application import document
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import ChangeSet, Record, StoredFile
from holdfast.people.models import Grant, Person, Role
from holdfast.programme.models import Attribute, Product
from holdfast.release.models import Decision
from holdfast.study.models import Study
from tests.release.people import FEMKE, account, lot

WRONG_END = {"on": "2020-01-01", "reason": "a test"}  # before it began
#: what a write brings that is refused only after who asks was found allowed to ask
BODIES: dict[str, Any] = {
    "/roles": {"role": "reader", "valid_from": "2026-02-01", "valid_until": "2026-01-01", "programme": "FHT-201", "reason": "a test"},
    "/roles/{key}/end": WRONG_END,
    "/grants/{key}/end": WRONG_END,
    "/programmes/{number}/leavers": {"person": 999_999, "on": "2026-11-24", "reason": "a test"},
    "/programmes/{number}/access-review": {"sha256": "0" * 64, "reason": "a test"},
    "/tokens": {"name": "", "password": "x"},
    "/tokens/{token}/revoke": {"reason": "a test"},
    "/records/{key}/void": {"reason": "a test"},
    "/facts/{table}/{key}/void": {"reason": ""},
    "/batches/{key}/decisions": {"destination": "EU", "outcome": "released", "password": "x"},
    "/products/{key}/differences": {
        "left": "X",
        "right": "Y",
        "aspect": "limit",
        "difference_class": "legal",
        "owner": 1,
        "rationale": "a test",
    },
    "/programmes/{number}/attribute-names": {"name": "assay", "entry": "no such entry", "reason": "a test"},
    "/science/methods/{method}": {"columns": {}, "parameters": {}},
    "/programmes/{number}/studies": {"number": "STU-900", "protocol": {"kind": "comparability"}, "reason": "a test"},
    "/studies/{key}/approval": {"password": "x"},
    "/studies/{key}/data": {"reason": "a test"},
    "/studies/{key}/exclusions": {"run": "none", "attribute": "none", "cause": "a test"},
    "/studies/{key}/departures": {"what": "a test", "impact": "none"},
    "/studies/{key}/conclusion": {"conclusion": "nonsense", "reason": "a test", "password": "x"},
    "/studies/{key}/pulls": {"lot": 999_999, "condition": "2-8 °C", "starts_on": "2026-01-01", "months": [0], "window_days": 7, "reason": "a test"},
    "/pulls/{key}": {"on": "2026-01-01", "reason": "a test"},
    "/ledger/checkpoints": None,
}
#: what a read cannot do without
ASKED = {"/ledger/consistency": {"earlier": 1}, "/search": {"text": "DP-26"}}
UPLOADS = {
    "/imports/folder": "application/zip",
    "/imports/workbook": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "/imports/mapped": "application/zip",
}


@dataclass(frozen=True)
class Request:
    """One operation with everything it needs to be asked."""

    method: str
    path: str
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    media: str = "application/json"

    def ask(self, script: Any) -> Any:
        if self.method == "GET":
            return script.get(self.path, **self.query)
        query = "?" + "&".join(f"{name}={value}" for name, value in self.query.items()) if self.query else ""
        return script.post(self.path + query, self.body, media=self.media)


def operations() -> Iterator[tuple[str, str]]:
    """Method and address of every operation in the document."""
    for path, methods in document()["paths"].items():
        yield from ((method.upper(), path.removeprefix("/api/v1")) for method in methods)


def requests() -> dict[str, Request]:
    """A request for every operation, by `METHOD /address`, about things of the sponsor's and of the batch DP-26-007."""
    keys = _keys()
    return {f"{method} {path}": _request(method, path, keys) for method, path in operations()}


def _request(method: str, path: str, keys: dict[str, int]) -> Request:
    first = path.strip("/").split("/")[0]
    filled = (
        path.replace("{number}", "FHT-201")
        .replace("{destination}", "EU")
        .replace("{region}", "EU")
        .replace("{table}", "results")
        .replace("{token}", "999999")
        .replace("{method}", "tost-welch")
    )
    filled = filled.replace("{method}", "tost-welch")
    filled = filled.replace("{key}", str(keys.get(f"{method} {path}", keys.get(first, 1))))
    if path in UPLOADS and method == "POST":
        return Request(method, filled, {"reason": "a+test", "check_only": "true"}, b"no file of that kind", UPLOADS[path])
    body = BODIES[path] if method == "POST" else None
    if path == "/roles" and body:
        body = {**body, "person": account(FEMKE).person_id}
    return Request(method, filled, ASKED.get(path, {}), body)


def _keys() -> dict[str, int]:
    with viewing(Viewer.operator()):
        voided = Record.objects.filter(kind="lot", number="DP-26-001").get().pk
        return {
            "batches": lot("DP-26-007").pk,
            "records": lot("DP-26-007").pk,
            "POST /records/{key}/void": voided,
            "decisions": Decision.objects.order_by("pk")[0].pk,
            "change-sets": ChangeSet.objects.filter(action="decide us disposition").order_by("pk")[0].pk,
            "studies": Study.objects.order_by("pk")[0].pk,
            "products": Product.objects.order_by("pk")[0].pk,
            "attributes": Attribute.objects.order_by("pk")[0].pk,
            "files": StoredFile.objects.order_by("pk")[0].pk,
            "people": Person.objects.order_by("pk")[0].pk,
            "roles": Role.objects.get(person=account(FEMKE).person_id).pk,
            "grants": Grant.objects.order_by("pk")[0].pk,
            "facts": _result_of("DP-26-007"),
        }


def _result_of(number: str) -> int:
    from holdfast.batch.models import Result

    return int(Result.objects.filter(test_run__sample__lot__record__number=number).order_by("pk")[0].pk)
