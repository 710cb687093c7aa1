"""Rules of two regions by subject: every rule that is named exists, none stands twice, and nothing that stands in the way is lost."""

from __future__ import annotations

import pytest

from holdfast.dossier.schema import Dossier
from holdfast.standards.crosswalk import Subject, compare, us_eu_release
from holdfast.standards.library import shipped_packs
from holdfast.standards.pack import Answer, Citation
from holdfast.standards.verdict import RuleAnswer

pytestmark = [pytest.mark.req("4.3")]


def rule(identity: str, answer: Answer) -> RuleAnswer:
    cite = [Citation(document="D", authority="law", confidence="low", source_check="memory")]
    return RuleAnswer(
        id=identity,
        title=f"Title of {identity}",
        question="q",
        stage="record",
        severity="blocker",
        override="never",
        answer=answer,
        says="",
        cite=cite,
        pack="p",
    )


SUBJECTS = (Subject(subject="Label", US=("U-1", "U-2"), EU=("E-1",), differs="law", why="Each prescribes its own."),)


def test_every_rule_that_the_crosswalk_names_is_in_a_shipped_pack_and_under_one_subject() -> None:
    shipped = {rule.id for pack in shipped_packs(Dossier) for rule in pack.rules}
    for region in ("US", "EU"):
        named = [identity for subject in us_eu_release() for identity in subject.rules_of(region)]
        assert len(named) == len(set(named))
        assert set(named) <= shipped


@pytest.mark.parametrize(
    ("us", "eu", "answers", "differ"),
    [
        (("met", "met"), "met", ("met", "met"), False),
        (("met", "not met"), "met", ("not met", "met"), True),
        (("cannot tell", "not met"), "not met", ("not met", "not met"), False),
        (("met", "cannot tell"), "not applicable", ("cannot tell", "not applicable"), False),
        (("not applicable", "met"), "cannot tell", ("met", "cannot tell"), True),
    ],
)
def test_a_side_answers_with_its_worst_rule(us: tuple[Answer, Answer], eu: Answer, answers: tuple[Answer, Answer], differ: bool) -> None:
    row = compare({"US": [rule("U-1", us[0]), rule("U-2", us[1])], "EU": [rule("E-1", eu)]}, SUBJECTS)[0]
    assert (row.answer("US"), row.answer("EU")) == answers
    assert row.do_differ is differ


def test_a_rule_under_no_subject_keeps_its_own_line_and_what_stands_in_the_way_comes_first() -> None:
    rows = compare({"US": [rule("U-1", "met"), rule("U-9", "not met")], "EU": [rule("E-1", "met")]}, SUBJECTS)
    assert [row.subject for row in rows] == ["Title of U-9", "Label"]
    assert rows[0].answers == {"US": "not met", "EU": None}
    assert rows[0].do_differ
