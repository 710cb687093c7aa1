"""The API: its routers, its token, its problems, and the OpenAPI document that says all of it."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.security import HttpBearer

from holdfast import __version__

from . import alignment, batch, exchange, ledger, people, phase, programme, quality, records, release, science, search, study, tokens
from .once import HEADER
from .problems import ANSWERS, MEDIA, explain

PREFIX = "/api/v1/"
ABOUT = """Every action and query of Holdfast, for scripts. A token is a person and sees what they see; what cannot be seen does not exist (404).
Decimals and reported values are text. Times are UTC. Lists come by page: ask again with `after` set to `next`. Every write needs an `Idempotency-Key`."""
KEY = {
    "in": "header",
    "name": HEADER,
    "required": True,
    "description": "New for each thing you do; the same to ask again for the same thing within seven days. 8 to 200 visible ASCII characters.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 200, "pattern": "^[!-~]{8,200}$"},
}
RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}
WRITES = {"post", "put", "patch", "delete"}


class PersonToken(HttpBearer):
    """The token that the middleware has looked up already."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:  # noqa: ARG002
        return getattr(request, "caller", None)


class Api(NinjaAPI):
    """django-ninja, with what every endpoint has in common written once into the document."""

    def get_openapi_schema(self, **_options: Any) -> Any:
        """The OpenAPI document, which does not change while we run."""
        return self.written

    @cached_property
    def written(self) -> Any:
        """The document: problems once and in their own media type, the idempotency key on writes, and when to come back."""
        document = super().get_openapi_schema(path_prefix=PREFIX)
        problems: dict[str, Any] = {}
        for path in document["paths"].values():
            for method, operation in path.items():
                if method in WRITES and KEY not in operation["parameters"]:
                    operation["parameters"].append(KEY)
                operation["responses"] = {str(status): _answer(int(status), said, problems) for status, said in operation["responses"].items()}
        document["components"]["responses"] = problems
        return document


def _answer(status: int, said: dict[str, Any], problems: dict[str, Any]) -> dict[str, Any]:
    """An answer; one that is a problem is said once for all, in `problems`, and referred to."""
    if status < 400:
        return said
    if str(status) not in problems:
        schema = next(iter(said["content"].values()))
        problems[str(status)] = {"description": said["description"], "content": {MEDIA: schema}, **({"headers": RETRY} if status in {409, 429, 503} else {})}
    return {"$ref": f"#/components/responses/{status}"}


api = Api(title="Holdfast", version=__version__, description=ABOUT, auth=PersonToken(), docs_url=None, urls_namespace="api")
for name, router in {
    "programmes": programme.router,
    "people": people.router,
    "tokens": tokens.router,
    "alignment": alignment.router,
    "phase": phase.router,
    "records": records.router,
    "ledger": ledger.router,
    "search": search.router,
    "batches": batch.router,
    "quality": quality.router,
    "decisions": release.router,
    "studies": study.router,
    "science": science.router,
    "exchange": exchange.router,
}.items():
    api.add_router("", router, tags=[name])
for kind in ANSWERS:
    api.add_exception_handler(kind, explain)


def document() -> dict[str, Any]:
    """The OpenAPI document, as it is served."""
    return dict(json.loads(json.dumps(api.get_openapi_schema())))
