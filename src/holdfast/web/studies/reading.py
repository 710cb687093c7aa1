"""What a study's page says, gathered: its protocol, its frozen data by arm, what the methods answered, and what would change that."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from holdfast.dossier.study.data import ChosenArm, Row, StudyData
from holdfast.dossier.study.design import design_of
from holdfast.dossier.study.protocol import Arm, AttributePlan, Protocol
from holdfast.dossier.study.sensitivity import Hinge, hinges_of
from holdfast.figures.figure import Figure
from holdfast.kernel.clock import today
from holdfast.kernel.reported_value import parse_reported
from holdfast.ledger.evidence import signatures_of_record
from holdfast.ledger.models import Record, Signature
from holdfast.study.actions.carry_out import data_in
from holdfast.study.actions.plan import protocol_in
from holdfast.study.evaluation import evaluation_of, exclusions_of
from holdfast.study.models import Study
from holdfast.study.queries import Standing, changed_since, standings

from ..batch.results import limits_of, registered_limits
from .drawing import attribute_figure, design_curve, forest_of
from .words import designed, margins, passed_over, rule_of

STEPS = (("Drafted", "drafted"), ("Approved and locked", "approved"), ("Data taken", "data taken"), ("Concluded", "concluded"))


@dataclass(frozen=True)
class Finding:
    """One attribute: what was planned, what its method answered without the excluded results and with all, and what would change that."""

    plan: AttributePlan
    margins: tuple[tuple[str, str], ...]
    design: dict[str, Any] | None
    designed: str
    found: dict[str, Any] | None = None
    hinge: Hinge | None = None
    figure: Figure | None = None

    @property
    def curve(self) -> Figure | None:
        return design_curve(self.plan, self.design)

    @property
    def answer(self) -> str:
        return str(self.found["answer"]) if self.found else ""

    @property
    def result(self) -> dict[str, Any]:
        return (self.found or {}).get("result") or {}

    @property
    def with_all(self) -> dict[str, Any] | None:
        return (self.found or {}).get("with_all_results")

    @property
    def says(self) -> str:
        """The method's own sentence, or why there is none."""
        return said_by(self.found)


@dataclass(frozen=True)
class LeftOut:
    """An excluded result: what it was, why, and both answers of its attribute."""

    row: Row
    run: int | None
    cause: str
    by: str
    at: str
    without: dict[str, Any]
    with_all: dict[str, Any]
    says_without: str
    says_with: str

    @property
    def is_same(self) -> bool:
        return bool(self.without["answer"] == self.with_all["answer"])


@dataclass(frozen=True)
class ArmData:
    """An arm as it was carried out: its lots, and for each attribute where, how and to how many digits it was measured."""

    arm: Arm
    rule: str
    lots: tuple[tuple[str, int | None], ...] = ()
    passed_over: tuple[tuple[str, tuple[str, ...]], ...] = ()
    measured: tuple[Measurement, ...] = ()


@dataclass(frozen=True)
class Measurement:
    """How one attribute of an arm was measured."""

    name: str
    count: int
    sites: tuple[str, ...]
    methods: tuple[str, ...]
    units: tuple[str, ...]
    digits: str


@dataclass
class StudyPage:
    """Everything that a study's page shows."""

    study: Study
    how: Standing
    protocol: Protocol
    findings: list[Finding]
    arms: list[ArmData]
    signatures: list[Signature]
    data: StudyData | None = None
    evaluation: dict[str, Any] | None = None
    left_out: list[LeftOut] = field(default_factory=list)
    changed: list[tuple[Row, str]] = field(default_factory=list)
    records: dict[str, int] = field(default_factory=dict)

    @property
    def steps(self) -> list[tuple[str, str]]:
        """How far the study is: the step after the last that is done is what it waits for."""
        done = [state for _, state in STEPS].index(self.how.state)
        return [(label, "done" if at <= done else "now" if at == done + 1 else "later") for at, (label, _) in enumerate(STEPS)]

    @property
    def answer(self) -> str:
        return str(self.evaluation["answer"]) if self.evaluation else ""

    @property
    def forest(self) -> Figure | None:
        return forest_of(self.evaluation) if self.evaluation else None

    @property
    def rows(self) -> list[tuple[Row, str, int | None, int | None]]:
        """Every frozen result with the state it has in the evaluation, and the keys of its lot and its test run."""
        out = {each.row.id for each in self.left_out}
        rows = self.data.rows if self.data else ()
        return [(row, "left out" if row.id in out else "", self.records.get(row.lot), self.records.get(row.run)) for row in rows]


def said_by(found: dict[str, Any] | None) -> str:
    """A method's sentence, or the reasons why it gave no answer; empty where it was not asked."""
    if found is None:
        return ""
    return str(found["result"]["sentence"]) if found["result"] else " ".join(found["reasons"])


def read_study(study: Study) -> StudyPage:
    """A study's page. What was signed is shown as it was signed; what is not concluded yet is computed from what is kept."""
    how, protocol = standings([study])[study.pk], protocol_in(study)
    signatures = signatures_of_record(study.pk) + (signatures_of_record(how.report.pk) if how.report else [])
    if how.data_set is None:
        arms = [ArmData(arm, rule_of(arm)) for arm in protocol.arms]
        return StudyPage(study, how, protocol, [_planned(protocol, plan) for plan in protocol.attributes], arms, signatures)
    return _with_data(study, how, protocol, signatures)


def _planned(protocol: Protocol, plan: AttributePlan) -> Finding:
    design = design_of(protocol, plan)
    return Finding(plan, margins(plan), design, designed(design))


def _with_data(study: Study, how: Standing, protocol: Protocol, signatures: list[Signature]) -> StudyPage:
    data = data_in(study.data_set)
    evaluation = json.loads(bytes(study.report.evaluation)) if how.report else evaluation_of(study)
    records = _records(study, data)
    by_code = {each["code"]: each for each in evaluation["attributes"]}
    hinge = {each.code: each for each in _hinges(study, evaluation)}
    limits = _limits(study, how)
    return StudyPage(
        study,
        how,
        protocol,
        findings=[_finding(protocol, plan, by_code[plan.code], hinge.get(plan.code), data, limits) for plan in protocol.attributes],
        arms=_arms(protocol, data, records),
        signatures=signatures,
        data=data,
        evaluation=evaluation,
        left_out=_left_out(data, evaluation, records),
        changed=changed_since(data),
        records=records,
    )


def _finding(
    protocol: Protocol, plan: AttributePlan, found: dict[str, Any], hinge: Hinge | None, data: StudyData, limits: dict[str, dict[str, Any]]
) -> Finding:
    rows = [row for row in data.rows if row.attribute == plan.code]
    figure = attribute_figure(protocol, plan, found, rows, limits_of(limits.get(plan.code, {}), plan.unit))
    return Finding(plan, margins(plan), found["design"], designed(found["design"]), found, hinge, figure)


def _limits(study: Study, how: Standing) -> dict[str, dict[str, Any]]:
    """Registered tests by attribute's code and region, on the day that the data were taken."""
    taken = how.data_set.taken_at.date() if how.data_set else today()
    return {next(iter(tests.values())).attribute.code: tests for tests in registered_limits(study.product_id, taken).values()}


def _hinges(study: Study, evaluation: dict[str, Any]) -> tuple[Hinge, ...]:
    kept = json.dumps(evaluation, sort_keys=True).encode()
    return hinges_of(bytes(study.protocol), bytes(study.data_set.content), tuple(exclusions_of(study)), kept)


def _records(study: Study, data: StudyData) -> dict[str, int]:
    """Keys of the lots and test runs that the data name, their latest versions, in one query."""
    numbers = {row.lot for row in data.rows} | {row.run for row in data.rows} | {lot for arm in data.arms for lot in arm.lots}
    found = Record.objects.filter(programme=study.programme_id, kind__in=("lot", "test_run"), number__in=numbers)
    return dict(found.order_by("version").values_list("number", "pk"))


def _left_out(data: StudyData, evaluation: dict[str, Any], records: dict[str, int]) -> list[LeftOut]:
    rows = {row.id: row for row in data.rows}
    found = {each["code"]: each for each in evaluation["attributes"]}
    left_out = []
    for each in evaluation["exclusions"]:
        row, attribute = rows[each["row"]], found[each["attribute"]]
        other = attribute.get("with_all_results") or attribute
        left_out.append(LeftOut(row, records.get(row.run), each["cause"], each["by"], each["at"], attribute, other, said_by(attribute), said_by(other)))
    return left_out


def _arms(protocol: Protocol, data: StudyData, records: dict[str, int]) -> list[ArmData]:
    chosen = {arm.name: arm for arm in data.arms}
    names = {plan.code: plan.name for plan in protocol.attributes}
    return [_arm(arm, chosen[arm.name], [row for row in data.rows if row.arm == arm.name], names, records) for arm in protocol.arms]


def _arm(arm: Arm, chosen: ChosenArm, rows: Sequence[Row], names: dict[str, str], records: dict[str, int]) -> ArmData:
    measured = tuple(_measurement(name, [row for row in rows if row.attribute == code]) for code, name in names.items())
    return ArmData(arm, rule_of(arm), tuple((lot, records.get(lot)) for lot in chosen.lots), passed_over(chosen.passed_over), measured)


def _measurement(name: str, rows: Sequence[Row]) -> Measurement:
    return Measurement(
        name,
        len(rows),
        _distinct(row.site for row in rows),
        _distinct(f"{row.procedure} version {row.procedure_version}" if row.procedure else "" for row in rows),
        _distinct(row.unit or "no unit" for row in rows),
        _digits(row.reported for row in rows),
    )


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word or "not recorded" for word in words))


def _digits(reported: Iterable[str]) -> str:
    """To how many decimals results were reported: a method's precision as far as its reports show it."""
    read = [parse_reported(text) for text in reported]
    places = sorted({each.digits for each in read if each.digits is not None})
    words = sum(1 for each in read if not each.is_number)
    said = " or ".join(str(each) for each in places)
    if not places:
        return "in words" if words else "no result"
    return f"{said} decimal{'' if said == '1' else 's'}" + (f", {words} in words" if words else "")
