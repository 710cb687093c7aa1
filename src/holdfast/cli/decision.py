"""`holdfast decision sign | export`."""

from __future__ import annotations

from pathlib import Path

import click

from .database import open_database, password_from, print_json

QUESTIONS = {"US": "us_disposition", "EU": "eu_certification", "EU-USE": "sponsor_release"}


@click.group()
def decision() -> None:
    """Take decisions, and export them."""


@decision.command()
@click.argument("number")
@click.option(
    "--destination", type=click.Choice(list(QUESTIONS)), required=True, help="US disposition, EU certification, or (EU-USE) the sponsor's release for use."
)
@click.option("--as", "email", required=True, help="The log-in of the person who signs.")
@click.option("--outcome", required=True, help="released or rejected; certified or refused; released_for_use or withheld.")
@click.option("--code", default="", help="The code of the authenticator, where one is enrolled.")
@click.option("--override", "overrides", multiple=True, metavar="RULE=REASON", help="Decide in spite of a rule that may be justified; may be repeated.")
@click.option("--second", help="The log-in of the second person, who signs for overrides.")
@click.option("--second-code", default="")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input (the second person's from the next).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def sign(
    number: str,
    destination: str,
    email: str,
    outcome: str,
    code: str,
    overrides: tuple[str, ...],
    second: str | None,
    second_code: str,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Sign a decision on a batch. The password is asked for every time (or read from HOLDFAST_PASSWORD, HOLDFAST_SECOND_PASSWORD)."""
    with open_database():
        from holdfast.release.actions import Countersigner, decide

        from .programmes import account_of, find_batch, seeing_as

        account = account_of(email)
        with seeing_as(email):
            lot = find_batch(number)
        reasons = dict(given.partition("=")[::2] for given in overrides)
        password = password_from("HOLDFAST_PASSWORD", email, password_stdin)
        countersigner = None
        if second:
            countersigner = Countersigner(account_of(second), password_from("HOLDFAST_SECOND_PASSWORD", second, password_stdin), second_code)
        taken = decide(account, password, lot, QUESTIONS[destination], outcome, code=code, overrides=reasons, second=countersigner)
        shown = {
            "number": taken.record.number,
            "outcome": taken.outcome,
            "decided_at": taken.decided_at.isoformat(),
            "signature_digest": taken.signature.digest,
        }
    if as_json:
        print_json(shown)
    else:
        click.echo(f"{number} is {outcome.replace('_', ' ')}: decision {shown['number']}, signed {shown['decided_at']}.")


@decision.command()
@click.argument("number")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--destination", type=click.Choice(list(QUESTIONS)), required=True, help="Which decision on the batch.")
@click.option("--as", "email", help="Export as this log-in; without it, as the operator of this machine.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def export(number: str, file: Path, destination: str, email: str | None, as_json: bool) -> None:
    """Write a decision, with everything it rests on, to one file that `holdfast verify` reads."""
    with open_database():
        from django.conf import settings

        from holdfast.kernel.errors import Refused
        from holdfast.release.export import export_decision
        from holdfast.release.queries import standing_decisions

        from .programmes import find_batch, seeing_as

        with seeing_as(email):
            lot = find_batch(number)
            taken = standing_decisions([lot.pk]).get((lot.pk, QUESTIONS[destination]))
            if taken is None:
                raise Refused(f"{number} has no decision for {destination} that you can see.")
            keys = Path(settings.HOLDFAST_KEYS)
            content = export_decision(taken, keys)
    file.write_bytes(content)
    shown = {"file": str(file), "size": len(content), "public_key": str(keys / "export-key.pub.pem")}
    if as_json:
        print_json(shown)
    else:
        click.echo(f"{file}: {len(content)} bytes. Verify it anywhere: holdfast verify {file} --key {shown['public_key']}")
