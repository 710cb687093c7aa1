"""Run a pack's own examples: each is a partial dossier with the answer it must give."""

from __future__ import annotations

from dataclasses import dataclass

from .judge import answer_of
from .loading import Pack, Rule


@dataclass(frozen=True)
class FailedExample:
    rule: str
    expected: str
    number: int
    found: str

    def __str__(self) -> str:
        return f"{self.rule}: example {self.number + 1} for {self.expected!r} answers {self.found!r}"


def run_examples(pack: Pack) -> list[FailedExample]:
    """The examples that do not give the answer they stand under."""
    return [failed for rule in pack.rules for failed in failed_examples(rule)]


def failed_examples(rule: Rule, examples_of: Rule | None = None) -> list[FailedExample]:
    """The examples of a rule (or of another, for a mutant) that do not give their answer."""
    failed = []
    for expected, number, example in (examples_of or rule).text.worked_examples:
        found, _ = answer_of(rule, example)
        if found != expected:
            failed.append(FailedExample(rule.id, expected, number, found))
    return failed
