"""Load a rule pack: read, check against the dossier's schema, compile. Every mistake is shown by line and column."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from .conditions import compile_condition
from .fields import unknown_names
from .outcome import Judge
from .pack import Citation, PackHeader, PackText, RuleText
from .positions import PackProblem, Positioned, read_positioned
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


@dataclass(frozen=True)
class Pack:
    """A rule pack, checked and compiled, with the SHA-256 of the exact bytes it was read from."""

    header: PackHeader
    rules: tuple[Rule, ...]
    sha256: str
    source: str = field(repr=False)

    @property
    def id(self) -> str:
        return self.header.id

    @property
    def version(self) -> str:
        return self.header.version


def load_pack(source: str | Path, schema: type[BaseModel], file: str | None = None) -> Pack:
    """Load a pack from a path or from its text. Raises `PackProblem` for the first mistake, with file, line and column."""
    text = source.read_text("utf-8") if isinstance(source, Path) else source
    document = read_positioned(file or (source.name if isinstance(source, Path) else "pack"), text)
    written = _written(document)
    parameters = {name: parameter.value for name, parameter in written.pack.parameters.items()}
    scope = Scope(document, (schema,), parameters)
    rules = tuple(compile_rule(scope, rule, ("rules", index)) for index, rule in enumerate(written.rules))
    _check_whole(document, written, schema)
    return Pack(written.pack, rules, hashlib.sha256(text.encode("utf-8")).hexdigest(), text)


def compile_rule(scope: Scope, rule: RuleText, place: tuple[str | int, ...]) -> Rule:
    """Compile one rule's conditions."""
    when = compile_condition(scope, rule.when, (*place, "when")) if rule.when is not None else None
    return Rule(rule, compile_condition(scope, rule.require, (*place, "require")), when)


def _written(document: Positioned) -> PackText:
    try:
        return PackText.model_validate(document.data)
    except ValidationError as error:
        first = error.errors()[0]
        raise document.problem(tuple(first["loc"]), first["msg"]) from error


def _check_whole(document: Positioned, written: PackText, schema: type[BaseModel]) -> None:
    seen: set[str] = set()
    for index, rule in enumerate(written.rules):
        place = ("rules", index)
        if rule.id in seen:
            raise document.problem((*place, "id"), f"The rule {rule.id} stands twice.")
        seen.add(rule.id)
        needed = [*REQUIRED_EXAMPLES, *(["not applicable"] if rule.when is not None else [])]
        for kind in needed:
            if not rule.examples.get(kind):  # type: ignore[call-overload]
                raise document.problem((*place, "examples"), f"{rule.id} has no example for {kind!r}.")
        for kind, examples in rule.examples.items():
            for number, example in enumerate(examples):
                for where, message in unknown_names(schema, example, (*place, "examples", kind, number)):
                    raise document.problem(where, message)


def pack_names() -> list[str]:
    """Names of the packs that Holdfast ships."""
    return sorted(p.name for p in resources.files("holdfast.standards").joinpath("packs").iterdir() if p.name.endswith(".yaml"))


@cache
def shipped_packs(schema: type[BaseModel]) -> tuple[Pack, ...]:
    """Every pack that Holdfast ships, loaded once a process."""
    folder = resources.files("holdfast.standards").joinpath("packs")
    return tuple(load_pack(folder.joinpath(name).read_text("utf-8"), schema, name) for name in pack_names())


def pack_schema() -> dict[str, Any]:
    """JSON Schema of the pack format, for editors."""
    return PackText.model_json_schema()


__all__ = ["Pack", "PackProblem", "Rule", "load_pack", "pack_names", "pack_schema", "shipped_packs"]
