"""What a study's answer hangs on: a margin, one lot, an exclusion."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.dossier.study.data import ChosenArm, Exclusion, Row, StudyData
from holdfast.dossier.study.evaluate import evaluate
from holdfast.dossier.study.protocol import Protocol, protocol_of
from holdfast.dossier.study.sensitivity import Hinge, hinges

pytestmark = [pytest.mark.req("6.6")]
ARMS = [{"name": name, "title": name, "why": "a test"} for name in ("before", "after")]
PAIR = {"reference": {"arms": ["before"]}, "test": {"arms": ["after"]}}


def protocol(**plan: Any) -> Protocol:
    given = {
        "code": "purity", "name": "Purity", "unit": "%", "risk": "high", "risk_why": "a test", "tier": "equivalence", "method": "tost-welch",
        "columns": PAIR, "parameters": {"lower": "-3", "upper": "3"}, "passes": ["equivalent"], "margin_why": "a test",
        "planned": {"sd": "1", "n_reference": 4, "n_test": 4, "source": "a test"}, **plan,
    }  # fmt: skip
    return protocol_of(
        {
            "kind": "method_transfer",
            "title": "T",
            "objective": "O",
            "subject": {"product": "P"},
            "arms": ARMS,
            "attributes": [given],
            "keep_methods_apart": False,
        }
    )


def data(before: list[str], after: list[str]) -> StudyData:
    values = [("before", text) for text in before] + [("after", text) for text in after]
    rows = tuple(
        Row(id=n, arm=arm, attribute="purity", lot=f"L-{n}", reported=text, unit="%", run=f"R-{n}", entry="cell_viability", method_title="Flow cytometry")
        for n, (arm, text) in enumerate(values, 1)
    )
    arms = tuple(ChosenArm(name=arm, lots=tuple(row.lot for row in rows if row.arm == arm)) for arm in ("before", "after"))
    return StudyData(study="S", protocol_digest="0", taken_at="2026-01-01", taken_by="A", arms=arms, rows=rows)


def hinge(plan: Protocol, found: StudyData, exclusions: list[Exclusion] | None = None) -> Hinge:
    left_out = exclusions or []
    [one] = hinges(plan, found, left_out, evaluate(plan, found, left_out))
    return one


def left_out(row: int) -> Exclusion:
    return Exclusion(row=row, run=f"R-{row}", attribute="purity", cause="The wrong gate was applied.", by="A", at="2026-01-02")


BEFORE, AFTER = ["97.0", "98.0", "97.5", "98.5"], ["97.2", "98.1", "97.6", "98.3"]


def test_an_equivalence_far_inside_its_margin_hangs_on_no_single_lot() -> None:
    found = hinge(protocol(), data(BEFORE, AFTER))
    assert (found.answer, found.is_fragile) == ("demonstrated", False)
    assert found.sentences[1] == "No single lot decides: leaving out any one of the 8 leaves the answer demonstrated."
    assert found.sentences[0].startswith("The 90 % interval comes as near as ")
    assert found.sentences[0].endswith("that way before equivalence is lost.")


def test_one_lot_that_decides_is_named_with_the_answer_there_would_be_without_it() -> None:
    found = hinge(protocol(), data(BEFORE, [*AFTER, "70.0"]))
    assert (found.answer, found.is_fragile) == ("not demonstrated", True)
    assert found.sentences[1] == "One lot decides: without L-9 it would be demonstrated."
    assert " beyond the margin -3 %." in found.sentences[0]


def test_an_answer_that_rests_on_an_exclusion_says_so() -> None:
    found = hinge(protocol(), data(BEFORE, [*AFTER, "70.0"]), [left_out(9)])
    assert (found.answer, found.is_fragile) == ("demonstrated", True)
    assert found.sentences[-1] == "The answer rests on what was left out: with the excluded result in, it would be not demonstrated."


def test_a_quality_range_counts_the_lots_that_may_still_fall_out_and_names_the_nearest() -> None:
    plan = protocol(tier="quality_range", method="quality-range", parameters={"rule": "min-max", "needed_share": "0.7"}, passes=["inside the range"])
    found = hinge(plan, data(BEFORE, AFTER))
    assert found.sentences[0] == "4 of 4 lots lie inside and 3 are needed: the answer changes when 2 of them would lie outside."
    assert found.sentences[1] == "Nearest to an end is L-5: 97.2 %, 0.2 % from 97."


def test_what_nobody_can_tell_is_not_called_demonstrated_and_says_what_it_needs() -> None:
    found = hinge(protocol(), data([], AFTER))
    assert found.answer == "cannot tell"
    assert found.sentences == ("The method gave no answer. What it needs: The arm before has no result of Purity.",)


def test_an_attribute_for_information_has_nothing_that_decides() -> None:
    plan = protocol(tier="side_by_side", passes=[], margin_why="")
    assert hinges(plan, data(BEFORE, AFTER), [], evaluate(plan, data(BEFORE, AFTER))) == []
