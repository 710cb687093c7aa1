"""Where the US and the EU ask, register or do different things for one product."""

from __future__ import annotations

from .base import Part, Reference, about, listing


class AttributeComparison(Part):
    """One attribute in both regions' specifications."""

    record: Reference | None = None
    attribute: str | None = None
    in_us: bool | None = None
    in_eu: bool | None = None
    method_differs: bool | None = None
    limit_differs: bool | None = None
    justification: str | None = about("Why they differ")
    planned_convergence: bool | None = None
    limits_intersect: bool | None = about("A limit exists that satisfies both")
    is_compendial: bool | None = None
    chapter_us: str | None = None
    chapter_eu: str | None = None
    edition_us: str | None = None
    edition_eu: str | None = None
    is_harmonised: bool | None = about("The chapters are interchangeable within the conditions of Q4B")
    equivalence_data: bool | None = None
    is_safety_limit: bool | None = about("Copy number, viability, residuals")
    agency_correspondence: str | None = None
    is_potency: bool | None = None
    same_method_family: bool | None = None
    same_reference_lineage: bool | None = None
    bridging_study_approved: bool | None = None


class ImportTest(Part):
    """A release test of the marketing authorisation, with how it will be done for the EU."""

    record: Reference | None = None
    test: str | None = None
    eu_laboratory: str | None = None
    transfer_complete: bool | None = None
    mutual_recognition_record: str | None = None
    waiver_strategy: bool | None = about("ATMP: a waiver with the authority's advice")


class Alignment(Part):
    record: Reference | None = None
    attributes: list[AttributeComparison] = listing("Attributes of both specifications")
    import_tests: list[ImportTest] = listing("Release tests on importation")
    eu_market_planned: bool | None = None
    eu_trial_planned: bool | None = None
    made_outside_eu: bool | None = None
    importer_with_authorisation: bool | None = None
    qp_named: bool | None = None
    importer_agreement: bool | None = None
    third_country_audits_planned: bool | None = None
    intended_for_eu: bool | None = None
    made_under_us_phase1_regime: bool | None = None
    eu_gap_assessment_by_qp: bool | None = None
    vector_class_us: str | None = about("critical_component | drug_substance | ...")
    vector_class_eu: str | None = about("starting_material | active_substance")
    vector_gmp_satisfies_stricter: bool | None = None
    donor_tests_us_complete: bool | None = about("Licensed or cleared assays, qualified laboratory, US time window")
    donor_tests_eu_complete: bool | None = about("EU markers with authorised tests; autologous too, when stored or cultured")
    retention_is_longest: bool | None = None
    exceptional_route_us: bool | None = about("A procedure for an out-of-specification autologous lot in the US")
    exceptional_route_eu: bool | None = None
    routes_have_separate_forms: bool | None = None
    qualification_lots_accepted_by_both: bool | None = None
    qualification_lots: int | None = None
    region_justification_on_file: bool | None = None
    us_protocols: int | None = about("Comparability protocols filed in the US")
    us_protocols_without_eu_counterpart: int | None = about("Those with neither an EU protocol nor a decision not to have one")
    us_protocols_with_other_criteria: int | None = about("Those whose EU protocol has other acceptance criteria")
    established_conditions_claimed_in_eu: bool | None = None
    eu_classification_from_variations_guideline: bool | None = None
    single_annual_report: bool | None = None
    maturity_us: int | None = about("Level of CMC content in the US application, 1 to 4")
    maturity_eu: int | None = None
    label_has_us_statement: bool | None = None
    label_has_eu_elements: bool | None = None
    label_period_of_use: bool | None = None
