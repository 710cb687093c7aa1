"""Switching rules of ISO 2859-1 between normal and tightened inspection."""

from __future__ import annotations

from dataclasses import dataclass

from ..method import Column, Example, method
from ..parameter import Parameter
from ..refusal import Unsuitable
from ..result import Assumption, Citation, Result, reported
from ..series import Series


@dataclass(frozen=True, kw_only=True)
class SwitchingResult(Result):
    """The state after the last lot."""

    state: str = reported("inspection of the next lot: normal, tightened or discontinued")
    states: tuple[str, ...] = reported("inspection under which each lot was judged", per_row=True)
    rejected_of_last_five: int = reported("lots not accepted among the last five on the present severity")
    accepted_in_a_row: int = reported("lots accepted in a row on the present severity")
    rejected_on_tightened: int = reported("lots not accepted since tightened inspection began")
    switches: int = reported("number of changes of severity")


@method(
    name="iso-2859-switching",
    title="Switching between normal and tightened inspection (ISO 2859-1)",
    family="sampling",
    result=SwitchingResult,
    citations=[Citation("ISO 2859-1:1999 Sampling procedures for inspection by attributes", "9.3 and 9.4")],
    columns=[Column("accepted", "1 for a lot accepted on original inspection, 0 for one not accepted, in order", axis=None, least=1)],
    parameters=[Parameter("start", "severity of the first lot", "choice", "normal", choices=("normal", "tightened"))],
    example=Example({"accepted": [1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1]}),
    order=True,
)
def iso_2859_switching(*, accepted: Series, start: str = "normal") -> SwitchingResult:
    """Tightened after two of five or fewer consecutive lots not accepted; normal after five accepted in a row; discontinued when five lots
    on tightened inspection have not been accepted. Lots offered again do not count. Reduced inspection is not held."""
    marks = accepted.array
    if any(each not in (0, 1) for each in marks):
        raise Unsuitable("A lot is neither accepted (1) nor not accepted (0). Check the column accepted.")
    state, run, row, rejected, changes = start, list[int](), 0, 0, 0
    states = []
    for mark in marks.astype(int).tolist():
        states.append(state)
        if state == "discontinued":
            continue
        run, row = [*run, mark][-5:], row + 1 if mark else 0
        rejected += state == "tightened" and not mark
        following = state
        if state == "normal" and run.count(0) >= 2:
            following = "tightened"
        elif state == "tightened":
            following = "discontinued" if rejected >= 5 else "normal" if row >= 5 else state
        if following != state:
            state, run, row, changes = following, [], 0, changes + 1
            rejected = rejected if state == "discontinued" else 0
    return SwitchingResult(
        state=state,
        states=tuple(states),
        rejected_of_last_five=run.count(0),
        accepted_in_a_row=row,
        rejected_on_tightened=rejected,
        switches=changes,
        decision=state,
        definitions={"reduced inspection": "not held"},
        assumptions=(Assumption("Lots are in the order of inspection, each on its original inspection."),),
        sentence=f"After {len(marks)} lots the next one is under {state} inspection." if state != "discontinued" else "Inspection is to be discontinued.",
    )
