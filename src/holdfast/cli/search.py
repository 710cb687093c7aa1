"""`holdfast search`."""

from __future__ import annotations

import click

from .database import open_database, print_json


@click.command()
@click.argument("text")
@click.option("--kind", "kinds", multiple=True, help="Only this kind (lot, sample, material, person, ...); may be repeated.")
@click.option("--as", "email", help="See as this log-in; without it, as the operator of this machine.")
@click.option("--after", help="The cursor that the page before printed.")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True, help="How many a page.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def search(text: str, kinds: tuple[str, ...], email: str | None, after: str | None, limit: int, as_json: bool) -> None:
    """Search records by number, title and patient pseudonym, and people, organisations and sites by number and name. Every search is kept.

    Exit 1 when nothing is found that you may see.
    """
    with open_database():
        from holdfast.ledger.queries import search as find

        from .programmes import seeing_as

        with seeing_as(email):
            page = find(text, kinds, after, limit)
    if as_json:
        names = ("kind", "number", "version", "title", "is_voided", "id")
        print_json({"found": [{name: getattr(one, name) for name in names} for one in page.found], "after": page.after})
    else:
        for one in page.found:
            version = f"@{one.version}" if one.version and one.version > 1 else ""
            click.echo(f"{one.kind.replace('_', ' '):<22} {one.number + version:<34} {one.title}{' (voided)' if one.is_voided else ''}")
        if page.after:
            click.echo(f"More: --after {page.after}")
        if not page.found:
            click.echo("Nothing that you may see.")
    raise SystemExit(0 if page.found else 1)


__all__ = ["search"]
