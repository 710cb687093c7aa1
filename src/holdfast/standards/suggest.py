"""Suggest examples for a rule: from dossiers on which it holds, the smallest changes that make it answer otherwise.

For whoever writes a rule. The suggestions are what the rule *does* answer, not what it should: read them before you keep them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from .judge import bare_answer
from .loading import Pack, Rule
from .mutate import every_mutant
from .pack import ANSWERS, Answer
from .patches import patched
from .values import as_day, as_moment, as_number

Change = dict[str, Any]
MOST_PAIRS = 60


@dataclass(frozen=True)
class Tried:
    """A change of the given dossier, and what the rule answers then."""

    change: Change
    dossier: dict[str, Any]
    answer: Answer


def suggested(pack: Pack, rule: Rule, schema: type[BaseModel]) -> dict[Answer, list[Change]]:
    """Examples by answer, as differences from the rule's `given`: few, and enough that as few mutants as possible survive.

    What the rule has for examples already is tried first; then every leaf is taken away, negated, moved or replaced, every row taken away
    or doubled, and whatever fails is tried again without each statement that a list is complete.
    """
    given = rule.text.given or {}
    own = [change for changes_ in rule.text.examples.values() for change in changes_]
    tried = [_tried(rule, given, change) for change in [{}, *own, *changes(given)]]
    failing = [t.change for t in tried if t.answer == "not met"][:MOST_PAIRS]
    statements = range(len(given.get("statements") or []))
    tried += [_tried(rule, given, {**change, f"statements.{i}": None}) for change in failing if "statements" not in str(change) for i in statements]
    chosen = _cover(tried, [_noticing(mutant.rule, tried) for mutant in every_mutant(pack, rule, schema)])
    chosen += _missing(tried, chosen, [answer for answer in ANSWERS if answer != "not applicable" or rule.when is not None])
    found: dict[Answer, list[Change]] = {answer: [tried[i].change for i in sorted(chosen) if tried[i].answer == answer] for answer in ANSWERS}
    return {answer: examples for answer, examples in found.items() if examples}


def _tried(rule: Rule, given: dict[str, Any], change: Change) -> Tried:
    dossier = patched(given, change)
    return Tried(change, dossier, bare_answer(rule, dossier))


def _noticing(mutant: Rule, tried: list[Tried]) -> set[int]:
    """The changes on which a mutant answers otherwise than the rule."""
    return {i for i, t in enumerate(tried) if bare_answer(mutant, t.dossier) != t.answer}


def _cover(tried: list[Tried], noticing: list[set[int]]) -> list[int]:
    """Few changes, the unchanged dossier first, that between them notice every mutant that any of them notices."""
    left = [noticed for noticed in noticing if noticed and 0 not in noticed]
    chosen = [0]
    while left:
        best = max(range(len(tried)), key=lambda i: (sum(i in noticed for noticed in left), -i))
        chosen.append(best)
        left = [noticed for noticed in left if best not in noticed]
    return chosen


def _missing(tried: list[Tried], chosen: list[int], needed: Iterable[Answer]) -> list[int]:
    there = {tried[i].answer for i in chosen}
    first = {t.answer: i for i, t in reversed(list(enumerate(tried)))}
    return [first[answer] for answer in needed if answer not in there and answer in first]


def written(examples: dict[Answer, list[Change]]) -> str:
    """Examples as YAML lines that can be put under a rule."""
    lines = ["    examples:"]
    for answer, changed in examples.items():
        lines += [f"      {answer}:", *(f"        - {_flow(change)}" for change in changed)]
    return "\n".join(lines)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value) if isinstance(value, (int, Decimal)) else json.dumps(str(value), ensure_ascii=False)


def changes(given: dict[str, Any]) -> Iterator[Change]:
    """Every small change of a partial dossier."""
    for path, value in _leaves(given, ()):
        name = ".".join(path)
        yield from ({name: other} for other in _others(value))
        yield {name: None}
    for path, rows in _lists(given, ()):
        name = ".".join(path)
        yield {name: []}
        if len(rows) > 1:
            yield from ({name: [row]} for row in rows)
        if rows:
            for inner, value in _leaves(rows[0], ()):
                yield from ({f"{name}.{len(rows)}": patched(rows[0], {".".join(inner): other})} for other in [*_others(value), None])


def _leaves(item: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(item, dict):
        for name, value in item.items():
            yield from _leaves(value, (*path, name))
    elif isinstance(item, list):
        for index, value in enumerate(item):
            yield from _leaves(value, (*path, str(index)))
    else:
        yield path, item


def _lists(item: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    if isinstance(item, dict):
        for name, value in item.items():
            yield from _lists(value, (*path, name))
    elif isinstance(item, list) and (not item or isinstance(item[0], dict)):
        yield path, item
        for index, value in enumerate(item):
            yield from _lists(value, (*path, str(index)))


def _others(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1, value + 1000, 0]
    if as_moment(value):
        moment = as_moment(value)
        assert moment is not None
        return [(moment + timedelta(days=days)).isoformat() for days in (1, -1, 4000, -4000)]
    day = as_day(value)
    if day:
        return [(day + timedelta(days=days)).isoformat() for days in (1, -1, 4000, -4000) if day + timedelta(days=days) > date(1900, 1, 1)]
    number = as_number(value)
    if number is not None:
        return [str(number + 1), str(number - 1), str(number * 100), "0"]
    return ["other"] if isinstance(value, str) else []
