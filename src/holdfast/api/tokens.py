"""Your tokens: which there are, a new one, the end of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from holdfast.people.models import ApiToken
from holdfast.people.tokens import confirm_for_token, create_token, revoke_token, tokens_of

from .access import caller, found, person
from .paging import page_of
from .routes import reads, writes
from .schema.base import Key, Page, Paging
from .schema.tokens import NewToken, TokenMade, TokenShown, WhyRevoked

router = Router()


@router.get("/tokens", response=reads(Page[TokenShown]))
def list_tokens(request: HttpRequest, asked: Query[Paging]) -> Any:
    """Your tokens, the newest first. What opens is nowhere kept."""
    return page_of(tokens_of(caller(request).token.account), asked, lambda row: row, newest_first=True)


@router.post("/tokens", response=writes(TokenMade, 201))
def make_token(request: HttpRequest, given: NewToken) -> Any:
    """A new token of yours. Its secret is in this answer and nowhere else; your password is asked again, and the code where one is enrolled."""
    confirmed = confirm_for_token(caller(request).token.account, given.password, given.code or "")
    made = create_token(confirmed, name=given.name, scope=given.scope, days=given.days)
    request.withheld = frozenset({"secret"})  # type: ignore[attr-defined]
    return Status(201, {**_shown(made.token), "secret": made.secret})


@router.post("/tokens/{token}/revoke", response=writes(TokenShown))
def end_token(request: HttpRequest, token: Path[Key], given: WhyRevoked) -> Any:
    """End one of your tokens at once: also the one that asks."""
    row = found(ApiToken.objects.filter(account=caller(request).token.account), pk=token)
    return revoke_token(row, by=person(request).printed_name, reason=given.reason)


def _shown(row: ApiToken) -> dict[str, Any]:
    return {name: getattr(row, name) for name in TokenShown.model_fields}
