"""`holdfast import`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .database import open_database, operator_name, print_json

#: one of them is read; the others are refused by name, with what to save them as
SPREADSHEETS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), help="A mapping file, for tables that somebody else designed.")
@click.option("--check", is_flag=True, help="Print every problem and write nothing.")
@click.option("--reason", default="Import of source files", show_default=True, help="Why, for the ledger.")
@click.option("--from", "supplied_by", default="", metavar="ORGANISATION", help="Whose words for attributes the files use: its answers are used.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(source: Path, mapping: Path | None, check: bool, reason: str, supplied_by: str, as_json: bool) -> None:
    """Bring in a programme from a folder of plain files or from one workbook (.xlsx), all or nothing.

    Exit 1 when there are problems; then nothing was written. Decisions and signatures are never imported.
    """
    is_workbook = source.suffix.lower() in SPREADSHEETS
    if is_workbook and mapping is not None:
        raise click.UsageError("A mapping describes plain tables in a folder: save the worksheets as CSV files.")
    with open_database():
        from holdfast.ledger.changes import Actor

        actor = Actor.operator(operator_name())
        if is_workbook:
            from holdfast.exchange.workbook.reading import load_workbook

            report = load_workbook(source, actor, reason=reason, check_only=check, supplied_by=supplied_by)
        elif mapping is None:
            from holdfast.exchange.programme.loading import load_folder

            report = load_folder(source, actor, reason=reason, check_only=check, supplied_by=supplied_by)
        else:
            from holdfast.exchange.mapping.loading import load_mapped

            report = load_mapped(source, mapping, actor, reason=reason, check_only=check, supplied_by=supplied_by)
    if as_json:
        print_json(report.as_dict())
    else:
        print_report(report)
    raise SystemExit(1 if report.problems else 0)


def print_report(report: Any) -> None:
    """The report for a person: problems by place, then what became of rows and cells."""
    shown = report.as_dict()
    for problem in report.problems:
        click.echo(str(problem), err=True)
    for name in ("rows", "cells"):
        counts = shown[name]
        click.echo(f"{name}: " + ", ".join(f"{counts[state]} {state}" for state in ("read", "written", "unchanged", "refused", "ignored")))
    for note in report.notes:
        click.echo(note)
    if report.problems:
        click.echo(f"{len(report.problems)} problems: nothing was written.")
    elif report.checked_only:
        click.echo("Checked: no problems. Nothing was written.")
    elif not report.wrote:
        click.echo("Nothing changed: every row is already so.")
