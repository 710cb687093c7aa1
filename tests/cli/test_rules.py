"""`holdfast rules`: read, check and compare packs, without a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from holdfast.cli import holdfast
from holdfast.standards.library import pack_text

pytestmark = [pytest.mark.req("5.8")]
US = "us_disposition/phase2_cell_therapy.yaml"


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(holdfast, ["rules", *words])
    return result.exit_code, result.output


def test_list_names_every_rule_of_a_pack_with_its_weight_and_what_it_rests_on() -> None:
    code, text = run("list", "--pack", "us_disposition_phase2_cell_therapy")
    assert code == 0
    assert "us_disposition_phase2_cell_therapy 1.0.0" in text
    assert "  US-DSP-028   blocker  law           The IND is in effect and not on hold" in text
    assert "EU-CRT-028" not in text
    assert "EU-CRT-029" in run("list", "--question", "sponsor_release")[1]


def test_show_says_where_a_rule_applies_what_it_cites_and_how_sure_that_is() -> None:
    code, text = run("show", "US-DSP-033")
    assert code == 0
    assert "cites      FDA CAR T guidance (Jan 2024) IV.C.2 (convention, confidence medium, from lookup;" in text
    assert "  - id: US-DSP-033" in run("show", "US-DSP-033", "--source")[1]
    assert "US-DSP-034" not in run("show", "US-DSP-033", "--source")[1]
    assert "edition C(2017) 7694" in run("show", "EU-CRT-034")[1]
    assert "Not judged on records" in run("show", "EU-CRT-035")[1]
    assert run("show", "US-DSP-999") == (1, "There is no rule US-DSP-999. `holdfast rules list` names them.\n")


def test_test_passes_a_sound_pack_and_points_at_what_is_wrong_in_another(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(pack_text(US), "utf-8")
    assert run("test", str(own)) == (0, "us_disposition_phase2_cell_therapy 1.0.0: 33 rules, 0 findings\n")
    own.write_text(pack_text(US).replace("field: state, is: in_effect", "field: stat, is: in_effect", 1), "utf-8")
    code, text = run("test", str(own))
    assert code == 1
    assert text.startswith(f"{own}:32:52: 'stat': RegistrationState has no field 'stat'.")


def test_diff_names_rules_added_taken_away_and_changed_and_figures(tmp_path: Path) -> None:
    own = tmp_path / "next.yaml"
    text = pack_text(US).replace("media_fill_interval: {value: P6M", "media_fill_interval: {value: P1Y")
    own.write_text(text.replace("title: The IND is in effect and not on hold", "title: The IND is in effect"), "utf-8")
    code, said = run("diff", "us_disposition_phase2_cell_therapy", str(own))
    assert (code, said.splitlines()) == (1, ["~ figure media_fill_interval: P6M became P1Y", "~ US-DSP-028 The IND is in effect: title changed"])
    assert run("diff", US, "us_disposition_phase2_cell_therapy") == (0, "They say the same.\n")
    assert run("diff", US, "no_pack")[0] == 1


IN_WRITING = """pack: {id: own, version: "1", title: t, edition: e, dossier_schema: "1.1"}
rules:
  - id: OWN-001
    title: Every shipment was under quarantine
    question: us_disposition
    applies: {regions: [US], phases: [any], modalities: [any], routes: [any]}
    require: {every: batch.shipments, must: {field: under_quarantine, is: true}, complete_by: shipments}
    says: "{number} was not under quarantine."
    severity: major
    override: justified
    cite: [{document: Industry practice, authority: convention, confidence: high, source_check: memory}]
    given: {batch: {review_completed_on: "2026-05-01", shipments: [{under_quarantine: true}]}, statements: [{list: shipments, complete_to: "2026-05-01"}]}
"""


@pytest.mark.req("5.3")
def test_suggest_gives_examples_that_make_a_pack_in_writing_sound(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(IN_WRITING, "utf-8")
    assert "OWN-001 has no example for 'met'" in run("test", str(own))[1]
    code, examples = run("suggest", str(own), "OWN-001")
    assert code == 0
    own.write_text(IN_WRITING + examples, "utf-8")
    assert run("test", str(own)) == (0, "own 1: 1 rules, 0 findings\n")


@pytest.mark.req("5.2")
def test_diff_says_which_answers_on_a_dossier_would_change_and_why(tmp_path: Path) -> None:
    own, dossier = tmp_path / "next.yaml", tmp_path / "B1.json"
    own.write_text(pack_text(US).replace("viability_minimum: {value: 70", "viability_minimum: {value: 75"), "utf-8")
    result = {"reported": "72", "unit": "%", "status": "approved"}
    evidence = {
        "decision": {"question": "us_disposition", "region": "US", "phase": "phase2", "date": "2026-06-01"},
        "scope": {},
        "batch": {"review_completed_on": "2026-05-01"},
        "specification": {"tests": [{"category": "viability", "results": [result]}]},
        "statements": [{"list": "results", "complete_to": "2026-05-01"}],
    }
    dossier.write_text(json.dumps(evidence), "utf-8")
    code, said = run("diff", US, str(own), "--dossier", str(dossier))
    assert code == 1
    assert said.splitlines() == [
        "~ figure viability_minimum: 70 became 75",
        f"{dossier}: blocked became blocked",
        "  US-DSP-032 Cell viability is at or above the guidance's minimum: met became not met. 1.0.0 changes viability_minimum from 70 to 75.",
    ]
    dossier.write_text("{}", "utf-8")
    code, said = run("diff", US, str(own), "--dossier", str(dossier))
    assert (code, said.startswith(f"{dossier} is no dossier: ")) == (1, True)


@pytest.mark.req("5.7")
def test_phase_says_what_holds_now_what_comes_and_what_may_wait(tmp_path: Path) -> None:
    dossier = tmp_path / "programme.json"
    product = {"modality": "genome_edited", "made_available_for_phase2_or_3": False, "lawfully_marketed": False}
    development = {"plausible_mechanism": True, "framework_criteria_documented": 4, "early_readiness_planned": True}
    evidence = {"decision": {"region": "US", "route": "trial", "date": "2026-06-01"}, "scope": {}, "product": product, "development": development}
    dossier.write_text(json.dumps(evidence), "utf-8")
    code, said = run("phase", str(dossier), "--at", "phase1")
    now, rest = said.split("At the next milestone (phase2): ")
    coming, later = rest.split("May wait: ")
    assert code == 1
    assert "US-DSP-048" in now
    assert "US-DSP-002" in coming
    assert "US-DSP-042" in later
    assert "PHS-014" not in said  # a draft, unless asked for
    assert "not met      PHS-014      advice" in run("phase", str(dossier), "--at", "phase1", "--drafts")[1]
