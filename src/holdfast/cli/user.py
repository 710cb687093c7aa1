"""`holdfast user`: log-in accounts, and the roles of the people behind them."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from .database import open_database, operator_name, password_from, print_json

ROLES = ("quality_unit", "qp", "cmc_lead", "regulatory", "production", "analyst", "sponsor_release", "reader", "inspector", "system_administrator")
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def user() -> None:
    """Log-in accounts. What a person may do comes from their roles, never from the account."""


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def list_(as_json: bool) -> None:
    """Every log-in with its person, organisation and roles today."""
    with open_database():
        listed = accounts()
    if as_json:
        print_json(listed)
        return
    for one in listed:
        marks = ("  (closed)" if not one["active"] else "") + ("  (second factor)" if one["second_factor"] else "")
        click.echo(f"{one['email']:<36} {one['name']:<20} {one['organisation']:<40} {', '.join(one['roles']) or 'no role today'}{marks}")
    if not listed:
        click.echo("No log-ins. `holdfast user add EMAIL --person NUMBER` opens one.")


def accounts() -> list[dict[str, Any]]:
    """Log-ins as data; roles as held today on any programme."""
    from holdfast.kernel.clock import today
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.people.queries import log_ins

    with viewing(Viewer.operator()):
        return [_as_data(one) for one in log_ins(today())]


def _as_data(one: Any) -> dict[str, Any]:
    person = one.account.person
    return {
        "email": one.account.email,
        "name": person.printed_name if person else "",
        "person": person.number if person else "",
        "organisation": person.organisation.name if person else "",
        "roles": list(one.roles),
        "active": one.account.is_active,
        "second_factor": one.has_second_factor,
    }


def _new_password(email: str, from_stdin: bool) -> str:
    """A password that the rules for new ones accept."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from holdfast.kernel.errors import Refused

    given = password_from("HOLDFAST_PASSWORD", email, from_stdin)
    try:
        validate_password(given)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    return given


@user.command()
@click.argument("email")
@click.option("--person", "number", required=True, help="The number of the person in the record.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(email: str, number: str, password_stdin: bool) -> None:
    """Open a log-in for a person who is in the record (password from a prompt, HOLDFAST_PASSWORD, or standard input)."""
    with open_database():
        from holdfast.kernel.errors import Refused
        from holdfast.ledger.access import Viewer, viewing
        from holdfast.people.actions import open_account
        from holdfast.people.models import Account

        given = _new_password(email, password_stdin)
        with viewing(Viewer.operator()):
            person = _person(number)
            if Account.objects.filter(username=email.lower()).exists():
                raise Refused(f"There is already a log-in {email}.")
            open_account(person, email=email, password=given)
    click.echo(f"{email} may sign in as {number}.")


def _person(number: str) -> Any:
    from holdfast.kernel.errors import Refused
    from holdfast.people.models import Person

    person = Person.objects.filter(number=number).first()
    if person is None:
        raise Refused(f"There is no person {number} in the record. Import the person first.")
    return person


@user.command()
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def password(email: str, password_stdin: bool) -> None:
    """Set a log-in's password (from a prompt, HOLDFAST_PASSWORD, or standard input)."""
    with open_database():
        from .programmes import account_of

        account = account_of(email)
        account.set_password(_new_password(email, password_stdin))
        account.save(update_fields=["password"])
    click.echo(f"The password of {email} is set.")


@user.command()
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--programme", "number", required=True, help="The number of the programme.")
@click.option("--from", "begin", type=DAY, required=True, help="First day, YYYY-MM-DD.")
@click.option("--until", "end", type=DAY, help="Last day; open-ended without it.")
@click.option("--authority", default="", help="The document that gives the role, e.g. a letter of authority.")
@click.option("--reason", required=True, help="Why, for the ledger.")
def role(email: str, role: str, number: str, begin: datetime, end: datetime | None, authority: str, reason: str) -> None:
    """Give the person behind a log-in a role on a programme, for some time. The ledger keeps who gave it, and why."""
    with open_database():
        _give(email, role, number, (begin.date(), end.date() if end else None), authority, reason)
    click.echo(f"{email} is {role.replace('_', ' ')} on {number} from {begin.date()}" + (f" until {end.date()}." if end else ", open-ended."))


def _give(email: str, role: str, number: str, days: tuple[date, date | None], authority: str, reason: str) -> None:
    from holdfast.kernel.errors import Refused
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.ledger.changes import Actor, change_set
    from holdfast.ledger.models import Programme
    from holdfast.people.actions import give_role

    from .programmes import account_of

    if days[1] and days[1] < days[0]:
        raise Refused(f"The role would end on {days[1]}, before it begins on {days[0]}.")
    with viewing(Viewer.operator()):
        programme = Programme.objects.filter(number=number).first()
        person = account_of(email).person
    if programme is None or person is None:
        raise Refused(f"There is no programme {number}." if programme is None else f"The log-in {email} belongs to no person.")
    with change_set(Actor.operator(operator_name()), action="give role", reason=reason, programme=programme) as opened:
        give_role(opened, person, role, valid_from=days[0], valid_until=days[1], authority=authority)


@user.command()
@click.argument("email")
def deactivate(email: str) -> None:
    """Close a log-in for a time: it can neither sign in nor sign, and its sessions end. Roles stay; `leave` is for people who leave."""
    with open_database():
        from holdfast.people.accounts import end_sessions

        from .programmes import account_of

        account = account_of(email)
        account.is_active = False
        account.save(update_fields=["is_active"])
        end_sessions(account)
    click.echo(f"{email} can no longer sign in.")


@user.command()
@click.argument("email")
@click.option("--reason", required=True, help="Why, for the ledger.")
@click.option("--on", type=DAY, help="Last day of the roles; today without it.")
def leave(email: str, reason: str, on: datetime | None) -> None:
    """A person leaves: their roles end on every programme, their log-in, second factors and sessions are closed. What they did stays theirs.

    Prints what still names them and has to be handed over.
    """
    with open_database():
        ended, sessions, still = _leave(email, reason, on.date() if on else None)
    click.echo(f"{email} can no longer sign in; {sessions} sessions ended.")
    for line in ended:
        click.echo(f"ended    {line}")
    for line in still:
        click.echo(f"hand over: {line}")


def _leave(email: str, reason: str, on: date | None) -> tuple[list[str], int, list[str]]:
    from holdfast.kernel.clock import today
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.ledger.changes import Actor, change_set
    from holdfast.ledger.models import Programme
    from holdfast.people.actions import close_account
    from holdfast.people.actions import leave as end_roles
    from holdfast.programme.models import NamedQualifiedPerson

    from .programmes import account_of

    account, ended = account_of(email), []
    with viewing(Viewer.operator()):
        programmes = list(Programme.objects.order_by("number"))
        named = NamedQualifiedPerson.objects.filter(person=account.person_id, voided_at__isnull=True).select_related("authorisation__record")
        still = [f"named as Qualified Person on {n.authorisation.record.number}" for n in named]
    for programme in programmes if account.person_id else []:
        with change_set(Actor.operator(operator_name()), action="person leaves", reason=reason, programme=programme) as opened:
            ended += [f"{r.get_role_display()} on {programme.number}" for r in end_roles(opened, account.person, on=on or today())]
    return ended, close_account(account), still


@user.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--reviewed-by", "email", help="The log-in of who reviewed the list: the review then stands in the ledger, with the list's SHA-256.")
@click.option("--reason", help="What the review concluded, for the ledger.")
def review(file: Path, email: str | None, reason: str | None) -> None:
    """Write who may do what, since when and until when, as CSV, one line a role and log-in, for a person to review."""
    with open_database():
        content = _review()
        if email:
            _record_review(email, reason or "", content)
    file.write_bytes(content)
    click.echo(f"{file}: {content.count(bytes([10])) - 1} lines, SHA-256 {hashlib.sha256(content).hexdigest()}")


def _review() -> bytes:
    from holdfast.kernel.clock import today
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.people.review import access_review, as_csv

    with viewing(Viewer.operator()):
        return as_csv(access_review(today()))


def _record_review(email: str, reason: str, content: bytes) -> None:
    from holdfast.kernel.errors import Refused
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.ledger.changes import change_set
    from holdfast.ledger.models import Programme
    from holdfast.people.signing import actor_of

    from .programmes import account_of

    account = account_of(email)
    if account.person is None or not reason.strip():
        raise Refused("A review is recorded with a person's log-in and with --reason: what the review concluded.")
    with viewing(Viewer.person(account.person_id)):
        programmes = list(Programme.objects.order_by("number"))
    told = f"{reason} (list of SHA-256 {hashlib.sha256(content).hexdigest()})"
    for programme in programmes:
        with change_set(actor_of(account.person), action="access review", reason=told, programme=programme):
            pass
