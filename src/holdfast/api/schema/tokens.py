"""Tokens over the wire. A secret goes out once, and never comes back in."""

from __future__ import annotations

from typing import Literal

from ninja import Schema
from pydantic import Field

from .base import Body, Line, Moment, Reason, Secret


class TokenShown(Schema):
    id: int
    name: str
    scope: str
    created_at: Moment
    expires_at: Moment
    last_used_at: Moment | None
    revoked_at: Moment | None


class TokenMade(TokenShown):
    """`secret` is null when the same request is asked again: it was shown once."""

    secret: str | None


class NewToken(Body):
    name: Line = Field(max_length=80)
    scope: Literal["read", "write"] = "read"
    days: int = Field(90, ge=1, le=366)
    password: Secret
    code: Secret | None = None


class WhyRevoked(Body):
    reason: Reason
