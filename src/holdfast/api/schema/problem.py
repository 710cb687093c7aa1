"""What is wrong, said the same way everywhere (RFC 9457): what failed, which field, what to do."""

from __future__ import annotations

from typing import Any

from ninja import Schema


class Place(Schema):
    """One thing wrong, with its place: a field of the request, or a file, row and column of what came in."""

    message: str
    advice: str = ""
    field: str | None = None
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    letter: str | None = None


class StandingRule(Schema):
    """A rule that stands in the way of a decision."""

    id: str
    title: str
    answer: str
    severity: str
    override: str
    says: str


class Problem(Schema):
    """Nothing was written, unless it says so. `code` is a word for programs, which does not change."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    advice: str = ""
    problems: list[Place] = []
    rules: list[StandingRule] = []
    report: dict[str, Any] | None = None
