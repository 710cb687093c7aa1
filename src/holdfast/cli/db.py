"""`holdfast db url`: the application role's address."""

from __future__ import annotations

import os

import click

from .database import print_json


@click.group()
def db() -> None:
    """The database behind this installation."""


@db.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def url(as_json: bool) -> None:
    """Print the address of the application's role, which owns nothing and cannot write outside a change set.

    The embedded server answers only while some Holdfast process runs (`holdfast serve`).
    """
    address = os.environ.get("HOLDFAST_DATABASE_URL")
    if not address:
        from holdfast.project import postgres

        server = postgres.start()
        address = server.url(postgres.APPLICATION)
        server.stop()
    if as_json:
        print_json({"url": address})
    else:
        click.echo(address)
