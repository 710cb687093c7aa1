"""What a rule pack is: the shape of the YAML, read strictly."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .patches import patched
from .questions import Question

Severity = Literal["blocker", "major", "minor", "advice"]
Override = Literal["never", "justified"]
Answer = Literal["met", "not met", "not applicable", "cannot tell"]
Authority = Literal["law", "gmp_guideline", "guidance", "ich", "compendial", "standard", "convention", "draft"]
Status = Literal["in_force", "draft", "not_yet_in_force"]
Phase = Literal["phase1", "phase2", "phase3", "commercial"]
ANSWERS: tuple[Answer, ...] = ("met", "not met", "cannot tell", "not applicable")
AXES = ("regions", "phases", "modalities", "routes")
#: what a rule may rest on, the most binding first
RANK: tuple[Authority, ...] = ("law", "gmp_guideline", "guidance", "ich", "compendial", "standard", "convention", "draft")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Only(Strict):
    """Where a citation speaks, when that is narrower than where its rule applies. An empty list narrows nothing."""

    regions: list[str] = []
    phases: list[str] = []
    modalities: list[str] = []
    routes: list[str] = []


class Citation(Strict):
    """Where a rule comes from, how strong that source is, and how sure we are of the pinpoint."""

    document: str
    paragraph: str = ""
    authority: Authority
    confidence: Literal["high", "medium", "low"]
    source_check: Literal["memory", "lookup"]
    note: str = ""
    only: Only | None = None


class Applies(Strict):
    """The four axes of applicability."""

    regions: list[str]
    phases: list[str]
    modalities: list[str]
    routes: list[str]


class Lighter(Strict):
    """Where a rule weighs less: in these phases and regions, or where 21 CFR part 211 does not bind (21 CFR 210.2(c))."""

    severity: Severity
    phases: list[Phase] = Field(min_length=1)
    regions: list[str] = []
    unless_part_211: bool = False
    why: str


class Suspension(Strict):
    """A rule that, where it is met, suspends this one. `law`: a law makes the exception; `filing`: an application in effect does, and the
    verdict says so; `same`: neither rule rests on law."""

    rule: str
    ground: Literal["law", "filing", "same"]


class Parameter(Strict):
    """A figure that a rule uses: its value, unit, and why this default. A sponsor may set it, with a reason, unless law gives it."""

    value: Any
    unit: str = ""
    authority: Authority = "convention"
    why: str


class NotCovered(Strict):
    what: str
    why: str


class Document(Strict):
    """A document that rules may cite."""

    name: str
    title: str = ""
    edition: str = ""
    authority: Authority
    status: Status = "in_force"
    note: str = ""


class RuleText(Strict):
    """One rule as written; `require` and `when` are conditions of the closed vocabulary.

    With `given`, a partial dossier, each example is what differs from it: paths with values, null for absent.
    """

    id: str = Field(pattern=r"^[A-Z]+(-[A-Z]+)*-\d{3}$")
    title: str
    question: Question
    stage: Literal["record", "signature"] = "record"
    status: Status = "in_force"
    applies: Applies
    when: Any = None
    require: Any
    says: str | dict[Answer, str]
    severity: Severity
    lighter: list[Lighter] = []
    override: Override
    suspended_by: list[Suspension] = []
    exemption: str = ""
    cite: list[Citation] = Field(min_length=1)
    binds: str = ""
    note: str = ""
    given: dict[str, Any] | None = None
    examples: dict[Answer, list[dict[str, Any]]] = {}

    @cached_property
    def worked_examples(self) -> list[tuple[Answer, int, dict[str, Any]]]:
        """Every example as a whole partial dossier: its answer, its place under that answer, the dossier."""
        return [
            (answer, number, example if self.given is None else patched(self.given, example))
            for answer, examples in self.examples.items()
            for number, example in enumerate(examples)
        ]

    @property
    def authority(self) -> Authority:
        """The most binding authority that the rule cites."""
        return min((cite.authority for cite in self.cite), key=RANK.index)


class PackHeader(Strict):
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: str
    title: str
    edition: str
    module: str = ""
    status: Status = "in_force"
    status_note: str = ""
    authority_note: str = ""
    dossier_schema: str
    parameters: dict[str, Parameter] = {}
    documents: list[Document] = []
    shared: Any = None
    not_covered: list[NotCovered] = []


class PackText(Strict):
    pack: PackHeader
    rules: list[RuleText] = Field(min_length=1)
