"""`holdfast db`: the database's address, and bringing it up to date."""

from __future__ import annotations

import os

import click

from .database import print_json


@click.group()
def db() -> None:
    """The database behind the pages and the command line."""


@db.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def url(as_json: bool) -> None:
    """Print the application role's address, with its password.

    It is the address Holdfast itself works with: the role owns nothing, and every guard and row-level policy holds for it. The
    embedded server answers while `holdfast serve` (or another command) runs.
    """
    from holdfast.project.home import default_home
    from holdfast.project.opening import FROM_A_SERVER, addresses

    with addresses() as found:
        address, is_embedded = found.application, found.is_embedded
    if as_json:
        print_json({"url": address, "embedded": is_embedded, "home": str(default_home()) if FROM_A_SERVER not in os.environ else None})
    else:
        click.echo(address)


@db.command()
def migrate() -> None:
    """Bring the database up to date and install every guard and policy again: after an upgrade, and after a restore on a server of your own.

    Every command does the first by itself where it has the owner's address (HOLDFAST_OWNER_DATABASE_URL); the embedded database always has.
    """
    from holdfast.project.opening import addresses, opened

    with addresses() as found:
        if found.owner is None:
            from holdfast.project.home import HomeProblem
            from holdfast.project.opening import OF_ITS_OWNER

            raise HomeProblem(f"Only the database's owner migrates: give its address in {OF_ITS_OWNER}.")
    with opened(refresh=True):
        from holdfast.ledger.install import missing

        gaps = missing()
    for gap in gaps:
        click.echo(gap, err=True)
    click.echo("The database is up to date, and every guard stands." if not gaps else f"{len(gaps)} guards are missing.")
    raise SystemExit(1 if gaps else 0)
