"""The verdict: what each rule answers, why, what it looked at, and what was not judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from .pack import Answer, Citation, Override, Severity, Status

State = Literal["ready", "blocked", "cannot_tell"]
BLOCKING = ("blocker", "major")


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


STRICT = ConfigDict(extra="forbid")


@dataclass(slots=True)
class EvidenceRecord:
    """The stored record that a condition looked at. Made once and never changed."""

    __pydantic_config__ = STRICT

    kind: str
    number: str
    version: int | None = None
    id: int | None = None


@dataclass(slots=True)
class EvidenceNode:
    """One condition: what it asked, what it found, in which record, and what it rests on. Made once and never changed.

    A plain dataclass, for a verdict has thousands of them.
    """

    __pydantic_config__ = STRICT

    condition: str
    answer: Literal["holds", "fails", "unknown"]
    value: str = ""
    record: EvidenceRecord | None = None
    withheld: int = 0  # how many conditions below are not shown to this viewer
    children: list[EvidenceNode] = field(default_factory=list)


class OverriddenBy(Part):
    reason: str
    by: str
    second: str = ""


class SuspendedBy(Part):
    """The exception that stands in the rule's way: which rule, of which pack, on what ground."""

    rule: str
    pack: str
    title: str = ""
    ground: str


class SettingUsed(Part):
    """A figure that the sponsor set in place of the pack's own."""

    name: str
    value: Any
    default: Any
    unit: str = ""
    reason: str
    by: str = ""


class RuleAnswer(Part):
    id: str
    title: str
    question: str
    stage: str
    severity: Severity
    override: Override
    answer: Answer
    says: str
    binds: str = ""
    cite: list[Citation]
    pack: str
    evidence: EvidenceNode | None = None
    overridden: OverriddenBy | None = None
    status: Status = "in_force"
    lighter: str = ""  # why the severity is lighter than the rule's own
    suspended: SuspendedBy | None = None

    @property
    def blocks(self) -> bool:
        """Whether this answer stands in the way, unless overridden or suspended."""
        return blocks(self.answer, self.severity) and self.overridden is None and self.suspended is None

    @property
    def is_open(self) -> bool:
        """Whether this answer leaves the question open, unless overridden or suspended."""
        return leaves_open(self.answer, self.severity) and self.overridden is None and self.suspended is None


class PackUsed(Part):
    id: str
    version: str
    sha256: str
    status: Status = "in_force"
    settings: list[SettingUsed] = []


class NotJudged(Part):
    what: str
    why: str


class Verdict(Part):
    question: str
    state: State
    engine_version: str
    engine_digest: str
    schema_version: str
    dossier_digest: str = ""
    packs: list[PackUsed]
    rules: list[RuleAnswer]
    not_judged: list[NotJudged]
    redacted: bool = False

    def answers(self) -> dict[str, str]:
        """Rule id to answer."""
        return {rule.id: rule.answer for rule in self.rules}


def blocks(answer: str, severity: str) -> bool:
    """Whether an answer stands in the way, when nobody has overridden it."""
    return answer == "not met" and severity in BLOCKING


def leaves_open(answer: str, severity: str) -> bool:
    """Whether an answer keeps the whole from being ready because nothing settles it."""
    return answer == "cannot tell" and severity != "advice"


def state_of(rules: Iterable[RuleAnswer]) -> State:
    """One unmet blocker or major makes `blocked`; else one `cannot tell` makes `cannot_tell`. An override or a suspension lifts only its own rule."""
    kept = list(rules)
    if any(rule.blocks for rule in kept):
        return "blocked"
    if any(rule.is_open for rule in kept):
        return "cannot_tell"
    return "ready"


def overridable(rule: RuleAnswer) -> bool:
    """Whether a person may, with a reason and a second signature, decide in spite of this answer."""
    return rule.override == "justified" and rule.answer in {"not met", "cannot tell"} and rule.suspended is None


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as JSON-ready values."""
    return verdict.model_dump(mode="json")
