"""Analytical procedures: validation, verification, transfer, performance, standards."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, Validity, about, listing


class MethodTransfer(Part):
    record: Reference | None = None
    number: str | None = None
    to_site: str | None = None
    kind: str | None = about("comparative | co_validation | revalidation | waiver")
    criteria_preset_on: date | None = None
    executed_on: date | None = None
    same_lots: bool | None = None
    statistics_recorded: bool | None = None
    passed: bool | None = None
    signed_by_both: bool | None = None


class ProficiencyTest(Part):
    record: Reference | None = None
    scheme: str | None = None
    score: str | None = about("z, z' or zeta as the scheme defines it; decimal, as text")
    absolute_score: str | None = about("Its size, without sign; decimal, as text")
    previous_was_warning: bool | None = None
    investigation: str | None = about("Number of the investigation that followed")
    action: str | None = about("Number of the action that followed")


class ReferenceStandard(Part):
    record: Reference | None = None
    lot: str | None = None
    is_qualified: bool | None = None
    requalify_by: date | None = None
    stored_in_condition: bool | None = None
    traceable_to_primary: bool | None = None
    at_site: bool | None = None
    is_quantitative: bool | None = about("Serves a quantitative procedure")


class Method(Part):
    """One analytical procedure at one laboratory."""

    record: Reference | None = None
    number: str | None = None
    version: str | None = None
    site: str | None = None
    purpose: str | None = about("identity | impurity_quantitative | limit_test | assay | potency")
    category: str | None = about("sterility | endotoxin | mycoplasma | replication_competent_virus | potency | other")
    validity: Validity | None = about("When this version is in effect")
    laboratory_approved: bool | None = None
    laboratory_in_application: bool | None = None
    version_registered: bool | None = about("This version is in the current application, or a permitted change covers it")
    is_compendial: bool | None = None
    chapters: list[str] = []
    verified_on: date | None = about("Compendial: verified under actual conditions of use, for this product and laboratory")
    suitability_statement: bool | None = about("Clinical: a statement of suitability")
    parameters_planned: bool | None = about("Clinical: the key parameters of validation are planned")
    results_table: bool | None = about("Late clinical: results of validation in a table")
    specificity: bool | None = None
    working_range: bool | None = None
    quantitation_limit: bool | None = None
    detection_limit: bool | None = None
    accuracy: bool | None = None
    precision: bool | None = None
    validation_report_approved_on: date | None = None
    product_suitability_on: date | None = about("Microbial: suitability with the product matrix and dilution")
    first_release_use_on: date | None = None
    is_alternative: bool | None = about("A rapid or alternative method in place of the compendial one")
    alternative_validated: bool | None = None
    alternative_filed: bool | None = None
    replaces_culture: bool | None = about("Mycoplasma: nucleic-acid test in place of culture")
    lod_cfu_per_ml: str | None = about("Limit of detection in CFU/mL; decimal, as text")
    lod_gc_per_ml: str | None = about("Limit of detection in genome copies/mL; decimal, as text")
    gc_cfu_ratio: str | None = about("Genome copies per CFU of the standards; decimal, as text")
    inhibition_control: bool | None = None
    matrix_validated: bool | None = None
    comparability_data_us: bool | None = about("US: comparability data for the alternative are filed")
    recombinant_reagent: bool | None = about("Endotoxin: recombinant factor C or cascade reagent")
    regional_status_recorded: bool | None = None
    similarity_criterion: bool | None = about("Potency: a criterion of parallelism or similarity")
    reference_response_monitored: bool | None = None
    control_charted: bool | None = None
    format_matches_validation: bool | None = about("Potency: replicates as in the validated format of the reportable result")
    monitoring_plan: bool | None = None
    performance_reviewed_on: date | None = None
    target_profile: bool | None = about("An analytical target profile lists attribute, range and performance of the reportable result")
    transfers: list[MethodTransfer] = listing("Transfers to laboratories")
    proficiency_tests: list[ProficiencyTest] = listing("Rounds of proficiency testing")
    standards: list[ReferenceStandard] = listing("Reference materials in use")


class SamplingPlan(Part):
    record: Reference | None = None
    name: str | None = None
    standard: str | None = about("ISO 2859-1, ANSI Z1.4, ...")
    lot_size: int | None = None
    inspection_level: str | None = None
    aql_critical: str | None = about("Percent; decimal, as text")
    aql_major: str | None = None
    aql_minor: str | None = None
    switching_rules: bool | None = None
    results_recorded: bool | None = None


class ContractLaboratory(Part):
    record: Reference | None = None
    site: str | None = None
    agreement_in_force: bool | None = None
    audited_on: date | None = None
    in_application: bool | None = None
    tests_us_donors: bool | None = None
    clia_certificate: Validity | None = None
