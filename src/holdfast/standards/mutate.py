"""Mutants of a rule: each differs from it in one condition, and at least one example must tell the two apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from .completeness import GRANTED
from .conditions import compile_condition
from .judge import bare_answer
from .loading import Pack, Rule
from .positions import PackProblem, Positioned
from .questions import day_needed
from .reading import Scope, is_reference

OPPOSITE = {
    "is": "is_not", "is_not": "is", "in": "not_in", "not_in": "in", "at_least": "less_than", "less_than": "at_least", "at_most": "more_than",
    "more_than": "at_most", "before": "not_before", "not_before": "before", "after": "not_after", "not_after": "after",
}  # fmt: skip
SWAPPED = {"all": "any", "any": "all", "every": "some", "some": "every"}


def mutants(condition: Any) -> Iterator[tuple[str, Any]]:
    """Every condition that differs from this one in a single place, with a description of the difference."""
    if isinstance(condition, list):
        yield from _list_mutants(condition, "list")
        return
    if not isinstance(condition, dict):
        return
    for word in ("all", "any"):
        if word in condition:
            if len(condition[word]) > 1:
                yield f"{word} became {SWAPPED[word]}", {SWAPPED[word]: condition[word]}
            for description, changed in _list_mutants(condition[word], word):
                yield description, {word: changed}
    if "not" in condition:
        yield "not was dropped", condition["not"]
        for description, changed in mutants(condition["not"]):
            yield description, {"not": changed}
    if "field" in condition:
        yield from _field_mutants(condition)
    if "check" in condition:
        yield "check was negated", {"not": condition}
    for word in ("every", "some", "none", "count"):
        if word in condition:
            yield from _quantifier_mutants(word, condition)


def _list_mutants(parts: list[Any], word: str) -> Iterator[tuple[str, Any]]:
    for index, part in enumerate(parts):
        if len(parts) > 1:
            yield f"condition {index + 1} of {word} was dropped", parts[:index] + parts[index + 1 :]
        for description, changed in mutants(part):
            yield description, [*parts[:index], changed, *parts[index + 1 :]]


def _field_mutants(condition: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for word, value in condition.items():
        if word in {"field", "says"}:
            continue
        if word in OPPOSITE:
            yield f"{condition['field']} {word} became {OPPOSITE[word]}", {"field": condition["field"], OPPOSITE[word]: value}
        elif word == "present":
            yield f"{condition['field']} present was negated", {"field": condition["field"], "present": not value}
        else:
            yield f"{condition['field']} {word} was negated", {"not": condition}
        if word not in {"present", "covers"} and not isinstance(value, (dict, list)) and not is_reference(value):
            yield f"{condition['field']} {word} {value!r} became another value", {"field": condition["field"], word: _another(value)}


def _another(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, Decimal)):
        return value + 1
    return f"{value}-other"


def _quantifier_mutants(word: str, condition: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    name = condition[word]
    if word in SWAPPED and "must" in condition:
        changed = {SWAPPED[word] if key == word else key: value for key, value in condition.items()}
        yield f"{word} {name} became {SWAPPED[word]}", changed
    if word == "none":
        yield f"none of {name} was negated", {"not": condition}
    for key in ("where", "must"):
        if key not in condition:
            continue
        if key == "where" and word != "none":
            yield f"where of {name} was dropped", {k: v for k, v in condition.items() if k != "where"}
        for description, changed_part in mutants(condition[key]):
            yield f"in {word} {name}, {description}", {**condition, key: changed_part}
    if word in {"every", "none", "some", "count"} and "complete_by" in condition:
        kept = {k: v for k, v in condition.items() if k != "complete_by"}
        yield f"complete_by of {name} was taken for granted", {**kept, "complete": GRANTED}
    for comparison in ("at_least", "at_most", "equals"):
        if comparison in condition:
            yield f"count of {name} {comparison} was raised", {**condition, comparison: condition[comparison] + 1}


def surviving_mutants(pack: Pack, rule: Rule, schema: type[BaseModel]) -> list[str]:
    """Descriptions of the mutants of a rule that its examples do not tell apart. An empty list is good."""
    return [f"{rule.id} {mutant.difference}" for mutant in every_mutant(pack, rule, schema) if not _is_told_apart(mutant.rule, rule)]


@dataclass(frozen=True)
class Mutant:
    difference: str
    rule: Rule


def every_mutant(pack: Pack, rule: Rule, schema: type[BaseModel]) -> Iterator[Mutant]:
    """The mutants of a rule, compiled once each; those that the loader refuses cannot reach a verdict and are left out."""
    parameters = {name: parameter.value for name, parameter in pack.header.parameters.items()}
    scope = Scope(Positioned("mutant", {}, {}), (schema,), parameters).asking(day_needed(rule.text.question))
    for part, condition in (("require", rule.text.require), ("when", rule.text.when)):
        for description, changed in mutants(condition) if condition is not None else ():
            mutant = _compiled(scope, rule, part, changed)
            if mutant is not None:
                yield Mutant(f"{part}: {description}", mutant)
    if rule.when is not None:
        yield Mutant("when was dropped", Rule(rule.text, rule.require, None))


def _compiled(scope: Scope, rule: Rule, part: str, condition: Any) -> Rule | None:
    """The rule with one condition changed and the other as it is; None when the loader refuses it, so that it cannot reach a verdict."""
    try:
        changed = compile_condition(scope, condition, ())
    except PackProblem:
        return None
    return Rule(rule.text, changed, rule.when) if part == "require" else Rule(rule.text, rule.require, changed)


def _is_told_apart(mutant: Rule, rule: Rule) -> bool:
    """Whether an example of the rule answers differently for the mutant: the first that does decides."""
    return any(bare_answer(mutant, example) != expected for expected, _, example in rule.text.worked_examples)
