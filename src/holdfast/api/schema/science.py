"""Statistical methods over the wire."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from .base import Body, Given


class MethodRow(Schema):
    """A method in a line."""

    name: str
    title: str
    family: str
    version: str


class MethodShown(MethodRow):
    """Everything a method says of itself: columns, parameters, what it reports, and where its definition stands."""

    about: str
    columns: list[dict[str, Any]]
    parameters: list[dict[str, Any]]
    quantities: list[dict[str, Any]]
    citations: list[str]


class ColumnGiven(Body):
    """A column of values as text, as reported (`98.2`, `<0.5` for a censored one); labels for a column of labels. Text loses no digit."""

    values: list[Given] = Field(max_length=20_000)
    unit: Given = ""


class DataGiven(Body):
    """The columns and the parameters of a method, by name."""

    columns: dict[Given, ColumnGiven] = Field(default={}, max_length=20)
    parameters: dict[Given, bool | Given] = Field(default={}, max_length=40)


class ComputedShown(Schema):
    """What a method answers: every quantity with its unit, the definitions chosen, assumptions and whether they were checked, decision, sentence, sources.

    Every number is text: the shortest that reads back to the same number.
    """

    method: str
    title: str
    version: str
    decision: str | None
    sentence: str
    quantities: dict[str, Any]
    units: dict[str, str]
    parameters: dict[str, Any]
    counts: dict[str, int]
    definitions: dict[str, str]
    assumptions: list[dict[str, Any]]
    warnings: list[str]
    operating: dict[str, Any] | None
    seed: int | None
    digest: str
    citations: list[str]
