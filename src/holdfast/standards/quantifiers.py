"""every, some, none, count: over a list that may be incomplete, of items that may be unknown.

A violation decides whatever else the list may hold; that all is well is known only of a complete list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

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
NOT_STATED = "list not stated complete"


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


class Chosen(NamedTuple):
    """An item that is not certainly left out: what it comes to for the list as a whole, and how to explain it."""

    truth: Truth
    frames: Frames
    explain: Callable[[Frames], Outcome]
    explained: Outcome | None = None  # where it was explained to be judged

    def outcome(self) -> Outcome:
        """The explanation, with the answer that the list took from the item."""
        found = self.explained or self.explain(self.frames)
        return found if found.answer is self.truth else found._replace(answer=self.truth)


def _weighed(judge: Judge, frames: Frames, rows: list[Item]) -> tuple[Truth, Outcome | None]:
    """What an item comes to. Of a list so short that every item is shown, each is explained at once; of a longer one, only those that are shown, later."""
    if len(rows) > SHOWN_PASSING:
        return judge.truth(frames), None
    found = judge.explain(frames)
    return found.answer, found


def _is_there(frames: Frames) -> Outcome:
    return Outcome(True, "is there", frames)


def _true(frames: Frames) -> Truth:
    return True


#: a condition that everything meets
ANYTHING = Judge(_is_there, _true)


def _children(chosen: list[Chosen], answer: Truth) -> tuple[Outcome, ...]:
    """The items that made the answer first, whole; of those that simply hold, the first few. Only what is shown is explained."""
    decisive = [c for c in chosen if c.truth is answer and answer is not True]
    open_items = [c for c in chosen if c.truth is None and answer is not None]
    passing = [c for c in chosen if c.truth is True]
    others = [c for c in chosen if c.truth is False and answer is not False]
    return tuple(c.outcome() for c in decisive + open_items + passing[:SHOWN_PASSING] + others[:SHOWN_PASSING])


def _counted(n: int, note: str) -> str:
    return f"{n} {'row' if n == 1 else 'rows'}; {note}"


def _every(name: str, items: Callable[[Frames], list[Item]], where: Judge | None, must: Judge | None, stated: Read, note: str) -> Judge:
    assert must is not None
    selects, holds = (where or ANYTHING).truth, must.truth

    def settle(truth: Truth, frames: Frames, rows: list[Item]) -> tuple[Truth, bool]:
        is_stated = rows is not NO_DOCUMENT and bool(stated(frames))
        return (None if truth is True and not is_stated else truth), is_stated

    def truth(frames: Frames) -> Truth:
        result: Truth = True
        rows = items(frames)
        for item in rows:
            inner = (*frames, item)
            selected = selects(inner)
            if selected is False:
                continue
            found = holds(inner)
            if found is False and selected is True:
                return False
            if found is not True:
                result = None
        return settle(result, frames, rows)[0] if result is True else result

    def explain(frames: Frames) -> Outcome:
        rows = items(frames)
        chosen = []
        for item in rows:
            inner = (*frames, item)
            selected = selects(inner)
            if selected is not False:
                held, explained = _weighed(must, inner, rows)
                chosen.append(Chosen(disjunction((negation(selected), held)), inner, must.explain, explained))
        settled, is_stated = settle(conjunction(c.truth for c in chosen), frames, rows)
        remark = note if is_stated else NOT_STATED
        return Outcome(settled, f"every one of {name}", frames, _counted(len(chosen), remark), children=_children(chosen, settled))

    return Judge(explain, truth)


def _some(name: str, items: Callable[[Frames], list[Item]], where: Judge | None, must: Judge | None, stated: Read, note: str) -> Judge:
    shows = must or where or ANYTHING
    selects, holds = (where or ANYTHING).truth, (must or ANYTHING).truth
    drops = must is not None  # an item that is certainly not meant is not counted

    def truth(frames: Frames) -> Truth:
        result: Truth = False
        for item in items(frames):
            inner = (*frames, item)
            selected = selects(inner)
            found = selected if selected is False else conjunction((selected, holds(inner)))
            if found is True:
                return True
            if found is None:
                result = None
        return None if result is None or not stated(frames) else False

    def explain(frames: Frames) -> Outcome:
        chosen = []
        for item in items(frames):
            inner = (*frames, item)
            selected = selects(inner)
            if not (drops and selected is False):
                chosen.append(Chosen(conjunction((selected, holds(inner))), inner, shows.explain))
        settled, is_stated = disjunction(c.truth for c in chosen), bool(stated(frames))
        if settled is False and not is_stated:
            settled = None
        remark = note if is_stated else NOT_STATED
        return Outcome(settled, f"some one of {name}", frames, _counted(len(chosen), remark), children=_children(chosen, settled))

    return Judge(explain, truth)


def _none(name: str, items: Callable[[Frames], list[Item]], where: Judge | None, stated: Read, note: str) -> Judge:
    meant = where or ANYTHING

    def settle(truth: Truth, frames: Frames, rows: list[Item]) -> tuple[Truth, bool]:
        is_stated = rows is not NO_DOCUMENT and bool(stated(frames))
        return (None if truth is True and not is_stated else truth), is_stated

    def truth(frames: Frames) -> Truth:
        result: Truth = True
        rows = items(frames)
        for item in rows:
            found = meant.truth((*frames, item))
            if found is True:
                return False
            if found is None:
                result = None
        return settle(result, frames, rows)[0] if result is True else result

    def explain(frames: Frames) -> Outcome:
        rows = items(frames)
        weighed = [(inner, *_weighed(meant, inner, rows)) for inner in ((*frames, item) for item in rows)]
        chosen = [Chosen(negation(found), inner, meant.explain, explained) for inner, found, explained in weighed]
        settled, is_stated = settle(conjunction(c.truth for c in chosen), frames, rows)
        remark = note if is_stated else NOT_STATED
        return Outcome(settled, f"none of {name}", frames, _counted(len(chosen), remark), children=_children(chosen, settled))

    return Judge(explain, truth)


def _count(name: str, items: Callable[[Frames], list[Item]], where: Judge | None, stated: Read, note: str, wanted: tuple[str, int]) -> Judge:
    comparison, number = wanted
    meant = (where or ANYTHING).truth
    text = f"number of {name} {comparison.replace('_', ' ')} {number}"

    def counted(frames: Frames) -> tuple[Truth, int, bool]:
        truths = [meant((*frames, item)) for item in items(frames)]
        fewest = truths.count(True)
        is_stated = bool(stated(frames))
        most: float = fewest + truths.count(None) if is_stated else float("inf")
        return _compared(comparison, fewest, most, number), fewest, is_stated

    def explain(frames: Frames) -> Outcome:
        truth, fewest, is_stated = counted(frames)
        return Outcome(truth, text, frames, _counted(fewest, note if is_stated else NOT_STATED))

    return Judge(explain, lambda frames: counted(frames)[0])


def _compared(comparison: str, fewest: int, most: float, number: int) -> Truth:
    if comparison == "at_least":
        return True if fewest >= number else False if most < number else None
    if comparison == "at_most":
        return True if most <= number else False if fewest > number else None
    if fewest == most == number:
        return True
    return False if fewest > number or most < number else None
