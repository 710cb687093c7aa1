"""`holdfast study`: draft a protocol, approve it, take its data by its own query, conclude; show and export."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from .database import open_database, password_from, print_json

NUMBER = click.argument("number")
AS = click.option("--as", "email", required=True, help="The log-in of the person who does it.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
CODE = click.option("--code", default="", help="The code of the authenticator, where one is enrolled.")
STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")


@click.group()
def study() -> None:
    """Studies: protocol, data, conclusion."""


@study.command("list")
@click.option("--as", "email", help="List what this log-in sees; without it, as the operator of this machine.")
@JSON
def list_(email: str | None, as_json: bool) -> None:
    """Every study, and how far it is."""
    with open_database():
        from holdfast.study.queries import standings, studies

        from .programmes import seeing_as

        with seeing_as(email):
            found = list(studies())
            how = standings(found)
        rows = [
            {"number": one.record.number, "title": one.record.title, "kind": one.study_kind, "state": how[one.pk].state,
             "conclusion": how[one.pk].report.conclusion if how[one.pk].report else None}  # type: ignore[union-attr]
            for one in found
        ]  # fmt: skip
    if as_json:
        print_json(rows)
    for row in [] if as_json else rows:
        click.echo(f"{row['number']}  {row['state']:<10}  {row['title']}" + (f": {str(row['conclusion']).replace('_', ' ')}" if row["conclusion"] else ""))


@study.command()
@NUMBER
@click.option("--as", "email", help="Show what this log-in sees; without it, as the operator of this machine.")
@JSON
def show(number: str, email: str | None, as_json: bool) -> None:
    """A study: its design, and what its methods answer on the frozen data."""
    with open_database():
        from .programmes import seeing_as

        with seeing_as(email):
            shown = _shown(find_study(number))
    if as_json:
        print_json(shown)
    else:
        click.echo(_page(shown))


def _shown(found: Any) -> dict[str, Any]:
    from holdfast.study.actions.plan import protocol_in
    from holdfast.study.evaluation import evaluation_of
    from holdfast.study.queries import designs, standings

    how, protocol = standings([found])[found.pk], protocol_in(found)
    return {
        "number": found.record.number,
        "title": found.record.title,
        "state": how.state,
        "design": [{"attribute": code, "design": design} for code, design in designs(protocol)],
        "evaluation": evaluation_of(found) if how.data_set else None,
        "conclusion": how.report.conclusion if how.report else None,
        "signer": how.report.signer.printed_name if how.report else None,
    }


def _page(shown: dict[str, Any]) -> str:
    lines = [f"{shown['number']}  {shown['title']}", f"State: {shown['state']}"]
    lines += [f"Design, {one['attribute']}: {one['design'].get('sentence') or one['design'].get('why')}" for one in shown["design"] if one["design"]]
    if shown["evaluation"]:
        lines += [shown["evaluation"]["sentence"]]
        for each in shown["evaluation"]["attributes"]:
            result = each["result"]
            lines += [f"  {each['name']}: {each['answer']}. " + (result["sentence"] if result else " ".join(each["reasons"]))]
    if shown["conclusion"]:
        lines += [f"Concluded {shown['conclusion'].replace('_', ' ')} by {shown['signer']}."]
    return "\n".join(lines)


@study.command()
@NUMBER
@click.argument("protocol", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--programme", "programme_number", required=True, help="The programme's number.")
@AS
def draft(number: str, protocol: Path, programme_number: str, email: str) -> None:
    """Write the protocol in the YAML file PROTOCOL down as study NUMBER; a draft may be replaced until it is approved."""
    from holdfast.dossier.study.protocol import read_protocol

    read = read_protocol(protocol.read_text("utf-8"), protocol.name)
    with open_database():
        from holdfast.study.actions import draft as draft_study

        from .programmes import find_programme, seeing_as

        with seeing_as(email):
            programme = find_programme(programme_number)
        with _acting(email, programme, "draft study", f"{number}: {read.title}") as (opened, person):
            draft_study(opened, number, read, by=person)
    click.echo(f"{number} is drafted. Another member of the Quality Unit approves it: holdfast study approve {number} --as …")


@study.command()
@NUMBER
@AS
@CODE
@STDIN
def approve(number: str, email: str, code: str, password_stdin: bool) -> None:
    """Sign the protocol, which locks it. The password is asked for every time (or read from HOLDFAST_PASSWORD)."""
    with open_database():
        from holdfast.study.actions import approve as approve_study

        from .programmes import account_of, seeing_as

        with seeing_as(email):
            found = find_study(number)
        approve_study(account_of(email), password_from("HOLDFAST_PASSWORD", email, password_stdin), found, code=code)
    click.echo(f"The protocol of {number} is approved and locked.")


@study.command()
@NUMBER
@AS
def take(number: str, email: str) -> None:
    """Run the protocol's query and freeze what it finds, once."""
    with open_database():
        from holdfast.study.actions import take_data
        from holdfast.study.actions.carry_out import data_in

        with _on(number, email, "take study data", "As the approved protocol says") as (opened, found, person):
            data = data_in(take_data(opened, found, by=person))
    for arm in data.arms:
        click.echo(f"{arm.name}: {len(arm.lots)} lots ({', '.join(arm.lots)}); {len(arm.passed_over)} passed over")
    click.echo(f"{len(data.rows)} results are frozen.")


@study.command()
@NUMBER
@click.argument("run")
@click.argument("attribute")
@click.option("--cause", required=True, help="The assignable cause: what happened, and where it is documented.")
@AS
def exclude(number: str, run: str, attribute: str, cause: str, email: str) -> None:
    """Leave the result of ATTRIBUTE in the test run RUN out. Both answers are kept and shown."""
    with open_database():
        from holdfast.study.actions import exclude as exclude_result
        from holdfast.study.actions.carry_out import row_in

        with _on(number, email, "exclude study result", cause) as (opened, found, person):
            exclude_result(opened, found, row_in(found, run, attribute), cause, by=person)
    click.echo(f"{run}, {attribute} is left out of {number}; the answer with it stays beside the other.")


@study.command()
@NUMBER
@click.option("--what", required=True, help="What was done otherwise than the protocol says.")
@click.option("--impact", required=True, help="What that does to the conclusion.")
@AS
def depart(number: str, what: str, impact: str, email: str) -> None:
    """Record a departure from the protocol."""
    with open_database():
        from holdfast.study.actions import depart as depart_from

        with _on(number, email, "study departs from protocol", what) as (opened, found, person):
            depart_from(opened, found, what, impact, by=person)
    click.echo(f"The departure is recorded with {number}.")


@study.command()
@NUMBER
@click.option("--conclusion", required=True, help="comparable, comparable_with_justified_difference, not_comparable; meets_criteria, …; inconclusive.")
@click.option("--reason", required=True, help="Why, in a sentence.")
@AS
@CODE
@STDIN
def conclude(number: str, conclusion: str, reason: str, email: str, code: str, password_stdin: bool) -> None:
    """Evaluate the frozen data with the locked methods, and sign the conclusion."""
    with open_database():
        from holdfast.study.actions import conclude as conclude_study

        from .programmes import account_of, seeing_as

        with seeing_as(email):
            found = find_study(number)
        report = conclude_study(account_of(email), password_from("HOLDFAST_PASSWORD", email, password_stdin), found, conclusion, reason, code=code)
    click.echo(f"{number} is concluded: {conclusion.replace('_', ' ')}; the methods say {report.answer}. Signed {report.concluded_at.isoformat()}.")


@study.command()
@NUMBER
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--as", "email", help="Export as this log-in; without it, as the operator of this machine.")
def export(number: str, file: Path, email: str | None) -> None:
    """Write a concluded study to one file from which `holdfast verify` recomputes it."""
    with open_database():
        from django.conf import settings

        from holdfast.kernel.errors import Refused
        from holdfast.study.export import export_study, report_of

        from .programmes import seeing_as

        with seeing_as(email):
            report = report_of(find_study(number))
            if report is None:
                raise Refused(f"{number} is not concluded: there is nothing to export yet.")
            keys = Path(settings.HOLDFAST_KEYS)
            content = export_study(report, keys)
    file.write_bytes(content)
    click.echo(f"{file}: {len(content)} bytes. Recompute it anywhere: holdfast verify {file} --key {keys / 'export-key.pub.pem'}")


def find_study(number: str) -> Any:
    """A standing study by its number, in whichever visible programme has it. Raises `Refused` when none or several do."""
    from holdfast.kernel.errors import Refused
    from holdfast.study.queries import studies

    found = list(studies().filter(record__number=number))
    if len(found) != 1:
        raise Refused(f"There is no study {number} that you can see." if not found else f"Several programmes have a study {number}.")
    return found[0]


@contextmanager
def _on(number: str, email: str, action: str, reason: str) -> Iterator[tuple[Any, Any, Any]]:
    """A change set of a person's on a study."""
    from .programmes import seeing_as

    with seeing_as(email):
        found = find_study(number)
    with _acting(email, found.programme, action, reason) as (opened, person):
        yield opened, found, person


@contextmanager
def _acting(email: str, programme: Any, action: str, reason: str) -> Iterator[tuple[Any, Any]]:
    from holdfast.kernel.errors import Refused
    from holdfast.ledger.changes import change_set
    from holdfast.people.signing import actor_of

    from .programmes import account_of

    person = account_of(email).person
    if person is None:
        raise Refused(f"The log-in {email} belongs to no person, so it does nothing here.")
    with change_set(actor_of(person), action=action, reason=reason, programme=programme) as opened:
        yield opened, person
