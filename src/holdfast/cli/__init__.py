"""The command line: `holdfast`, one module a noun, loaded only when it is used.

Exit codes, everywhere: 0 done or holds, 1 an answer in the negative (a finding, a refusal), 2 wrong usage or an environment that
cannot be worked in.
"""

from __future__ import annotations

import importlib
import signal
from types import FrameType
from typing import Any, NoReturn

import click

from holdfast import __version__
from holdfast.kernel.errors import HoldfastError
from holdfast.ledger.outage import database_trouble
from holdfast.project.home import HomeProblem

NEGATIVE, UNUSABLE = 1, 2
#: name → (module:attribute, one line of help); the line stands here so that `--help` loads nothing
COMMANDS = {
    "serve": ("holdfast.cli.serve:serve", "Serve the pages on this machine."),
    "demo": ("holdfast.cli.demo:demo", "Load a fictional programme and serve it."),
    "import": ("holdfast.cli.imports:import_", "Bring in a programme folder or workbook, or a table somebody else designed."),
    "programme": ("holdfast.cli.programme:programme", "List programmes; export one as a workbook or a folder."),
    "board": ("holdfast.cli.board:board", "A page of the release board; judge what is not current."),
    "batch": ("holdfast.cli.batch:batch", "List batches with their verdicts; show one."),
    "search": ("holdfast.cli.search:search", "Find records, people and sites by number, name or pseudonym."),
    "verdict": ("holdfast.cli.verdict:verdict", "Judge a batch for a destination, rule by rule."),
    "decision": ("holdfast.cli.decision:decision", "Sign a decision; export one."),
    "rules": ("holdfast.cli.rules:rules", "Rule packs: list, show, test, compare."),
    "packs": ("holdfast.cli.packs:packs", "What judges a programme: preview, adopt and end rule packs, set their figures."),
    "verify": ("holdfast.cli.verify:verify", "Check an exported decision: no database, no network."),
    "science": ("holdfast.cli.science:science", "The statistical methods: list, explain, run."),
    "study": ("holdfast.cli.study:study", "Studies: protocol, data by query, signed conclusion."),
    "trends": ("holdfast.cli.trends:trends", "A product's attributes over batches: control limits, rules fired, capability."),
    "ledger": ("holdfast.cli.ledger:ledger", "Verify the ledger; checkpoints and proofs."),
    "keys": ("holdfast.cli.keys:keys", "The keys that exports and checkpoints are signed with."),
    "backup": ("holdfast.cli.backup:backup", "Write everything to one file."),
    "restore": ("holdfast.cli.backup:restore", "Bring a backup back into an empty data folder."),
    "attribute": ("holdfast.cli.attribute:attribute", "What a programme's attributes are in the dictionary; remember an answer."),
    "alignment": ("holdfast.cli.alignment:alignment", "Where US and EU registrations differ, attribute by attribute."),
    "phase": ("holdfast.cli.phase:phase", "What a programme must have in place now, at its next milestone, and later."),
    "dictionary": ("holdfast.cli.dictionary:dictionary", "Standard attributes, and which of them a name means."),
    "crosswalk": ("holdfast.cli.crosswalk:crosswalk", "Counterparts between regions, in guidance and pharmacopoeias."),
    "user": ("holdfast.cli.user:user", "Log-in accounts and the roles of the people behind them."),
    "token": ("holdfast.cli.token:token", "Tokens of the API: a person's, for a script."),
    "db": ("holdfast.cli.db:db", "The database's address."),
}
EXIT_CODES = "Exit codes: 0 done or holds; 1 an answer in the negative, or refused; 2 wrong usage or environment."


class Negative(click.ClickException):
    """One clear sentence on standard error, and an exit code; never a traceback."""

    exit_code = NEGATIVE

    def show(self, file: Any = None) -> None:
        click.echo(self.format_message(), err=True)


class Unusable(Negative):
    """The environment cannot be worked in."""

    exit_code = UNUSABLE


class Commands(click.Group):
    """Loads a command when it is asked for, and turns our refusals into sentences."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HomeProblem as error:
            raise Unusable(str(error)) from error
        except HoldfastError as error:
            raise Negative(str(error)) from error
        except Exception as error:
            sentence = database_trouble(error)
            if sentence is None:
                raise
            raise Unusable(sentence) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="holdfast")
def holdfast() -> None:
    """One connected CMC record, turned into decisions that hold up.

    The data folder is HOLDFAST_HOME; HOLDFAST_DATABASE_URL names a PostgreSQL server instead of the embedded one.
    """


def _terminated(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)


def main() -> None:
    """The `holdfast` command."""
    signal.signal(signal.SIGTERM, _terminated)  # so that a command that is stopped leaves the database as it should
    holdfast()


__all__ = ["Commands", "holdfast", "main"]
