"""`holdfast user list | add | password`."""

from __future__ import annotations

import click

from .database import open_database, password_from, print_json


@click.group()
def user() -> None:
    """Log-in accounts. What a person may do comes from their roles, never from the account."""


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """Every log-in with its person, organisation and roles today."""
    with open_database():
        listed = accounts()
    if as_json:
        print_json(listed)
        return
    for one in listed:
        click.echo(f"{one['email']:<36} {one['name']:<20} {one['organisation']:<40} {', '.join(one['roles']) or 'no role today'}" + ("" if one["active"] else "  (inactive)"))


def accounts() -> list[dict[str, object]]:
    """Log-ins as data; roles as held today on any programme."""
    from holdfast.kernel.clock import today
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.people.models import Account, Role
    from holdfast.people.policy import holding

    with viewing(Viewer.operator()):
        roles: dict[int, list[str]] = {}
        for person, role in Role.objects.filter(holding(today())).values_list("person_id", "role").distinct().order_by("role"):
            roles.setdefault(person, []).append(role)
        found = Account.objects.select_related("person__organisation").order_by("email")
        return [
            {
                "email": a.email, "name": a.person.printed_name if a.person else "", "person": a.person.number if a.person else "",
                "organisation": a.person.organisation.name if a.person else "", "roles": roles.get(a.person_id or 0, []), "active": a.is_active,
            }
            for a in found
        ]  # fmt: skip


@user.command()
@click.argument("email")
@click.option("--person", "number", required=True, help="The number of the person in the record.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(email: str, number: str, password_stdin: bool) -> None:
    """Open a log-in for a person who is in the record (password from a prompt, HOLDFAST_PASSWORD, or standard input)."""
    with open_database():
        from django.contrib.auth.password_validation import validate_password
        from django.core.exceptions import ValidationError

        from holdfast.kernel.errors import Refused
        from holdfast.ledger.access import Viewer, viewing
        from holdfast.people.actions import open_account
        from holdfast.people.models import Person

        password = password_from("HOLDFAST_PASSWORD", email, password_stdin)
        try:
            validate_password(password)
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
        with viewing(Viewer.operator()):
            person = Person.objects.filter(number=number).first()
            if person is None:
                raise Refused(f"There is no person {number} in the record. Import the person first.")
            open_account(person, email=email, password=password)
    click.echo(f"{email} may sign in as {number}.")


@user.command()
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def password(email: str, password_stdin: bool) -> None:
    """Set a log-in's password."""
    with open_database():
        from .programmes import account_of

        account = account_of(email)
        account.set_password(password_from("HOLDFAST_PASSWORD", email, password_stdin))
        account.save(update_fields=["password"])
    click.echo(f"The password of {email} is set.")


@user.command()
@click.argument("email")
def deactivate(email: str) -> None:
    """Close a log-in: it can neither sign in nor sign. What the person did stays theirs."""
    with open_database():
        from .programmes import account_of

        account = account_of(email)
        account.is_active = False
        account.save(update_fields=["is_active"])
    click.echo(f"{email} can no longer sign in.")
