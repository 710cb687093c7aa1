"""Take the data of an approved study by its own query, and record what was left out and where it departed from its protocol."""

from __future__ import annotations

from holdfast.dossier.canonical import canonical, sha256
from holdfast.dossier.study.data import StudyData, as_json
from holdfast.kernel.clock import now
from holdfast.ledger.changes import OpenChangeSet
from holdfast.ledger.models import Record
from holdfast.people.models import Person

from ..models import Study, StudyDataSet, StudyDeparture, StudyExclusion, StudyReport
from ..selection import choose
from .plan import StudyRefused, check_worker, protocol_in


def take_data(change_set: OpenChangeSet, study: Study, *, by: Person) -> StudyDataSet:
    """Run the protocol's query and freeze what it finds, once. Raises `StudyRefused` before approval, and when data were taken already."""
    check_worker(change_set, by)
    list(Record.objects.select_for_update().filter(pk=study.pk))
    record = Record.objects.get(pk=study.pk)
    if not record.is_signed:
        raise StudyRefused(f"The protocol of {record.number} is not approved. Results are read only after it is locked.")
    if StudyDataSet.objects.filter(study=study).exists():
        raise StudyRefused(f"The data of {record.number} are frozen already. A later look is another study.")
    taken = now()
    arms, rows = choose(study, protocol_in(study))
    data = StudyData(
        study=record.number, protocol_digest=study.protocol_digest, taken_at=taken.isoformat(), taken_by=by.printed_name, arms=tuple(arms), rows=tuple(rows)
    )
    content = canonical(as_json(data))
    kept = StudyDataSet(programme=study.programme, study=study, digest=sha256(content), content=content, taken_by=by, taken_at=taken)
    kept.save(force_insert=True)
    return kept


def exclude(change_set: OpenChangeSet, study: Study, result_id: int, cause: str, *, by: Person) -> StudyExclusion:
    """Leave a frozen result out, with its assignable cause. Raises `StudyRefused` without one, and for a result that is not in the data."""
    check_worker(change_set, by)
    _check_open(study)
    if len(cause.strip()) < 10:
        raise StudyRefused("Leaving a result out needs an assignable cause: what happened, and where it is documented. Nothing was left out.")
    data_set = StudyDataSet.objects.filter(study=study).first()
    if data_set is None or result_id not in {row.id for row in data_in(data_set).rows}:
        raise StudyRefused("That result is not among the study's frozen data.")
    if StudyExclusion.objects.filter(study=study, result_id=result_id).exists():
        raise StudyRefused("That result is left out already.")
    excluded = StudyExclusion(programme=study.programme, study=study, result_id=result_id, cause=cause.strip(), person=by, excluded_at=now())
    excluded.save(force_insert=True)
    return excluded


def depart(change_set: OpenChangeSet, study: Study, what: str, impact: str, *, by: Person) -> StudyDeparture:
    """Record a departure from the protocol and what it does to the conclusion. Raises `StudyRefused` when either is not said."""
    check_worker(change_set, by)
    _check_open(study)
    if not what.strip() or not impact.strip():
        raise StudyRefused("A departure says what was done otherwise, and what that does to the conclusion.")
    departed = StudyDeparture(programme=study.programme, study=study, what=what.strip(), impact=impact.strip(), person=by, stated_at=now())
    departed.save(force_insert=True)
    return departed


def _check_open(study: Study) -> None:
    if StudyReport.objects.filter(study=study).exists():
        raise StudyRefused(f"{study.record.number} is concluded: what was signed is not changed. A later finding is a new study that names this one.")


def row_in(study: Study, run: str, attribute: str) -> int:
    """The frozen result of an attribute in a test run. Raises `StudyRefused` when the data have none."""
    data_set = StudyDataSet.objects.filter(study=study).first()
    rows = data_in(data_set).rows if data_set else ()
    found = next((row.id for row in rows if (row.run, row.attribute) == (run, attribute)), None)
    if found is None:
        raise StudyRefused(f"The frozen data of the study have no result of {attribute} in {run}.")
    return found


def data_in(data_set: StudyDataSet) -> StudyData:
    """The frozen data as they are kept."""
    return StudyData.model_validate_json(bytes(data_set.content))
