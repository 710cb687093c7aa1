"""How each batch was made and moved: executed record, reviews, labels, identity checks, shipments, releases."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from product import PROCESS, STEPS
from scenarios import Batch
from sheets import Folder

OPERATORS = {"BCW-OH": ("PER-021", "PER-022", "PER-023"), "TWB-MD": ("PER-031", "PER-032", "PER-033")}
STEP_DAYS = (0, 0, 0, 2, 3, 10, 10, 11)
ACTUALS = ("1 h 10 min", "1 column", "36 h", "MOI 3.1", "7 days", "4 h 20 min", "70 min", "as programmed")
LABEL_CODES = ("autologous_use_only", "not_evaluated_for_infectious_substances", "investigational_caution", "clinical_trial_use_only", "sponsor", "product", "route", "batch", "trial_code", "subject_number", "storage", "period_of_use")  # fmt: skip
CHECK_POINTS = (
    ("collection", "RMC-OH", -2),
    ("receipt", None, -1),
    ("manufacture_start", None, 0),
    ("fill", None, 10),
    ("label", None, 11),
    ("shipment", None, 18),
    ("import_receipt", "PPI-NL", 20),
)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), UTC)


def add_execution(folder: Folder, batch: Batch) -> None:
    """Everything that happened to a batch at its manufacturer and on its way."""
    add_batch_record(folder, batch)
    add_identity_checks(folder, batch)
    if batch.story == "in_process":
        return
    add_label(folder, batch)
    add_shipments(folder, batch)
    folder.add("site_releases", number=f"REL-{batch.number}", title="Manufacturer's release", lot=batch.number, site=batch.site, released_on=batch.made_on + timedelta(days=16), certificate_of_analysis=f"COA-{batch.number}", certificate_of_conformance=f"COC-{batch.number}")  # fmt: skip
    folder.add("reserve_samples", number=f"RSV-{batch.number}", title="Reserve sample", lot=batch.number, site=batch.site, quantity="2", unit="{vial}", retained_until=date(2031, 12, 31), justification="Scarce autologous lot: two vials, agreed with the authorities (fictional)")  # fmt: skip


def add_batch_record(folder: Folder, batch: Batch) -> None:
    performer, checker, quality = OPERATORS[batch.site]
    states = {"in_process": "open", "record_in_review": "in_review", "testing": "in_review"}
    number = folder.add("batch_records", number=f"BR-{batch.number}", title="Executed batch record", lot=batch.number, process=f"{PROCESS}@2", issue_checked_by=quality, issue_checked_at=at(batch.began_on - timedelta(days=1), 14), state=states.get(batch.story, "approved"))  # fmt: skip
    done = 5 if batch.story == "in_process" else len(STEPS)
    for sequence, ((name, aseptic, instruction), offset, actual) in enumerate(zip(STEPS, STEP_DAYS, ACTUALS, strict=True), 1):
        if sequence > done:
            break
        day = batch.began_on + timedelta(days=offset)
        departed = batch.story.startswith("deviation") and sequence == 6
        folder.add("batch_steps", batch_record=number, sequence=sequence, unit_operation=name, is_aseptic=aseptic, completed=True, site=batch.site, equipment=f"EQ-{batch.site[:3]}-{sequence:02d}", equipment_in_calibration=True, started_at=at(day, 8 + sequence), finished_at=at(day, 9 + sequence, 30), performed_by=performer, checked_by=checker, instruction=instruction, actual="7 h 15 min" if departed else actual, within_instruction=not departed, deviation_number=f"DEV-{batch.number}" if departed else "")  # fmt: skip
    if batch.story in {"in_process", "testing", "record_in_review"}:
        return
    for reviewer, role, days in ((quality, "production", 14), ("PER-002", "quality_unit", 32)):
        folder.add(
            "record_reviews",
            batch_record=number,
            reviewer=reviewer,
            reviewer_role=role,
            outcome="approved",
            reviewed_at=at(batch.made_on + timedelta(days=days), 15),
            audit_trail_reviewed=True,
        )


def add_label(folder: Folder, batch: Batch) -> None:
    label = folder.add("labels", number=f"LBL-{batch.number}", title="Immediate label", lot=batch.number, approved_on=date(2026, 1, 15), identity=batch.identity, issued=3, used=1, returned=0, destroyed=2, line_clearance=True)  # fmt: skip
    for code in LABEL_CODES:
        present = not (batch.story == "label_caution" and code == "investigational_caution")
        folder.add("label_statements", label=f"{label}@1", code=code, present=present, language="en" if code in LABEL_CODES[:3] else "en, nl")


def add_identity_checks(folder: Folder, batch: Batch) -> None:
    performer, checker, _ = OPERATORS[batch.site]
    for point, site, offset in CHECK_POINTS:
        if batch.story == "in_process" and offset > 5:
            continue
        observed = "COI-26-9999" if batch.story == "identity_mismatch" and point == "fill" else batch.identity
        who = {"RMC-OH": ("PER-081", "PER-021"), "PPI-NL": ("PER-082", "PER-004")}.get(site or "", (performer, checker))
        folder.add("identity_checks", lot=batch.number, point=point, site=site or batch.site, expected=batch.identity, observed=observed, identifiers_checked=2, checked_by=who[0], second_checker=who[1], checked_at=at(batch.began_on + timedelta(days=offset), 7))  # fmt: skip


def add_shipments(folder: Folder, batch: Batch) -> None:
    began, made = batch.began_on, batch.made_on
    legs = [("A", "RMC-OH", batch.site, "manufacturer", began - timedelta(days=2), began - timedelta(days=1)), ("L", batch.site, "LKA-IL", "laboratory", made + timedelta(days=1), made + timedelta(days=2)), ("I", batch.site, "PPI-NL", "importer", made + timedelta(days=18), made + timedelta(days=20))]  # fmt: skip
    for letter, source, target, kind, left, arrived in legs:
        open_excursion = batch.story == "excursion_open" and letter == "I"
        number = folder.add("shipments", number=f"SHP-{batch.number}-{letter}", title=f"{source} to {target}", from_site=source, to_site=target, to_kind=kind, shipped_at=at(left, 16), received_at=at(arrived, 10), under_quarantine=True, lane_qualified=True, temperature_outcome="excursion_open" if open_excursion else "within_range", deviation_number="")  # fmt: skip
        folder.add("shipment_lots", shipment=number, lot=batch.apheresis if letter == "A" else batch.number)
