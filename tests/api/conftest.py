"""Scripts of the demonstration's people: a token each, and short ways to ask."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from holdfast.kernel.clock import now
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.models import Record
from holdfast.people.signing import Confirmed
from holdfast.people.tokens import create_token
from tests.release.people import account

Script = Callable[..., "Asks"]


class Asks:
    """A script with a token: what it asks, and the answer."""

    def __init__(self, secret: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.secret = secret

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers={"Authorization": f"Bearer {self.secret}"})

    def post(self, path: str, body: Any = None, *, key: str | None = None, media: str = "application/json") -> Any:
        headers = {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": key or str(uuid.uuid4())}
        content = body if isinstance(body, bytes) else json.dumps(body if body is not None else {}).encode()
        return self.client.post(f"/api/v1{path}", content, content_type=media, headers=headers)

    def every(self, path: str, **query: Any) -> list[Any]:
        """All items of a list, page by page."""
        found, after = [], None
        while True:
            page = self.get(path, **query, **({"after": after} if after else {})).json()
            found += page["items"]
            after = page["next"]
            if after is None:
                return found


def token_of(email: str, scope: str = "write", **more: Any) -> str:
    who = account(email)
    return create_token(Confirmed(who, who.person), name="a test", scope=scope, **more).secret


#: batches that stay where a test needs a short board: a board of all takes long, and is the same code
STAYING = ("DP-26-004", "DP-26-007")


@pytest.fixture
def short_board(demo: str, settings: Any) -> None:
    """The demonstration with two batches, and limits out of the way."""
    settings.HOLDFAST_API_RATE = settings.HOLDFAST_API_ADDRESS_RATE = 1_000_000
    with change_set(Actor.operator("a test"), action="void lots", reason="a test needs a short board"):
        others = Record.objects.filter(kind="lot", number__startswith="DP-").exclude(number__in=STAYING)
        others.update(voided_at=now(), void_reason="a test needs a short board")


@pytest.fixture
def script(demo: str) -> Script:
    """Make a token for somebody of the demonstration, and a script that shows it."""
    return lambda email, scope="write": Asks(token_of(email, scope))
