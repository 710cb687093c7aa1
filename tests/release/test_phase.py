"""The phase view of the demonstration: what its records say of its development, what they do not, and who sees the evidence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from holdfast.dossier.schema.base import Reference
from holdfast.dossier.schema.development import Development
from holdfast.kernel.acceptance import Criterion
from holdfast.kernel.errors import Refused
from holdfast.ledger.access import Viewer, viewing
from holdfast.programme.models import Product, Specification, SpecificationTest
from holdfast.release.dossiers.development_part import NO_RECORD, development_part
from holdfast.release.dossiers.product_dossier import build_product_dossier
from holdfast.release.phase import ProgrammePhase, phase_of
from holdfast.standards.alignment.sides import Proof, RegisteredTest, Side
from tests.release.people import MARA, NIA, account

pytestmark = pytest.mark.req("5.7")
TODAY = date(2026, 11, 24)


def seen(email: str = MARA, region: str = "US", **asked: Any) -> ProgrammePhase:
    with viewing(Viewer.person(account(email).person_id)):
        product = Product.objects.select_related("record", "programme").get()
        return phase_of(product, region, TODAY, **asked)


def answers(part: Any) -> dict[str, str]:
    return {one.answer.id: one.answer.answer for one in part}


def test_the_dossier_says_what_records_hold_and_nothing_else(demo: str) -> None:
    with viewing(Viewer.operator()):
        product = Product.objects.select_related("record", "programme").get()
    gathered = build_product_dossier(product, "US", TODAY)
    development = gathered.dossier.development
    assert development is not None
    assert (gathered.phase, gathered.registration, gathered.specification) == ("phase2", "IND-099201", "SPC-201-US version 1")
    said = development.model_dump(exclude={"record"}, exclude_none=True, exclude_defaults=True)
    tested = dict.fromkeys(("identity", "purity", "dose_or_strength", "sterility", "endotoxin", "mycoplasma", "replication_competent_virus"), True)
    assert said == {
        "specification": tested | {"safety_tests_have_limits": True},
        # AP-104 is qualified at LKA-IL
        "potency": {"quantitative_measure": True, "has_limits": True, "is_qualified": True, "is_validated": False},
        "safety_methods_qualified": True,
        "methods_fit_for_purpose": True,
        "methods_fully_validated": False,
    }
    product_part = gathered.dossier.product
    assert product_part is not None
    assert (product_part.made_available_for_phase2_or_3, product_part.lawfully_marketed) == (True, None)  # never sold is recorded nowhere


def test_every_field_of_development_is_either_read_from_records_or_named_as_not_recorded() -> None:
    unrecorded = {field for fields in NO_RECORD.values() for field in fields}
    read = {"record", "next_milestone", "specification", "potency", "safety_methods_qualified", "methods_fit_for_purpose", "methods_fully_validated"}
    assert unrecorded | read == set(Development.model_fields)
    assert unrecorded & read == set()


def side(*tests: RegisteredTest) -> Side:
    return Side("IND-1", "US", "SPC-1 version 1", {test.attribute: test for test in tests}, ("LAB-A", "LAB-B"))


def registered(code: str, *states: str, criterion: Criterion | None = None) -> RegisteredTest:
    proofs = tuple(Proof(f"LAB-{place}", "AP-1", 1, state) for place, state in zip("AB", states, strict=False))
    return RegisteredTest(code, code, criterion or Criterion("nlt", low="70", unit="%"), "", "AP-1", (1,), proofs)


@pytest.mark.parametrize(
    ("states", "is_qualified", "is_validated"),
    [
        (("validated", "validated"), True, True),
        (("verified",), True, True),
        (("validated", "qualified"), True, False),
        (("qualified", "development"), False, False),
        (("transferred",), True, None),  # a transfer does not say how far the sending laboratory had come
        (("validated", "transferred"), True, None),
        ((), None, None),
    ],
)
def test_a_procedure_counts_as_far_as_it_is_proven_everywhere(states: tuple[str, ...], is_qualified: bool | None, is_validated: bool | None) -> None:
    part = development_part(Reference(kind="registration", number="IND-1"), side(registered("potency", *states)), {"potency": "potency"}, None)
    assert part.potency is not None
    assert (part.potency.is_qualified, part.potency.is_validated) == (is_qualified, is_validated)
    assert (part.methods_fit_for_purpose, part.methods_fully_validated) == (is_qualified, is_validated)
    assert part.safety_methods_qualified is None  # there is no safety test, so none is shown to be qualified


def test_a_test_of_no_category_may_be_any_and_a_sorted_specification_says_what_it_lacks() -> None:
    reference = Reference(kind="registration", number="IND-1")
    tests = side(registered("sterility"), registered("odd"))
    unsorted = development_part(reference, tests, {"sterility": "sterility", "odd": "other"}, None).specification
    whole = development_part(reference, tests, {"sterility": "sterility", "odd": "identity"}, None).specification
    assert unsorted is not None
    assert whole is not None
    assert (unsorted.sterility, unsorted.identity) == (True, None)
    assert (whole.sterility, whole.identity, whole.endotoxin, whole.adventitious_agents) == (True, True, False, None)


def test_a_programme_at_phase_2_sees_what_holds_now_what_comes_and_what_may_wait(demo: str) -> None:
    found = seen()
    assert found.view is not None
    assert (found.phase, found.view.next_phase, found.is_recorded, found.withheld) == ("phase2", "phase3", True, False)
    assert answers(found.view.now) == {"PHS-003": "met"} | dict.fromkeys(
        ("PHS-001", "PHS-004", "PHS-005", "PHS-007", "PHS-008", "PHS-009", "PHS-011", "PHS-015", "PHS-016"), "cannot tell"
    )
    potency = next(one for one in found.view.next if one.answer.id == "PHS-003")
    assert potency.needs == ("The potency assay is not shown to be linked to how the product works, as a pivotal study needs it.",)
    assert answers(found.view.later)["PHS-003"] == "not met"  # AP-104 is qualified, and a licence needs it validated
    assert answers(found.view.idle) == {"PHS-006": "not applicable"}
    assert all("Comes at" in one.why or "Weighs" in one.why for one in found.elsewhere)


def test_the_eu_asks_its_own_and_quality_not_behind_the_clinic_comes_at_its_confirmatory_trial(demo: str) -> None:
    us, eu = seen(), seen(region="EU")
    assert us.view is not None
    assert eu.view is not None
    assert "PHS-017" in answers(eu.view.next)
    assert "PHS-017" not in answers(us.view.next)
    assert eu.gathered.registration == "2025-599201-18-00"


def test_drafts_and_flexibilities_stand_apart_with_their_status_and_confidence(demo: str) -> None:
    found = {one.pack.id: one for one in seen().apart}
    assert {name: (one.pack.status, one.confidence) for name, one in found.items()} == {
        "phase_cgt_cmc_flexibilities_2026": ("in_force", "medium"),
        "phase_plausible_mechanism_draft_2026": ("draft", "medium"),
    }
    assert answers(found["phase_cgt_cmc_flexibilities_2026"].expectations) == {"PHS-013": "cannot tell"}  # nobody stated that none is claimed
    (left,) = found["phase_plausible_mechanism_draft_2026"].left_out
    assert "this is gene_modified_cell" in left.why
    view = seen().view
    assert view is not None
    assert {"PHS-013", "PHS-014"} & {one.answer.id for one in view.all} == set()


def test_a_person_may_look_at_another_phase_and_only_forward(demo: str) -> None:
    found = seen(phase="phase1", next_phase="commercial")
    assert found.view is not None
    assert (found.phase, found.is_recorded, found.view.next_phase, found.view.later) == ("phase1", False, "commercial", ())
    with pytest.raises(Refused, match="Phase 2 does not come after phase 2"):
        seen(next_phase="phase2")


def test_who_sees_a_part_gets_the_same_answers_and_not_the_evidence(demo: str) -> None:
    whole, part = seen(), seen(NIA)
    assert whole.view is not None
    assert part.view is not None
    assert [(one.answer.id, one.answer.answer) for one in part.view.all] == [(one.answer.id, one.answer.answer) for one in whole.view.all]
    assert part.withheld
    later = next(one for one in part.view.later if one.answer.id == "PHS-003")
    assert later.needs == ("Evidence for this answer is withheld from you.",)
    assert "IND-099201" not in str(part.view)


def test_two_registrations_with_a_specification_leave_it_untold_which_is_meant(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import holdfast.release.dossiers.product_dossier as module

    both = [Side("IND-1", "US", "SPC-1 version 1"), Side("IND-2", "US", "SPC-2 version 1")]
    monkeypatch.setattr(module, "sides_of", lambda product, on: both)
    found = seen()
    assert (found.gathered.registration, found.gathered.candidates) == (None, ("IND-1", "IND-2"))
    assert found.gathered.dossier.development is None
    assert found.view is not None
    assert "met" not in answers(found.view.now).values()


def test_without_a_phase_on_record_nothing_is_said(demo: str) -> None:
    with viewing(Viewer.operator()):
        product = Product.objects.select_related("record", "programme").get()
        assert phase_of(product, "US", date(2020, 1, 1)).view is None


def test_the_number_of_queries_does_not_depend_on_what_the_specification_holds(demo: str) -> None:
    with viewing(Viewer.operator()):
        product = Product.objects.select_related("record", "programme").get()
        assert SpecificationTest.objects.count() == 24
        assert Specification.objects.count() == 2
    with CaptureQueriesContext(connection) as captured:
        build_product_dossier(product, "US", TODAY)
    reads = [query for query in captured.captured_queries if query["sql"].startswith('SELECT "')]
    assert len(reads) == 11
