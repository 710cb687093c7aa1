"""Packs for every question: exceptions that suspend, weights that are lighter, figures a sponsor sets, drafts, examples as differences."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.dossier.schema import Dossier
from holdfast.standards.applicability import axes_of, citations
from holdfast.standards.checking import check_text
from holdfast.standards.checks.months_within import months_within
from holdfast.standards.checks.part_211_binds import part_211_binds
from holdfast.standards.completeness import list_counts, short_lists
from holdfast.standards.judge import judge
from holdfast.standards.loading import Pack, load_pack
from holdfast.standards.patches import PatchProblem, patched
from holdfast.standards.positions import PackProblem
from holdfast.standards.questions import QUESTIONS
from holdfast.standards.settings import Setting, SettingProblem, with_settings
from holdfast.standards.suspensions import SuspensionProblem

pytestmark = [pytest.mark.req("5.1")]
LAW = "{document: 21 CFR, authority: law, confidence: high, source_check: memory}"
GUIDANCE = "{document: FDA CAR T guidance (Jan 2024), authority: guidance, confidence: high, source_check: memory}"
EXAMPLES = "given: {batch: {number: A}}\n    examples: {met: [{}], not met: [{batch.number: B}], cannot tell: [{batch.number: null}]}"


def rule(number: int = 1, *, require: str = "{field: batch.number, is: A}", cite: str = LAW, extra: str = "", applies: str = "", question: str = "") -> str:
    return f"""  - id: AA-00{number}
    title: t
    question: {question or "us_disposition"}
    applies: {applies or "{regions: [US], phases: [any], modalities: [any], routes: [any]}"}
    require: {require}
    says: "{{/batch.number}} is wrong"
    severity: blocker
    override: never
    cite: [{cite}]
{extra}    {EXAMPLES}
"""


def pack(*rules: str, header: str = "", name: str = "p") -> Pack:
    text = f'pack: {{id: {name}, version: "1", title: t, edition: e, dossier_schema: "1.1"{header}}}\nrules:\n' + "".join(rules)
    return load_pack(text, Dossier, f"{name}.yaml")


def judged(packs: list[Pack], dossier: dict[str, Any], question: str = "us_disposition") -> Any:
    decision = {"question": question, "region": "US", "date": "2026-06-01", **dossier.get("decision", {})}
    return judge(packs, {**dossier, "decision": decision})


BY_FILING = "    suspended_by: [{rule: AA-002, ground: filing}]\n"


def excepted(ground: str = "filing", cite: str = GUIDANCE, applies: str = "") -> Pack:
    exception = rule(2, require="{field: early_release.filing_in_effect, is: true}", cite=cite, applies=applies).replace(
        EXAMPLES,
        "given: {early_release: {filing_in_effect: true}}\n"
        "    examples: {met: [{}], not met: [{early_release.filing_in_effect: false}], cannot tell: [{early_release: null}]}",
    )
    return pack(rule(1, extra=f"    suspended_by: [{{rule: AA-002, ground: {ground}}}]\n"), exception)


@pytest.mark.parametrize(
    ("in_effect", "suspended", "state"), [(True, True, "ready"), (False, False, "blocked"), (None, False, "blocked")], ids=["met", "not met", "cannot tell"]
)
def test_only_an_exception_that_is_met_suspends_and_the_verdict_says_which_and_on_what_ground(in_effect: Any, suspended: bool, state: str) -> None:
    verdict = judged([excepted()], {"batch": {"number": "B"}, "early_release": {"filing_in_effect": in_effect}})
    answer = next(r for r in verdict.rules if r.id == "AA-001")
    assert answer.answer == "not met"
    assert (answer.suspended is not None) is suspended
    if suspended:
        assert (answer.suspended.rule, answer.suspended.ground) == ("AA-002", "accepted by a filing in effect, not by regulation")
        assert verdict.state == state
    else:
        assert answer.blocks


@pytest.mark.parametrize(("modality", "suspends"), [("cell_therapy", True), ("biologic", False), (None, False)])
def test_an_exception_suspends_only_where_it_certainly_applies(modality: str | None, suspends: bool) -> None:
    only_cells = "{regions: [US], phases: [any], modalities: [cell_therapy], routes: [any]}"
    verdict = judged([excepted(applies=only_cells)], {"batch": {"number": "B"}, "early_release": {"filing_in_effect": True}, "product": {"modality": modality}})
    assert (next(r for r in verdict.rules if r.id == "AA-001").suspended is not None) is suspends


@pytest.mark.parametrize(("ground", "says"), [("same", "cannot suspend it"), ("law", "cites no law")])
def test_guidance_never_suspends_law_by_itself(ground: str, says: str) -> None:
    with pytest.raises(SuspensionProblem, match=says):
        judged([excepted(ground)], {"batch": {"number": "B"}})
    assert judged([excepted("law", LAW)], {"batch": {"number": "B"}, "early_release": {"filing_in_effect": True}}).state == "ready"


def test_an_exception_that_nobody_adopted_suspends_nothing() -> None:
    alone = pack(rule(1, extra=BY_FILING))
    assert judged([alone], {"batch": {"number": "B"}, "early_release": {"filing_in_effect": True}}).state == "blocked"


def test_a_suspended_rule_is_not_overridden_as_well() -> None:
    from holdfast.standards.verdict import overridable

    verdict = judged([excepted()], {"batch": {"number": "B"}, "early_release": {"filing_in_effect": True}})
    assert not any(overridable(answer) for answer in verdict.rules)


@pytest.mark.parametrize(
    ("dossier", "expected"),
    [
        ({"decision": {"phase": "phase2"}}, True),
        ({"decision": {"phase": "commercial"}}, True),
        ({"decision": {"phase": "phase1"}, "product": {"made_available_for_phase2_or_3": False, "lawfully_marketed": False}}, False),
        ({"decision": {"phase": "phase1"}, "product": {"made_available_for_phase2_or_3": True}}, True),
        ({"decision": {"phase": "phase1"}, "product": {"lawfully_marketed": True, "made_available_for_phase2_or_3": False}}, True),
        ({"decision": {"phase": "phase1"}, "product": {"made_available_for_phase2_or_3": False}}, None),
        ({"decision": {"phase": "phase1"}}, None),
        ({}, None),
    ],
)
def test_part_211_is_chosen_by_the_history_of_the_drug_and_not_by_the_phase_of_the_batch(dossier: dict[str, Any], expected: bool | None) -> None:
    """21 CFR 210.2(c), both halves."""
    assert part_211_binds(dossier, dossier) is expected


@pytest.mark.parametrize(
    ("phase", "marketed", "severity"), [("phase1", False, "major"), ("phase1", True, "blocker"), ("phase1", None, "blocker"), ("phase2", False, "blocker")]
)
def test_a_rule_weighs_less_only_where_it_is_known_that_part_211_does_not_bind(phase: str, marketed: bool | None, severity: str) -> None:
    lighter = "    lighter: [{severity: major, phases: [phase1], unless_part_211: true, why: 21 CFR 210.2(c)}]\n"
    dossier = {
        "decision": {"phase": phase},
        "batch": {"number": "B"},
        "product": {"lawfully_marketed": marketed, "made_available_for_phase2_or_3": False if marketed is not None else None},
    }
    answer = judged([pack(rule(extra=lighter))], dossier).rules[0]
    assert (answer.severity, bool(answer.lighter)) == (severity, severity == "major")


def test_a_citation_speaks_only_where_it_says() -> None:
    narrow = "{document: 21 CFR, paragraph: '610.14', authority: law, confidence: high, source_check: memory, only: {phases: [commercial]}}"
    text = pack(rule(cite=f"{narrow}, {GUIDANCE}")).rules[0].text
    spoken = {phase: [c.authority for c in citations(text, axes_of({"decision": {"phase": phase}}))] for phase in ("phase2", "commercial")}
    assert spoken == {"phase2": ["guidance"], "commercial": ["law", "guidance"]}


FIGURE = ", parameters: {interval: {value: P3Y, why: practice}, fixed: {value: P2Y, authority: law, why: Article 11}}"
USES = "[{field: batch.number, is: A}, {field: batch.expires_on, not_before: {path: /decision.date, plus: $interval}}]"


def test_a_sponsors_own_figure_judges_and_is_kept_with_its_reason() -> None:
    given = 'given: {batch: {number: A, expires_on: "2099-01-01"}, decision: {date: "2026-06-01"}}'
    loaded = pack(rule(require=USES).replace("given: {batch: {number: A}}", given), header=FIGURE)
    set_ = with_settings(loaded, {"interval": Setting(value="P1Y", reason="our procedure SOP-12", by="A. Person")}, Dossier)
    dossier = {"batch": {"number": "A", "expires_on": "2028-01-01"}}
    before, after = judged([loaded], dossier), judged([set_], dossier)
    assert (before.state, after.state) == ("blocked", "ready")
    used = after.packs[0]
    assert (used.sha256, [(s.name, s.value, s.default, s.reason, s.by) for s in used.settings]) == (
        loaded.sha256, [("interval", "P1Y", "P3Y", "our procedure SOP-12", "A. Person")],
    )  # fmt: skip
    assert before.packs[0].settings == []


@pytest.mark.parametrize(
    ("name", "value", "reason", "says"),
    [
        ("fixed", "P1Y", "r", "given by law"),
        ("interval", 3, "r", "is a duration"),
        ("interval", "P1Y", " ", "without a reason"),
        ("nothing", "P1Y", "r", "no figure"),
    ],
)
def test_a_figure_of_law_or_a_value_of_another_kind_or_without_a_reason_is_refused(name: str, value: Any, reason: str, says: str) -> None:
    loaded = pack(rule(), header=FIGURE)
    with pytest.raises(SettingProblem, match=says):
        with_settings(loaded, {name: Setting(value=value, reason=reason)}, Dossier)


def test_a_draft_rule_stands_only_in_a_draft_pack() -> None:
    draft = rule(extra="    status: draft\n")
    with pytest.raises(PackProblem, match="only in a pack of that status"):
        pack(draft)
    loaded = pack(draft, header=", status: draft")
    assert judged([loaded], {"batch": {"number": "A"}}).rules[0].status == "draft"


def test_a_rule_in_two_packs_is_judged_once_by_the_first_and_the_verdict_says_so() -> None:
    verdict = judged([pack(rule(), name="a"), pack(rule(), name="b")], {"batch": {"number": "A"}})
    assert [(answer.id, answer.pack) for answer in verdict.rules] == [("AA-001", "a")]
    assert [(n.what, n.why) for n in verdict.not_judged] == [("AA-001 t", "a has judged it.")]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_can_be_asked_and_only_its_rules_answer(question: str) -> None:
    other = "training" if question != "training" else "method"
    packs = [pack(rule(1, question=question), rule(2, question=other))]
    assert [answer.id for answer in judged(packs, {"batch": {"number": "A"}}, question).rules] == ["AA-001"]


def test_lists_of_a_question_without_a_batch_are_complete_to_the_day_of_the_decision() -> None:
    every = "{every: quality_system.capas, must: {field: closed_on, present: true}, complete_by: capas}"
    stated = 'statements: [{list: capas, complete_to: "2026-06-01"}]'
    given = f'given: {{decision: {{date: "2026-06-01"}}, quality_system: {{capas: [{{closed_on: "2026-01-01"}}]}}, {stated}}}'
    examples = "examples: {met: [{}], not met: [{quality_system.capas.1: {number: C}}], cannot tell: [{statements: null}]}"
    loaded = pack(rule(require=every, question="inspection").replace(EXAMPLES, f"{given}\n    {examples}"))
    dossier = {"quality_system": {"capas": [{"closed_on": "2026-01-01"}]}, "statements": [{"list": "capas", "complete_to": "2026-05-31"}]}
    assert judged([loaded], dossier, "inspection").rules[0].answer == "cannot tell"
    dossier["statements"][0]["complete_to"] = "2026-06-01"
    assert judged([loaded], dossier, "inspection").rules[0].answer == "met"


def test_an_example_is_a_difference_from_what_is_given() -> None:
    given = {"batch": {"labels": [{"issued": 3}]}}
    assert patched(given, {"batch.labels.0.issued": 2, "batch.labels.1": {"used": 1}, "product.name": "X"}) == {
        "batch": {"labels": [{"issued": 2}, {"used": 1}]}, "product": {"name": "X"},
    }  # fmt: skip
    assert patched(given, {"batch.labels.0": None}) == {"batch": {"labels": []}}
    assert given == {"batch": {"labels": [{"issued": 3}]}}
    with pytest.raises(PatchProblem, match="no place in a list of 1"):
        patched(given, {"batch.labels.5": {}})


def test_a_list_that_lost_rows_since_it_was_gathered_is_not_complete() -> None:
    dossier: dict[str, Any] = {"batch": {"labels": [{"statements": [{}, {}]}, {"statements": []}]}}
    counts = list_counts(dossier)
    assert counts == {"batch.labels": 2, "batch.labels.statements": 2}
    assert list_counts(Dossier.model_validate({"decision": {}, "scope": {}, "batch": {"labels": [{}]}}))["batch.labels"] == 1
    poorer = {"batch": {"labels": [{"statements": [{}]}, {"statements": []}]}, "scope": {"counts": counts}}
    assert short_lists(poorer) == {"batch.labels.statements"}
    assert short_lists({**poorer, "schema_version": "1.0"}) == frozenset()


def test_what_is_wrong_in_a_sponsors_pack_is_said_by_line_and_column_with_a_remedy() -> None:
    header = 'pack: {id: p, version: "1", title: t, edition: e, dossier_schema: "1.1", parameters: {unused: {value: 1, why: w}}}'
    text = f"{header}\nrules:\n{rule(cite=LAW.replace('21 CFR', '21 CRF'))}"
    text = text.replace("not met: [{batch.number: B}]", "not met: [{batch.number: A}]")
    _, findings = check_text(text, Dossier, "own.yaml")
    assert [(f.line, f.column, f.message.split(":")[0][:44]) for f in findings] == [
        (1, 95, "No rule uses the figure 'unused'"),
        (11, 23, "AA-001 cites '21 CRF', which is no known doc"),
        (13, 37, "AA-001"),
    ]
    assert "Did you mean '21 CFR'?" in findings[1].message
    assert "Correct the example, or the rule." in findings[2].message
    own = text.replace("edition: e,", 'edition: e, documents: [{name: 21 CRF, edition: "3", authority: convention}],')
    assert not [f for f in check_text(own, Dossier, "own.yaml")[1] if "known document" in f.message]


@pytest.mark.parametrize(("word", "condition"), [("every", "must"), ("none", "where")])
def test_of_a_document_that_is_not_there_nothing_is_known_of_every_row(word: str, condition: str) -> None:
    """No specification at all is no proof that each of its tests passed, nor that none failed; one without tests is what it is."""
    require = f"{{{word}: specification.tests, {condition}: {{field: category, is: sterility}}, complete: by_document}}"
    good, bad = ("sterility", "purity") if word == "every" else ("purity", "sterility")
    examples = f"given: {{specification: {{tests: [{{category: {good}}}]}}}}\n    examples: "
    examples += f"{{met: [{{}}], not met: [{{specification.tests.0.category: {bad}}}], cannot tell: [{{specification: null}}]}}"
    loaded = pack(rule(require=require).replace(EXAMPLES, examples))
    given = [{}, {"specification": None}, {"specification": {"tests": []}}]
    assert [judged([loaded], dossier).rules[0].answer for dossier in given] == ["cannot tell", "cannot tell", "met"]


@pytest.mark.parametrize(
    ("claimed", "observed", "more", "times", "expected"),
    [
        (24, 12, 12, 2, True),
        (25, 12, 12, 2, False),
        (20, 9, 12, 2, False),  # within 12 months more, but more than twice
        (37, 24, 12, 2, False),  # less than twice, but more than 12 months more
        (18, 12, 6, "1.5", True),
        (15, 12, 3, None, True),
        (16, 12, 3, None, False),
        (None, 12, 3, None, None),
        (15, None, 3, 2, None),
        (15, 12, None, 2, None),
    ],
)
def test_a_claim_is_within_both_the_multiple_and_the_months_more(claimed: Any, observed: Any, more: Any, times: Any, expected: bool | None) -> None:
    assert months_within({}, {}, claimed=claimed, observed=observed, more=more, times=times) is expected
