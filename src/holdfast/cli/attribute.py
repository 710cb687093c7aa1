"""`holdfast attribute`: what a programme's attributes are in the dictionary, and what a person said that a name means."""

from __future__ import annotations

from typing import Any

import click

from .database import open_database, operator_name, print_json

PROGRAMME = click.option("--programme", "number", required=True, help="The number of the programme.")


@click.group()
def attribute() -> None:
    """A programme's attributes and the dictionary. `holdfast dictionary match` asks the dictionary alone."""


@attribute.command("list")
@PROGRAMME
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(number: str, as_json: bool) -> None:
    """Every attribute with its entry of the dictionary. Exit 1 when some have none."""
    with open_database():
        found = attributes_of(number)
    if as_json:
        print_json(found)
    else:
        for one in found:
            click.echo(f"{one['code']:<24} {one['unit'] or 'words':<24} {one['dictionary_entry'] or 'not matched':<34} {one['name']}")
    raise SystemExit(0 if all(one["dictionary_entry"] for one in found) else 1)


def attributes_of(number: str) -> list[dict[str, Any]]:
    """A programme's standing attributes as data."""
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.programme.models import Attribute

    with viewing(Viewer.operator()):
        programme = _programme(number)
        rows = Attribute.objects.filter(programme=programme, voided_at__isnull=True).order_by("code")
        return [dict(row) for row in rows.values("code", "name", "unit", "dictionary_entry")]


@attribute.command()
@click.argument("name")
@click.argument("entry", required=False)
@click.option("--none", "is_none", is_flag=True, help="Nothing in the dictionary is meant: do not ask again.")
@PROGRAMME
@click.option("--organisation", metavar="NUMBER", help="Only in what comes from this organisation (a laboratory, a CDMO).")
@click.option("--unit", help="Only for results of this unit's kind of quantity.")
@click.option("--reason", default="Answer to a question of an import", show_default=True, help="Why, for the ledger.")
def match(name: str, entry: str | None, is_none: bool, number: str, organisation: str | None, unit: str | None, reason: str) -> None:
    """Say once which entry of the dictionary a name means: the next import knows. `holdfast dictionary list` shows the entries."""
    if bool(entry) == is_none:
        raise click.UsageError("Give the entry, or --none.")
    with open_database():
        from holdfast.ledger.access import Viewer, viewing
        from holdfast.ledger.changes import Actor, change_set
        from holdfast.programme.actions.name_attributes import remember_name

        with viewing(Viewer.operator()):
            programme, whose = _programme(number), _organisation(organisation)
        with change_set(Actor.operator(operator_name()), action="match attribute", reason=reason, programme=programme) as opened:
            done = remember_name(opened, name, entry or "", organisation=whose, unit=unit)
    means = f"means {entry}" if entry else "means nothing in the dictionary"
    click.echo(f"{name!r} {means}{f' at {whose.name}' if whose else ''}: remembered.")
    for one in done.attributes:
        click.echo(f"  {one.code}: {one.name}")


@attribute.command()
@click.argument("code")
@PROGRAMME
def pools(code: str, number: str) -> None:
    """Which results of an attribute may stand in one statistic, and why others may not. Exit 1 when some stand apart."""
    with open_database():
        from holdfast.batch.pooling import pools_of_attribute
        from holdfast.kernel.errors import Refused
        from holdfast.ledger.access import Viewer, viewing
        from holdfast.programme.models import Attribute

        with viewing(Viewer.operator()):
            found = Attribute.objects.filter(programme=_programme(number), code=code, voided_at__isnull=True).first()
            if found is None:
                raise Refused(f"There is no attribute {code!r} in {number}. `holdfast attribute list` shows those there are.")
            sorted_out = pools_of_attribute(found)
    for pool in sorted_out.pools:
        how = "; ".join(sorted({f"{one.method or 'no procedure recorded'} at {one.site or 'no site recorded'}" for one in pool.measured}))
        click.echo(f"{len(pool.results)} results: {how}{'. Keep as a factor: ' + ', '.join(pool.factors) if pool.factors else ''}")
    for reason in dict.fromkeys(sorted_out.apart):
        click.echo(f"Apart: {reason}")
    raise SystemExit(1 if sorted_out.apart else 0)


def _programme(number: str) -> Any:
    from holdfast.kernel.errors import Refused
    from holdfast.ledger.models import Programme

    found = Programme.objects.filter(number=number).first()
    if found is None:
        raise Refused(f"There is no programme {number!r}.")
    return found


def _organisation(number: str | None) -> Any:
    from holdfast.kernel.errors import Refused
    from holdfast.people.models import Organisation

    if not number:
        return None
    found = Organisation.objects.filter(number=number).first()
    if found is None:
        raise Refused(f"There is no organisation {number!r}.")
    return found
