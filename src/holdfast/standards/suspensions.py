"""When a rule is suspended by another that makes an exception from it.

Only an exception that is *met*, and certainly applies (region, phase, modality and route known), suspends; `not applicable` and `cannot
tell` never do. A guidance never suspends law by itself: it says on which ground it may, and the verdict repeats it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from holdfast.kernel.errors import HoldfastError

from .applicability import certainly_applies
from .loading import Pack, Rule
from .pack import Answer, RuleText, Suspension
from .verdict import SuspendedBy

GROUNDS = {
    "law": "by law",
    "filing": "accepted by a filing in effect, not by regulation",
    "same": "neither rule rests on law",
}


class SuspensionProblem(HoldfastError):
    """A rule is suspended by one that may not."""


Exceptions = dict[str, list[tuple[Pack, Rule]]]


def exceptions_in(packs: Sequence[Pack]) -> Exceptions:
    """The rules of these packs that some rule of them names as its exception, by id, whatever they ask. Raises `SuspensionProblem`."""
    return _exceptions_in(tuple(packs))


@lru_cache(64)
def _exceptions_in(packs: tuple[Pack, ...]) -> Exceptions:
    suspensions = [named for pack in packs for named in pack.suspensions]
    found: Exceptions = {suspension.rule: [] for _, suspension in suspensions}
    for pack in packs if found else ():
        for rule in pack.rules:
            if rule.id in found:
                found[rule.id].append((pack, rule))
    for text, suspension in suspensions:
        for _, exception in found[suspension.rule]:
            check_ground(text, suspension, exception.text)
    return found


def check_ground(rule: RuleText, suspension: Suspension, exception: RuleText) -> None:
    """Law is suspended only by law, or by a filing in effect that the exception asks for. Raises `SuspensionProblem`."""
    if suspension.ground == "law" and exception.authority != "law":
        raise SuspensionProblem(f"{rule.id} is suspended 'by law' by {exception.id}, which cites no law.")
    if suspension.ground == "same" and rule.authority == "law" and exception.authority != "law":
        raise SuspensionProblem(f"{rule.id} rests on law; {exception.id} ({exception.authority}) does not, and cannot suspend it.")


def suspension_of(
    rule: Rule, exceptions: Exceptions, dossier: dict[str, Any], axes: dict[str, Any], answer: Callable[[Rule, dict[str, Any]], Answer]
) -> SuspendedBy | None:
    """The exception that suspends a rule here, if one does: the first that is met."""
    for suspension in rule.text.suspended_by:
        for pack, exception in exceptions.get(suspension.rule, []):
            if certainly_applies(exception.text.applies, axes) and answer(exception, dossier) == "met":
                return SuspendedBy(rule=exception.id, pack=pack.id, title=exception.text.title, ground=GROUNDS[suspension.ground])
    return None
