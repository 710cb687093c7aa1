"""Release before all results are in: the filed procedure, what was known, and what came later."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, about, listing


class LateResult(Part):
    """A result that came after the product was released or given."""

    record: Reference | None = None
    test: str | None = about("sterility, mycoplasma, ...")
    is_out_of_specification: bool | None = about("Positive, or outside its limit")
    reported_on: date | None = about("Day on which the result was known")
    product_was_given: bool | None = about("The product had been given to the patient")
    physician_notified_on: date | None = about("Day on which the treating physician was told")
    organism_identified: bool | None = about("The organism was identified")
    susceptibility_tested: bool | None = about("Its susceptibility to antibiotics was tested")
    investigation_reported_on: date | None = about("Day on which the investigation was reported to the authority")
    assessed_in_final_certification: bool | None = about("EU: assessed at the second stage of certification")


class EarlyRelease(Part):
    """Release or certification in stages, before the last results."""

    record: Reference | None = None
    is_used: bool | None = about("The batch is to be released before all results are in")
    procedure_filed: bool | None = about("The application describes the procedure")
    filing_in_effect: bool | None = about("That application, or its amendment, is in effect")
    filing_approved: bool | None = about("The licence or marketing authorisation that describes it is approved")
    shelf_life_justifies: bool | None = about("The shelf life is too short to wait")
    in_process_sample_hours: int | None = about("How many hours before harvest the in-process sterility sample was taken")
    in_process_shows_no_growth: bool | None = about("That sample shows no growth on the day of release")
    rapid_test_negative: bool | None = about("Gram stain or another rapid test on the final product is negative")
    pending_results: int | None = about("How many results are still to come")
    pending_are_declared: bool | None = about("Each of them is named in the filed procedure")
    first_stage_by: str | None = about("EU: QP who certified at the first stage")
    environment_reviewed: bool | None = about("Environmental monitoring was reviewed at the first stage")
    late_result_plan: bool | None = about("A written plan says what happens, and who is told, when a late result fails")
    plan_trained: bool | None = about("Those who must act on the plan are trained in it")
    late_results: list[LateResult] = listing("Results that came later")
