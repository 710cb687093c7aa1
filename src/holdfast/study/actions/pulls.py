"""The pulls of a stability study: planned from the protocol's day zero, then recorded as they are made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from holdfast.batch.models import Lot, Sample
from holdfast.ledger.actions import store_rows
from holdfast.ledger.changes import OpenChangeSet
from holdfast.people.models import Person
from holdfast.standards.values import shift

from ..models import StabilityPull, Study
from .plan import StudyRefused, check_worker


def plan_pulls(
    change_set: OpenChangeSet,
    study: Study,
    lot: Lot,
    *,
    condition: str,
    starts_on: date,
    months: Sequence[int],
    window_days: int,
    by: Person,
    chamber: str = "",
) -> list[StabilityPull]:
    """The pulls of one lot at one condition: due so many months after the start, each with a window on both sides."""
    check_worker(change_set, by)
    if study.study_kind != "stability":
        raise StudyRefused(f"{study.record.number} is not a stability study.")
    if not months or min(months) < 0 or len(set(months)) < len(months):
        raise StudyRefused("Give the months of the pulls, each once: for example 0, 3, 6, 9, 12.")
    rows = [
        {"study": study, "lot": lot, "condition": condition, "chamber": chamber, "months": month, "due_on": shift(starts_on, f"P{month}M", 1),
         "window_days": window_days}
        for month in months
    ]  # fmt: skip
    keys = store_rows(change_set, StabilityPull, rows).keys
    return list(StabilityPull.objects.filter(pk__in=keys).order_by("months"))


def record_pull(change_set: OpenChangeSet, pull: StabilityPull, *, on: date, sample: Sample | None, by: Person, deviation: str = "") -> StabilityPull:
    """Record that a pull was made. Outside its window it needs the number of the deviation. Raises `StudyRefused`."""
    check_worker(change_set, by)
    if pull.pulled_on is not None:
        raise StudyRefused(f"The pull at {pull.months} months was made on {pull.pulled_on} already.")
    if abs((on - pull.due_on).days) > pull.window_days and not deviation.strip():
        raise StudyRefused(f"{on} is outside the window of {pull.due_on} ± {pull.window_days} days. Give the number of the deviation.")
    if sample is not None and sample.lot_id != pull.lot_id:
        raise StudyRefused("That sample is of another lot.")
    pull.pulled_on, pull.sample, pull.deviation_number = on, sample, deviation.strip()
    pull.save(update_fields=["pulled_on", "sample", "deviation_number"])
    return pull
