"""The engine: Kleene's logic, quantifiers over lists that may be incomplete, errors by line and column."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from holdfast.dossier.schema import Dossier
from holdfast.standards.judge import judge
from holdfast.standards.loading import Pack, load_pack
from holdfast.standards.outcome import conjunction, disjunction, negation
from holdfast.standards.positions import PackProblem
from holdfast.standards.redact import redact
from holdfast.standards.values import covers, shift
from holdfast.standards.verdict import OverriddenBy

pytestmark = [pytest.mark.req("2.8")]
TRUTH = some.sampled_from([True, False, None])
VALUE: dict[bool | None, float] = {True: 1.0, None: 0.5, False: 0.0}


@given(some.lists(TRUTH, max_size=6))
def test_connectives_are_kleenes_minimum_and_maximum(truths: list[bool | None]) -> None:
    assert VALUE[conjunction(truths)] == min([VALUE[t] for t in truths], default=1.0)
    assert VALUE[disjunction(truths)] == max([VALUE[t] for t in truths], default=0.0)
    assert [VALUE[negation(t)] for t in truths] == [1 - VALUE[t] for t in truths]


def pack(require: str, *, severity: str = "blocker", override: str = "justified", extra: str = "") -> str:
    return f"""pack: {{id: p, version: "1", title: t, edition: e, dossier_schema: "1.0", parameters: {{limit: {{value: 3, why: w}}}}}}
rules:
  - id: AA-001
    title: t
    question: us_disposition
    applies: {{regions: [US], phases: [any], modalities: [any], routes: [any]}}
    require: {require}
    says: "{{number}} is wrong"
    severity: {severity}
    override: {override}
    cite: [{{document: d, authority: law, confidence: high, source_check: memory}}]
{extra}    examples: {{met: [{{}}], not met: [{{}}], cannot tell: [{{}}]}}
"""


def answer(require: str, dossier: dict[str, Any]) -> str:
    return verdict(load_pack(pack(require), Dossier), dossier).rules[0].answer


def verdict(loaded: Pack, dossier: dict[str, Any], **options: Any) -> Any:
    return judge([loaded], {"decision": {"question": "us_disposition", "region": "US", "date": "2026-06-01"}, **dossier}, **options)


STATED = {"batch": {"review_completed_on": "2026-05-01"}, "statements": [{"list": "deviations", "complete_to": "2026-05-01"}]}
GOOD, BAD, OPEN = {"number": "D1", "qp_involved": True}, {"number": "D2", "qp_involved": False}, {"number": "D3"}


@pytest.mark.parametrize(
    ("items", "every", "some_", "none", "count"),
    [
        # complete list: what every, some, none (of the good) and "at least one good" answer
        ([GOOD], "met", "met", "not met", "met"),
        ([BAD], "not met", "not met", "met", "not met"),
        ([GOOD, BAD], "not met", "met", "not met", "met"),
        ([OPEN], "cannot tell", "cannot tell", "cannot tell", "cannot tell"),
        ([OPEN, BAD], "not met", "cannot tell", "cannot tell", "cannot tell"),
        ([OPEN, GOOD], "cannot tell", "met", "not met", "met"),
        ([], "met", "not met", "met", "not met"),
    ],
)
def test_quantifiers_over_a_complete_list(items: list[Any], every: str, some_: str, none: str, count: str) -> None:
    condition = "{field: qp_involved, is: true}"
    dossier = {**STATED, "deviations": items}
    assert answer(f"{{every: deviations, must: {condition}, complete_by: deviations}}", dossier) == every
    assert answer(f"{{some: deviations, must: {condition}, complete_by: deviations}}", dossier) == some_
    assert answer(f"{{none: deviations, where: {condition}, complete_by: deviations}}", dossier) == none
    assert answer(f"{{count: deviations, where: {condition}, at_least: 1, complete_by: deviations}}", dossier) == count


@pytest.mark.parametrize("statements", [[], [{"list": "deviations", "complete_to": "2026-04-30"}], [{"list": "audits", "complete_to": "2026-05-01"}]])
def test_an_empty_list_that_nobody_stated_complete_far_enough_is_no_evidence(statements: list[Any]) -> None:
    dossier = {"batch": {"review_completed_on": "2026-05-01"}, "statements": statements, "deviations": []}
    for require in (
        "{every: deviations, must: {field: qp_involved, is: true}, complete_by: deviations}",
        "{none: deviations, where: {field: qp_involved, is: true}, complete_by: deviations}",
    ):
        assert answer(require, dossier) == "cannot tell"


@pytest.mark.parametrize(
    ("validity", "day", "expected"),
    [
        ({"begin": "2026-01-01", "until": "2026-06-30"}, "2026-06-30", True),
        ({"begin": "2026-01-01", "until": "2026-06-30"}, "2026-07-01", False),
        ({"begin": "2026-01-01", "until": "open-ended"}, "2099-01-01", True),
        ({"begin": "2026-01-01"}, "2026-06-30", None),  # nobody stated an end
        ({"begin": "2026-01-01"}, "2025-12-31", False),
        ({"until": "2026-06-30"}, "2026-07-01", False),
        ({"until": "2026-06-30"}, "2026-06-01", None),
        (None, "2026-06-01", None),
    ],
)
def test_open_ended_and_absent_are_different(validity: Any, day: str, expected: bool | None) -> None:
    assert covers(validity, day) is expected


def test_a_month_that_is_too_short_ends_on_its_last_day() -> None:
    from datetime import date

    assert shift(date(2026, 8, 31), "P6M", 1) == date(2027, 2, 28)
    assert shift(date(2028, 2, 29), "P1Y", -1) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("require", "column_text", "says"),
    [
        ("{field: batch.nummer, is: x}", "batch.nummer", "has no field 'nummer'"),
        ("{field: batch.number, resembles: x}", "{field", "exactly one of"),
        ("{field: deviations.number, is: x}", "deviations.number", "walked with every"),
        ("{every: batch, must: {field: number, is: x}, complete_by: deviations}", "batch", "not a list"),
        ("{every: deviations, must: {field: number, is: x}}", "{every", "an empty list is not evidence"),
        ("{every: deviations, must: {field: number, is: x}, complete_by: everything}", "everything", "names one of"),
        ("{field: batch.expires_on, at_least: 3}", "3", "cannot be asked"),
        ("{field: batch.number, is: $nothing}", "$nothing", "no parameter"),
        ("{check: guess}", "guess", "no check"),
        ("{maybe: []}", "{maybe", "Unknown condition"),
        ("{field: batch.expires_on, not_before: {path: /decision.date, plus: soon}}", "soon", "not a duration"),
    ],
)
def test_a_mistake_in_a_rule_is_told_by_line_and_column(require: str, column_text: str, says: str) -> None:
    text = pack(require)
    with pytest.raises(PackProblem) as raised:
        load_pack(text, Dossier, "p.yaml")
    line = next(i for i, found in enumerate(text.splitlines(), 1) if "require:" in found)
    assert says in raised.value.message
    assert raised.value.line == line
    assert raised.value.column == text.splitlines()[line - 1].index(column_text, text.splitlines()[line - 1].index("require:")) + 1


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("    severity: blocker\n", "", "Field required"),
        ("confidence: high", "confidence: certain", "Input should be"),
        ("examples: {met: [{}], ", "examples: {", "no example for 'met'"),
        ("met: [{}], not met", "met: [{batch: {nummer: 1}}], not met", "has no field"),
        ("title: t\n    question", "title: t\n    titel: t\n    question", "Extra inputs"),
    ],
)
def test_a_pack_that_lacks_or_invents_something_is_refused(old: str, new: str, says: str) -> None:
    text = pack("{field: batch.number, present: true}")
    assert old in text
    with pytest.raises(PackProblem, match=says):
        load_pack(text.replace(old, new, 1), Dossier)


def test_a_day_compared_with_a_text_that_is_none_is_refused_at_its_place() -> None:
    """`batch.manufactured_on` without its `/` is a text, and a day compared with a text would never be known."""
    with pytest.raises(PackProblem, match=r"is not a day\. A path from the dossier begins with `/`"):
        load_pack(pack("{field: decision.date, not_before: batch.manufactured_on}"), Dossier)
    assert load_pack(pack("{field: decision.date, not_before: /batch.manufactured_on}"), Dossier).rules


def test_one_unmet_blocker_blocks_else_one_cannot_tell_makes_cannot_tell() -> None:
    loaded = load_pack(pack("{field: batch.number, is: A}"), Dossier)
    states = [verdict(loaded, {"batch": batch}).state for batch in ({"number": "A"}, {"number": "B"}, {})]
    assert states == ["ready", "blocked", "cannot_tell"]
    assert judge([], {"decision": {"question": "us_disposition"}}).state == "cannot_tell"  # nothing judged is never ready


def test_an_override_lifts_only_a_rule_that_may_be_justified_and_stays_visible() -> None:
    given = {"AA-001": OverriddenBy(reason="r", by="A", second="B")}
    lifted = verdict(load_pack(pack("{field: batch.number, is: A}"), Dossier), {"batch": {"number": "B"}}, overrides=given)
    kept = verdict(load_pack(pack("{field: batch.number, is: A}", override="never"), Dossier), {"batch": {"number": "B"}}, overrides=given)
    assert (lifted.state, lifted.rules[0].answer, lifted.rules[0].overridden.reason) == ("ready", "not met", "r")
    assert (kept.state, kept.rules[0].overridden) == ("blocked", None)


def test_a_rule_of_the_signature_is_not_judged_before_somebody_signs() -> None:
    text = pack("{field: signer.printed_name, present: true}").replace("    applies:", "    stage: signature\n    applies:")
    loaded = load_pack(text, Dossier)
    assert [n.why for n in verdict(loaded, {"signer": None}).not_judged] == ["It asks about the person who signs, and nobody is signing yet."]
    assert verdict(loaded, {"signer": {"printed_name": "A"}}).answers() == {"AA-001": "met"}


def test_the_sentence_names_the_item_that_fails_and_the_evidence_its_record() -> None:
    loaded = load_pack(pack("{every: deviations, must: {field: qp_involved, is: true}, complete_by: deviations}"), Dossier)
    record = {"kind": "deviation", "number": "D2", "version": 1, "id": 7}
    found = verdict(loaded, {**STATED, "deviations": [GOOD, {**BAD, "record": record}]}).rules[0]
    assert found.says == "D2 is wrong"
    assert found.evidence.children[0].record.number == "D2"


def test_redaction_withholds_evidence_and_never_changes_an_answer() -> None:
    loaded = load_pack(pack("{every: deviations, must: {field: qp_involved, is: true}, complete_by: deviations}"), Dossier)
    record = {"kind": "deviation", "number": "D2", "version": 1, "id": 7}
    whole = verdict(loaded, {**STATED, "deviations": [{**BAD, "record": record}]})
    seen = redact(whole, lambda key: key != 7)
    assert (seen.state, seen.answers(), seen.redacted) == (whole.state, whole.answers(), True)
    assert "D2" not in seen.model_dump_json()
    assert redact(whole, lambda key: True) == whole
