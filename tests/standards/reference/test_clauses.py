"""Conditions in words: every one that ships can be read, and each word of the vocabulary says what the engine asks."""

from __future__ import annotations

import re
from typing import Any

import pytest

from holdfast.dossier.schema import Dossier
from holdfast.standards.library import shipped_packs
from holdfast.standards.pack import Parameter
from holdfast.standards.questions import day_needed
from holdfast.standards.reference.clauses import worded
from holdfast.standards.reference.examples import given_lines, samples
from holdfast.standards.reference.naming import Setting, entry_of, lasting, sentence

pytestmark = [pytest.mark.req("5.8")]
SETTING = Setting({"audit_interval": Parameter(value="P3Y", why="custom"), "most": Parameter(value=5, unit="{copies}/{cell}", why="custom")})
DAY = "/batch.review_completed_on"


def lines(body: Any) -> list[str]:
    return [line for clause in worded(body, SETTING, DAY) for line in clause.lines()]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"field": "batch.batch_record.state", "is": "approved"}, "The state of the batch record is approved"),
        ({"field": "/decision.date", "before": "2026-05-01"}, "The day of the decision is before 1 May 2026"),
        ({"field": "sample.on_map", "is": True}, "The “on map” of the sample: yes"),
        ({"field": "sample.on_map", "is_not": True}, "The “on map” of the sample: no"),
        ({"field": "batch.lot", "present": False}, "The lot of the batch is not recorded"),
        ({"field": "batch.vcn", "at_most": "$most"}, "The VCN of the batch is at most 5 copies/cell (figure “most”)"),
        (
            {"field": "audit.audited_on", "not_before": {"path": "/decision.date", "minus": "$audit_interval"}},
            "The “audited on” of the audit is not before 3 years (figure “audit interval”) before the day of the decision",
        ),
        ({"field": "batch.kind", "in": ["a_b", "c"]}, "The kind of the batch is one of a b or c"),
    ],
)
def test_a_comparison_is_a_sentence_that_names_field_figure_and_day(body: Any, said: str) -> None:
    assert lines(body) == [said]


def test_a_list_says_which_of_its_entries_are_meant_and_how_it_must_stand() -> None:
    audits = {"some": "audits", "must": {"field": "accepted", "is": True}, "complete_by": {"list": "audits", "site": "^.site"}}
    site, day = "the site of the supply chain entry it belongs to", "the day the batch's review ended"
    assert lines({"every": "supply_chain", "where": {"field": "activity", "is": "storage"}, "must": audits}) == [
        "Every supply chain entry among the supply chain, where its activity is storage:",
        f"    At least one audit among its audits: (the list of audits of {site} must be stated complete to {day})",
        "        Its “accepted”: yes",
    ]


def test_no_entry_and_a_number_of_entries_and_ways_among_which_one_is_enough() -> None:
    on_hold = [{"field": "state", "is": "on_hold"}, {"field": "validity", "covers": "/decision.date"}]
    assert lines({"none": "states", "where": on_hold, "complete": "by_document"}) == [
        "No state among the states: (the list is complete with its document)",
        "    Where:",
        "        Its state is on hold",
        "        Its validity covers the day of the decision",
    ]
    assert lines({"count": "labels", "at_least": 1}) == ["There is at least one label among the labels"]
    assert lines({"any": [{"field": "a", "is": 1}, [{"field": "b", "is": 2}, {"field": "c", "is": 3}]]}) == [
        "At least one of these holds:",
        "    The a is 1",
        "    All of these hold:",
        "        The b is 2",
        "        The c is 3",
    ]
    assert lines({"not": {"check": "part_211_binds"}}) == ["This does not hold:", "    Does 21 CFR part 211 bind this batch? The answer is yes."]


def test_a_sentence_of_its_own_is_told_with_what_is_filled_in_in_brackets() -> None:
    (clause,) = worded({"field": "lot", "present": True, "says": "{/batch.process} has no {lot}."}, SETTING, DAY)
    assert clause.says == "[process of the batch] has no [lot]."
    assert sentence("Step {sequence} ({unit_operation})") == "Step [sequence] ([unit operation])"


def test_durations_and_entries_are_written_out() -> None:
    assert [lasting(text) for text in ("P1Y", "P2Y6M", "P45D")] == ["1 year", "2 years 6 months", "45 days"]
    assert [entry_of(name) for name in ("audits", "supply chain", "process")] == ["audit", "supply chain entry", "process entry"]


def test_every_condition_and_example_that_ships_is_said_without_a_code_word() -> None:
    for pack in shipped_packs(Dossier):
        for rule in pack.rules:
            setting, day = Setting(pack.header.parameters), day_needed(rule.text.question)
            told = [body for body in (rule.text.when, rule.text.require) if body is not None]
            said = [line for body in told for clause in worded(body, setting, day) for line in clause.lines()]
            assert said
            assert [line for line in said if re.search(r"[_{}$]|/\w+\.\w", line)] == [], rule.id
            assert {sample.answer for sample in samples(rule.text)} >= {"met", "not met", "cannot tell"}
            assert not [name for name, _ in given_lines(rule.text) if "_" in name]
