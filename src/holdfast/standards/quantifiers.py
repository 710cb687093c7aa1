"""every, some, none, count: over a list that may be incomplete, of items that may be unknown.

A violation decides whatever else the list may hold; that all is well is known only of a complete list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .completeness import BY_DOCUMENT, completeness
from .outcome import SHOWN_PASSING, Frames, Item, Judge, Outcome, Truth, conjunction, disjunction, negation
from .positions import Path
from .reading import Read, Scope, field_at

QUANTIFIERS = ("every", "some", "none", "count")
COMPARISONS = ("at_least", "at_most", "equals")
ALLOWED = {
    "every": {"every", "where", "must", "complete_by", "complete"},
    "some": {"some", "where", "must", "complete_by", "complete"},
    "none": {"none", "where", "complete_by", "complete"},
    "count": {"count", "where", "complete_by", "complete", *COMPARISONS},
}
Compile = Callable[[Scope, Any, Path], Judge]
#: the rows of a list whose document is not there: nothing is known of every one of them
NO_DOCUMENT: list[Item] = []


def compile_quantifier(scope: Scope, word: str, body: dict[str, Any], place: Path, compile_condition: Compile) -> Judge:
    """Compile one quantifier. Raises `PackProblem` for a path that is not a list, or an unknown or missing word."""
    if set(body) - ALLOWED[word]:
        raise scope.source.problem(place, f"`{word}` takes only: {', '.join(sorted(ALLOWED[word]))}.")
    read, found = field_at(scope, str(body[word]), (*place, word))
    if found.kind != "list" or found.model is None:
        raise scope.source.problem((*place, word), f"{body[word]!r} is not a list of records.")
    listed = scope.place_of(str(body[word]))
    inner = scope.inside(found.model, listed)
    where = compile_condition(inner, body["where"], (*place, "where")) if "where" in body else None
    must = compile_condition(inner, body["must"], (*place, "must")) if "must" in body else None
    complete = completeness(scope, body, place, listed)
    _check_words(scope, word, body, place, complete is not None)
    stated, note = complete or ((lambda frames: False), "list not stated complete")
    items = _reader(read, body.get("complete") == BY_DOCUMENT)
    name = str(body[word]).strip("/").replace("_", " ").replace(".", ", ")
    if word == "every":
        return _every(name, items, where, must, stated, note)
    if word == "some":
        return _some(name, items, where, must, stated, note)
    if word == "none":
        return _none(name, items, where, stated, note)
    return _count(name, items, where, stated, note, next((c, int(body[c])) for c in COMPARISONS if c in body))


def _check_words(scope: Scope, word: str, body: dict[str, Any], place: Path, is_complete: bool) -> None:
    if word == "every" and "must" not in body:
        raise scope.source.problem(place, "`every` needs `must`.")
    if word == "none" and "where" not in body:
        raise scope.source.problem(place, "`none` needs `where`.")
    given = [c for c in COMPARISONS if c in body]
    if word == "count" and len(given) != 1:
        raise scope.source.problem(place, f"`count` needs exactly one of: {', '.join(COMPARISONS)}.")
    if word in {"every", "none"} and not is_complete:
        raise scope.source.problem(place, f"`{word}` needs `complete_by` (or `complete: by_document`): an empty list is not evidence.")


def _reader(read: Read, is_by_document: bool) -> Callable[[Frames], list[Item]]:
    absent: list[Item] = NO_DOCUMENT if is_by_document else []

    def items(frames: Frames) -> list[Item]:
        found = read(frames)
        return found if isinstance(found, list) else absent

    return items


def _selected(where: Judge | None, must: Judge | None, frames: Frames, items: list[Item]) -> list[tuple[Truth, Outcome]]:
    """For each item that is not certainly left out: whether it is chosen, and what `must` (or else `where`) says of it."""
    chosen: list[tuple[Truth, Outcome]] = []
    for item in items:
        inner = (*frames, item)
        selection = where(inner) if where else None
        truth: Truth = selection.answer if selection else True
        if truth is False and must is not None:
            continue
        if must is not None:
            chosen.append((truth, must(inner)))
        else:
            chosen.append((truth, selection or Outcome(True, "is there", inner)))
    return chosen


def _children(outcomes: list[Outcome], answer: Truth) -> tuple[Outcome, ...]:
    """The items that made the answer first, whole; of those that simply hold, the first few."""
    decisive = [o for o in outcomes if o.answer is answer and answer is not True]
    open_items = [o for o in outcomes if o.answer is None and answer is not None]
    passing = [o for o in outcomes if o.answer is True]
    others = [o for o in outcomes if o.answer is False and answer is not False]
    return tuple(decisive + open_items + passing[:SHOWN_PASSING] + others[:SHOWN_PASSING])


def _counted(n: int, note: str) -> str:
    return f"{n} {'row' if n == 1 else 'rows'}; {note}"


def _every(name: str, items: Callable[[Frames], list[Item]], where: Judge | None, must: Judge | None, stated: Read, note: str) -> Judge:
    def answer(frames: Frames) -> Outcome:
        rows = items(frames)
        chosen = _selected(where, must, frames, rows)
        truths = [disjunction((negation(truth), o.answer)) for truth, o in chosen]
        settled = conjunction(truths)
        is_stated = rows is not NO_DOCUMENT and stated(frames)
        if settled is True and not is_stated:
            settled = None
        outcomes = [o if o.answer is t else o._replace(answer=t) for t, (_, o) in zip(truths, chosen, strict=True)]
        remark = note if is_stated else "list not stated complete"
        return Outcome(settled, f"every one of {name}", frames, _counted(len(chosen), remark), children=_children(outcomes, settled))

    return answer


def _some(name: str, items: Callable[[Frames], list[Item]], where: Judge | None, must: Judge | None, stated: Read, note: str) -> Judge:
    def answer(frames: Frames) -> Outcome:
        chosen = _selected(where, must, frames, items(frames))
        truths = [conjunction((truth, o.answer)) for truth, o in chosen]
        settled = disjunction(truths)
        is_stated = stated(frames)
        if settled is False and not is_stated:
            settled = None
        outcomes = [o if o.answer is t else o._replace(answer=t) for t, (_, o) in zip(truths, chosen, strict=True)]
        remark = note if is_stated else "list not stated complete"
        return Outcome(settled, f"some one of {name}", frames, _counted(len(chosen), remark), children=_children(outcomes, settled))

    return answer


def _none(name: str, items: Callable[[Frames], list[Item]], where: Judge | None, stated: Read, note: str) -> Judge:
    def answer(frames: Frames) -> Outcome:
        rows = items(frames)
        chosen = _selected(where, None, frames, rows)
        outcomes = [o._replace(answer=negation(truth)) for truth, o in chosen]
        settled = conjunction(o.answer for o in outcomes)
        is_stated = rows is not NO_DOCUMENT and stated(frames)
        if settled is True and not is_stated:
            settled = None
        remark = note if is_stated else "list not stated complete"
        return Outcome(settled, f"none of {name}", frames, _counted(len(chosen), remark), children=_children(outcomes, settled))

    return answer


def _count(name: str, items: Callable[[Frames], list[Item]], where: Judge | None, stated: Read, note: str, wanted: tuple[str, int]) -> Judge:
    comparison, number = wanted

    def answer(frames: Frames) -> Outcome:
        truths = [where((*frames, item)).answer if where else True for item in items(frames)]
        fewest = sum(1 for truth in truths if truth is True)
        is_stated = stated(frames)
        most: float = fewest + sum(1 for truth in truths if truth is None) if is_stated else float("inf")
        remark = note if is_stated else "list not stated complete"
        text = f"number of {name} {comparison.replace('_', ' ')} {number}"
        return Outcome(_compared(comparison, fewest, most, number), text, frames, _counted(fewest, remark))

    return answer


def _compared(comparison: str, fewest: int, most: float, number: int) -> Truth:
    if comparison == "at_least":
        return True if fewest >= number else False if most < number else None
    if comparison == "at_most":
        return True if most <= number else False if fewest > number else None
    if fewest == most == number:
        return True
    return False if fewest > number or most < number else None
