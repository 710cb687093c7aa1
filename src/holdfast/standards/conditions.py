"""The closed vocabulary of conditions, compiled to closures and checked against the dossier's schema."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from .checks import find_check
from .outcome import Frames, Judge, Outcome, Truth, conjunction, disjunction, negation
from .positions import Path
from .quantifiers import QUANTIFIERS, compile_quantifier
from .reading import Scope, field_at, is_reference, value_at
from .values import as_day, contains, covers, measured, ordered, same, shown, written_out

Compare = Callable[[Any, Any], Truth]
OPERATORS: dict[str, tuple[Compare, str]] = {
    "is": (same, "is"),
    "is_not": (lambda a, b: negation(same(a, b)), "is not"),
    "in": (contains, "is one of"),
    "not_in": (lambda a, b: negation(contains(a, b)), "is none of"),
    "at_least": (measured(operator.ge), "is at least"),
    "at_most": (measured(operator.le), "is at most"),
    "more_than": (measured(operator.gt), "is more than"),
    "less_than": (measured(operator.lt), "is less than"),
    "before": (ordered(operator.lt), "is before"),
    "not_before": (ordered(operator.ge), "is not before"),
    "after": (ordered(operator.gt), "is after"),
    "not_after": (ordered(operator.le), "is not after"),
    "covers": (covers, "covers"),
    "present": (lambda a, b: (a is not None and a != "" and a != []) is bool(b), "is recorded"),
}
DATES = {"before", "not_before", "after", "not_after"}
NUMBERS = {"at_least", "at_most", "more_than", "less_than"}


def compile_condition(scope: Scope, body: Any, place: Path) -> Judge:
    """Compile a condition (or a list of them, which all must hold). Raises `PackProblem` with line and column."""
    if isinstance(body, list):
        return _all(scope, body, place)
    if not isinstance(body, dict) or not body:
        raise scope.source.problem(place, "A condition is a mapping such as {field: ..., is: ...}, or a list of conditions.")
    compiled = _compile_one(scope, {k: v for k, v in body.items() if k != "says"}, place)
    says = body.get("says")
    return _with_sentence(compiled, str(says)) if says else compiled


def _compile_one(scope: Scope, body: dict[str, Any], place: Path) -> Judge:
    for word, build in (("all", _all), ("any", _any)):
        if set(body) == {word}:
            return build(scope, body[word], (*place, word))
    if set(body) == {"not"}:
        return _not(scope, body["not"], (*place, "not"))
    if "field" in body:
        return _field(scope, body, place)
    if "check" in body:
        return _check(scope, body, place)
    quantifier = next((word for word in QUANTIFIERS if word in body), None)
    if quantifier:
        return compile_quantifier(scope, quantifier, body, place, compile_condition)
    raise scope.source.problem(place, f"Unknown condition {', '.join(map(str, body))!r}: use field, check, all, any, not, {', '.join(QUANTIFIERS)}.")


def _with_sentence(judge: Judge, says: str) -> Judge:
    def explain(frames: Frames) -> Outcome:
        found = judge.explain(frames)
        return Outcome(found.answer, found.condition, found.frames, found.value, found.says or says, found.children)

    return Judge(explain, judge.truth)


def _several(scope: Scope, body: Any, place: Path) -> list[Judge]:
    if not isinstance(body, list) or not body:
        raise scope.source.problem(place, "Here stands a list of conditions, with at least one.")
    return [compile_condition(scope, item, (*place, index)) for index, item in enumerate(body)]


def _all(scope: Scope, body: Any, place: Path) -> Judge:
    parts = _several(scope, body, place)
    if len(parts) == 1:
        return parts[0]

    def explain(frames: Frames) -> Outcome:
        found = tuple(part.explain(frames) for part in parts)
        return Outcome(conjunction(o.answer for o in found), "all of", frames, children=found)

    truths = tuple(part.truth for part in parts)

    def truth(frames: Frames) -> Truth:
        result: Truth = True
        for each in truths:
            found = each(frames)
            if found is False:
                return False
            if found is None:
                result = None
        return result

    return Judge(explain, truth)


def _any(scope: Scope, body: Any, place: Path) -> Judge:
    parts = _several(scope, body, place)

    def explain(frames: Frames) -> Outcome:
        found = tuple(part.explain(frames) for part in parts)
        return Outcome(disjunction(o.answer for o in found), "any of", frames, children=found)

    truths = tuple(part.truth for part in parts)

    def truth(frames: Frames) -> Truth:
        result: Truth = False
        for each in truths:
            found = each(frames)
            if found is True:
                return True
            if found is None:
                result = None
        return result

    return Judge(explain, truth)


def _not(scope: Scope, body: Any, place: Path) -> Judge:
    part = compile_condition(scope, body, place)

    def explain(frames: Frames) -> Outcome:
        found = part.explain(frames)
        return Outcome(negation(found.answer), f"not: {written_out(found.condition)}", frames, found.value, children=found.children)

    return Judge(explain, lambda frames: negation(part.truth(frames)))


def _field(scope: Scope, body: dict[str, Any], place: Path) -> Judge:
    words = [word for word in body if word in OPERATORS]
    if len(words) != 1 or set(body) != {"field", words[0]}:
        raise scope.source.problem(place, f"A field is compared with exactly one of: {', '.join(OPERATORS)}.")
    word = words[0]
    read, found = field_at(scope, str(body["field"]), (*place, "field"))
    _check_operator(scope, word, found.scalar if found.kind == "scalar" else found.kind, str(body["field"]), place)
    _check_day(scope, word, body[word], place)
    wanted = value_at(scope, body[word], (*place, word))
    compare, phrase = OPERATORS[word]
    name = str(body["field"])

    said = f"{name} {phrase}"
    if _is_literal(body[word]):
        fixed, against = said if word == "present" else f"{said} {shown(body[word])}", wanted(())

        def explain_fixed(frames: Frames) -> Outcome:
            value = read(frames)
            return Outcome(compare(value, against), fixed, frames, value)

        return Judge(explain_fixed, lambda frames: compare(read(frames), against))

    def explain(frames: Frames) -> Outcome:
        value, other = read(frames), wanted(frames)
        return Outcome(compare(value, other), (said, other), frames, value)

    return Judge(explain, lambda frames: compare(read(frames), wanted(frames)))


def _is_literal(value: Any) -> bool:
    return not isinstance(value, dict) and not is_reference(value)


def _check_operator(scope: Scope, word: str, holds: str, name: str, place: Path) -> None:
    fits = {
        "covers": holds == "object",
        **{w: holds in {"date", "datetime"} for w in DATES},
        **{w: holds in {"integer", "text"} for w in NUMBERS},
        "present": True,
    }
    if not fits.get(word, holds not in {"object", "list"}):
        raise scope.source.problem((*place, word), f"`{word}` cannot be asked of {name!r}, which holds: {holds}.")


def _check_day(scope: Scope, word: str, wanted: Any, place: Path) -> None:
    """A day compared with a text that is none would never be known: the path that was meant lacks its `/`."""
    if word in DATES and _is_literal(wanted) and as_day(wanted) is None:
        raise scope.source.problem((*place, word), f"{wanted!r} is not a day. A path from the dossier begins with `/`, one from the same item with `.`.")


def _check(scope: Scope, body: dict[str, Any], place: Path) -> Judge:
    if set(body) - {"check", "with"}:
        raise scope.source.problem(place, "A check is written {check: name, with: {...}}.")
    name = str(body["check"])
    function = find_check(name)
    if function is None:
        raise scope.source.problem((*place, "check"), f"There is no check {name!r} in standards/checks.")
    readers = {key: value_at(scope, value, (*place, "with", key)) for key, value in (body.get("with") or {}).items()}

    def truth(frames: Frames) -> Truth:
        found: Truth = function(frames[-1], frames[0], **{key: read(frames) for key, read in readers.items()})
        return found

    words = name.replace("_", " ")
    return Judge(lambda frames: Outcome(truth(frames), words, frames, _subject(frames[-1])), truth)


def _subject(item: dict[str, Any]) -> str:
    return shown(item.get("reported") or item.get("number") or item.get("lot")) if item.keys() & {"reported", "number", "lot"} else ""
