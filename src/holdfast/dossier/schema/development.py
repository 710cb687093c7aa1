"""How mature the CMC of a programme is, against what its phase asks."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, about, listing


class CellBank(Part):
    record: Reference | None = None
    number: str | None = None
    kind: str | None = about("master_cell_bank | working_cell_bank | master_virus_seed | end_of_production")
    identity_passed: bool | None = None
    sterility_passed: bool | None = None
    mycoplasma_passed: bool | None = None
    adventitious_agents_passed: bool | None = None
    first_gmp_use_on: date | None = None
    tested_on: date | None = None


class Flexibility(Part):
    """A relief from the usual CMC expectation that the programme claims."""

    record: Reference | None = None
    kind: str | None = about("fewer_qualification_lots | concurrent_release | provisional_limits | reduced_stability | validation_timing")
    scientific_justification: bool | None = None
    agency_interaction: str | None = about("Meeting or correspondence id")
    scope: str | None = about("What of the programme it is claimed for")


class PhaseOneSpecification(Part):
    """Which safety and quality tests the specification holds."""

    identity: bool | None = None
    purity: bool | None = None
    dose_or_strength: bool | None = None
    sterility: bool | None = None
    endotoxin: bool | None = None
    mycoplasma: bool | None = None
    adventitious_agents: bool | None = None
    replication_competent_virus: bool | None = None
    replication_competent_virus_relevant: bool | None = None
    safety_tests_have_limits: bool | None = None


class Potency(Part):
    quantitative_measure: bool | None = None
    is_qualified: bool | None = None
    linked_to_mechanism: bool | None = None
    has_limits: bool | None = None
    is_validated: bool | None = None


class GeneticStartingMaterial(Part):
    record: Reference | None = None
    name: str | None = None
    classified_in_dossier: bool | None = None
    risk_assessment_approved: bool | None = about("The manufacturer's risk assessment fixes which parts of the GMP apply")
    compliance_evidence: bool | None = None


class Development(Part):
    record: Reference | None = None
    next_milestone: str | None = about("phase2 | phase3 | commercial")
    gmp_regime: str | None = about("us_phase1_statutory | us_part_211 | eu_gmp | eu_part_iv: as stored on the batches")
    regime_stored_on_batches: bool | None = None
    specification: PhaseOneSpecification | None = None
    potency: Potency | None = None
    safety_methods_qualified: bool | None = None
    methods_fit_for_purpose: bool | None = None
    method_performance_tabulated: bool | None = None
    methods_fully_validated: bool | None = None
    aseptic_process_validated_on: date | None = None
    first_human_dose_on: date | None = None
    process_qualification: str | None = about("complete | concurrent_approved | planned | none")
    critical_attributes_listed: bool | None = None
    critical_attributes_rationale: bool | None = None
    parameters_ranked: bool | None = None
    control_strategy_links_attributes: bool | None = None
    reference_standard: str | None = about("interim | primary | two_tier | none")
    reference_standard_characterised: bool | None = None
    requalification_plan: bool | None = None
    cell_banks: list[CellBank] = listing("Cell banks and virus seeds")
    end_of_production_tested: bool | None = None
    clearance_steps: int | None = about("Orthogonal steps on which clearance of model viruses is shown")
    clearance_platform_data: bool | None = None
    full_clearance_study: bool | None = None
    stability_covers_trial: bool | None = None
    stability_concurrent: bool | None = None
    primary_stability_lots: int | None = None
    primary_stability_months: int | None = None
    fewer_stability_lots_agreed: str | None = about("Meeting or correspondence id of the agreement")
    final_specification_justified: bool | None = None
    pivotal_comparability_done: bool | None = None
    inspection_ready: bool | None = None
    flexibilities: list[Flexibility] = listing("Flexibilities claimed")
    plausible_mechanism: bool | None = about("The programme runs under the plausible-mechanism framework")
    framework_criteria_documented: int | None = about("How many of its five criteria are documented")
    early_readiness_planned: bool | None = about("Early qualification and readiness of methods are planned")
    product_kind: str | None = about("integrating | editing | aav | other")
    follow_up_years: int | None = about("Years of long-term follow-up that the plan has")
    retention_matches_follow_up: bool | None = about("Samples and data of the product are kept as long as the follow-up runs")
    process_locked: bool | None = None
    comparability_plan: bool | None = None
    specification_tightened: bool | None = None
    characterisation_supports_application: bool | None = None
    genetic_starting_materials: list[GeneticStartingMaterial] = listing("Plasmids, vectors, guides")
