"""Turn mapped tables into the sheets of a programme, remembering where every cell went."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from holdfast.exchange.table import Row, Table

from .schema import Mapping, TableMapping, ToInput, ToKey, ToLotField, ToNothing, ToPart, ToProcessValue, ToRepeat, ToResult

Cells = dict[str, str]
_MONTH = re.compile(r"^(?P<month>[^\W\d_]+)[.\-/ ]*(?P<year>\d{2}|\d{4})$")


@dataclass(frozen=True)
class Trace:
    """Where one source cell went: the sheet and row it became part of, or why it became nothing."""

    file: str
    column: str
    row: int
    sheet: str = ""
    key: str = ""
    reason: str = ""


@dataclass
class Converted:
    """Rows by sheet, and a trace for every cell of every table."""

    sheets: dict[str, dict[str, Cells]] = field(default_factory=lambda: defaultdict(dict))
    traces: list[Trace] = field(default_factory=list)
    places: dict[tuple[str, str], tuple[str, int, str]] = field(default_factory=dict)  # of a sheet's row: file, row, column it came from

    def put(self, sheet: str, key: str, cells: Cells, trace: Trace | None = None) -> None:
        self.sheets[sheet].setdefault(key, {}).update(cells)
        if trace:
            self.traces.append(trace)
            self.places.setdefault((sheet, key), (trace.file, trace.row, trace.column))


def convert(mapping: Mapping, tables: dict[str, Table]) -> Converted:
    """Convert every table; problems are added to the tables they are in."""
    converted = Converted()
    for sheet, rows in mapping.sheets.items():
        for index, row in enumerate(rows):
            converted.put(sheet, f"mapping {index}", dict(row))
    for described in mapping.tables:
        table = tables[described.file]
        if _is_described(described, table):
            _convert_table(mapping, described, table, tables, converted)
    return converted


def _is_described(described: TableMapping, table: Table) -> bool:
    """Every column of the file is named in the mapping, and every named one is in the file."""
    for name in table.columns:
        if name not in described.columns:
            table.wrong(f"The mapping does not say what becomes of the column {name!r}.", "Name it there; `to: ignore` needs a reason.", 1, name)
    for name in described.columns:
        if name not in table.columns:
            table.wrong(f"The mapping names a column {name!r} that the file does not have.", "Correct the mapping.", 1, name)
    keys = [name for name, target in described.columns.items() if isinstance(target, ToKey)]
    if not described.lookup and len(keys) != 1:
        table.wrong(f"The mapping names {len(keys)} columns as the batch.", "Name one with `to: batch`, or set `lookup: true`.", 1)
    return not table.problems


def _convert_table(mapping: Mapping, described: TableMapping, table: Table, tables: dict[str, Table], converted: Converted) -> None:
    key = next((name for name, target in described.columns.items() if isinstance(target, ToKey)), "")
    others = _repeated(described, tables)
    seen: dict[str, int] = {}
    for row in table.rows:
        value = row.cells.get(key, "").strip()
        if key and not value:
            table.wrong("The row names no batch.", "Give the batch, or remove the row.", row.number, key)
            continue
        if key and value in seen:
            table.wrong(f"The batch {value} stands twice, first in row {seen[value]}.", "Keep one.", row.number, key)
            continue
        seen[value] = row.number
        number = mapping.batch_number.format(value) if key else ""
        if key:
            converted.put("lots", number, {"number": number, **mapping.batch})
        for name, target in described.columns.items():
            _convert_cell(mapping, described, table, converted, row, name, target, number, others)


def _repeated(described: TableMapping, tables: dict[str, Table]) -> dict[str, dict[str, str]]:
    """For a column that repeats another table's: the other's cells by batch."""
    found: dict[str, dict[str, str]] = {}
    for name, target in described.columns.items():
        if isinstance(target, ToRepeat):
            file, _, column = target.of.partition(":")
            other = tables.get(file)
            key = next((n for n, t in described.columns.items() if isinstance(t, ToKey)), "")
            found[name] = {r.cells.get(key, "").strip(): r.cells.get(column, "") for r in other.rows} if other else {}
    return found


def _convert_cell(
    mapping: Mapping,
    described: TableMapping,
    table: Table,
    converted: Converted,
    row: Row,
    name: str,
    target: Any,
    number: str,
    others: dict[str, dict[str, str]],
) -> None:
    text = row.cells[name].strip()

    def trace(sheet: str = "", key: str = "", reason: str = "") -> Trace:
        return Trace(described.file, name, row.number, sheet, key, reason)

    if isinstance(target, ToNothing):
        converted.traces.append(trace(reason=target.why))
    elif isinstance(target, ToKey | ToPart):
        converted.traces.append(trace("lots", number))
    elif not text:
        converted.traces.append(trace(reason="the cell is empty" if not row.cells[name] else "the cell holds only white space"))
    elif isinstance(target, ToRepeat):
        _compare(described, table, row, name, text, others[name], converted, trace, target)
    elif isinstance(target, ToLotField):
        _lot_field(table, row, name, text, target, number, converted, trace)
    elif isinstance(target, ToResult):
        _result(mapping, described, text, target, number, converted, trace)
    elif isinstance(target, ToProcessValue):
        cells = {"lot": number, "parameter": target.parameter, "reported": _decimal(described, text), "unit": target.unit}
        key = f"{number}@{target.parameter}"
        converted.put("process_values", key, cells, trace("process_values", key))
    elif isinstance(target, ToInput):
        _input(row, target, number, converted, trace)


def _decimal(described: TableMapping, text: str) -> str:
    """The text with a decimal point, where the file writes a comma for it."""
    return text.replace(",", ".") if described.decimal_mark == "," and re.fullmatch(r"[<>≤≥=+\-\s]*\d+,\d+", text) else text


def _compare(
    described: TableMapping, table: Table, row: Row, name: str, text: str, other: dict[str, str], converted: Converted, trace: Any, target: ToRepeat
) -> None:
    key = next(n for n, t in described.columns.items() if isinstance(t, ToKey))
    repeated = other.get(row.cells[key].strip())
    if repeated is None or repeated.strip() != text:
        table.wrong(f"{text!r} differs from {repeated!r} in {target.of}.", "Find out which is right, or map both.", row.number, name)
        return
    converted.traces.append(trace(reason=f"repeats {target.of}, and agrees with it"))


def _lot_field(table: Table, row: Row, name: str, text: str, target: ToLotField, number: str, converted: Converted, trace: Any) -> None:
    value = text
    if target.field == "manufactured_month":
        match = _MONTH.match(text)
        month = target.months.get(match["month"].lower()) if match else None
        if match is None or month is None:
            table.wrong(f"{text!r} is not a month that the mapping knows.", f"It knows: {', '.join(target.months)}.", row.number, name)
            return
        year = match["year"]
        value = f"{year if len(year) == 4 else '20' + year}-{month:02d}"
    converted.put("lots", number, {target.field: value}, trace("lots", number))


def _result(mapping: Mapping, described: TableMapping, text: str, target: ToResult, number: str, converted: Converted, trace: Any) -> None:
    converted.put("attributes", target.attribute, {"code": target.attribute, "name": target.name, "category": target.category, "unit": target.unit})
    sample, run = f"{number}-{target.stage or 'S'}", f"{number}-{target.group}"
    stage = {"stage": target.stage} if target.stage else {}
    converted.put("samples", sample, {"number": sample, "lot": number, **mapping.sample, **stage})
    converted.put("test_runs", run, {"number": run, "sample": sample, **mapping.test_run})
    key = f"{run}@{target.attribute}"
    cells = {"test_run": run, "attribute": target.attribute, "reported": _decimal(described, text), "unit": target.unit, "status": "approved"}
    converted.put("results", key, cells, trace("results", key))


def _input(row: Row, target: ToInput, number: str, converted: Converted, trace: Any) -> None:
    lot = target.number.format(**{name: value.strip() for name, value in row.cells.items()})
    converted.put("lots", lot, {"number": lot, "lot_kind": "raw_material", "material": target.material})
    key = f"{lot}@{number}"
    converted.put("lot_uses", key, {"parent": lot, "child": number}, trace("lot_uses", key))
