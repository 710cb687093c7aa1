"""The query of a study: which lots a protocol's rules find, and which of their results. Set-based: a few statements, however many lots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from holdfast.batch.models import Lot, Result
from holdfast.dossier.study.data import ChosenArm, Row
from holdfast.dossier.study.protocol import Arm, Protocol
from holdfast.quality.models import ChangeLot
from holdfast.standards.dictionary.schema import CONDITIONS

from .models import StabilityPull, Study

COLUMNS = (
    "pk", "reported", "unit", "attribute__code", "attribute__dictionary_entry", "test_run__record__number", "test_run__performed_at", "test_run__site__number",
    "test_run__procedure__record__number", "test_run__procedure__record__version", "test_run__procedure__record__title", "test_run__sample",
    "test_run__sample__stage", "test_run__sample__lot",
)  # fmt: skip


def choose(study: Study, protocol: Protocol) -> tuple[list[ChosenArm], list[Row]]:
    """Each arm's lots, and every standing result of the planned attributes on them, oldest lot first."""
    lots = list(
        Lot.objects.filter(product=study.product, record__voided_at__isnull=True)
        .select_related("record", "made_at", "process__record")
        .order_by("manufactured_on", "record__number")
    )
    changes = _changes({name for arm in protocol.arms for name in (arm.contains_change, arm.without_change) if name}, study)
    found = _results(protocol, [lot.pk for lot in lots])
    months = _months(study)
    arms, rows = [], []
    for arm in protocol.arms:
        chosen, passed_over = _lots_of(arm, lots, changes, {lot: [r for r in of_lot if _fits(arm, r)] for lot, of_lot in found.items()})
        arms.append(ChosenArm(name=arm.name, lots=tuple(lot.record.number for lot in chosen), passed_over=tuple(passed_over)))
        rows += [_row(arm, lot, result, months) for lot in chosen for result in found[lot.pk] if _fits(arm, result)]
    return arms, rows


def _lots_of(arm: Arm, lots: Sequence[Any], changes: dict[str, set[int]], results: dict[int, list[Any]]) -> tuple[list[Any], list[tuple[str, str]]]:
    """The lots that an arm's rule finds, and those it passes over with why."""
    chosen: list[Any] = []
    passed: list[tuple[str, str]] = []
    for lot in lots:
        why = _why_not(arm, lot, changes) or ("" if results.get(lot.pk) else "it has no result that the arm asks for")
        if why:
            passed.append((lot.record.number, why))
        else:
            chosen.append(lot)
    if arm.newest is not None and len(chosen) > arm.newest:
        passed += [(lot.record.number, f"it is not among the newest {arm.newest}") for lot in chosen[: -arm.newest]]
        chosen = chosen[-arm.newest :]
    return chosen, passed


def _why_not(arm: Arm, lot: Any, changes: dict[str, set[int]]) -> str:
    """Why an arm's rule does not find a lot; empty when it does. A fact that the record does not hold is no agreement."""
    made = lot.manufactured_on
    checks = (
        (lot.lot_kind != arm.lot_kind, f"it is not a lot of {arm.lot_kind.replace('_', ' ')}"),
        (bool(arm.contains_change) and lot.pk not in changes.get(arm.contains_change, set()), f"it does not contain {arm.contains_change}"),
        (bool(arm.without_change) and lot.pk in changes.get(arm.without_change, set()), f"it contains {arm.without_change}"),
        (bool(arm.made_at) and (lot.made_at is None or lot.made_at.number != arm.made_at), f"it was not made at {arm.made_at}"),
        (
            arm.process_version is not None and (lot.process is None or lot.process.record.version != arm.process_version),
            f"it was not made by process version {arm.process_version}",
        ),
        (arm.manufactured_from is not None and (made is None or made < arm.manufactured_from), f"it was not made from {arm.manufactured_from} on"),
        (arm.manufactured_until is not None and (made is None or made > arm.manufactured_until), f"it was not made until {arm.manufactured_until}"),
        (bool(arm.storage) and lot.storage_condition != arm.storage, f"it is not stored at {arm.storage}"),
    )
    return next((why for wrong, why in checks if wrong), "")


def _fits(arm: Arm, result: dict[str, Any]) -> bool:
    return (
        (not arm.laboratory or result["test_run__site__number"] == arm.laboratory)
        and (not arm.procedure or result["test_run__procedure__record__number"] == arm.procedure)
        and (arm.procedure_version is None or result["test_run__procedure__record__version"] == arm.procedure_version)
    )


def _changes(numbers: set[str], study: Study) -> dict[str, set[int]]:
    """Lots by the change they contain."""
    found: dict[str, set[int]] = defaultdict(set)
    if numbers:
        rows = ChangeLot.objects.filter(programme=study.programme_id, change__record__number__in=numbers, voided_at__isnull=True)
        for number, lot in rows.filter(change__record__voided_at__isnull=True).values_list("change__record__number", "lot"):
            found[number].add(lot)
    return found


def _results(protocol: Protocol, lots: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Approved results that stand, of runs that stand, by lot."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    standing = Q(voided_at__isnull=True, test_run__record__voided_at__isnull=True, status="approved", test_run__sample__lot__in=lots)
    codes = [plan.code for plan in protocol.attributes]
    for row in Result.objects.filter(standing, attribute__code__in=codes).exclude(test_run__state="invalid").order_by("pk").values(*COLUMNS):
        found[row["test_run__sample__lot"]].append(row)
    return found


def _months(study: Study) -> dict[int, int]:
    """Months of a stability pull by the sample that was taken at it."""
    return dict(StabilityPull.objects.filter(study=study, sample__isnull=False, voided_at__isnull=True).values_list("sample", "months"))


def _row(arm: Arm, lot: Any, result: dict[str, Any], months: dict[int, int]) -> Row:
    procedure, version = result["test_run__procedure__record__number"] or "", result["test_run__procedure__record__version"]
    fixed = f"what {procedure} version {version} has" if procedure else ""
    conditions: dict[str, str] = {
        **{str(name): fixed for name in CONDITIONS},
        "stage": result["test_run__sample__stage"],
        "matrix": result["test_run__sample__stage"],
    }
    performed = result["test_run__performed_at"]
    age = months.get(result["test_run__sample"])
    return Row(
        id=result["pk"],
        arm=arm.name,
        attribute=result["attribute__code"],
        lot=lot.record.number,
        reported=result["reported"],
        unit=result["unit"],
        run=result["test_run__record__number"],
        site=result["test_run__site__number"] or "",
        procedure=procedure,
        procedure_version=version,
        entry=result["attribute__dictionary_entry"] or "",
        method_title=result["test_run__procedure__record__title"] or "",
        conditions={**conditions, "container": lot.container},
        performed_on=performed.date() if performed else None,
        manufactured_on=lot.manufactured_on,
        months=None if age is None else str(age),
    )
