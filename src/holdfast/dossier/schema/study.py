"""Stability: programmes, studies, pulls and what is claimed from them."""

from __future__ import annotations

from datetime import date

from .base import Part, Reference, about, listing


class StabilityPull(Part):
    record: Reference | None = None
    number: str | None = None
    due_on: date | None = None
    pulled_on: date | None = None
    days_off: int | None = about("Days between due and pulled, without sign")
    tested_within_limit: bool | None = None
    deviation: str | None = None
    outside_prediction_interval: bool | None = about("The point lies outside the prediction interval of its own or prior lots")
    out_of_trend_record: str | None = None


class StabilityStudy(Part):
    record: Reference | None = None
    number: str | None = None
    lot: str | None = None
    lot_kind: str | None = about("primary | pilot | clinical | commercial | post_change")
    is_representative: bool | None = about("Made by the process that the claim is for")
    condition: str | None = about("Storage condition, as claimed")
    is_real_time: bool | None = None
    container: str | None = None
    months_of_data: int | None = about("Longest time point with results that meet the specification")
    meets_specification: bool | None = None
    accelerated_months: int | None = None
    significant_change: str | None = about("none | accelerated | intermediate")
    statistics_done: bool | None = None
    is_ongoing: bool | None = None
    added_in_year: int | None = None
    storage_phase: str | None = about("vapour_phase | frozen | refrigerated | ambient")
    post_thaw_viability: bool | None = None
    post_thaw_recovery: bool | None = None
    post_thaw_potency: bool | None = None
    sterility_or_integrity: bool | None = None
    frequency_follows_guideline: bool | None = None
    pulls: list[StabilityPull] = listing("Time points")


class InUseTime(Part):
    """A hold, thaw, dilution or infusion time in the instructions."""

    record: Reference | None = None
    name: str | None = None
    has_supporting_data: bool | None = None


class StabilityEvent(Part):
    """A stability result out of specification, or another event on a distributed batch."""

    record: Reference | None = None
    number: str | None = None
    is_confirmed: bool | None = None
    known_on: date | None = None
    product_class: str | None = about("nda | bla | eu_marketed")
    batch_distributed: bool | None = None
    reported_on: date | None = None
    working_days_to_report: int | None = None


class StabilityClaim(Part):
    """The shelf life that is claimed, and what stands behind it."""

    record: Reference | None = None
    months_claimed: int | None = None
    months_real_time: int | None = about("Longest real-time, real-condition point that meets the specification")
    extrapolation_authorised: bool | None = about("Clinical: the application authorises the extrapolation")
    storage: str | None = about("ambient | refrigerated | frozen | cryogenic")
    significant_change: str | None = about("none | accelerated | intermediate | refrigerated_early")
    amenable_to_statistics: bool | None = None
    statistics_support: bool | None = None
    was_extended: bool | None = about("IMP: the shelf life was extended after it was first authorised")
    extended_on: date | None = about("IMP: day of an extension")
    extension_protocol_authorised: bool | None = None
    extension_criteria_met: bool | None = None
    extension_modification_authorised: bool | None = None
    relabelled_under_qp: bool | None = None
    pooled: bool | None = about("Lots were pooled for a common shelf life")
    pooling_p_value: str | None = about("Decimal, as text")
    shelf_life_from_worst_lot: bool | None = None
    confidence_bound_meets_limit: bool | None = None
    covers_trial: bool | None = about("Data, or a concurrent programme, cover the intended duration of use at the label condition")


class StabilityProgramme(Part):
    record: Reference | None = None
    approved_on: date | None = None
    sample_size_defined: bool | None = None
    intervals_defined: bool | None = None
    conditions_defined: bool | None = None
    stability_indicating: bool | None = None
    same_container_closure: bool | None = None
    linked_to_specification: bool | None = about("Tests and limits are those of the specification in force")
    climate_class_conditions: bool | None = about("Conditions are those of the climate class")
    lots_added_this_year: int | None = None
    lots_made_this_year: int | None = None
    post_change_lots_added: bool | None = None
    ongoing_adverse_trend: bool | None = about("An adverse trend predicts failure within the shelf life")
    ongoing_confirmed_oos: bool | None = None
    studies: list[StabilityStudy] = listing("Studies")
    in_use_times: list[InUseTime] = listing("Hold, thaw and in-use times")
    events: list[StabilityEvent] = listing("Reportable events")
    claim: StabilityClaim | None = None
