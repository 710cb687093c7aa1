"""Conditions as clauses that a person reads from top to bottom. The same closed vocabulary that `conditions` compiles, said in words."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..completeness import BY_DOCUMENT
from ..conditions import OPERATORS
from ..quantifiers import COMPARISONS, QUANTIFIERS
from .naming import Setting, entry_of, named, sentence, valued

PHRASES = {word: phrase for word, (_, phrase) in OPERATORS.items()} | {"covers": "covers"}
COUNTED = {"at_least": "at least", "at_most": "at most", "equals": "exactly"}


@dataclass(frozen=True)
class Clause:
    """One condition in words, what it asks of the things below it, what is said when it fails, and how its list must stand."""

    text: str
    parts: tuple[Clause, ...] = ()
    says: str = ""
    note: str = ""

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The clause and those below it as lines, indented."""
        yield "    " * depth + self.text + (f" ({self.note})" if self.note else "")
        for part in self.parts:
            yield from part.lines(depth + 1)


def worded(body: Any, setting: Setting, day: str) -> tuple[Clause, ...]:
    """A condition, or a list of them that must all hold, as clauses. `day` is the path of the day to which a list must be stated complete."""
    if isinstance(body, list):
        return tuple(clause for item in body for clause in worded(item, setting, day))
    clause = _one({name: value for name, value in body.items() if name != "says"}, setting, day)
    return (replace(clause, says=sentence(str(body["says"]))) if body.get("says") else clause,)


def _one(body: dict[str, Any], setting: Setting, day: str) -> Clause:
    if "all" in body:
        return Clause("All of these hold:", worded(body["all"], setting, day))
    if "any" in body:
        return Clause("At least one of these holds:", tuple(_together(item, setting, day) for item in body["any"]))
    if "not" in body:
        return Clause("This does not hold:", worded(body["not"], setting, day))
    if "field" in body:
        return Clause(_compared(body, setting))
    if "check" in body:
        return _check(body, setting)
    return _quantified(next(word for word in QUANTIFIERS if word in body), body, setting, day)


def _together(body: Any, setting: Setting, day: str) -> Clause:
    """One way among several: a list of conditions counts as one of them."""
    clauses = worded(body, setting, day)
    return clauses[0] if len(clauses) == 1 else Clause("All of these hold:", clauses)


def _compared(body: dict[str, Any], setting: Setting) -> str:
    word = next(name for name in body if name != "field")
    value = body[word]
    subject = _upper(named(str(body["field"]), setting, quoted=isinstance(value, bool) and word != "present"))
    if word == "present":
        return f"{subject} {'is recorded' if value else 'is not recorded'}"
    if isinstance(value, bool):
        return f"{subject}: {'yes' if value is (word == 'is') else 'no'}"
    return f"{subject} {PHRASES[word]} {valued(value, setting)}"


def _check(body: dict[str, Any], setting: Setting) -> Clause:
    module = importlib.import_module(f"holdfast.standards.checks.{body['check']}")
    question = (module.__doc__ or "").strip().splitlines()[0]
    given = "; ".join(f"{name.replace('_', ' ')}: {valued(value, setting)}" for name, value in (body.get("with") or {}).items())
    return Clause(f"{question} The answer is yes.", note=given)


def _quantified(word: str, body: dict[str, Any], setting: Setting, day: str) -> Clause:
    path = str(body[word])
    inner = setting.inside(path)
    where = worded(body["where"], inner, day) if "where" in body else ()
    must = worded(body["must"], inner, day) if "must" in body else ()
    opening = _opening(word, body, entry_of(inner.lists[-1]), named(path, setting))
    note = _completeness(body, inner, day)
    if len(where) == 1 and not (where[0].parts or where[0].note or where[0].says):
        return Clause(f"{opening}, where {_lower(where[0].text)}{':' if must else ''}", must, note=note)
    chosen = (Clause("Of those where:" if must else "Where:", where),) if where else ()
    held = (Clause("This holds:", must),) if where and must else must
    return Clause(f"{opening}{':' if chosen or held else ''}", (*chosen, *held), note=note)


def _opening(word: str, body: dict[str, Any], one: str, of: str) -> str:
    if word == "count":
        comparison = next(name for name in COMPARISONS if name in body)
        number = {0: "no", 1: "one"}.get(int(body[comparison]), str(body[comparison]))
        return f"There is {COUNTED[comparison]} {number} {one} among {of}"
    return {"every": f"Every {one} among {of}", "some": f"At least one {one} among {of}", "none": f"No {one} among {of}"}[word]


def _completeness(body: dict[str, Any], inner: Setting, day: str) -> str:
    """How the list must stand before "there is no other" is known of it."""
    if body.get("complete") == BY_DOCUMENT:
        return "the list is complete with its document"
    if body.get("complete_by") is None:
        return ""
    wanted = body["complete_by"]
    form = {"list": wanted} if isinstance(wanted, str) else dict(wanted)
    site = f" of {named(str(form['site']), inner)}" if "site" in form else ""
    return f"the list of {form['list'].replace('_', ' ')}{site} must be stated complete to {valued(form.get('to', day), inner)}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if not text[1:2].isupper() else text
