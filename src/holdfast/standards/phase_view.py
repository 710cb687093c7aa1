"""What must be true of a programme at its phase, what at the next milestone, and what may wait."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .completeness import as_judged
from .judge import answer_of, fill, judge
from .loading import Pack, Rule
from .outcome import Outcome
from .pack import Phase
from .values import written_out
from .verdict import RuleAnswer

PHASES: tuple[Phase, ...] = ("phase1", "phase2", "phase3", "commercial")
WORDS: dict[Phase, str] = {"phase1": "phase 1", "phase2": "phase 2", "phase3": "phase 3", "commercial": "commercial supply"}
WEIGHT = {"blocker": 3, "major": 2, "minor": 1, "advice": 0}
Key = tuple[str, str]
#: a condition on the rows of a list, with the list's path
_ROWS = re.compile(r"(?:number|every one|at least one|none) of ([\w, ]+?)(?: at | where|$)")


@dataclass(frozen=True)
class Expectation:
    """A rule at a phase: what it answers on today's evidence, as it would be asked then, and why it is named there.

    `needs` says what is open: all of it where the rule first stands, and only what is asked beyond that where it stands again.
    """

    phase: Phase
    answer: RuleAnswer
    why: str
    needs: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether today's evidence does not yet meet it."""
        return self.answer.answer in {"not met", "cannot tell"} and self.answer.suspended is None


@dataclass(frozen=True)
class PhaseView:
    """`now`: every rule that applies at the phase. `next`: those that come, weigh more or ask more at the next. `later`: the same, only after that.

    `idle` are the rules of the phase that do not apply to this programme.
    """

    phase: Phase
    next_phase: Phase | None
    now: tuple[Expectation, ...]
    next: tuple[Expectation, ...]
    later: tuple[Expectation, ...]
    idle: tuple[Expectation, ...] = ()

    @property
    def all(self) -> tuple[Expectation, ...]:
        return (*self.now, *self.next, *self.later, *self.idle)


def phase_view(packs: Sequence[Pack], dossier: dict[str, Any], phase: Phase, next_phase: Phase | None = None) -> PhaseView:
    """The view of a programme at `phase`, by every question that the packs ask, from one dossier of its evidence.

    `next_phase` is the phase that the programme heads for, the following one without it; a programme may leap. Rules of the signature are
    left out. Each answer is as it would be at its phase on the evidence of today, so that work ahead shows as what it is.
    """
    following = next_phase or (PHASES[PHASES.index(phase) + 1] if phase != PHASES[-1] else None)
    today = _expected(packs, dossier, phase)
    idle = tuple(one for one in today.values() if one.answer.answer == "not applicable")
    standing = {key: one for key, one in today.items() if one.answer.answer != "not applicable"}
    now = tuple(replace(one, why="Applies now.") for one in standing.values())
    coming = _beyond(packs, dossier, following, standing) if following else ()
    later: list[Expectation] = []
    for after in PHASES[PHASES.index(following) + 1 :] if following else ():
        later += _beyond(packs, dossier, after, standing, only_new=True)
    return PhaseView(phase, following, now, coming, tuple(later), idle)


def _beyond(packs: Sequence[Pack], dossier: dict[str, Any], phase: Phase, standing: dict[Key, Expectation], only_new: bool = False) -> tuple[Expectation, ...]:
    """What a phase asks beyond `standing`, which then holds it too. `only_new`: a rule that stands is named again only for what it asks beyond that."""
    found = []
    for key, then in _expected(packs, dossier, phase).items():
        before = standing.get(key)
        if then.answer.answer == "not applicable":
            continue
        asked = {sentence for sentence in then.needs if before is None or sentence not in before.needs}
        why = _why(before, then, bool(asked), only_new)
        if why:
            found.append(replace(then, why=why, needs=tuple(sentence for sentence in then.needs if sentence in asked)))
        standing[key] = then if before is None else replace(then, needs=tuple(dict.fromkeys((*before.needs, *then.needs))))
    return tuple(found)


def _why(before: Expectation | None, then: Expectation, asks_more: bool, only_new: bool) -> str:
    """Why a rule is named at a phase to come; empty when it asks the same as before."""
    phase, answer = WORDS[then.phase], then.answer
    if before is None:
        return f"Comes at {phase}."
    said = []
    if not only_new and WEIGHT[answer.severity] > WEIGHT[before.answer.severity]:
        said.append(f"Weighs {answer.severity} at {phase}; now {before.answer.severity}.")
    if asks_more:
        said.append(f"Asks more at {phase}.")
    if not only_new and not said and answer.answer != before.answer.answer:
        said.append(f"Is {answer.answer} as {phase} asks it; now {before.answer.answer}.")
    return " ".join(said)


def _expected(packs: Sequence[Pack], dossier: dict[str, Any], phase: Phase) -> dict[Key, Expectation]:
    """Every rule of a phase with its answer and what it finds open, by question and rule. A marketed product is asked by its market route."""
    decision = {**(dossier.get("decision") or {}), "phase": phase}
    if phase == "commercial":
        decision["route"] = "market"
    elif decision.get("route") == "market":
        decision["route"] = "trial"
    rules: dict[Key, Rule] = {}
    for pack in reversed(packs):  # of two packs that have a rule, the first judges it
        rules |= {(rule.text.question, rule.id): rule for rule in pack.rules}
    found: dict[Key, Expectation] = {}
    for question in dict.fromkeys(question for pack in packs for question in pack.questions):
        asked = {**dossier, "decision": {**decision, "question": question}, "signer": None}
        judged = as_judged(asked)
        for answer in judge(packs, asked).rules:
            found[question, answer.id] = Expectation(phase, answer, "", _needs(rules[question, answer.id], answer, judged))
    return found


def _needs(rule: Rule, answer: RuleAnswer, judged: dict[str, Any]) -> tuple[str, ...]:
    """A sentence for each requirement that is open: its own, else the rule's where it fails, else what is not on record."""
    if answer.answer not in {"not met", "cannot tell"}:
        return ()
    _, outcome = answer_of(rule, judged)
    asked = [child for child in outcome.children if child.answer is not True] if outcome.condition == "all of" else [outcome]
    said = [sentence for one in asked for sentence in _open_sentences(one) or _plain(rule, one)]
    return tuple(dict.fromkeys(said)) or (answer.says,)


def _open_sentences(outcome: Outcome) -> list[str]:
    """The sentences of the innermost conditions that do not hold and have one."""
    inner = [sentence for child in outcome.children if child.answer is not True for sentence in _open_sentences(child)]
    return inner or ([fill(outcome.says, outcome.frames)] if outcome.says else [])


def _plain(rule: Rule, outcome: Outcome) -> list[str]:
    """A sentence for a requirement that has none of its own. The rule's own states a fault, so it is not for what is only not known."""
    if outcome.answer is False and isinstance(rule.text.says, str):
        return [fill(rule.text.says, outcome.decisive().frames)]
    missing = dict.fromkeys(_missing(outcome))
    return [f"Not on record: {', '.join(missing)}."] if missing else []


def _missing(outcome: Outcome) -> Iterator[str]:
    """What the innermost unknown conditions look at, in words: `development.stability_covers_trial is yes` looks at `stability covers trial`."""
    if outcome.answer is not None:
        return  # what fails within an unknown condition is another way round, which is closed
    for child in outcome.children:
        yield from _missing(child)
    if not outcome.children:
        said = written_out(outcome.condition)
        rows = _ROWS.match(said)
        path = rows[1].replace(", ", ".") if rows else said.split(" ")[0]
        words = path.lstrip("/.^").split(".", 1)[-1].replace(".", ": ").replace("_", " ").replace("gmp", "GMP")
        yield f"a list of {words} that is stated complete" if rows else words


__all__ = ["PHASES", "WEIGHT", "WORDS", "Expectation", "PhaseView", "phase_view"]
