"""`holdfast crosswalk`: which text of one region answers to which of another. No database is needed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from holdfast.kernel.errors import NotReadable
from holdfast.standards.crosswalks.counterparts import Answer, find_compendial, find_guidance
from holdfast.standards.crosswalks.loading import compendia, guidance
from holdfast.standards.crosswalks.schema import OF_REGION, SOURCE_NAMES, STATUSES, Source

from .database import print_json

PLACES: dict[str, Source] = {name.upper(): source for source, name in SOURCE_NAMES.items()}


@click.group()
def crosswalk() -> None:
    """Guidance (21 CFR, EudraLex Volume 4, ICH, PIC/S, WHO) and pharmacopoeias (USP, Ph. Eur., JP) beside each other, with what differs."""


@crosswalk.command("list")
@click.option("--table", type=click.Choice(["guidance", "pharmacopoeias"]), help="One of the two crosswalks.")
@click.option("--status", type=click.Choice(STATUSES), help="Only rows of this status, between the US and the EU.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(table: str | None, status: str | None, as_json: bool) -> None:
    """Every row: its id, status, topic."""
    rows = [row for row in all_rows() if (not table or row["table"] == table) and (not status or row["status"] == status)]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['status']:<14}  {row['topic']}")


def all_rows() -> list[dict[str, Any]]:
    """The rows of both crosswalks as data."""
    found: list[dict[str, Any]] = [{"table": "guidance", "area": one.area, **one.row.model_dump(mode="json")} for one in guidance().rows]
    return found + [{"table": "pharmacopoeias", **row.model_dump(mode="json")} for row in compendia().rows]


@crosswalk.command()
@click.argument("row_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(row_id: str, as_json: bool) -> None:
    """One row by its id, such as REL-003 or PHA-001."""
    row = next((one for one in all_rows() if one["id"] == row_id.upper()), None)
    if row is None:
        raise NotReadable(f"The crosswalks have no row {row_id!r}. `holdfast crosswalk list` shows those there are.")
    if as_json:
        print_json(row)
        return
    for name, value in row.items():
        if value:
            click.echo(f"{name:<13} {'; '.join(value) if isinstance(value, list) else value}")


@crosswalk.command()
@click.argument("reference")
@click.option("--to", "place", required=True, help="US, EU or JP for a pharmacopoeia; US, EU, ICH, PIC/S or WHO for guidance.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def find(reference: str, place: str, as_json: bool) -> None:
    """What answers to a reference elsewhere, as laboratories write it ("USP <71>", "EP 2.6.1.", "21 CFR 211.192").

    Exit 1 when the crosswalk does not know the reference.
    """
    answer = find_anywhere(reference, place.upper())
    if as_json:
        print_json(asdict(answer))
    else:
        print_answer(answer)
    raise SystemExit(0 if answer.is_known else 1)


def find_anywhere(reference: str, place: str) -> Answer:
    """Ask the crosswalk of pharmacopoeias, and when the text is no compendial reference, that of guidance. Raises `NotReadable`."""
    try:
        return find_compendial(compendia(), reference, place)
    except NotReadable as compendial:
        if place not in PLACES:
            raise NotReadable(f"{place!r} is no place here. Use one of: {', '.join(dict.fromkeys((*OF_REGION, *SOURCE_NAMES.values())))}.") from compendial
        try:
            return find_guidance(guidance(), reference, PLACES[place])
        except NotReadable as error:
            raise NotReadable(f"{reference!r} is neither a compendial reference (USP <71>, Ph. Eur. 2.6.1) nor one of guidance (21 CFR 211.192).") from error


def print_answer(answer: Answer) -> None:
    """The sentence, and each row behind it with how sure it is."""
    click.echo(answer.sentence)
    for one in answer.counterparts:
        click.echo(f"\n{one.row}  {one.topic}: {one.status}")
        click.echo(f"  there: {', '.join(one.references) or 'no counterpart'}{f' ({one.standing})' if one.standing else ''}")
        click.echo(f"  differs: {one.differs}")
        click.echo(f"  edition: {one.edition or 'not stated'}; confidence {one.confidence}, from {one.source_check}")


__all__ = ["crosswalk", "find_anywhere"]
