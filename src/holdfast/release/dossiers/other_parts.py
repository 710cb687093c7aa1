"""Product, registration, quality, statements, signer and prior decisions of a dossier."""

from __future__ import annotations

import heapq
from datetime import date
from typing import Any

from holdfast.dossier.schema import people as people_schema
from holdfast.dossier.schema import product as schema
from holdfast.dossier.schema import quality as quality_schema
from holdfast.dossier.schema.laboratory import ReserveSample

from .gather import Gathered
from .rows import current, number_of, reference, text, validity


def product_part(product: Any) -> schema.Product:
    return schema.Product(
        record=reference(product),
        number=product.record.number,
        name=text(product.record.title),
        modality=text(product.modality),
        donor_type=text(product.donor_type),
        is_atmp=product.is_atmp,
        contains_cells_or_tissues=product.contains_cells_or_tissues,
        dosage_form=text(product.dosage_form),
        administration_route=text(product.administration_route),
        storage_condition=text(product.storage_condition),
        container=text(product.container),
    )


def content_on(found: Gathered, registration: Any, day: date | None) -> Any | None:
    """The version of an application that held on a day."""
    return current(found.by_registration["contents"].get(registration.pk, []), day) if registration else None


def registration_part(found: Gathered, registration: Any, at_manufacture: Any, at_decision: Any) -> schema.Registration:
    states = found.by_registration["states"].get(registration.pk, [])
    return schema.Registration(
        record=reference(registration),
        number=registration.record.number,
        kind=registration.registration_kind,
        region=registration.region,
        states=[schema.RegistrationState(state=row.state, validity=validity(row)) for row in states],
        content_at_manufacture=found.once("content", at_manufacture.pk, lambda: _content(found, registration, at_manufacture)) if at_manufacture else None,
        content_at_decision=found.once("content", at_decision.pk, lambda: _content(found, registration, at_decision)) if at_decision else None,
    )


def _content(found: Gathered, registration: Any, content: Any) -> schema.RegistrationContent:
    return schema.RegistrationContent(
        record=reference(registration),
        version=str(content.version),
        validity=validity(content),
        process=number_of(content.process),
        process_version=str(content.process.record.version) if content.process else None,
        specification=number_of(content.specification),
        specification_version=str(content.specification.record.version) if content.specification else None,
        container=text(content.container),
        sites=[schema.RegisteredSite(site=row.site.number, activity=row.activity) for row in found.by_content["sites"].get(content.pk, [])],
        procedures=[
            schema.RegisteredProcedure(procedure=row.procedure.record.number, version=str(row.procedure.record.version))
            for row in found.by_content["procedures"].get(content.pk, [])
        ],
    )


def file_part(found: Gathered, product: Any, day: date) -> schema.ProductSpecificationFile | None:
    row = current(found.by_product["files"].get(product.pk, []), day)
    if row is None:
        return None
    return schema.ProductSpecificationFile(record=reference(row), version=str(row.record.version), validity=validity(row), approved_on=row.approved_on)


def shelf_life_parts(found: Gathered, product: Any) -> list[schema.ShelfLife]:
    return [
        schema.ShelfLife(
            record=reference(row), study=text(row.study), container=text(row.container), storage_condition=text(row.storage_condition),
            months_supported=row.months_supported, approved_on=row.approved_on, validity=validity(row),
        )
        for row in found.by_product["shelf_lives"].get(product.pk, [])
    ]  # fmt: skip


def phase_on(found: Gathered, product: Any, region: str, day: date) -> Any | None:
    """The phase of development that holds in a region on a day."""
    rows = [row for row in found.by_product["phases"].get(product.pk, []) if row.region in {"", region}]
    return current(rows, day)


def reserve_parts(found: Gathered, lot: Any) -> list[ReserveSample]:
    return [
        ReserveSample(record=reference(row), quantity=text(row.quantity), retained_until=row.retained_until, justification=text(row.justification))
        for row in found.by_lot["reserve_samples"].get(lot.pk, [])
    ]


def deviation_parts(found: Gathered, lot: Any) -> list[quality_schema.Deviation]:
    return [_deviation(row.deviation) for row in found.by_lot["deviations"].get(lot.pk, [])]


def _deviation(row: Any) -> quality_schema.Deviation:
    return quality_schema.Deviation(
        record=reference(row),
        number=row.record.number,
        title=text(row.record.title),
        classification=text(row.classification),
        is_planned=row.is_planned,
        discovered_on=row.discovered_on,
        site=number_of(row.site),
        justification=text(row.justification),
        investigation_state=text(row.investigation_state),
        root_cause=text(row.root_cause),
        impact_conclusion=text(row.impact_conclusion),
        other_batches_assessed=row.other_batches_assessed,
        quality_approved_by=number_of(row.quality_approved_by),
        quality_approved_on=row.quality_approved_on,
        qp_involved=row.qp_involved,
        modification_evaluated=row.modification_evaluated,
        capa_state=text(row.capa_state),
    )


def oos_parts(found: Gathered, lot: Any) -> list[quality_schema.OutOfSpecification]:
    return [
        quality_schema.OutOfSpecification(
            record=reference(row), number=row.record.number, attribute=row.attribute.code, state=text(row.state),
            laboratory_investigation=row.laboratory_investigation, assignable_cause=text(row.assignable_cause), quality_approved_on=row.quality_approved_on,
        )
        for row in found.by_lot["oos"].get(lot.pk, [])
    ]  # fmt: skip


def change_parts(found: Gathered, lot: Any, region: str) -> list[quality_schema.Change]:
    return [_change(found, row.change, region) for row in found.by_lot["changes"].get(lot.pk, [])]


def _change(found: Gathered, change: Any, region: str) -> quality_schema.Change:
    filing = next((f for f in found.by_lot["filings"].get(change.pk, []) if f.region == region), None)
    return quality_schema.Change(
        record=reference(change),
        number=change.record.number,
        title=text(change.record.title),
        state=text(change.state),
        impact_evaluated=change.impact_evaluated,
        additional_tests_done=change.additional_tests_done,
        filing_class=text(filing.filing_class) if filing else None,
        filing_state=text(filing.filing_state) if filing else None,
        permitted_from=filing.permitted_from if filing else None,
    )


def statement_parts(found: Gathered, lot: Any) -> list[quality_schema.CompletenessStatement]:
    """Statements about this lot's lists, and about lists of the whole programme or of a site."""
    return [_stated(found, row) for row in heapq.merge(found.statements, found.statements_of.get(lot.pk, []), key=lambda statement: statement.pk)]


def _stated(found: Gathered, row: Any) -> quality_schema.CompletenessStatement:
    return found.once("statement", row.pk, lambda: stated_part(row))


def stated_part(row: Any) -> quality_schema.CompletenessStatement:
    return quality_schema.CompletenessStatement(
        record=reference(row), list=row.list, party=number_of(row.party), site=number_of(row.site), complete_to=row.complete_to,
        stated_by=number_of(row.stated_by), stated_at=row.stated_at,
    )  # fmt: skip


def signer_part(found: Gathered, person: Any, lot: Any) -> people_schema.Signer:
    """Who signs, with what says that they may, and the steps of this batch that they performed."""
    roles = found.roles.get(person.pk, [])
    records = [record.pk for record in found.by_lot["records"].get(lot.pk, [])]
    steps = [step for record in records for step in found.by_lot["steps"].get(record, []) if step.performed_by_id == person.pk]
    return people_schema.Signer(
        number=person.number,
        printed_name=person.printed_name,
        organisation=number_of(person.organisation),
        organisation_kind=person.organisation.kind,
        roles=[people_schema.RoleHeld(role=row.role, validity=validity(row)) for row in roles],
        trainings=[
            people_schema.TrainingRecord(
                subject=row.subject,
                document_version=row.document_version,
                trained_on=row.trained_on,
                validity=validity(row).model_copy(update={"begin": row.valid_from or row.trained_on}),  # it holds from the day of training
            )
            for row in found.trainings.get(person.pk, [])
        ],
        named_on=[_named(row) for row in found.named.get(person.pk, [])],
        steps_performed=len(steps),
        is_system_administrator=any(row.role == "system_administrator" for row in roles),
    )


def _named(row: Any) -> people_schema.NamedOnAuthorisation:
    return people_schema.NamedOnAuthorisation(
        authorisation=row.authorisation.record.number,
        kind=row.authorisation.authorisation_kind,
        role=text(row.authorisation.role),
        site=number_of(row.authorisation.site),
        authorisation_validity=validity(row.authorisation),
        naming_validity=validity(row),
    )


def prior_parts(found: Gathered, lot: Any) -> list[people_schema.PriorDecision]:
    return [
        people_schema.PriorDecision(
            record=reference(row), number=row.record.number, question=row.question, outcome=row.outcome, decided_on=row.decided_on, signer=number_of(row.signer),  # noqa: E501
            register_entry=str(row.register_entry) if hasattr(row, "register_entry") else None,
        )
        for row in found.by_lot["decisions"].get(lot.pk, [])
    ]  # fmt: skip
