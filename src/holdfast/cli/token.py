"""`holdfast token create | list | revoke`: what a script shows the API in the place of a sign-in."""

from __future__ import annotations

from typing import Any

import click

from .database import open_database, operator_name, password_from, print_json


@click.group()
def token() -> None:
    """Tokens of the API. A token is one person: it sees what they see, and ends with their log-in."""


@token.command()
@click.argument("name")
@click.option("--as", "email", required=True, help="The log-in of the person whose token it is.")
@click.option("--write", is_flag=True, help="For writing too; without it, for reading only.")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True, help="After how many days it ends.")
@click.option("--code", default="", help="The code of the authenticator, where one is enrolled.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def create(name: str, email: str, write: bool, days: int, code: str, password_stdin: bool, as_json: bool) -> None:
    """Make a token called NAME, after what will use it. The secret is printed this once and is nowhere kept.

    The person's password is asked for, or read from HOLDFAST_PASSWORD.
    """
    with open_database():
        from holdfast.people.tokens import confirm_for_token, create_token

        from .programmes import account_of

        account = account_of(email)
        confirmed = confirm_for_token(account, password_from("HOLDFAST_PASSWORD", email, password_stdin), code)
        made = create_token(confirmed, name=name, scope="write" if write else "read", days=days)
        shown = as_data(made.token) | {"secret": made.secret}
    if as_json:
        print_json(shown)
    else:
        click.echo(f"Token {shown['id']} of {email}, {shown['scope']}, until {shown['expires_at'][:10]}. It is shown this once:\n{made.secret}")


@token.command("list")
@click.option("--as", "email", help="Only this log-in's.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(email: str | None, as_json: bool) -> None:
    """Tokens, the newest first: whose, for what, until when, when last used. Never what opens."""
    with open_database():
        from holdfast.people.models import ApiToken

        from .programmes import account_of

        rows = ApiToken.objects.select_related("account").order_by("-pk")
        listed = [as_data(one) for one in (rows.filter(account=account_of(email)) if email else rows)]
    if as_json:
        print_json(listed)
        return
    for one in listed:
        state = f"revoked {one['revoked_at'][:10]}" if one["revoked_at"] else f"until {one['expires_at'][:10]}"
        used = f"used {one['last_used_at'][:10]}" if one["last_used_at"] else "never used"
        click.echo(f"{one['id']:<6} {one['email']:<36} {one['scope']:<6} {state:<20} {used:<16} {one['name']}")
    if not listed:
        click.echo("No tokens. `holdfast token create NAME --as EMAIL` makes one.")


@token.command()
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why, for the ledger.")
def revoke(number: int, reason: str) -> None:
    """End a token at once, by its NUMBER in the list."""
    with open_database():
        from holdfast.kernel.errors import Refused
        from holdfast.people.models import ApiToken
        from holdfast.people.tokens import revoke_token

        found = ApiToken.objects.filter(pk=number).first()
        if found is None:
            raise Refused(f"There is no token {number}. `holdfast token list` shows those there are.")
        revoke_token(found, by=operator_name(), reason=reason)
    click.echo(f"Token {number} opens nothing any more.")


def as_data(one: Any) -> dict[str, Any]:
    """A token for scripts, without what opens."""
    moments = {name: getattr(one, name).isoformat() if getattr(one, name) else None for name in ("created_at", "expires_at", "last_used_at", "revoked_at")}
    return {"id": one.pk, "name": one.name, "email": one.account.email, "scope": one.scope, **moments}
