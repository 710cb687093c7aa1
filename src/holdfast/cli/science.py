"""`holdfast science`: the statistical methods, for whoever only wants the numbers, or wants to check ours. No database, no Django."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from holdfast.science.result import Result


@click.group()
def science() -> None:
    """List, explain and run the statistical methods."""


@science.command("list")
@click.option("--family", help="Only the methods of a family.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_(family: str | None, as_json: bool) -> None:
    """Name every method, family by family."""
    from holdfast.science import FAMILIES, methods

    if family is not None and family not in FAMILIES:
        raise click.UsageError(f"There is no family {family!r}. There are: {', '.join(FAMILIES)}.")
    chosen = [each for each in methods() if family in (None, each.family)]
    if as_json:
        click.echo(json.dumps([{"name": each.name, "title": each.title, "family": each.family, "version": each.version} for each in chosen], indent=2))
        return
    width = max(len(each.name) for each in chosen)
    for name in dict.fromkeys(each.family for each in chosen):
        click.echo(f"\n{name}" if chosen[0].family != name else name)
        for each in chosen:
            if each.family == name:
                click.echo(f"  {each.name:<{width}}  {each.title}")


@science.command()
@click.argument("method_name", metavar="METHOD")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show(method_name: str, as_json: bool) -> None:
    """Explain a method: columns, parameters, what it reports, where its definition stands."""
    from holdfast.science import method_named
    from holdfast.science.describing import description

    described = description(method_named(method_name))
    click.echo(json.dumps(described, indent=2, ensure_ascii=False) if as_json else _page(described))


@science.command()
@click.argument("method_name", metavar="METHOD")
@click.argument("data", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--param", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter; repeat for more.")
@click.option("--column", "sources", multiple=True, metavar="COLUMN=HEADER", help="Where a column is read from: HEADER, or HEADER@OTHER=LEVEL for some rows.")
@click.option("--unit", "units", multiple=True, metavar="COLUMN=UNIT", help="The unit of a column whose header does not say it, like `assay [%]`.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
def run(method_name: str, data: Path | None, parameters: tuple[str, ...], sources: tuple[str, ...], units: tuple[str, ...], as_json: bool) -> None:
    """Run METHOD on the columns of DATA, a CSV file with a header row. `<0.5` in a cell is a censored value.

    For example: holdfast science run tost-welch batches.csv --column reference=assay@site=Old --column test=assay@site=New
    --param lower=-3 --param upper=3 --json
    """
    from holdfast.science import method_named
    from holdfast.science.table import read_table
    from holdfast.science.table import run as run_on

    chosen = method_named(method_name)
    table = read_table(data) if data is not None else None
    result = run_on(chosen, table, pairs(sources, "--column"), pairs(parameters, "--param"), pairs(units, "--unit"))
    click.echo(json.dumps(result.as_dict(), indent=2, ensure_ascii=False, allow_nan=False) if as_json else _answer(result))


def pairs(words: tuple[str, ...], option: str) -> dict[str, str]:
    """`name=value` words as a mapping. Raises a usage error for a word without `=`, and for a name given twice."""
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name in found:
            raise click.UsageError(f"{option} {word!r}: give each name once, as NAME=VALUE.")
        found[name] = value
    return found


def _page(of: dict[str, Any]) -> str:
    lines = [f"{of['name']} (version {of['version']}, {of['family']})", of["title"], "", of["about"], "", "Columns"]
    lines += [f"  {c['name']}: {c['meaning']}" + ("" if c["required"] else " (may be left out)") for c in of["columns"]] or ["  none"]
    lines += ["", "Parameters"]
    for p in of["parameters"]:
        default = "required" if p["required"] else "optional" if p["default"] is None else f"default {p['default']}"
        lines.append(f"  {p['name']} ({p['kind']}{': ' + ', '.join(p['choices']) if p['choices'] else ''}; {default}): {p['meaning']}")
    lines += ["", "Reports", *(f"  {q['name']}: {q['meaning']}" for q in of["quantities"])]
    return "\n".join([*lines, "", "Source", *(f"  {each}" for each in of["citations"])])


def _answer(result: Result) -> str:
    """The sentence first, then every number, then what it rests on."""
    found = result.as_dict()
    lines = [found["sentence"], ""]
    lines += [f"  {path}: {value!r}{_unit(found['units'].get(path))}" for path, value in _flat(found["quantities"])]
    lines += ["", *(f"Defined: {name}: {choice}." for name, choice in found["definitions"].items())]
    for each in found["assumptions"]:
        lines.append(f"Assumed{', checked' if each['checked'] else ', not checked'}: {each['statement']}{' ' + each['found'] if each['found'] else ''}")
    lines += [f"Warning: {each}" for each in found["warnings"]]
    return "\n".join([*lines, *(f"Source: {each}" for each in found["citations"]), f"Version {found['version']}, inputs {found['digest']}"])


def _unit(unit: str | None) -> str:
    return "" if unit in (None, "", "1") else f" {unit}"


def _flat(value: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [pair for key, part in value.items() for pair in _flat(part, f"{path}.{key}" if path else key)]
    if isinstance(value, list):
        return [pair for position, part in enumerate(value) for pair in _flat(part, f"{path}.{position}")]
    return [(path, value)] if value not in ("", None) else []
