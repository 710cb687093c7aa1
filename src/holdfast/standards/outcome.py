"""What judging one condition yields: an answer in three values, and what was looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

Item = dict[str, Any]
Frames = tuple[Item, ...]  # the dossier first, then each enclosing item, the current one last
Truth = bool | None

SHOWN_PASSING = 3  # of the items that hold, how many are shown whole; the others are counted


class Outcome(NamedTuple):
    """An answer (True, False, or None for unknown) with its tree of reasons."""

    answer: Truth
    condition: str | tuple[str, Any]  # a sentence, or its beginning with the value that ends it: written out only when it is shown
    frames: Frames
    value: Any = ""  # what was found, as it stands in the dossier
    says: str = ""
    children: tuple[Any, ...] = ()  # of Outcome

    def decisive(self) -> Outcome:
        """The innermost condition that made the answer what it is: what a sentence about the failure speaks of."""
        for child in self.children:
            if child.answer is self.answer or (self.answer is False and child.answer is False):
                found: Outcome = child.decisive()
                return found
        return self

    def sentence(self) -> str:
        """The sentence of the innermost decisive condition that has one of its own."""
        for child in self.children:
            if child.answer is self.answer:
                found: str = child.sentence()
                if found:
                    return found
        return self.says


class Judge(NamedTuple):
    """A compiled condition in two forms that always agree: `explain` says what was looked at, `truth` only what it comes to, in a fraction of the time."""

    explain: Callable[[Frames], Outcome]
    truth: Callable[[Frames], Truth]


def conjunction(answers: Iterable[Truth]) -> Truth:
    """Kleene's and: one False decides; else one unknown leaves it unknown."""
    result: Truth = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            result = None
    return result


def disjunction(answers: Iterable[Truth]) -> Truth:
    """Kleene's or: one True decides; else one unknown leaves it unknown."""
    result: Truth = False
    for answer in answers:
        if answer is True:
            return True
        if answer is None:
            result = None
    return result


def negation(answer: Truth) -> Truth:
    """Kleene's not."""
    return None if answer is None else not answer


def nearest_record(frames: Frames) -> Item | None:
    """The stored record that the current item, or the nearest item around it, was read from."""
    for item in reversed(frames):
        record = item.get("record")
        if isinstance(record, dict):
            return record
        batch = item.get("batch")
        if isinstance(batch, dict) and isinstance(batch.get("record"), dict):
            return dict(batch["record"])
    return None
