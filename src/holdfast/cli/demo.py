"""`holdfast demo`: a fictional programme, loaded and served."""

from __future__ import annotations

import click

from .serve import port_option


@click.command()
@port_option
def demo(port: int) -> None:
    """Load a fictional programme (an autologous CAR-T at phase 2, bound for the US and the EU) and serve it.

    Prints the address, the demo accounts with their roles, and what to try first. What is loaded already stays as it is.
    """
    from holdfast.project import demo as demonstration
    from holdfast.project import serving

    said: list[str] = []

    def prepare() -> None:
        demonstration.prepare(click.echo)
        said.append(demonstration.introduction("{address}"))

    serving.serve(port, prepare=prepare, announce=lambda address: click.echo(said[0].replace("{address}", address)))
