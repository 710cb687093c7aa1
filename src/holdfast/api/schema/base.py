"""The words that every schema is made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from ninja import Schema
from pydantic import ConfigDict, Field, PlainSerializer, StringConstraints, ValidationInfo, WithJsonSchema, model_validator

Shown = TypeVar("Shown")
LARGEST_KEY = 2**63 - 1


def utc(moment: datetime) -> str:
    """A moment as it goes over the wire: UTC, ISO 8601, to the microsecond, ending in Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


Moment = Annotated[datetime, PlainSerializer(utc, return_type=str), WithJsonSchema({"type": "string", "format": "date-time"})]
#: text that says something, and that a database can hold
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]
Given = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Key = Annotated[int, Field(ge=1, le=LARGEST_KEY)]


class Body(Schema):
    """What a request brings. A field that is not known is refused: it would have been meant to do something."""

    model_config = ConfigDict(extra="forbid")


class Asked(Schema):
    """What the address of a request asks for. A parameter that is not known is refused: a misspelt filter must not look like no filter."""

    @model_validator(mode="before")
    @classmethod
    def nothing_unknown(cls, given: Any, info: ValidationInfo) -> Any:
        request = (info.context or {}).get("request")
        unknown = sorted(set(request.GET) - set(cls.model_fields)) if request is not None else []
        if unknown:
            raise ValueError(f"{', '.join(unknown)} is not known here. Known: {', '.join(cls.model_fields)}.")
        return given


class Paging(Asked):
    """One page of a list: `after` is the `next` of the page before."""

    after: Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[A-Za-z0-9_-]+$")] | None = None
    limit: int = Field(50, ge=1, le=200)


class Page(Schema, Generic[Shown]):
    """Part of a list, and where the next part begins; `next` is null on the last."""

    items: list[Shown]
    next: str | None


class Reference(Schema):
    """A record version, by what a person calls it and by its key here."""

    id: int
    kind: str
    number: str
    version: int
