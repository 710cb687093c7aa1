"""`holdfast alignment`: where the US and EU registrations of a product differ, and what one specification for both would need."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from .database import open_database, operator_name

PRODUCT = click.argument("product")


@click.group()
def alignment() -> None:
    """US and EU registrations beside each other, attribute by attribute."""


@alignment.command()
@PRODUCT
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day; without it, today.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(product: str, on: datetime | None, as_json: bool) -> None:
    """Every difference with its class, what nobody can tell, and what must change. Exit 1 when a difference is unexplained or cannot be told."""
    with open_database():
        matrix = _matrix(product, on.date() if on else None)
    if as_json:
        click.echo(_as_json(matrix))
    else:
        print_matrix(matrix)
    raise SystemExit(1 if any(pair.unexplained or pair.cannot_tell for pair in matrix.pairs) else 0)


def _as_json(matrix: Any) -> str:
    return json.dumps(asdict(matrix), indent=2, ensure_ascii=False, default=str)


def _matrix(number: str, on: date | None) -> Any:
    from holdfast.kernel.clock import today
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.programme.queries.alignment import alignment_of

    with viewing(Viewer.operator()):
        return alignment_of(product_named(number), on or today())


def product_named(number: str) -> Any:
    """The one standing product of a number that the open identity sees. Raises `Refused` for none or several."""
    from holdfast.kernel.errors import Refused
    from holdfast.programme.models import Product

    found = list(Product.objects.filter(record__number=number, record__voided_at__isnull=True).select_related("record", "programme"))
    if len(found) != 1:
        raise Refused(f"There is no product {number!r}." if not found else f"Several programmes have a product {number!r}.")
    return found[0]


def print_matrix(matrix: Any) -> None:
    """The pairs, each with its differences, its gaps and its changes."""
    if not matrix.pairs:
        click.echo(f"{matrix.product} has no US registration beside an EU one on {matrix.on}.")
    for pair in matrix.pairs:
        click.echo(" and ".join(f"{side.name} ({side.specification or 'no specification'})" for side in (pair.left, pair.right)))
        for one in pair.differences:
            found, mark = one.difference, ", outdated" if one.outdated else ""
            click.echo(f"  {found.subject or found.name}: {found.aspect}: {found.left} | {found.right}  [{one.difference_class}{mark}]")
            if one.owner:
                click.echo(f"    {one.decision or 'to be decided again'}, {one.owner}: {one.rationale}")
        for gap in pair.cannot_tell:
            click.echo(f"  {gap.subject or gap.name}: {gap.aspect}: cannot tell. {gap.reason}")
        click.echo("One specification for both would need:" if pair.changes else "One specification serves both already.")
        for change in pair.changes:
            click.echo(f"  {change.side or 'a decision'}: {change.says}")


@alignment.command()
@PRODUCT
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def compendial(product: str, as_json: bool) -> None:
    """Registered procedures and the pharmacopoeia of their region: its own text, a counterpart, or a gap. Exit 1 on a gap or what is not known."""
    with open_database():
        from holdfast.kernel.clock import today
        from holdfast.ledger.access import Viewer, viewing
        from holdfast.programme.queries.compendial import compendial_standing

        with viewing(Viewer.operator()):
            rows = compendial_standing(product_named(product), today())
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False))
    else:
        for row in rows:
            click.echo(f"{row.registration} ({row.region})  {row.procedure} version {row.version}: {row.standing}. {row.says}")
    raise SystemExit(1 if any(row.standing in {"gap", "unknown", "unread"} for row in rows) else 0)


@alignment.command("class")
@PRODUCT
@click.argument("left")
@click.argument("right")
@click.argument("aspect")
@click.argument("difference_class", metavar="CLASS", type=click.Choice(["legal", "scientific", "historical"]))
@click.option("--subject", default="", help="The attribute's code or the storage condition; none for the product as a whole.")
@click.option("--owner", required=True, help="The number of the person who owns it.")
@click.option("--decision", type=click.Choice(["undecided", "keep", "align"]), default="undecided", show_default=True)
@click.option("--rationale", required=True, help="Why the difference is there.")
def class_(product: str, left: str, right: str, aspect: str, difference_class: str, subject: str, owner: str, decision: str, rationale: str) -> None:
    """Say why the difference in ASPECT between the registrations LEFT and RIGHT is there."""
    with open_database():
        from holdfast.ledger.access import Viewer, viewing
        from holdfast.ledger.changes import Actor, change_set
        from holdfast.programme.actions.class_difference import WhichDifference, class_difference

        with viewing(Viewer.operator()):
            found, person = product_named(product), _person(owner)
        which = WhichDifference(left, right, subject, aspect)
        with change_set(Actor.operator(operator_name()), action="class difference", reason=rationale, programme=found.programme) as opened:
            class_difference(opened, found, which, difference_class=difference_class, owner=person, rationale=rationale, decision=decision)
    click.echo(f"The {which} is {difference_class}, {decision}.")


def _person(number: str) -> Any:
    from holdfast.kernel.errors import Refused
    from holdfast.people.models import Person

    found = Person.objects.filter(number=number).first()
    if found is None:
        raise Refused(f"There is no person {number!r}.")
    return found
