"""What an endpoint may answer: every status that can come, with its schema, so that none is a surprise."""

from __future__ import annotations

from typing import Any

from .schema.problem import Problem

#: what anything may answer besides what was asked for
ALWAYS = (400, 401, 403, 404, 422, 429, 503)
WRITES = (*ALWAYS, 409, 413)


def reads(model: Any) -> dict[int, Any]:
    """Answers of a read."""
    return {200: model, **dict.fromkeys(ALWAYS, Problem)}


def writes(model: Any, status: int = 200) -> dict[int, Any]:
    """Answers of a write."""
    return {status: model, **dict.fromkeys(WRITES, Problem)}


def file_of(media: str) -> dict[str, Any]:
    """The OpenAPI of an answer that is a file."""
    return {"responses": {200: {"description": "The file.", "content": {media: {"schema": {"type": "string", "format": "binary"}}}}}}


def brings(media: str, what: str) -> dict[str, Any]:
    """The OpenAPI of a request that is a file, sent as it is."""
    return {"requestBody": {"required": True, "description": what, "content": {media: {"schema": {"type": "string", "format": "binary"}}}}}


PDF, ZIP, XLSX, ANY = "application/pdf", "application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream"
