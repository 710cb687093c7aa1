"""The registered specification of a dossier, with every result reported against each of its tests."""

from __future__ import annotations

from typing import Any

from holdfast.dossier.schema import laboratory as schema

from .gather import Gathered
from .rows import current, number_of, reference, text, validity


def specification_part(found: Gathered, lot: Any, region: str, content: Any) -> schema.Specification | None:
    """The specification that the application registered on the day of manufacture; None when it registered none."""
    specification = content.specification if content else None
    if specification is None:
        return None
    tests = found.tests.get(specification.pk, [])
    registered = {row.procedure_id for row in found.by_content["procedures"].get(content.pk, [])}
    return schema.Specification(
        record=reference(specification),
        number=specification.record.number,
        version=str(specification.record.version),
        region=text(specification.region) or region,
        validity=validity(specification),
        approved_on=specification.approved_on,
        tests=[_test(found, lot, test, registered) for test in tests],
    )


def _test(found: Gathered, lot: Any, test: Any, registered: set[int]) -> schema.SpecificationTest:
    results = found.results.get((lot.pk, test.attribute_id), [])
    return schema.SpecificationTest(
        attribute=test.attribute.code,
        name=test.attribute.name,
        category=test.attribute.category,
        procedure=text(test.procedure_number),
        criterion=schema.Criterion(
            kind=test.criterion_kind,
            low=text(test.low),
            high=text(test.high),
            unit=test.unit,
            allowed=[word.strip() for word in test.allowed.split(";") if word.strip()],
            as_registered=text(test.as_registered),
        ),
        results=[_result(found, result, registered) for result in results],
    )


def _result(found: Gathered, result: Any, registered: set[int]) -> schema.Result:
    run = result.test_run
    procedure = run.procedure
    day = run.performed_at.date() if run.performed_at else None
    state = current(found.procedure_states.get((run.procedure_id, run.site_id), []), day)
    return schema.Result(
        id=result.pk,
        record=reference(run),
        test_run=run.record.number,
        sample=run.sample.record.number,
        sample_identity=text(run.sample.identity),
        sample_stage=text(run.sample.stage),
        attribute=result.attribute.code,
        reported=result.reported,
        value=None if result.value is None else _plain(result),
        unit=result.unit,
        censoring=result.censoring,
        status=result.status,
        procedure=number_of(procedure),
        procedure_version=str(procedure.record.version) if procedure else None,
        procedure_state=state.state if state else None,
        procedure_registered=procedure.pk in registered if procedure else None,
        site=number_of(run.site),
        analyst=number_of(run.analyst),
        reviewer=number_of(run.reviewer),
        performed_at=run.performed_at,
        reviewed_at=run.reviewed_at,
        system_suitability=text(run.system_suitability),
        source_file=result.source_file.sha256 if result.source_file else None,
        source_place=text(result.source_place),
    )


def _plain(result: Any) -> str:
    """The value with the digits it was reported with, without an exponent."""
    value = result.value
    return f"{value:.{result.digits}f}" if result.digits is not None else f"{value.normalize():f}"
