"""What every part of a dossier shares: frozen, strict about names, honest about absence."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

OPEN_ENDED = "open-ended"


class Part(BaseModel):
    """A part of a dossier. A field that is `None` is *absent*: no record says it, and a rule
    that needs it answers `cannot tell`. A list that is empty says nothing unless a
    `CompletenessStatement` covers it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Validity(Part):
    """Days on which something held, both included. `until` is a date, the words
    `open-ended` (a record says it has no end) or absent (nobody recorded an end)."""

    begin: date | None = None
    until: date | Literal["open-ended"] | None = None


class Reference(Part):
    """The stored record that a part was read from, so that a person can open it."""

    kind: str
    number: str
    version: int | None = None
    id: int | None = None


def about(description: str) -> Any:
    """A field that may be absent, with what it means (shown in the published schema and wherever a rule's fields are explained)."""
    return Field(default=None, description=description)


def listing(description: str) -> Any:
    """A list that may be empty, with what its items are. Empty says nothing unless the list is stated complete."""
    return Field(default=[], description=description)
