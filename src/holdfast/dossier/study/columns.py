"""From frozen rows to the columns of a method: one unit, nothing skipped in silence, and nothing pooled that measures something else."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from holdfast.kernel.reported_value import ReportedValue, parse_reported
from holdfast.kernel.unit import convert
from holdfast.science import Unsuitable, method_named
from holdfast.science.series import Series
from holdfast.standards.dictionary.loading import dictionary
from holdfast.standards.dictionary.pooling import Measured, pools_of
from holdfast.standards.dictionary.schema import Condition

from .data import Row
from .protocol import AttributePlan, ColumnSource


def columns_of(plan: AttributePlan, rows: Sequence[Row]) -> dict[str, Any]:
    """The method's columns from an attribute's rows, in the order of the data. Raises `HoldfastError` for what cannot be read or converted."""
    kinds = {column.name: column.kind for column in method_named(plan.method).columns}
    return {name: _column(plan, source, rows, kinds[name], name) for name, source in plan.columns.items()}


def _column(plan: AttributePlan, source: ColumnSource, rows: Sequence[Row], kind: str, name: str) -> Series | tuple[str, ...]:
    chosen = [row for row in rows if row.arm in source.arms]
    if kind == "label":
        return tuple(_label(source.field, row) for row in chosen)
    if source.field == "value":
        return Series.of([in_unit(row, plan.unit) for row in chosen], plan.unit, name)
    if source.field == "months":
        missing = [row.run for row in chosen if row.months is None]
        if missing:
            raise Unsuitable(f"{', '.join(missing[:3])}: nothing says how old the lot was when it was tested. Record the pull, or the day of manufacture.")
        return Series.of([row.months for row in chosen], "mo", name)
    raise Unsuitable(f"{plan.code}: the column {name} holds numbers and cannot be read from the field {source.field!r}. Read it from value or months.")


def _label(field: str, row: Row) -> str:
    if field == "procedure":
        return f"{row.procedure} v{row.procedure_version}" if row.procedure else ""
    return str(getattr(row, {"value": "reported"}.get(field, field)) or "")


def in_unit(row: Row, unit: str) -> ReportedValue:
    """A row's value in the protocol's unit, with its censoring. Raises `NotReadable`, `UnknownUnit` or `Incommensurable`."""
    read = parse_reported(row.reported)
    if read.value is None:
        raise Unsuitable(f"{row.run}, {row.attribute}: {row.reported!r} is not a number, and {row.attribute} is evaluated as one. Exclude it with its cause.")
    if row.unit == unit:
        return read
    value: Decimal = convert(read.value, row.unit, unit)
    return ReportedValue(read.text, value, read.censoring, None, read.inclusive)


def apart(plan: AttributePlan, rows: Sequence[Row]) -> list[str]:
    """Why an arm's rows may not stand in one statistic: a sentence for each pool beside the first, of any arm. Empty when all may.

    A difference *between* arms is what a study looks at (a method transfer has two sites); a difference *inside* an arm is noise nobody asked for.
    """
    found: list[str] = []
    for arm in dict.fromkeys(arm for source in plan.columns.values() for arm in source.arms):
        mine = [row for row in rows if row.arm == arm]
        unmatched = sorted({row.attribute for row in mine if not row.entry})
        if unmatched:
            found.append(f"{arm}: {', '.join(unmatched)} is not matched to the attribute dictionary, so nobody can tell what may be pooled.")
            continue
        measured = list(dict.fromkeys(_key(row) for row in mine))
        pools = pools_of(dictionary(), [_measured(key) for key in measured])
        found += [f"{arm}: {reason}" for reason in pools.apart]
    return found


def between_arms(plan: AttributePlan, rows: Sequence[Row]) -> list[str]:
    """Why results of different arms do not measure the same, where the protocol asks that they do: a sentence for each arm beside the first."""
    firsts: dict[str, Row] = {}
    for row in rows:
        firsts.setdefault(row.arm, row)
    matched = [row for row in firsts.values() if row.entry]
    pools = pools_of(dictionary(), [_measured(_key(row)) for row in matched])
    return [f"Between {' and '.join(firsts)}: {reason}" for reason in pools.apart]


Key = tuple[str, str, str, str, tuple[tuple[str, str], ...]]


def _key(row: Row) -> Key:
    return (row.entry, row.unit, row.method_title, row.site, tuple(sorted(row.conditions.items())))


def _measured(key: Key) -> Measured:
    entry, unit, title, site, conditions = key
    return Measured(entry, unit, title, site, {cast(Condition, name): value for name, value in conditions})


__all__ = ["apart", "between_arms", "columns_of", "in_unit"]
