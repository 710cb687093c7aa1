"""`holdfast verdict`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from .database import open_database, print_json


@click.command()
@click.argument("number")
@click.option("--destination", type=click.Choice(["US", "EU"]), required=True, help="Where the batch is to be used.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="As of this day; today without it.")
@click.option("--as", "email", help="See as this log-in; without it, as the operator of this machine.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verdict(number: str, destination: str, on: datetime | None, email: str | None, as_json: bool) -> None:
    """What each rule answers for a batch at a destination, why, and what was not judged. Exit 0 when ready, 1 when not."""
    with open_database():
        from holdfast.release.questions import DESTINATIONS
        from holdfast.release.verdicts import for_viewer, verdicts_for

        from .programmes import find_batch, seeing_as

        with seeing_as(email):
            lot = find_batch(number)
            judged = verdicts_for(lot.programme, [lot.pk], DESTINATIONS[destination], on.date() if on else None)[lot.pk]
            shown = for_viewer([judged])[0]
    if as_json:
        print_json(shown.model_dump(mode="json"))
    else:
        print_verdict(number, destination, shown)
    raise SystemExit(0 if shown.state == "ready" else 1)


def print_verdict(number: str, destination: str, shown: Any) -> None:
    """A verdict for a person at a terminal: what is wrong first."""
    click.echo(f"{number} for the {destination}: {shown.state.replace('_', ' ')}")
    order = {"not met": 0, "cannot tell": 1, "met": 2, "not applicable": 3}
    for rule in sorted(shown.rules, key=lambda r: order[r.answer]):
        cite = "; ".join(f"{c.document} {c.paragraph} ({c.authority}, confidence {c.confidence})" for c in rule.cite)
        click.echo(f"  {rule.answer:<15} {rule.id:<12} {rule.severity:<8} {rule.title}")
        if rule.answer in {"not met", "cannot tell"}:
            click.echo(f"      {rule.says}\n      {cite}")
        if rule.suspended:
            click.echo(f"      suspended by {rule.suspended.rule} {rule.suspended.title} ({rule.suspended.ground})")
        if rule.lighter:
            click.echo(f"      lighter here: {rule.lighter}")
    for pack in shown.packs:
        for setting in pack.settings:
            click.echo(f"  {pack.id}: {setting.name} is {setting.value}, set by the sponsor in place of {setting.default}: {setting.reason}")
    for item in shown.not_judged:
        click.echo(f"  not judged: {item.what}. {item.why}")
