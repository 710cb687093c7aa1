"""`holdfast keys`: what exports and checkpoints are signed with."""

from __future__ import annotations

from pathlib import Path

import click

from .database import open_database, print_json


@click.group()
def keys() -> None:
    """The installation's signing keys (Ed25519). Public halves are for giving away, by another way than the files they sign."""


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(as_json: bool) -> None:
    """The fingerprint of the current key and of those used before."""
    from holdfast.dossier.package import fingerprint, load_or_make_key, public_keys
    from holdfast.project.home import default_home, open_home

    folder = open_home(default_home(), for_server=False).keys
    load_or_make_key(folder)
    found = [{"fingerprint": fingerprint(key), "state": "retired" if place else "current"} for place, key in enumerate(public_keys(folder))]
    if as_json:
        print_json(found)
        return
    for one in found:
        click.echo(f"{one['state']:<8} {one['fingerprint']}")


@keys.command()
@click.option("--reason", required=True, help="Why, for the ledger.")
def rotate(reason: str) -> None:
    """Replace the signing key. A checkpoint signed by the old and the new key ties them together; old exports stay verifiable with the old public key."""
    with open_database():
        from django.conf import settings

        from holdfast.dossier.package import fingerprint, load_or_make_key, rotate_key
        from holdfast.ledger.changes import Actor, change_set
        from holdfast.ledger.seals import issue_checkpoint

        from .database import operator_name

        folder = Path(settings.HOLDFAST_KEYS)
        before = fingerprint(load_or_make_key(folder).public_key())
        # the change set is opened first: where it is refused (a clock set back, a full disk), the key stays
        with change_set(Actor.operator(operator_name()), action="rotate signing key", reason=f"{reason} (in the place of {before[:19]})"):
            new, old = rotate_key(folder)
        issued = issue_checkpoint(folder, also=(old,))
    click.echo(f"The new key is {fingerprint(new.public_key())}.\nA checkpoint of {issued.size} change sets is signed by both keys:\n\n{issued.text}")
