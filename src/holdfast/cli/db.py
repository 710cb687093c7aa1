"""`holdfast db`: the database's address."""

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
