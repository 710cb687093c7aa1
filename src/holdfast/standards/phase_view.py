"""What must be true of a programme at its phase, what at the next milestone, and what may wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .judge import judge
from .loading import Pack
from .pack import Phase
from .verdict import RuleAnswer

PHASES: tuple[Phase, ...] = ("phase1", "phase2", "phase3", "commercial")
WEIGHT = {"blocker": 3, "major": 2, "minor": 1, "advice": 0}
Key = tuple[str, str]


@dataclass(frozen=True)
class Expectation:
    """A rule at a phase: what it answers on today's evidence, as it would be asked then, and why it is named there."""

    phase: Phase
    answer: RuleAnswer
    why: str

    @property
    def is_open(self) -> bool:
        """Whether today's evidence does not yet meet it."""
        return self.answer.answer in {"not met", "cannot tell"} and self.answer.suspended is None


@dataclass(frozen=True)
class PhaseView:
    """`now`: every rule that applies at the phase. `next`: those that come, or weigh more, at the next. `later`: those that come only after."""

    phase: Phase
    next_phase: Phase | None
    now: tuple[Expectation, ...]
    next: tuple[Expectation, ...]
    later: tuple[Expectation, ...]


def phase_view(packs: Sequence[Pack], dossier: dict[str, Any], phase: Phase, next_phase: Phase | None = None) -> PhaseView:
    """The view of a programme at `phase`, by every question that the packs ask, from one dossier of its evidence.

    `next_phase` is the phase that the programme heads for, the following one without it; a programme may leap. Rules of the signature are
    left out. Each answer is as it would be at its phase on the evidence of today, so that work ahead shows as what it is.
    """
    following = next_phase or (PHASES[PHASES.index(phase) + 1] if phase != PHASES[-1] else None)
    today = _answers(packs, dossier, phase)
    now = [Expectation(phase, answer, "Applies now.") for answer in today.values()]
    if following is None:
        return PhaseView(phase, None, tuple(now), (), ())
    milestone = _answers(packs, dossier, following)
    coming = [Expectation(following, answer, why) for key, answer in milestone.items() if (why := _why(today.get(key), answer, following))]
    seen, later = {*today, *milestone}, []
    for after in PHASES[PHASES.index(following) + 1 :]:
        for key, answer in _answers(packs, dossier, after).items():
            if key not in seen:
                seen.add(key)
                later.append(Expectation(after, answer, f"Comes at {after}."))
    return PhaseView(phase, following, tuple(now), tuple(coming), tuple(later))


def _answers(packs: Sequence[Pack], dossier: dict[str, Any], phase: Phase) -> dict[Key, RuleAnswer]:
    """Every answer at a phase but `not applicable`, by question and rule. A marketed product is asked by its market route."""
    decision = {**(dossier.get("decision") or {}), "phase": phase}
    if phase == "commercial":
        decision["route"] = "market"
    elif decision.get("route") == "market":
        decision["route"] = "trial"
    found: dict[Key, RuleAnswer] = {}
    for question in dict.fromkeys(question for pack in packs for question in pack.questions):
        verdict = judge(packs, {**dossier, "decision": {**decision, "question": question}, "signer": None})
        found |= {(question, answer.id): answer for answer in verdict.rules if answer.answer != "not applicable"}
    return found


def _why(today: RuleAnswer | None, then: RuleAnswer, phase: Phase) -> str:
    """Why a rule is named at the next milestone; empty when it asks the same as today."""
    if today is None:
        return f"Comes at {phase}."
    if WEIGHT[then.severity] > WEIGHT[today.severity]:
        return f"Weighs {then.severity} at {phase}; now {today.severity}."
    if then.answer != today.answer:
        return f"Is {then.answer} as {phase} asks it; now {today.answer}."
    return ""
