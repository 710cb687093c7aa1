"""A study from protocol to signed conclusion on the demonstration: locked before results are read, refused where it must be, recomputed offline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from holdfast.dossier.canonical import canonical
from holdfast.dossier.study.protocol import Protocol, protocol_of, read_protocol
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import change_set
from holdfast.ledger.models import ChangeSet, Programme
from holdfast.people.models import Person
from holdfast.people.signing import actor_of
from holdfast.study.actions import approve, conclude, depart, draft, exclude, take_data
from holdfast.study.actions.plan import StudyRefused
from holdfast.study.models import Study, StudyDataSet, StudyExclusion, StudyReport

from ..release.people import PASSWORD, QUINN, ROWAN, SAM, account

pytestmark = [pytest.mark.req("6.5")]
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "studies" / "chg-014-comparability.yaml"


def person(number: str) -> Person:
    with viewing(Viewer.operator()):
        return Person.objects.select_related("organisation").get(number=number)


def programme() -> Programme:
    with viewing(Viewer.operator()):
        return Programme.objects.get()


def example(**changes: Any) -> Protocol:
    protocol = read_protocol(EXAMPLE.read_text("utf-8"))
    return protocol.model_copy(update=changes)


def only(code: str, **changes: Any) -> Protocol:
    source = example() if code != "viability" else read_protocol((EXAMPLE.parent / "ap-101-bridging.yaml").read_text("utf-8"))
    plan = next(plan for plan in source.attributes if plan.code == code)
    return example(attributes=(plan.model_copy(update=changes),))


def drafted(protocol: Protocol, by: str = "PER-003", number: str = "STU-900") -> Study:
    who = person(by)
    with change_set(actor_of(who), action="draft study", reason="A test", programme=programme()) as opened:
        return draft(opened, number, protocol, by=who)


def taken(study: Study, by: str = "PER-003") -> StudyDataSet:
    who = person(by)
    with change_set(actor_of(who), action="take study data", reason="A test", programme=programme()) as opened:
        return take_data(opened, study, by=who)


def approved(protocol: Protocol) -> Study:
    return approve(account(QUINN), PASSWORD, drafted(protocol))


def concluded(study: Study, conclusion: str, reason: str) -> StudyReport:
    return conclude(account(QUINN), PASSWORD, study, conclusion, reason)


def counted() -> tuple[int, int, int, int]:
    with viewing(Viewer.operator()):
        return Study.objects.count(), StudyDataSet.objects.count(), StudyReport.objects.count(), ChangeSet.objects.exclude(action="signature refused").count()


def test_a_study_is_approved_its_data_taken_by_rule_and_its_conclusion_signed(demo: str) -> None:
    study = approved(only("cd3_purity"))
    data = json.loads(bytes(taken(study).content))
    arms = {arm["name"]: arm for arm in data["arms"]}
    assert arms["before"]["lots"] == ["DP-26-001", "DP-26-002", "DP-26-003", "DP-26-004", "DP-26-005", "DP-26-006"]
    assert arms["after"]["lots"][0] == "DP-26-007"
    assert ["DP-26-007", "it contains CHG-014"] in arms["before"]["passed_over"]
    report = concluded(study, "comparable", "Purity is equivalent within the margin.")
    with viewing(Viewer.operator()):
        evaluation = json.loads(bytes(StudyReport.objects.get(pk=report.pk).evaluation))
    [purity] = evaluation["attributes"]
    assert (evaluation["answer"], purity["answer"], purity["result"]["decision"]) == ("demonstrated", "demonstrated", "equivalent")
    assert canonical(evaluation) == bytes(report.evaluation)
    signed = json.loads(bytes(report.signature.content))
    assert (signed["protocol_digest"], signed["evaluation_digest"]) == (study.protocol_digest, report.evaluation_digest)


def test_results_measured_by_different_methods_are_not_compared_and_the_study_cannot_tell(demo: str) -> None:
    study = approved(only("viability"))
    taken(study)
    before = counted()
    with pytest.raises(StudyRefused, match="cannot be concluded comparable"):
        concluded(study, "comparable", "They look alike.")
    with pytest.raises(StudyRefused, match="nobody can tell"):
        concluded(study, "comparable_with_justified_difference", "They look alike.")
    assert counted() == before
    report = concluded(study, "inconclusive", "The two methods are not bridged.")
    assert report.answer == "cannot tell"
    [viability] = json.loads(bytes(report.evaluation))["attributes"]
    assert viability["result"] is None
    assert any("method family" in reason for reason in viability["reasons"])


def test_results_are_not_read_before_the_protocol_is_approved(demo: str) -> None:
    study = drafted(only("cd3_purity"))
    before = counted()
    with pytest.raises(StudyRefused, match="only after it is locked"):
        taken(study)
    assert counted() == before


def test_an_approved_protocol_is_locked_and_data_are_taken_once(demo: str) -> None:
    study = approved(only("cd3_purity"))
    before = counted()
    with pytest.raises(StudyRefused, match="approved and locked"):
        drafted(only("viability"))
    assert counted() == before
    taken(study)
    before = counted()
    with pytest.raises(StudyRefused, match="frozen already"):
        taken(study)
    assert counted() == before


@pytest.mark.parametrize(
    ("drafter", "email", "says"),
    [("PER-001", QUINN, "Whoever drafted"), ("PER-003", SAM, "does not hold the role Quality Unit")],
)
def test_a_protocol_is_approved_by_another_member_of_the_quality_unit(demo: str, drafter: str, email: str, says: str) -> None:
    study = drafted(only("cd3_purity"), by=drafter)
    before = counted()
    with pytest.raises(StudyRefused, match=says):
        approve(account(email), PASSWORD, study)
    assert counted() == before


def test_a_design_too_weak_to_conclude_says_so_before_data_are_taken(demo: str) -> None:
    plan = next(plan for plan in example().attributes if plan.code == "cd3_purity")
    assert plan.planned is not None
    weak = plan.planned.model_copy(update={"sd": "4"})
    study = drafted(only("cd3_purity", planned=weak))
    before = counted()
    with pytest.raises(StudyRefused, match="It is too weak"):
        approve(account(QUINN), PASSWORD, study)
    assert counted() == before
    study = drafted(only("cd3_purity", planned=weak, weak_accepted="No more lots can be made; the result will be read with caution."))
    approve(account(QUINN), PASSWORD, study)


def test_leaving_a_result_out_needs_an_assignable_cause_and_shows_both_results(demo: str) -> None:
    study = approved(only("cd3_purity"))
    data = json.loads(bytes(taken(study).content))
    row, who = data["rows"][0], person("PER-003")
    with pytest.raises(StudyRefused, match="assignable cause"), change_set(actor_of(who), action="exclude", reason="A test", programme=programme()) as opened:
        exclude(opened, study, row["id"], "odd", by=who)
    with viewing(Viewer.operator()):
        assert not StudyExclusion.objects.filter(study=study).exists()  # the refusal left nothing
    with change_set(actor_of(who), action="exclude", reason="A test", programme=programme()) as opened:
        exclude(opened, study, row["id"], "Wrong gate applied, see DEV-26-009.", by=who)
        depart(opened, study, "One lot was tested a week late.", "None: the samples were frozen.", by=who)
    report = concluded(study, "comparable", "Equivalent with and without the excluded result.")
    evaluation = json.loads(bytes(report.evaluation))
    [purity] = evaluation["attributes"]
    assert purity["excluded"] == [row["id"]]
    assert purity["result"]["quantities"]["n_reference"] == purity["with_all_results"]["result"]["quantities"]["n_reference"] - 1
    assert evaluation["departures"][0]["impact"] == "None: the samples were frozen."
    with pytest.raises(StudyRefused, match="is concluded"), change_set(actor_of(who), action="exclude", reason="A test", programme=programme()) as opened:
        exclude(opened, study, data["rows"][1]["id"], "Wrong gate applied, see DEV-26-009.", by=who)


def test_somebody_without_a_role_in_the_work_drafts_nothing(demo: str) -> None:
    before = counted()
    with pytest.raises(StudyRefused, match="holds no role"):
        drafted(only("cd3_purity"), by="PER-010")
    assert counted() == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"subject": {"product": "FHT-999", "change": "CHG-014"}}, "the product 'FHT-999'"),
        ({"subject": {"product": "FHT-201", "change": "CHG-999"}}, "the change 'CHG-999'"),
    ],
)
def test_a_protocol_about_something_unknown_is_refused_and_nothing_is_kept(demo: str, change: dict[str, Any], says: str) -> None:
    before = counted()
    with pytest.raises(StudyRefused, match=says):
        drafted(protocol_of({**example().model_dump(mode="json"), **change}))
    assert counted() == before


def test_a_conclusion_of_another_kind_of_study_is_refused(demo: str) -> None:
    study = approved(only("cd3_purity"))
    taken(study)
    with pytest.raises(StudyRefused, match="does not conclude"):
        conclude(account(ROWAN), PASSWORD, study, "meets_criteria", "It does.")


def test_a_study_makes_no_standing_verdict_stale(demo: str) -> None:
    from holdfast.ledger.seals import seal
    from holdfast.release import standing

    home = programme()
    seal()
    with viewing(Viewer.evaluator(home.pk)):
        standing.mark(home)
        lots = standing.not_current(home)
    assert sum(standing.refresh(home, lots)) == len(lots) > 0
    taken(approved(only("cd3_purity")))
    seal()
    with viewing(Viewer.evaluator(home.pk)):
        standing.mark(home)
        assert standing.not_current(home) == []
