"""The verdict: what each rule answers, why, what it looked at, and what was not judged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from .pack import Answer, Citation, Override, Severity

State = Literal["ready", "blocked", "cannot_tell"]
BLOCKING = ("blocker", "major")


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EvidenceRecord(Part):
    kind: str
    number: str
    version: int | None = None
    id: int | None = None


class EvidenceNode(Part):
    """One condition: what it asked, what it found, in which record, and what it rests on."""

    condition: str
    answer: Literal["holds", "fails", "unknown"]
    value: str = ""
    record: EvidenceRecord | None = None
    withheld: int = 0  # how many conditions below are not shown to this viewer
    children: list[EvidenceNode] = []


class OverriddenBy(Part):
    reason: str
    by: str
    second: str = ""


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

    @property
    def blocks(self) -> bool:
        """Whether this answer stands in the way, unless overridden."""
        return blocks(self.answer, self.severity) and self.overridden is None


class PackUsed(Part):
    id: str
    version: str
    sha256: str


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
    """One unmet blocker or major makes `blocked`; else one `cannot tell` makes `cannot_tell`. An override lifts only its own rule."""
    kept = list(rules)
    if any(rule.blocks for rule in kept):
        return "blocked"
    if any(leaves_open(rule.answer, rule.severity) and rule.overridden is None for rule in kept):
        return "cannot_tell"
    return "ready"


def overridable(rule: RuleAnswer) -> bool:
    """Whether a person may, with a reason and a second signature, decide in spite of this answer."""
    return rule.override == "justified" and rule.answer in {"not met", "cannot tell"}


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as JSON-ready values."""
    return verdict.model_dump(mode="json")
