"""Load a rule pack: read, check against the dossier's schema, compile. Every mistake is shown by line and column."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from .conditions import compile_condition
from .fields import unknown_names
from .outcome import Judge
from .pack import Citation, PackHeader, PackText, Parameter, RuleText, Status, Suspension
from .patches import PatchProblem, patched
from .positions import PackProblem, Positioned, read_positioned
from .questions import day_needed
from .reading import Scope

REQUIRED_EXAMPLES = ("met", "not met", "cannot tell")


@dataclass(frozen=True)
class Rule:
    """A rule as written, with its conditions compiled."""

    text: RuleText
    require: Judge
    when: Judge | None = None

    @property
    def id(self) -> str:
        return self.text.id

    @property
    def cite(self) -> list[Citation]:
        return self.text.cite


@dataclass(frozen=True, eq=False)
class Pack:
    """A rule pack, checked and compiled, with the SHA-256 of the exact bytes it was read from, and what a sponsor set in it. One that is loaded again is
    another object: compare them by digest and settings."""

    header: PackHeader
    rules: tuple[Rule, ...]
    sha256: str
    source: str = field(repr=False)
    document: Positioned = field(repr=False)
    defaults: Mapping[str, Parameter] = field(repr=False)  # the figures as the pack gives them
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.header.id

    @property
    def version(self) -> str:
        return self.header.version

    @property
    def status(self) -> Status:
        return self.header.status

    @cached_property
    def questions(self) -> list[str]:
        """The questions that its rules answer, in order of appearance."""
        return list(dict.fromkeys(rule.text.question for rule in self.rules))

    @cached_property
    def suspensions(self) -> list[tuple[RuleText, Suspension]]:
        """Its rules that name an exception, with the exception they name."""
        return [(rule.text, suspension) for rule in self.rules for suspension in rule.text.suspended_by]


def load_pack(source: str | Path, schema: type[BaseModel], file: str | None = None, *, in_writing: bool = False) -> Pack:
    """Load a pack from a path or from its text; one that is `in_writing` may still lack examples.

    Raises `PackProblem` for the first mistake, with file, line and column.
    """
    text = source.read_text("utf-8") if isinstance(source, Path) else source
    document = read_positioned(file or (source.name if isinstance(source, Path) else "pack"), text)
    written = _written(document)
    rules = compiled_rules(document, written.pack, written.rules, schema)
    _check_whole(document, written, schema, in_writing)
    return Pack(written.pack, rules, hashlib.sha256(text.encode("utf-8")).hexdigest(), text, document, written.pack.parameters)


def compiled_rules(document: Positioned, header: PackHeader, rules: Sequence[RuleText], schema: type[BaseModel]) -> tuple[Rule, ...]:
    """Every rule of a pack compiled with the header's figures. Raises `PackProblem`."""
    scope = Scope(document, (schema,), {name: parameter.value for name, parameter in header.parameters.items()})
    return tuple(compile_rule(scope, rule, ("rules", index)) for index, rule in enumerate(rules))


def compile_rule(scope: Scope, rule: RuleText, place: tuple[str | int, ...]) -> Rule:
    """Compile one rule's conditions."""
    scope = scope.asking(day_needed(rule.question))
    when = compile_condition(scope, rule.when, (*place, "when")) if rule.when is not None else None
    return Rule(rule, compile_condition(scope, rule.require, (*place, "require")), when)


def _written(document: Positioned) -> PackText:
    try:
        return PackText.model_validate(document.data)
    except ValidationError as error:
        first = error.errors()[0]
        raise document.problem(tuple(first["loc"]), first["msg"]) from error


def _check_whole(document: Positioned, written: PackText, schema: type[BaseModel], in_writing: bool) -> None:
    seen: set[tuple[str, str]] = set()
    for index, rule in enumerate(written.rules):
        place = ("rules", index)
        if (rule.id, rule.question) in seen:
            raise document.problem((*place, "id"), f"The rule {rule.id} stands twice.")
        seen.add((rule.id, rule.question))
        if rule.status != "in_force" and written.pack.status != rule.status:
            message = f"{rule.id} is {rule.status.replace('_', ' ')}: it stands only in a pack of that status, so that nobody adopts it unaware."
            raise document.problem((*place, "status"), message)
        _check_examples(document, rule, place, schema, in_writing)


def _check_examples(document: Positioned, rule: RuleText, place: tuple[str | int, ...], schema: type[BaseModel], in_writing: bool) -> None:
    needed = [] if in_writing else [*REQUIRED_EXAMPLES, *(["not applicable"] if rule.when is not None else [])]
    for kind in needed:
        if not rule.examples.get(kind):  # type: ignore[call-overload]
            raise document.problem((*place, "examples"), f"{rule.id} has no example for {kind!r}.")
    for kind, examples in rule.examples.items():
        for number, example in enumerate(examples):
            at = (*place, "examples", kind, number)
            for where, message in unknown_names(schema, _whole(document, rule, example, at), at):
                raise document.problem(where, message)


def _whole(document: Positioned, rule: RuleText, example: dict[str, Any], place: tuple[str | int, ...]) -> dict[str, Any]:
    try:
        return example if rule.given is None else patched(rule.given, example)
    except PatchProblem as error:
        raise document.problem(place, str(error)) from error


def pack_schema() -> dict[str, Any]:
    """JSON Schema of the pack format, for editors."""
    return PackText.model_json_schema()


__all__ = ["Pack", "PackProblem", "Rule", "compile_rule", "compiled_rules", "load_pack", "pack_schema"]
