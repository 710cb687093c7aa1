"""`holdfast dictionary`: the standard attributes, and which of them a laboratory's name means. No database is needed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from holdfast.standards.dictionary.loading import dictionary as shipped
from holdfast.standards.dictionary.matching import Match, match_name
from holdfast.standards.dictionary.schema import DIRECTION_WORDS, Entry

from .database import print_json


@click.group()
def dictionary() -> None:
    """Standard attributes of biologics, vectors and cell products: definition, kind of quantity, units, methods, synonyms."""


@dictionary.command("list")
@click.option("--group", help="Only groups whose name holds this.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(group: str | None, as_json: bool) -> None:
    """Every attribute: its id, unit and name."""
    groups = {name: entries for name, entries in shipped().groups.items() if not group or group.casefold() in name.casefold()}
    if as_json:
        print_json([as_data(entry, name) for name, entries in groups.items() for entry in entries])
        return
    for name, entries in groups.items():
        click.echo(f"{name}")
        for entry in entries:
            click.echo(f"  {entry.id:<34} {entry.unit or 'words':<24} {entry.name}")


def as_data(entry: Entry, group: str) -> dict[str, Any]:
    """An entry as data, with the kind of quantity that its unit gives it."""
    return {"group": group, "kind": entry.kind, **entry.model_dump(mode="json")}


@dictionary.command()
@click.argument("entry_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(entry_id: str, as_json: bool) -> None:
    """One attribute by its id, such as vector_copy_number."""
    entry = shipped().get(entry_id)
    group = next(name for name, entries in shipped().groups.items() if entry in entries)
    if as_json:
        print_json(as_data(entry, group))
        return
    families = {family.id: family.name for family in shipped().families}
    click.echo(f"{entry.name} ({entry.id}, {group})\n{entry.definition}")
    lines = {
        "kind": f"{entry.kind}, {DIRECTION_WORDS[entry.direction]}",
        "units": ", ".join(unit or "words" for unit in entry.units),
        "methods": "; ".join(families[name] for name in entry.methods),
        "also called": "; ".join(entry.synonyms),
        "shared names": "; ".join(entry.ambiguous),
        "compendial": "; ".join(entry.compendial),
        "FHIR": f"{entry.fhir} ({shipped().header.fhir_value_set})" if entry.fhir else "",
        "pooled with": ", ".join(f"the same {condition}" for condition in entry.pool),
        "confidence": f"{entry.confidence}, from {entry.source_check}",
        "note": entry.note,
    }
    for name, value in lines.items():
        if value:
            click.echo(f"{name:<13} {value}")


@dictionary.command()
@click.argument("name")
@click.option("--unit", help="The unit it is reported in ('' for words).")
@click.option("--method", help="The method, as the laboratory calls it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def match(name: str, unit: str | None, method: str | None, as_json: bool) -> None:
    """Which attribute a laboratory's name means. Exit 0 when it is certain, 1 when a person must be asked or it is unknown."""
    found = match_name(shipped(), name, unit, method)
    if as_json:
        print_json(asdict(found))
    else:
        print_match(found)
    raise SystemExit(0 if found.outcome == "certain" else 1)


def print_match(found: Match) -> None:
    """The answer with its reason; the candidates when a person must be asked."""
    click.echo(f"{found.outcome}{': ' + found.entry if found.entry else ''}\n{found.reason}")
    for candidate in found.candidates:
        click.echo(f"  {candidate.entry:<34} {candidate.reason}")
