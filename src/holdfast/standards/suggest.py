"""Suggest examples for a rule: from dossiers on which it holds, the smallest changes that make it answer otherwise.

For whoever writes a rule. The suggestions are what the rule *does* answer, not what it should: read them before you keep them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel

from .judge import answer_of
from .loading import Pack, Rule
from .mutate import every_mutant
from .patches import patched
from .values import as_day, as_moment, as_number

Change = dict[str, Any]


def suggested(pack: Pack, rule: Rule, schema: type[BaseModel], given: dict[str, Any], hints: list[Change]) -> dict[str, list[Change]]:
    """Examples, as differences from `given`, by answer: few, and enough that no mutant of the rule survives them, if any changes are.

    `hints` are changes to try first; then every leaf of `given` is taken away, negated, moved or replaced, and every row taken away or doubled.
    """
    tried = [({}, given), *((change, patched(given, change)) for change in [*hints, *changes(given)])]
    answered = [(change, dossier, answer_of(rule, dossier)[0]) for change, dossier in tried]
    chosen: list[int] = []
    for mutant in every_mutant(pack, rule, schema):
        telling = [i for i, (_, dossier, answer) in enumerate(answered) if answer_of(mutant.rule, dossier)[0] != answer]
        if telling and not set(telling) & set(chosen):
            chosen.append(telling[0])
    for answer in ("met", "not met", "cannot tell", *(["not applicable"] if rule.when else [])):
        if not any(answered[i][2] == answer for i in chosen):
            chosen += [i for i, (_, _, found) in enumerate(answered) if found == answer][:1]
    result: dict[str, list[Change]] = {}
    for i in sorted(chosen):
        result.setdefault(answered[i][2], []).append(answered[i][0])
    return result


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
