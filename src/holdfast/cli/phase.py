"""`holdfast phase`: what a programme must have in place now, at its next milestone, and later, on today's records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from holdfast.standards.phase_view import PHASES

from .database import open_database, print_json


@click.command()
@click.argument("product")
@click.option("--region", type=click.Choice(["US", "EU"]), required=True, help="The region whose rules are asked.")
@click.option("--at", "phase", type=click.Choice(PHASES), help="As if the programme were at this phase; without it, the phase on record.")
@click.option("--next", "next_phase", type=click.Choice(PHASES), help="The phase it heads for; the following one without it.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day; without it, today.")
@click.option("--as", "email", help="See as this log-in; without it, as the operator of this machine.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def phase(product: str, region: str, phase: Any, next_phase: Any, on: datetime | None, email: str | None, as_json: bool) -> None:
    """What must be true of PRODUCT now, at its next milestone, and later, each rule with its answer on record; drafts and flexibilities apart.
    Exit 1 when something that must be true now is not, or cannot be told."""
    with open_database():
        from holdfast.kernel.clock import today
        from holdfast.release.phase import phase_of, phase_values

        from .alignment import product_named
        from .programmes import seeing_as

        with seeing_as(email):
            found = phase_of(product_named(product), region, on.date() if on else today(), phase, next_phase)
            shown = phase_values(found)
    if as_json:
        print_json(shown)
    else:
        print_phase(shown)
    raise SystemExit(1 if found.view is None or any(one.is_open for one in found.view.now) else 0)


def print_phase(shown: dict[str, Any]) -> None:
    """The three parts, what is open first; then what is no settled rule, and what no record holds yet."""
    if shown["phase"] is None:
        click.echo(f"No phase of {shown['product']} in the {shown['region']} is on record on {shown['on']}. Name one with --at.")
        return
    click.echo(f"{shown['product']} in the {shown['region']} on {shown['on']}: {shown['phase']}")
    for heading, part in (("Now", "now"), (f"At the next milestone ({shown['next_phase'] or 'none'})", "next"), ("May wait", "later")):
        lines = sorted(shown[part], key=lambda line: line["answer"] == "met")
        click.echo(f"{heading}: {sum(line['answer'] in {'not met', 'cannot tell'} for line in lines)} of {len(lines)} open")
        for line in lines:
            _print_line(line)
    for pack in shown["apart"]:
        click.echo(f"{pack['title']} [{pack['status'].replace('_', ' ')}, confidence {pack['confidence']}]: {pack['says']}")
        for line in pack["rules"]:
            _print_line(line)
        for item in pack["left_out"]:
            click.echo(f"  {item['what']}: {item['why']}")
    click.echo("No record holds yet: " + "; ".join(shown["no_record_of"]) + ".")


def _print_line(line: dict[str, Any]) -> None:
    click.echo(f"  {line['answer']:<14} {line['rule']:<9} {line['severity']:<8} {line['title']}. {line['why']}".rstrip())
    for need in line["open"]:
        click.echo(f"      {need}")
