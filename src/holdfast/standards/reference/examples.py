"""Worked examples in words: a partial dossier as lines of a place and a value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..pack import ANSWERS, Answer, RuleText
from .naming import literal, spelled

Line = tuple[str, str]


@dataclass(frozen=True)
class Sample:
    """One example: what the rule answers, and what the record says, or how it differs from what is given."""

    answer: Answer
    lines: tuple[Line, ...]


def given_lines(rule: RuleText) -> tuple[Line, ...]:
    """What every example of a rule starts from; empty where each stands by itself."""
    return tuple(_flat(rule.given, "")) if rule.given is not None else ()


def samples(rule: RuleText) -> tuple[Sample, ...]:
    """Every example, by its answer. With a `given`, only what differs from it: none is the given as it stands."""
    return tuple(Sample(answer, tuple(_told(rule, example))) for answer in ANSWERS for example in rule.examples.get(answer, []))


def _told(rule: RuleText, example: dict[str, Any]) -> Iterator[Line]:
    if rule.given is None:
        yield from _flat(example, "")
        return
    for path, value in example.items():
        where = ""
        for step in path.split("."):
            where = _place(where, step)
        yield from [(where, "not there")] if value is None else _flat(value, where)


def _flat(value: Any, where: str) -> Iterator[Line]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _flat(inner, _place(where, str(name)))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for index, item in enumerate(value):
            yield from _flat(item, _place(where, str(index)))
    else:
        yield (where or "Record", "no entry" if value in ([], {}) else literal(value))


def _place(where: str, step: str) -> str:
    """A step further in: a name after a comma, an index as a number counted from 1."""
    if step.isdigit():
        return f"{where} {int(step) + 1}"
    words = spelled(step)
    return f"{where}, {words}" if where else words[:1].upper() + words[1:]
