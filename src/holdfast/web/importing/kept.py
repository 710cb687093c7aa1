"""The upload that a person has checked and not yet imported: kept for an hour beside the session, for nobody else, and never in the record."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

from holdfast.exchange.upload import Upload

SECONDS = 3600
IN_SESSION = "import"


@dataclass(frozen=True)
class Kept:
    """An upload with the report of its last check."""

    upload: Upload
    report: dict[str, Any]


def keep(request: HttpRequest, upload: Upload, report: dict[str, Any]) -> None:
    """Keep an upload, in the place of the one before."""
    forget(request)
    word = secrets.token_urlsafe(24)
    cache.set(_name(request, word), (upload.name, upload.content, upload.mapping, report), SECONDS)
    request.session[IN_SESSION] = word


def kept(request: HttpRequest) -> Kept | None:
    """What this session keeps; None when it keeps nothing any more."""
    found = cache.get(_name(request, request.session.get(IN_SESSION, "")))
    return Kept(Upload(*found[:3]), found[3]) if found else None


def forget(request: HttpRequest) -> None:
    """Drop what this session keeps."""
    word = request.session.pop(IN_SESSION, "")
    if word:
        cache.delete(_name(request, word))


def _name(request: HttpRequest, word: str) -> str:
    return f"import-{request.user.pk}-{word}"
