"""The command line: `holdfast NOUN VERB`. Exit codes: 0 done or holds; 1 refused or does not hold; 2 wrong use or environment."""

from __future__ import annotations

import importlib
import sys

import click

from holdfast import __version__
from holdfast.kernel.errors import HoldfastError

COMMANDS = {
    "serve": "serve:serve",
    "demo": "serve:demo",
    "import": "imports:import_",
    "batch": "batch:batch",
    "verdict": "verdict:verdict",
    "decision": "decision:decision",
    "verify": "verify:verify",
    "user": "user:user",
    "db": "db:db",
}


class Lazy(click.Group):
    """Loads a command's module only when it is used, so that `verify` needs neither Django nor a database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        return getattr(importlib.import_module(f"holdfast.cli.{module}"), attribute)  # type: ignore[no-any-return]


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="holdfast")
def holdfast() -> None:
    """Holdfast: one connected CMC record, turned into decisions that hold up.

    Exit codes: 0 done, or it holds; 1 refused, or it does not hold; 2 wrong use, or the environment does not allow it.
    """


def main() -> None:
    """Entry point of the `holdfast` command: a refusal is one sentence, never a traceback."""
    try:
        holdfast(standalone_mode=True)
    except HoldfastError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except Exception as error:
        if type(error).__name__ != "HomeProblem":
            raise
        click.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
