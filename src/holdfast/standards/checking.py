"""Check a rule pack, a shipped one or a sponsor's own: everything that would make its answers untrue, with place and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel

from .examples import failed_examples
from .library import known_documents
from .loading import Pack, Rule, load_pack
from .mutate import surviving_mutants
from .positions import PackProblem, Path


@dataclass(frozen=True)
class Finding:
    """Something wrong in a pack, where it stands, and what to do."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


def check_text(text: str, schema: type[BaseModel], file: str) -> tuple[Pack | None, list[Finding]]:
    """Load a pack and check it whole: the pack when it could be read, and every finding."""
    try:
        pack = load_pack(text, schema, file)
    except PackProblem as problem:
        return None, [Finding(problem.file, problem.line, problem.column, problem.message)]
    return pack, check_pack(pack, schema)


def check_pack(pack: Pack, schema: type[BaseModel]) -> list[Finding]:
    """Every finding in a pack that loads: figures unused, documents unknown, examples that answer otherwise, conditions that no example notices."""
    found = [_at(pack, ("pack", "parameters", name), f"No rule uses the figure {name!r}: take it out, or use it as ${name}.") for name in _unused(pack)]
    known = {**known_documents(), **{document.name: document for document in pack.header.documents}}
    for index, rule in enumerate(pack.rules):
        place: Path = ("rules", index)
        found += [_at(pack, (*place, "cite", number, "document"), said) for number, said in _unknown_documents(rule, known)]
        failed = failed_examples(rule)
        found += [_at(pack, (*place, "examples", f.expected, f.number), f"{f}. Correct the example, or the rule.") for f in failed]
        if not failed:
            advice = "Add an example that tells the two apart."
            found += [_at(pack, (*place, "examples"), f"No example notices this change: {alive}. {advice}") for alive in surviving_mutants(pack, rule, schema)]
    return found


def _unused(pack: Pack) -> list[str]:
    return [name for name in pack.header.parameters if f"${name}" not in pack.source]


def _unknown_documents(rule: Rule, known: Iterable[str]) -> Iterable[tuple[int, str]]:
    names = set(known)
    for number, cite in enumerate(rule.cite):
        if cite.document not in names:
            near = difflib.get_close_matches(cite.document, names, 1, 0.4)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            yield number, f"{rule.id} cites {cite.document!r}, which is no known document.{hint} Add your own under `pack: documents:` with its edition."


def _at(pack: Pack, place: Path, message: str) -> Finding:
    problem = pack.document.problem(place, message)
    return Finding(problem.file, problem.line, problem.column, message)
