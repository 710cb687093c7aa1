"""Taking decisions: who may, on what, with what overrides; refused ones leave nothing behind."""

from __future__ import annotations

import json

import pytest

from holdfast.batch.models import BatchStep, Result
from holdfast.exchange.programme.loading import load_folder
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.models import ChangeSet, Programme, Signature
from holdfast.people.models import Person, Role
from holdfast.people.signing import IdentityRefused
from holdfast.release.actions import AlreadyDecided, Countersigner, DecisionRefused
from holdfast.release.models import Decision, DossierDocument, RegisterEntry
from holdfast.release.queries import board, flags_of, standing_decisions

from .people import DANA, FEMKE, HANA, JORIS, NIA, PASSWORD, QUINN, ROWAN, SAM, account, decisions_on, lot, take

pytestmark = [pytest.mark.req("2.9")]
assert load_folder


def everything() -> tuple[int, int, int]:
    with viewing(Viewer.operator()):
        return Decision.objects.count(), Signature.objects.count(), DossierDocument.objects.count()


def test_a_quality_unit_member_releases_a_clean_batch_and_the_signature_binds_the_dossier(demo: str) -> None:
    decision = take(QUINN, "DP-26-001", "us_disposition", "released")
    with viewing(Viewer.operator()):
        kept = Decision.objects.select_related("dossier__verdict", "signature").get(pk=decision.pk)
        signed = json.loads(bytes(kept.signature.content))
        assert signed["dossier_digest"] == kept.dossier.digest
        assert signed["verdict_digest"] == kept.dossier.verdict.digest
        assert (kept.signature.printed_name, kept.signature.role, kept.signature.organisation) == (
            "Quinn Adler",
            "quality_unit",
            "Fernhill Therapeutics (fictional)",
        )
        assert kept.dossier.verdict.packs.startswith("us_disposition_phase2_cell_therapy 1.0.0 ")


@pytest.mark.parametrize(
    ("email", "number", "question", "outcome", "says"),
    [
        (FEMKE, "DP-26-001", "us_disposition", "released", "does not hold the role Quality Unit"),
        (QUINN, "DP-26-001", "eu_certification", "certified", "does not hold the role Qualified Person"),
        (SAM, "DP-26-001", "us_disposition", "released", "does not hold the role Quality Unit"),
        (NIA, "DP-26-001", "us_disposition", "rejected", "does not hold the role Quality Unit"),
        (QUINN, "DP-26-004", "us_disposition", "released", "US-DSP-007 (not met), US-DSP-008 (not met)"),
        (QUINN, "DP-26-005", "us_disposition", "released", "US-DSP-006 (cannot tell)"),
        (JORIS, "DP-26-001", "eu_certification", "certified", "EU-CRT-001 (not met)"),  # his naming on the MIA(IMP) ended
        (DANA, "DP-26-001", "sponsor_release", "released_for_use", "EU-CRT-029 (not met)"),  # not certified yet
        (QUINN, "DP-26-001", "us_disposition", "certified", "does not answer"),
    ],
)
def test_a_decision_that_role_or_evidence_forbids_is_refused_and_leaves_nothing(
    demo: str, email: str, number: str, question: str, outcome: str, says: str
) -> None:
    before = everything()
    with pytest.raises(DecisionRefused) as refusal:
        take(email, number, question, outcome)
    assert says in str(refusal.value)
    assert everything() == before


def test_rejecting_and_refusing_are_always_possible(demo: str) -> None:
    take(QUINN, "DP-26-004", "us_disposition", "rejected")
    take(FEMKE, "DP-26-005", "eu_certification", "refused")
    assert decisions_on("DP-26-004") == [("us_disposition", "rejected")]
    assert decisions_on("DP-26-005") == [("eu_certification", "refused")]


def test_a_wrong_password_signs_nothing_is_recorded_and_five_lock_signing(demo: str) -> None:
    before = everything()
    for _ in range(5):
        with pytest.raises(IdentityRefused, match="password is not right"):
            take(QUINN, "DP-26-001", "us_disposition", "released", password="wrong-password-1")
    with pytest.raises(IdentityRefused, match="locked"):
        take(QUINN, "DP-26-001", "us_disposition", "released")
    assert everything() == before
    with viewing(Viewer.operator()):
        assert ChangeSet.objects.filter(action="signature refused", actor_id=None, reason__startswith="quinn.adler@example.com: ").count() == 6


def test_whoever_performed_a_step_cannot_disposition_the_batch(demo: str) -> None:
    quinn = account(QUINN).person_id
    with viewing(Viewer.operator()):
        programme = Programme.objects.get()
    with change_set(Actor.operator("operator"), action="correct step", reason="it was Quinn", programme=programme):
        BatchStep.objects.filter(batch_record__lot__record__number="DP-26-001", sequence=2).update(performed_by=quinn)
    with pytest.raises(DecisionRefused, match="US-DSP-001"):
        take(QUINN, "DP-26-001", "us_disposition", "released")
    assert decisions_on("DP-26-001") == []


def test_certification_enters_the_register_without_gaps_and_the_sponsors_release_is_a_further_step(demo: str) -> None:
    take(FEMKE, "DP-26-001", "eu_certification", "certified")
    take(FEMKE, "DP-26-009", "eu_certification", "certified")
    with viewing(Viewer.operator()):
        lines = list(RegisterEntry.objects.order_by("line").values_list("line", "decision__lot__record__number", "authorisation__record__number"))
    assert lines == [(1, "DP-26-007", "MIA-IMP-4471"), (2, "DP-26-001", "MIA-IMP-4471"), (3, "DP-26-009", "MIA-IMP-4471")]
    take(DANA, "DP-26-001", "sponsor_release", "released_for_use")
    assert decisions_on("DP-26-001") == [("eu_certification", "certified"), ("sponsor_release", "released_for_use")]


class TestOverrides:
    """DP-26-019: its label lacks the US caution statement, which may be justified; DP-26-004: what law forbids may not."""

    def second(self, email: str = ROWAN) -> Countersigner:
        return Countersigner(account(email), PASSWORD)

    def test_a_justified_override_takes_a_reason_and_a_second_signature_and_stays_visible(self, demo: str) -> None:
        decision = take(QUINN, "DP-26-019", "us_disposition", "released", overrides={"US-DSP-041": "Over-label applied and photographed"}, second=self.second())
        with viewing(Viewer.operator()):
            kept = Decision.objects.get(pk=decision.pk)
            override = kept.overrides.get()
            assert (override.rule, override.answer, override.reason) == ("US-DSP-041", "not met", "Over-label applied and photographed")
            assert (override.person.printed_name, override.second_person.printed_name) == ("Quinn Adler", "Rowan Pike")
            cell = next(row for row in board(kept.programme) if row.lot.record.number == "DP-26-019").cells["US"]
            assert [r.overridden.reason for r in cell.rules if r.overridden] == ["Over-label applied and photographed"]

    @pytest.mark.parametrize(
        ("number", "rule", "reason", "second", "says"),
        [
            ("DP-26-004", "US-DSP-008", "we want it", ROWAN, "cannot be overridden"),
            ("DP-26-001", "US-DSP-041", "nothing is wrong", ROWAN, "cannot be overridden"),
            ("DP-26-019", "US-DSP-041", " ", ROWAN, "needs a reason"),
            ("DP-26-019", "US-DSP-041", "reason", None, "second person"),
            ("DP-26-019", "US-DSP-041", "reason", QUINN, "another person's"),
            ("DP-26-019", "US-DSP-041", "reason", SAM, "no quality role"),
            ("DP-26-019", "US-DSP-041", "reason", HANA, "no quality role"),
        ],
    )
    def test_any_other_override_is_refused(self, demo: str, number: str, rule: str, reason: str, second: str | None, says: str) -> None:
        before = everything()
        with pytest.raises(DecisionRefused, match=says):
            take(QUINN, number, "us_disposition", "released", overrides={rule: reason}, second=self.second(second) if second else None)
        assert everything() == before


def test_a_batch_is_decided_once(demo: str) -> None:
    take(QUINN, "DP-26-001", "us_disposition", "released")
    with pytest.raises(AlreadyDecided, match="already released by Quinn Adler"):
        take(ROWAN, "DP-26-001", "us_disposition", "rejected")
    assert decisions_on("DP-26-001") == [("us_disposition", "released")]


def test_evidence_that_changes_later_flags_the_decision_and_alters_nothing(demo: str) -> None:
    decision = take(QUINN, "DP-26-001", "us_disposition", "released")
    with viewing(Viewer.operator()):
        programme = Programme.objects.get()
        before = bytes(Decision.objects.get(pk=decision.pk).dossier.content)
        assert flags_of(programme, standing_decisions([decision.lot_id]).values()) == {}
    with change_set(Actor.operator("operator"), action="correct result", reason="the laboratory corrected it", programme=programme):
        Result.objects.filter(test_run__sample__lot__record__number="DP-26-001", attribute__code="viability").update(reported="69.4", value="69.4")
    with viewing(Viewer.operator()):
        flag = flags_of(programme, standing_decisions([decision.lot_id]).values())[decision.pk]
        assert any('"69.4"' in line and "viability" in line for line in flag.changes)
        kept = Decision.objects.select_related("dossier").get(pk=decision.pk)
        assert (kept.outcome, bytes(kept.dossier.content)) == ("released", before)


def test_a_viewer_with_less_access_gets_the_same_answers_with_evidence_withheld(demo: str) -> None:
    with viewing(Viewer.operator()):
        programme = Programme.objects.get()
        whole = {row.lot.record.number: row for row in board(programme)}
        nia = Person.objects.get(number="PER-021").pk
    with viewing(Viewer.person(nia)):
        seen = {row.lot.record.number: row for row in board(Programme.objects.get())}
    assert set(seen) and set(seen) < set(whole)  # Columbus's own batches, not Rockville's
    shared = 0
    for number, row in seen.items():
        for place, cell in row.cells.items():
            if cell.state in {"not_destined", "decided"} or whole[number].cells[place].state == "decided":
                continue
            shared += 1
            assert cell.state == whole[number].cells[place].state
            assert [(r.id, r.answer) for r in cell.rules] == [(r.id, r.answer) for r in whole[number].cells[place].rules]
            assert cell.verdict is not None and cell.verdict.redacted
    assert shared > 20


def test_a_role_that_ended_does_not_sign(demo: str) -> None:
    with viewing(Viewer.operator()):
        programme = Programme.objects.get()
    with change_set(Actor.operator("operator"), action="end role", reason="left", programme=programme):
        Role.objects.filter(person__number="PER-001").update(valid_until="2026-11-01", until_stated=True)
    with pytest.raises(DecisionRefused, match="may not write in FHT-201"):
        take(QUINN, "DP-26-001", "us_disposition", "released")


def test_the_number_of_queries_does_not_grow_with_the_batches(demo: str) -> None:
    from datetime import date

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from holdfast.release.dossiers import build_dossiers

    counts = []
    with viewing(Viewer.operator()):
        programme = Programme.objects.get()
    keys = [lot(f"DP-26-{n:03d}").pk for n in range(1, 21)]
    for chosen in (keys[:1], keys):
        with CaptureQueriesContext(connection) as captured:
            build_dossiers(programme, chosen, "us_disposition", "US", date(2026, 11, 24))
        counts.append(len(captured))
    # A table that many rows name is read when one of them first does: that may take a query more for one batch than for twenty, never less.
    assert counts[1] <= counts[0] <= 60
