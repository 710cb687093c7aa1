"""`holdfast serve`: the pages on this machine."""

from __future__ import annotations

import click

port_option = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    envvar="HOLDFAST_PORT",
    show_envvar=True,
    help="Port of 127.0.0.1.",
)


@click.command()
@port_option
def serve(port: int) -> None:
    """Serve the pages at http://127.0.0.1:PORT until Ctrl-C.

    Starts the embedded database and migrates it first, and stops it at the end. One server a data folder (HOLDFAST_HOME).
    """
    from holdfast.project import serving

    serving.serve(port, announce=lambda address: click.echo(f"Holdfast is at {address}\nCtrl-C stops it."))
