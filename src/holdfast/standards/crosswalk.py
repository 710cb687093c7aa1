"""Where the rules of two regions look at the same subject, and why their answers may differ. Data with a reason, like the rules themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from .pack import Answer
from .verdict import RuleAnswer

Differs = Literal["law", "registration", "phase", "same"]
WORST_FIRST: tuple[Answer, ...] = ("not met", "cannot tell", "met", "not applicable")


class Subject(BaseModel):
    """A subject with the rules of each region under it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str
    US: tuple[str, ...]
    EU: tuple[str, ...]
    differs: Differs
    why: str

    def rules_of(self, region: str) -> tuple[str, ...]:
        return self.US if region == "US" else self.EU


@dataclass(frozen=True)
class Compared:
    """One subject in two verdicts: its rules on each side, the worst answer of each side, and why they differ where they do."""

    subject: str
    sides: dict[str, list[RuleAnswer]]
    differs: Differs
    why: str

    def answer(self, region: str) -> Answer | None:
        """The worst answer of a side; None when that region asks nothing here."""
        answers = {rule.answer for rule in self.sides[region] if rule.overridden is None} or {rule.answer for rule in self.sides[region]}
        return next((answer for answer in WORST_FIRST if answer in answers), None)

    @property
    def answers(self) -> dict[str, Answer | None]:
        return {region: self.answer(region) for region in self.sides}

    @property
    def is_open(self) -> bool:
        """Whether something stands in the way on either side."""
        return bool({"not met", "cannot tell"} & set(self.answers.values()))

    @property
    def do_differ(self) -> bool:
        """Whether the sides answer differently; a region that asks nothing where the other finds nothing wrong is no difference worth telling."""
        told = {answer for answer in self.answers.values() if answer not in {None, "not applicable"}}
        return len(told) > 1 or (self.is_open and None in self.answers.values())


@cache
def us_eu_release() -> tuple[Subject, ...]:
    """The subjects of US disposition and EU certification, in the order in which a reviewer goes through them."""
    source = resources.files("holdfast.standards").joinpath("crosswalks", "us_eu_release.yaml").read_text("utf-8")
    return tuple(Subject(**entry) for entry in yaml.safe_load(source))


def compare(verdicts: Mapping[str, Sequence[RuleAnswer]], subjects: Sequence[Subject]) -> list[Compared]:
    """Both verdicts by subject, what stands in the way first. A rule under no subject comes under its own title."""
    found = []
    placed: set[tuple[str, str]] = set()
    for subject in subjects:
        sides = {region: [rule for rule in rules if rule.id in subject.rules_of(region)] for region, rules in verdicts.items()}
        placed |= {(region, rule.id) for region, rules in sides.items() for rule in rules}
        if any(sides.values()):
            found.append(Compared(subject.subject, sides, subject.differs, subject.why))
    for region, rules in verdicts.items():
        for rule in rules:
            if (region, rule.id) not in placed:
                alone = {other: [rule] if other == region else [] for other in verdicts}
                found.append(Compared(rule.title, alone, "law", "Only one of the two regions asks this."))
    return sorted(found, key=lambda row: not row.is_open)
