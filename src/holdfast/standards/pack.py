"""What a rule pack is: the shape of the YAML, read strictly."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Severity = Literal["blocker", "major", "minor", "advice"]
Override = Literal["never", "justified"]
Answer = Literal["met", "not met", "not applicable", "cannot tell"]
ANSWERS: tuple[Answer, ...] = ("met", "not met", "cannot tell", "not applicable")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Citation(Strict):
    """Where a rule comes from, how strong that source is, and how sure we are of the pinpoint."""

    document: str
    paragraph: str = ""
    authority: Literal["law", "gmp_guideline", "guidance", "ich", "compendial", "standard", "convention", "draft"]
    confidence: Literal["high", "medium", "low"]
    source_check: Literal["memory", "lookup"]
    note: str = ""


class Applies(Strict):
    """The four axes of applicability."""

    regions: list[str]
    phases: list[str]
    modalities: list[str]
    routes: list[str]


class Parameter(Strict):
    """A convention that a sponsor may set: its value, unit, and why this default."""

    value: Any
    unit: str = ""
    authority: str = "convention"
    why: str


class NotCovered(Strict):
    what: str
    why: str


class RuleText(Strict):
    """One rule as written; `require` and `when` are conditions of the closed vocabulary."""

    id: str = Field(pattern=r"^[A-Z]+(-[A-Z]+)*-\d{3}$")
    title: str
    question: Literal["us_disposition", "eu_certification", "sponsor_release"]
    stage: Literal["record", "signature"] = "record"
    applies: Applies
    when: Any = None
    require: Any
    says: str | dict[Answer, str]
    severity: Severity
    override: Override
    cite: list[Citation] = Field(min_length=1)
    binds: str = ""
    note: str = ""
    examples: dict[Answer, list[dict[str, Any]]]


class PackHeader(Strict):
    id: str
    version: str
    title: str
    edition: str
    authority_note: str = ""
    dossier_schema: str
    parameters: dict[str, Parameter] = {}
    not_covered: list[NotCovered] = []


class PackText(Strict):
    pack: PackHeader
    rules: list[RuleText] = Field(min_length=1)
