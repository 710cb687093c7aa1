"""Another version of a pack shows what it would change before it is adopted, and a programme sees what its phase asks."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.dossier.schema import Dossier
from holdfast.standards.library import ON_BY_DEFAULT, current_packs, pack_text
from holdfast.standards.loading import load_pack
from holdfast.standards.phase_view import phase_view
from holdfast.standards.upgrade import upgrade_effects

US = "us_disposition/phase2_cell_therapy.yaml"
PACKS = list(current_packs(Dossier))


def batch(viability: str, media_fill: str = "2026-01-10") -> dict[str, Any]:
    return {
        "decision": {"question": "us_disposition", "region": "US", "phase": "phase2", "route": "trial", "date": "2026-06-01"},
        "product": {"modality": "gene_modified_cell"},
        "batch": {"review_completed_on": "2026-05-01"},
        "specification": {"tests": [{"category": "viability", "results": [{"reported": viability, "unit": "%", "status": "approved"}]}]},
        "supply_chain": [
            {
                "site": "S1",
                "activity": "drug_product_manufacture",
                "performed_on": "2026-03-10",
                "aseptic_simulations": [{"outcome": "passed", "performed_on": media_fill}],
            }
        ],
        "statements": [{"list": name, "site": "S1", "complete_to": "2026-06-01"} for name in ("results", "supply_chain", "aseptic_simulations")],
    }


@pytest.mark.req("5.2")
def test_an_upgrade_names_each_batch_whose_answers_change_with_the_figure_that_changes_them() -> None:
    before = load_pack(pack_text(US), Dossier, "before.yaml")
    text = pack_text(US).replace("viability_minimum: {value: 70", "viability_minimum: {value: 75").replace('version: "1.0.0"', 'version: "1.1.0"')
    after = load_pack(text, Dossier, "after.yaml")
    effects = upgrade_effects(before, after, {"B1": batch("72"), "B2": batch("80")})
    assert [(e.dossier, [(a.rule, a.before, a.after, a.blocks_before, a.blocks_after, a.why) for a in e.answers]) for e in effects] == [
        ("B1", [("US-DSP-032", "met", "not met", False, True, "1.1.0 changes viability_minimum from 70 to 75.")])
    ]


@pytest.mark.req("5.2")
def test_an_upgrade_says_which_rules_come_go_and_weigh_otherwise() -> None:
    before = load_pack(pack_text(US), Dossier, "before.yaml")
    start, end = pack_text(US).index("  - id: US-DSP-032"), pack_text(US).index("  - id: US-DSP-033")
    text = pack_text(US)[:start] + pack_text(US)[end:]
    expiry = text.index("  - id: US-DSP-014")
    text = text[:expiry] + text[expiry:].replace("severity: major", "severity: minor", 1)
    text = "\n".join(line for line in text.splitlines() if "viability_minimum:" not in line)
    after = load_pack(text.replace('version: "1.0.0"', 'version: "1.1.0"'), Dossier, "after.yaml")
    (effect,) = upgrade_effects(before, after, {"B": batch("60")})
    assert [(a.rule, a.before, a.after, a.severity_after, a.why) for a in effect.answers] == [
        ("US-DSP-014", "cannot tell", "cannot tell", "minor", "1.1.0 changes severity."),
        ("US-DSP-032", "not met", None, None, "1.1.0 takes the rule away."),
    ]
    (back,) = upgrade_effects(after, before, {"B": batch("60")})
    assert ("US-DSP-032", None, "not met", "1.0.0 adds the rule.") in [(a.rule, a.before, a.after, a.why) for a in back.answers]


@pytest.mark.req("5.2")
def test_the_same_version_changes_nothing() -> None:
    pack = load_pack(pack_text(US), Dossier, "same.yaml")
    assert upgrade_effects(pack, pack, {"B1": batch("60"), "B2": batch("80")}) == []


def named(expectations: Any) -> set[str]:
    return {expectation.answer.id for expectation in expectations}


@pytest.mark.req("5.7")
def test_a_phase_1_programme_sees_what_holds_now_what_comes_and_what_may_wait() -> None:
    dossier = {
        "decision": {"region": "US", "route": "trial", "date": "2026-06-01"},
        "product": {"modality": "gene_modified_cell", "made_available_for_phase2_or_3": False, "lawfully_marketed": False},
    }
    view = phase_view(PACKS, dossier, "phase1")
    assert (view.phase, view.next_phase) == ("phase1", "phase2")
    assert {"US-DSP-028", "US-DSP-048", "US-DSP-051"} <= named(view.now)
    assert "US-DSP-002" not in named(view.now)  # part 211 does not bind yet
    assert {"US-DSP-002", "US-DSP-007", "US-DSP-013"} <= named(view.next)
    heavier = next(e for e in view.next if e.answer.id == "US-DSP-022")
    assert heavier.why.startswith("Weighs blocker at phase 2; now major.")
    assert {"US-DSP-021", "US-DSP-042", "US-DSP-047"} <= named(view.later)
    assert {e.phase for e in view.later} == {"phase3", "commercial"}
    assert {e.answer.id: e.phase for e in view.later}["ALN-016"] == "phase3"
    keys = [{(e.answer.question, e.answer.id): e for e in part} for part in (view.now, view.next, view.later)]
    again = keys[2].keys() & (keys[0].keys() | keys[1].keys())
    assert all(keys[2][key].why.startswith("Asks more at ") and keys[2][key].needs for key in again)
    assert all(e.is_open for e in view.now if e.answer.answer == "cannot tell")


@pytest.mark.req("5.7")
def test_a_rule_that_stands_today_is_named_again_where_a_later_phase_asks_more_and_only_for_that() -> None:
    """PHS-003: potency is measured at every phase, qualified, linked and limited for a pivotal study, validated for a licence."""
    dossier = {"decision": {"region": "US", "route": "trial", "date": "2026-06-01"}, "product": {"modality": "gene_modified_cell"}}
    view = phase_view([pack for pack in PACKS if pack.id == "phase_maturity"], dossier, "phase2")
    found = {name: {e.answer.id: e for e in getattr(view, name)} for name in ("now", "next", "later")}
    assert found["now"]["PHS-003"].needs == ("No quantitative measure of activity is on record.",)
    assert [need.split(",")[0] for need in found["next"]["PHS-003"].needs] == [
        "The potency assay is not shown to be qualified",
        "The potency assay is not shown to be linked to how the product works",
        "No limits of potency are on record",
    ]
    assert found["next"]["PHS-003"].why == "Asks more at phase 3."
    assert found["later"]["PHS-003"].needs == ("The potency assay is not shown to be validated, as a licence needs it.",)
    assert "PHS-005" not in {*found["next"], *found["later"]}  # asks the same at every phase
    assert found["now"]["PHS-011"].needs == ("Not on record: stability covers trial.",)
    assert [e.answer.id for e in view.idle] == ["PHS-006"]


@pytest.mark.req("5.7")
def test_a_drug_that_was_in_phase_2_meets_part_211_at_phase_1_already() -> None:
    dossier = {
        "decision": {"region": "US", "route": "trial", "date": "2026-06-01"},
        "product": {"modality": "gene_modified_cell", "made_available_for_phase2_or_3": True, "lawfully_marketed": False},
    }
    assert {"US-DSP-002", "US-DSP-007", "US-DSP-013"} <= named(phase_view(PACKS, dossier, "phase1").now)


@pytest.mark.req("5.7")
def test_a_programme_may_leap_and_a_marketed_one_has_no_next_milestone() -> None:
    dossier = {"decision": {"region": "EU", "route": "trial", "date": "2026-06-01"}, "product": {"modality": "gene_modified_cell"}}
    leap = phase_view(PACKS, dossier, "phase2", "commercial")
    assert {"EU-CRT-023", "EU-CRT-010"} <= named(leap.next)
    assert leap.later == ()
    marketed = phase_view(PACKS, dossier, "commercial")
    assert (marketed.next_phase, marketed.next, marketed.later) == (None, (), ())
    assert "EU-CRT-027" not in named(marketed.now)


@pytest.mark.req("5.7")
def test_the_packs_of_2026_state_their_status_and_neither_is_on_by_default() -> None:
    found = {pack.id: pack for pack in PACKS if pack.id.endswith("2026")}
    assert {pack.id: pack.status for pack in found.values()} == {
        "phase_cgt_cmc_flexibilities_2026": "in_force",
        "phase_plausible_mechanism_draft_2026": "draft",
    }
    for pack in found.values():
        assert pack.header.status_note
        assert {cite.confidence for rule in pack.rules for cite in rule.cite} == {"medium"}
        assert pack.document.file not in ON_BY_DEFAULT
    dossier = {
        "decision": {"question": "phase", "region": "US", "date": "2026-06-01"},
        "product": {"modality": "genome_edited"},
        "development": {"plausible_mechanism": True, "framework_criteria_documented": 4, "early_readiness_planned": True},
    }
    from holdfast.standards.judge import judge

    answer = judge([found["phase_plausible_mechanism_draft_2026"]], dossier).rules[0]
    assert (answer.answer, answer.severity, answer.status, answer.says) == ("not met", "advice", "draft", "4 of the framework's criteria are documented.")
