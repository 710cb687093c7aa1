"""`holdfast programme list | export | template`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .database import open_database, print_json, set_up_django


@click.group()
def programme() -> None:
    """Programmes: which there are, and one of them as a workbook or a folder."""


@programme.command("list")
@click.option("--as", "email", help="See as this log-in; without it, as the operator of this machine.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(email: str | None, as_json: bool) -> None:
    """Every programme that you can see."""
    with open_database():
        from .programmes import programmes, seeing_as

        with seeing_as(email):
            listed = [{"number": one.number, "name": one.name, "is_fictional": one.is_fictional} for one in programmes()]
    if as_json:
        print_json(listed)
        return
    for shown in listed:
        click.echo(f"{shown['number']:<14} {shown['name']}")
    if not listed:
        click.echo("No programmes. Bring one in with `holdfast import`, or try `holdfast demo`.")


@programme.command()
@click.argument("number")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--as", "email", help="Export what this log-in sees; without it, all that the operator of this machine sees.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def export(number: str, target: Path, email: str | None, as_json: bool) -> None:
    """Write a programme to TARGET: a workbook when it ends in .xlsx, otherwise a new or empty folder of CSV files.

    `holdfast import` reads either back. Decisions and signatures are never exported or imported; a decision has an export of its own
    (`holdfast decision export`). Voided rows are left out, and counted in the programme's note.
    """
    with open_database():
        from .programmes import seeing_as

        with seeing_as(email):
            made = _written(number, target)
    shown = {"programme": number, "target": str(target), "sheets": len(made.sheets), "rows": made.count, "note": made.note}
    if as_json:
        print_json(shown)
    else:
        click.echo(f"{target}: {number}, {made.count} rows in {len(made.sheets)} sheets.\n{made.note}")


@programme.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def template(target: Path) -> None:
    """Write an empty workbook (.xlsx) to fill: a worksheet a sheet, notes on every header, lists where a column has choices.

    Delete the worksheets that you do not need; `holdfast import` reads the rest. It needs no database.
    """
    set_up_django()
    from holdfast.exchange.workbook.template import template_workbook

    _check_free(target)
    target.write_bytes(template_workbook())
    click.echo(f"{target}: fill the worksheet programme first, then organisations, sites and people. Bold columns must be filled.")


def _check_free(target: Path) -> None:
    """Raises `Refused` when a workbook cannot be put there, or would take the place of something."""
    from holdfast.exchange.workbook.reading import SUFFIX
    from holdfast.kernel.errors import Refused

    if target.suffix.lower() != SUFFIX:
        raise Refused(f"{target} does not end in {SUFFIX}, so no spreadsheet program would open it.")
    if target.exists():
        raise Refused(f"{target} is there already. Give a new name.")
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent}.")


def _written(number: str, target: Path) -> Any:
    """Write the programme under the open identity; what stands at the target is never overwritten. Raises `Refused`."""
    from holdfast.exchange.workbook.reading import SUFFIX
    from holdfast.exchange.workbook.writing import write_folder, write_workbook

    from .programmes import find_programme

    found = find_programme(number)
    if target.suffix.lower() != SUFFIX:
        return write_folder(found, target)
    _check_free(target)
    return write_workbook(found, target)
