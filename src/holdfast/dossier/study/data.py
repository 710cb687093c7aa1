"""The data of a study, frozen: each result as reported with the record it came from, by arm, and why any was left out."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from .protocol import Strict

FORMAT: Literal["holdfast-study-data/1"] = "holdfast-study-data/1"


class Row(Strict):
    """One result. `reported` is letter for letter; `months` is the age at the pull, as text, where the study is of stability.

    `conditions` are those that the attribute dictionary asks to be the same before results are pooled.
    """

    id: int
    arm: str
    attribute: str
    lot: str
    reported: str
    unit: str = ""
    run: str
    site: str = ""
    procedure: str = ""
    procedure_version: int | None = None
    entry: str = ""
    method_title: str = ""
    conditions: dict[str, str] = {}
    performed_on: date | None = None
    manufactured_on: date | None = None
    months: str | None = None


class ChosenArm(Strict):
    """What an arm's rule found: the lots in it, and the lots that it passed over, each with why."""

    name: str
    lots: tuple[str, ...]
    passed_over: tuple[tuple[str, str], ...] = ()


class Exclusion(Strict):
    """A result left out, with its assignable cause, who gave it and when. Both results are shown."""

    row: int
    run: str
    attribute: str
    cause: str = Field(min_length=1)
    by: str
    at: str


class Departure(Strict):
    """Where the study did not go as its protocol says, and what that does to the conclusion."""

    what: str = Field(min_length=1)
    impact: str = Field(min_length=1)
    by: str
    at: str


class StudyData(Strict):
    """Everything the evaluation reads besides the protocol. `taken_at` is the moment of the query that found the rows."""

    format: Literal["holdfast-study-data/1"] = FORMAT
    study: str
    protocol_digest: str
    taken_at: str
    taken_by: str
    arms: tuple[ChosenArm, ...]
    rows: tuple[Row, ...]


def as_json(document: Strict) -> dict[str, Any]:
    """The document as JSON values, ready for its canonical form."""
    return document.model_dump(mode="json")


__all__ = ["ChosenArm", "Departure", "Exclusion", "Row", "StudyData", "as_json"]
