"""The first walk: six steps from the board to a signed decision, each on the page where it is done. What is asked of the record is read from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from holdfast.kernel.clock import today
from holdfast.ledger.models import Programme
from holdfast.people.policy import may_sign, roles_held
from holdfast.release.models import Decision, StandingVerdict
from holdfast.release.questions import DESTINATIONS, SUFFIX

SESSION = "first walk"


@dataclass(frozen=True)
class Step:
    """One step: what to do, why, where; `address` is empty when the record holds nothing to do it on."""

    number: int
    title: str
    does: str
    address: str
    instead: str = ""


@dataclass(frozen=True)
class Walk:
    """The steps for one person, the number of the one they are at (7 when all is done), and whether a decision of theirs stands."""

    steps: tuple[Step, ...]
    at: int
    signed: Decision | None

    @property
    def step(self) -> Step | None:
        return next((step for step in self.steps if step.number == self.at), None)


def walk_of(person: Any, session: Any) -> Walk:
    """The walk of a person as it stands."""
    signs = questions_signed(person)
    question = signs[0] if signs else ""
    held, ready = _batch("blocked", question), _batch("ready", question)
    signed = Decision.objects.filter(signer=person, record__voided_at__isnull=True).select_related("record").order_by("-pk").first()
    fault = reverse("record", args=[held.fault]) if held and held.fault else ""
    place = SUFFIX[question].lower() if question else ""
    steps = (
        Step(1, "See what waits", "Each line is a batch, each column a destination with its own answer. Start with what expires first.", reverse("board")),
        Step(2, "Open a batch that is held back", "Two verdicts stand side by side, rule by rule. A blocked one says which rule is not met, and why.",
             reverse("batch", args=[held.lot_id]) if held else "", "No batch that you see is blocked."),
        Step(3, "Follow the fault to its record", "Below a rule that is not met stands the record in which it fails. Open it: the fact behind the answer.",
             fault, "No record of yours is at fault."),
        Step(4, "Read who did what", "At the end of the record stands its history: who, when, why, old and new value. Nothing can be changed without it.",
             f"{fault}#history-title" if fault else "", "No record of yours is at fault."),
        Step(5, "Decide and sign", "On a batch that is ready: what you sign is shown first, then your identity is asked for again. The signature is yours.",
             reverse("decide", args=[ready.lot_id, place]) if ready and place else "",
             "Your role signs no decision here, or no batch is ready for the one you sign. The walk ends with reading." if not signed else ""),
        Step(6, "Keep the documents", "The signed decision with its PDF, and a file that anybody can verify without us.",
             reverse("decision", args=[signed.pk]) if signed else "", "You have signed no decision yet."),
    )  # fmt: skip
    return Walk(steps, int(session.get(SESSION, 0)), signed)


def questions_signed(person: Any) -> list[str]:
    """The questions whose decision a person may sign on any programme that they see, in the order of the board."""
    held = [roles_held(person, programme, today()) for programme in Programme.objects.order_by("number")]
    return [question for question in DESTINATIONS.values() if any(may_sign(question, roles) for roles in held)]


def _batch(state: str, question: str) -> StandingVerdict | None:
    """The batch in a state whose expiry comes first, for a question (or for any, when none is signed)."""
    rows = StandingVerdict.objects.filter(state=state, stale_since__isnull=True)
    return (rows.filter(question=question) if question else rows).order_by("sorts_on", "number").first()
