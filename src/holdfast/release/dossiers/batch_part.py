"""The batch of a dossier: executed record, inputs, labels, identity, shipments, donor, releases."""

from __future__ import annotations

from datetime import date
from typing import Any

from holdfast.dossier.schema import batch as schema

from .gather import Gathered
from .rows import covers, number_of, reference, text, validity

SPONSOR = "sponsor"


def batch_part(found: Gathered, lot: Any) -> schema.Batch:
    """Everything recorded about how a lot was made and moved."""
    record = next(iter(found.by_lot["records"].get(lot.pk, [])), None)
    executed = _executed(found, record) if record else None
    return schema.Batch(
        record=reference(lot),
        number=lot.record.number,
        kind=lot.lot_kind,
        process=number_of(lot.process),
        process_version=str(lot.process.record.version) if lot.process else None,
        manufactured_at=number_of(lot.made_at),
        manufacture_began_on=lot.manufacture_began_on,
        manufactured_on=lot.manufactured_on,
        identity=text(lot.identity),
        patient=text(lot.patient),
        container=text(lot.container),
        storage_condition=text(lot.storage_condition),
        expires_on=lot.expires_on,
        shelf_life_months=lot.shelf_life_months,
        inventory=[_status(s) for s in found.by_lot["statuses"].get(lot.pk, []) if s.organisation.kind == SPONSOR],
        review_completed_on=_review_completed_on(executed),
        batch_record=executed,
        inputs=[_input(found, found.lots[a.lot], a) for a in found.ancestors.get(lot.pk, []) if a.lot in found.lots],
        labels=[_label(found, label) for label in found.by_lot["labels"].get(lot.pk, [])],
        identity_checks=[_check(lot, check) for check in found.by_lot["identity_checks"].get(lot.pk, [])],
        shipments=_shipments(found, lot),
        donor_eligibility=_donors(found, lot),
        site_releases=[_release(release) for release in found.by_lot["site_releases"].get(lot.pk, [])],
    )


def _status(row: Any) -> schema.QuarantineStatus:
    return schema.QuarantineStatus(status=row.status, validity=validity(row))


def _review_completed_on(executed: schema.BatchRecord | None) -> date | None:
    """The day of the sponsor's last approving review by its Quality Unit: the day to which statements must reach."""
    reviews = executed.reviews if executed else []
    days = [
        review.reviewed_at.date()
        for review in reviews
        if review.outcome == "approved" and review.reviewer_role == "quality_unit" and review.organisation_kind == SPONSOR and review.reviewed_at
    ]
    return max(days) if days else None


def _executed(found: Gathered, record: Any) -> schema.BatchRecord:
    process = record.process
    return schema.BatchRecord(
        record=reference(record),
        number=record.record.number,
        master_record=text(process.master_record) if process else None,
        master_version=str(process.record.version) if process else None,
        master_validity=validity(process) if process else None,
        master_prepared_by=number_of(process.prepared_by) if process else None,
        master_checked_by=number_of(process.checked_by) if process else None,
        issue_checked_by=number_of(record.issue_checked_by),
        issue_checked_at=record.issue_checked_at,
        state=text(record.state),
        steps=[_step(found, process, step) for step in found.by_lot["steps"].get(record.pk, [])],
        reviews=[_review(found, record, review) for review in found.by_lot["reviews"].get(record.pk, [])],
    )


def _step(found: Gathered, process: Any, step: Any) -> schema.BatchStep:
    return schema.BatchStep(
        sequence=step.sequence,
        unit_operation=text(step.unit_operation),
        is_aseptic=step.is_aseptic,
        completed=step.completed,
        site=number_of(step.site),
        equipment=text(step.equipment),
        equipment_in_calibration=step.equipment_in_calibration,
        started_at=step.started_at,
        finished_at=step.finished_at,
        performed_by=number_of(step.performed_by),
        checked_by=number_of(step.checked_by),
        instruction=text(step.instruction),
        actual=text(step.actual),
        within_instruction=step.within_instruction,
        deviation=text(step.deviation_number),
        performer_trained=_trained(found, process, step),
    )


def _trained(found: Gathered, process: Any, step: Any) -> bool | None:
    """Trained on this version of the master on the day of the step: yes, no (trained later or lapsed), or nobody recorded a training."""
    if process is None or step.performed_by_id is None or step.started_at is None:
        return None
    day = step.started_at.date()
    version = str(process.record.version)
    trainings = [t for t in found.trainings.get(step.performed_by_id, []) if t.subject == process.master_record and t.document_version == version]
    if not trainings:
        return None
    return any(t.trained_on <= day and (t.valid_until is None or t.valid_until >= day) for t in trainings)


def _review(found: Gathered, record: Any, review: Any) -> schema.RecordReview:
    return schema.RecordReview(
        reviewer=number_of(review.reviewer),
        reviewer_role=text(review.reviewer_role),
        organisation=number_of(review.reviewer.organisation),
        organisation_kind=review.reviewer.organisation.kind,
        outcome=review.outcome,
        reviewed_at=review.reviewed_at,
        audit_trail_reviewed=_audit_trail_reviewed(found, record, review),
    )


def _audit_trail_reviewed(found: Gathered, record: Any, review: Any) -> bool | None:
    """As the review says. Where it does not say, yes if the same person has signed a review of the batch's audit trail here; otherwise nobody knows."""
    if review.audit_trail_reviewed is not None:
        return bool(review.audit_trail_reviewed)
    signed = found.by_lot["audit_trail_reviews"].get(record.lot_id, [])
    return True if any(one.reviewer_id == review.reviewer_id for one in signed) else None


def _input(found: Gathered, lot: Any, ancestor: Any) -> schema.Input:
    material = lot.material
    released = [s for s in found.by_lot["statuses"].get(lot.pk, []) if s.organisation.kind == SPONSOR and covers(s, ancestor.used_on)]
    status = max(released, key=lambda s: (s.valid_from, s.pk)) if released else None
    return schema.Input(
        record=reference(lot),
        lot=lot.record.number,
        material=number_of(material),
        material_kind=material.material_kind if material else text(lot.lot_kind),
        depth=ancestor.depth,
        used_on=ancestor.used_on,
        expires_on=lot.expires_on,
        release_state=status.status if status else None,
        released_on=status.valid_from if status and status.status == "released" else None,
        identity_tested=lot.identity_tested,
        supplier_approved=_supplier_approved(material, ancestor.used_on),
        animal_derived=material.animal_derived if material else None,
        tse_evidence=text(material.tse_evidence) if material else None,
        gmp_evidence=text(lot.gmp_evidence),
        gmp_evidence_accepted_by_qp=lot.gmp_evidence_accepted_by_qp,
        replication_competent_virus_result=text(lot.replication_competent_virus_result),
    )


def _supplier_approved(material: Any, day: date | None) -> bool | None:
    if material is None or day is None or material.supplier_approved_from is None:
        return None
    if day < material.supplier_approved_from:
        return False
    if material.supplier_approved_until is not None:
        return bool(day <= material.supplier_approved_until)
    return True if material.supplier_approved_until_stated else None


def _label(found: Gathered, label: Any) -> schema.Label:
    statements = found.by_lot["label_statements"].get(label.pk, [])
    return schema.Label(
        record=reference(label),
        version=str(label.record.version),
        approved_on=label.approved_on,
        identity=text(label.identity),
        issued=label.issued,
        used=label.used,
        returned=label.returned,
        destroyed=label.destroyed,
        line_clearance=label.line_clearance,
        statements=[schema.LabelStatement(code=s.code, present=s.present, language=text(s.language)) for s in statements],
    )


def _check(lot: Any, check: Any) -> schema.IdentityCheck:
    return schema.IdentityCheck(
        record=reference(lot),
        point=check.point,
        expected=text(check.expected),
        observed=text(check.observed),
        identifiers_checked=check.identifiers_checked,
        checked_by=number_of(check.checked_by),
        second_checker=number_of(check.second_checker),
        checked_at=check.checked_at,
    )


def _shipments(found: Gathered, lot: Any) -> list[schema.Shipment]:
    """Shipments of the lot itself and of what was collected for it; a shipment counts once."""
    wanted = [lot.pk, *(a.lot for a in found.ancestors.get(lot.pk, []) if a.lot in found.lots and found.lots[a.lot].lot_kind == "apheresis")]
    rows = {row.shipment_id: row.shipment for key in wanted for row in found.by_lot["shipments"].get(key, [])}
    return [_shipment(shipment) for _, shipment in sorted(rows.items())]


def _shipment(shipment: Any) -> schema.Shipment:
    return schema.Shipment(
        record=reference(shipment),
        number=shipment.record.number,
        from_site=number_of(shipment.from_site),
        to_site=number_of(shipment.to_site),
        to_kind=shipment.to_kind,
        shipped_at=shipment.shipped_at,
        received_at=shipment.received_at,
        under_quarantine=shipment.under_quarantine,
        lane_qualified=shipment.lane_qualified,
        temperature_outcome=text(shipment.temperature_outcome),
        deviation=text(shipment.deviation_number),
    )


def _donors(found: Gathered, lot: Any) -> list[schema.DonorEligibility]:
    lots = [lot.pk, *(a.lot for a in found.ancestors.get(lot.pk, []))]
    return [_donor(donor) for key in lots for donor in found.by_lot["donors"].get(key, [])]


def _donor(donor: Any) -> schema.DonorEligibility:
    return schema.DonorEligibility(
        record=reference(donor),
        donor=donor.donor,
        determination=text(donor.determination),
        determined_on=donor.determined_on,
        determined_by=number_of(donor.determined_by),
        eu_testing_complete=donor.eu_testing_complete,
        procurement_authorised=donor.procurement_authorised,
    )


def _release(release: Any) -> schema.SiteRelease:
    return schema.SiteRelease(
        record=reference(release),
        site=number_of(release.site),
        released_on=release.released_on,
        certificate_of_analysis=text(release.certificate_of_analysis),
        certificate_of_conformance=text(release.certificate_of_conformance),
    )
