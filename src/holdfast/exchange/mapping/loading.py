"""Import mapped tables through the same door as a programme folder, and account for every source cell."""

from __future__ import annotations

import hashlib
from pathlib import Path

from holdfast.exchange.programme.loading import Origin, ProgrammeHead, SheetFile, store_files
from holdfast.exchange.programme.sheets import all_sheets
from holdfast.exchange.report import ColumnCount, ImportReport
from holdfast.exchange.table import Row, Table, read_delimited
from holdfast.kernel.errors import Problem
from holdfast.ledger.changes import Actor
from holdfast.standards.positions import PackProblem

from .converting import Converted, convert
from .schema import Mapping, read_mapping


def load_mapped(source: Path, mapping_file: Path, actor: Actor, *, reason: str, check_only: bool = False, supplied_by: str = "") -> ImportReport:
    """Import the tables in the folder `source` as the mapping says. With problems, or with `check_only`, nothing is written.

    The report counts the cells of the source files: each was written, unchanged, refused, or ignored with its reason.
    """
    report = ImportReport(checked_only=check_only, supplied_by=supplied_by)
    mapping = _read_mapping(mapping_file, report)
    if mapping is None:
        return report
    contents = _read_files(source, mapping, report)
    tables = {m.file: read_delimited(m.file, contents[m.file], delimiter=m.delimiter, encoding=m.encoding) for m in mapping.tables if m.file in contents}
    if report.problems:
        return report
    converted = convert(mapping, tables)
    report.problems += [problem for table in tables.values() for problem in table.problems]
    inner = ImportReport(checked_only=check_only or bool(report.problems), supplied_by=supplied_by)
    _store(mapping, mapping_file, converted, contents, actor, reason, inner)
    return _account(report, tables, converted, inner, contents)


def _read_mapping(path: Path, report: ImportReport) -> Mapping | None:
    try:
        return read_mapping(path.name, path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        report.problems.append(Problem(str(path), f"The mapping cannot be read: {error}.", "Give a UTF-8 YAML file."))
    except PackProblem as error:
        report.problems.append(Problem(error.file, error.message, "Correct the mapping.", error.line))
    return None


def _read_files(source: Path, mapping: Mapping, report: ImportReport) -> dict[str, bytes]:
    contents = {}
    for described in mapping.tables:
        try:
            contents[described.file] = (source / described.file).read_bytes()
        except OSError:
            report.problems.append(Problem(described.file, f"The file is not in {source}.", "Put it there, or correct the mapping."))
    if source.is_dir():
        mapped = {described.file for described in mapping.tables}
        report.notes += [
            f"The file {path.name} is not in the mapping and was not read." for path in sorted(source.iterdir()) if path.is_file() and path.name not in mapped
        ]
    return contents


def _store(mapping: Mapping, mapping_file: Path, converted: Converted, contents: dict[str, bytes], actor: Actor, reason: str, inner: ImportReport) -> None:
    """Store the converted sheets; their own report is by sheet, row and column of what was made."""
    head = ProgrammeHead(str(mapping.programme["number"]), str(mapping.programme["name"]), mapping.programme.get("is_fictional") is True)
    files = [
        SheetFile(sheet, b"", _as_table(name, converted.sheets[name]), list(converted.sheets[name]))
        for name, sheet in all_sheets().items()
        if name in converted.sheets
    ]
    sources = [*contents.items(), (mapping_file.name, mapping_file.read_bytes())]
    store_files(head, files, actor, reason, inner, Origin(sources, converted.places))


def _as_table(name: str, rows: dict[str, dict[str, str]]) -> Table:
    columns = list(dict.fromkeys(column for cells in rows.values() for column in cells))
    return Table(name, columns, [Row(index, {c: cells.get(c, "") for c in columns}) for index, cells in enumerate(rows.values(), 1)])


def _account(report: ImportReport, tables: dict[str, Table], converted: Converted, inner: ImportReport, contents: dict[str, bytes]) -> ImportReport:
    """Problems and counts in terms of the source files."""
    order = {sheet: list(rows) for sheet, rows in converted.sheets.items()}
    position = {sheet: {key: index for index, key in enumerate(keys, 1)} for sheet, keys in order.items()}
    for problem in inner.problems:
        report.problems.append(_at_source(problem, order, converted))
    refused = bool(report.problems)
    for trace in converted.traces:
        count: ColumnCount = report.column(trace.file, trace.column)
        if trace.reason:
            count.add("ignored", reason=trace.reason)
        else:
            state = inner.row_states.get((trace.sheet, position[trace.sheet][trace.key]), "refused")
            count.add("refused" if refused else state)
    traced = {(trace.file, trace.row, trace.column) for trace in converted.traces}
    for file, table in tables.items():
        for row in table.rows:
            for name in row.cells:
                if (file, row.number, name) not in traced:
                    report.column(file, name).add("refused")
        report.files.append({"name": file, "sha256": hashlib.sha256(contents[file]).hexdigest(), "size": len(contents[file])})
    report.rows.update(inner.rows)
    report.notes += inner.notes
    report.attributes = inner.attributes
    report.wrote = inner.wrote
    return report


def _at_source(problem: Problem, order: dict[str, list[str]], converted: Converted) -> Problem:
    """A problem of a made row, told at the source cell it came from."""
    if problem.row is None or problem.file not in order:
        return problem
    place = converted.places.get((problem.file, order[problem.file][problem.row - 1]))
    if place is None:
        return problem
    file, row, column = place
    return Problem(file, f"{problem.message} (as {problem.column or 'row'} of {problem.file})", problem.advice, row, column)
