"""`holdfast packs`: what judges a programme; see what a pack would change, adopt it, end it, set its figures. `holdfast rules test` checks a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from .database import open_database, print_json

PROGRAMME = click.argument("programme_number", metavar="PROGRAMME")
PACK = click.argument("name", metavar="PACK")
AS = click.option("--as", "email", required=True, help="The log-in of the person who does it: of the sponsor's Quality Unit.")
REASON = click.option("--reason", required=True, help="Why: it stands in the ledger.")
REGIONS = click.option("--region", "regions", multiple=True, type=click.Choice(["US", "EU"]), help="Only for batches of this region. May be repeated.")
PHASES = click.option("--phase", "phases", multiple=True, type=click.Choice(["phase1", "phase2", "phase3", "commercial"]), help="Only in this phase.")
FROM = click.option("--from", "valid_from", type=click.DateTime(["%Y-%m-%d"]), help="From this day; today without it.")
DRAFT = click.option("--draft", "accepts_draft", is_flag=True, help="I know that it is a draft, or not yet in force.")
FIGURES = click.option("--figure", "figures", multiple=True, metavar="NAME=VALUE=REASON", help="Set a figure of the pack, and say why. May be repeated.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def packs() -> None:
    """Rule packs of a programme: what judges it, what another would change, adopt, end, set."""


@packs.command("list")
@PROGRAMME
@click.option("--as", "email", help="List what this log-in sees; without it, as the operator of this machine.")
@JSON
def list_(programme_number: str, email: str | None, as_json: bool) -> None:
    """What a programme is judged by today, with its figures, then the shipped packs that it has not adopted."""
    with open_database():
        from holdfast.release.adoptions import adoptions_shown

        from .programmes import find_programme, seeing_as

        with seeing_as(email):
            shown = adoptions_shown(find_programme(programme_number))
    if as_json:
        print_json(shown.as_json())
        return
    for line in shown.judging:
        click.echo(f"{line.pack} {line.version}  {line.title}. {line.since}; {line.where}{_status(line.status)}")
        for figure in line.figures:
            own = f" (set; the pack says {figure.default}): {figure.reason}" if figure.is_set else ""
            click.echo(f"  {figure.name} {figure.value} {figure.unit}".rstrip() + own)
    click.echo("Shipped, not adopted")
    for pack in shown.available:
        click.echo(f"  {pack.id} {pack.version}  {pack.header.title}{_status(pack.status)}")


def _status(status: str) -> str:
    return "" if status == "in_force" else f"  [{status.replace('_', ' ')}]"


@packs.command()
@PROGRAMME
@PACK
@REGIONS
@PHASES
@FROM
@FIGURES
@click.option("--as", "email", help="As this log-in sees it; without it, as the operator of this machine.")
@JSON
def preview(programme_number: str, name: str, email: str | None, as_json: bool, **asked: Any) -> None:
    """What PACK (a file of yours, or the id of a shipped pack) would change on the open batches. Writes nothing. Exit 1 when a verdict would change."""
    with open_database():
        from holdfast.kernel.clock import today
        from holdfast.release.adopting import check_wanted
        from holdfast.release.adoption_effects import adoption_effects

        from .programmes import find_programme, seeing_as

        with seeing_as(email), _findings():
            programme = find_programme(programme_number)
            checked = check_wanted(programme, _wanted(name, accepts_draft=True, **asked), today())
            effects = adoption_effects(programme, checked)
    if as_json:
        print_json(effects.as_json())
    else:
        _say(effects)
    if effects.changes:
        raise SystemExit(1)


def _say(effects: Any) -> None:
    click.echo(f"{effects.judged} open batches judged both ways; {effects.batches} would change.")
    for one in effects.changes:
        click.echo(f"{one.number} {one.destination}: {one.became or one.change.state_after + ' as before, for other reasons'}")
        for answer in one.change.answers:
            click.echo(f"  {answer.rule} {answer.title}: {answer.before or 'not asked'} became {answer.after or 'not asked'}. {answer.why}")


@packs.command()
@PROGRAMME
@PACK
@REGIONS
@PHASES
@FROM
@FIGURES
@DRAFT
@AS
@REASON
def adopt(programme_number: str, name: str, email: str, reason: str, **asked: Any) -> None:
    """Adopt PACK (a file of yours, or the id of a shipped pack) for a programme. Its text is kept as it is now."""
    with open_database():
        from holdfast.release.actions.adopt import adopt as adopt_pack

        with _acting(email, programme_number, "adopt rule pack", reason) as (opened, person), _findings():
            adoption = adopt_pack(opened, _wanted(name, **asked), reason, by=person)
    click.echo(f"{adoption.pack} {adoption.document.version} is adopted from {adoption.valid_from}.")


@packs.command()
@PROGRAMME
@PACK
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The last day on which it judges; today without it.")
@AS
@REASON
def end(programme_number: str, name: str, day: datetime | None, email: str, reason: str) -> None:
    """End PACK (an id): it judges until the day, included. Decisions keep it."""
    with open_database():
        from holdfast.kernel.clock import today
        from holdfast.release.actions.adopt import end as end_pack

        with _acting(email, programme_number, "end rule pack", reason) as (opened, person):
            adoption = end_pack(opened, name, day.date() if day else today(), reason, by=person)
    click.echo(f"{name} judges until {adoption.valid_until}, included.")


@packs.command("set")
@PROGRAMME
@PACK
@click.argument("figure")
@click.argument("value")
@AS
@REASON
def set_(programme_number: str, name: str, figure: str, value: str, email: str, reason: str) -> None:
    """Set FIGURE of an adopted PACK to VALUE (a list by commas), from today."""
    with open_database():
        from holdfast.release.actions.adopt import set_figure
        from holdfast.release.adoptions import figure_typed

        with _acting(email, programme_number, "set figure of rule pack", reason) as (opened, person):
            set_figure(opened, name, figure, figure_typed(opened.programme, name, figure, value), reason, by=person)
    click.echo(f"{figure} of {name} is {value} from today.")


def _wanted(name: str, *, valid_from: datetime | None, figures: tuple[str, ...], regions: tuple[str, ...], phases: tuple[str, ...], accepts_draft: bool) -> Any:
    from holdfast.kernel.clock import today
    from holdfast.release.adopting import Wanted, shipped_text
    from holdfast.release.figures import figures_typed

    text, file = (Path(name).read_text("utf-8"), name) if Path(name).is_file() else shipped_text(name)
    given = [tuple(one.split("=", 2)) for one in figures]
    if any(len(one) != 3 for one in given):
        raise click.BadParameter("--figure is NAME=VALUE=REASON.")
    day = valid_from.date() if valid_from else today()
    return Wanted(text, file, day, regions, phases, figures_typed(text, given), accepts_draft)


@contextmanager
def _findings() -> Iterator[None]:
    from holdfast.release.adopting import AdoptionRefused

    try:
        yield
    except AdoptionRefused as refusal:
        for finding in refusal.findings:
            click.echo(str(finding), err=True)
        raise


@contextmanager
def _acting(email: str, programme_number: str, action: str, reason: str) -> Iterator[tuple[Any, Any]]:
    from holdfast.kernel.errors import Refused
    from holdfast.ledger.changes import change_set
    from holdfast.people.signing import actor_of

    from .programmes import account_of, find_programme, seeing_as

    person = account_of(email).person
    if person is None:
        raise Refused(f"The log-in {email} belongs to no person, so it does nothing here.")
    if not reason.strip():
        raise Refused("Say why: the reason stands in the ledger.")
    with seeing_as(email):
        programme = find_programme(programme_number)
    with change_set(actor_of(person), action=action, reason=reason, programme=programme) as opened:
        yield opened, person
