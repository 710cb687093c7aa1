"""`holdfast ledger`: seal, verify, checkpoint, prove."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .database import open_database, print_json

FILE = click.Path(path_type=Path)


@click.group()
def ledger() -> None:
    """The ledger under every record: its Merkle tree (RFC 6962), checkpoints, verification."""


@ledger.command()
@click.option("--checkpoint", type=FILE, help="A checkpoint that was kept elsewhere: only against one does a rewritten ledger show.")
@click.option("--key", "key_files", type=FILE, multiple=True, help="A public key (PEM) had by another way; may be repeated. Without one, the installation's.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(checkpoint: Path | None, key_files: tuple[Path, ...], as_json: bool) -> None:
    """Recompute the tree, replay every image against the live tables, and name the first record and field that differ.

    Exit 0 when everything holds, 1 when something differs, 2 when a file cannot be read.
    """
    with open_database():
        from holdfast.ledger.seals import seal
        from holdfast.ledger.verification import verify_ledger

        seal()
        report = verify_ledger(_read(checkpoint) if checkpoint else None, _keys(key_files))
    if as_json:
        print_json(as_data(report))
    else:
        print_report(report)
    raise SystemExit(0 if report.holds else 1)


def _read(path: Path) -> Any:
    """A checkpoint from a file; a file that is none is a wrong usage (exit 2)."""
    from holdfast.kernel.checkpoint import NotACheckpoint, read_checkpoint

    try:
        return read_checkpoint(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, NotACheckpoint) as error:
        click.echo(f"{path} cannot be read: {error}", err=True)
        raise SystemExit(2) from error


def _keys(files: tuple[Path, ...]) -> list[Any]:
    from django.conf import settings

    from holdfast.dossier.package import public_keys, read_public_key

    if not files:
        return public_keys(Path(settings.HOLDFAST_KEYS))
    try:
        return [read_public_key(path.read_bytes()) for path in files]
    except (OSError, ValueError, TypeError) as error:
        click.echo(f"A key cannot be read: {error}", err=True)
        raise SystemExit(2) from error


def as_data(report: Any) -> dict[str, Any]:
    """The report for scripts."""
    counts = {name: getattr(report, name) for name in ("change_sets", "images", "rows", "waiting", "size", "root")}
    found = [{"place": f.place, "field": f.field or None, "says": f.says} for f in report.findings]
    return {"holds": report.holds, **counts, "differences": report.differences, "findings": found, "proves": report.proves}


def print_report(report: Any) -> None:
    """The report for a person: what differs first."""
    for finding in report.findings:
        click.echo(f"DIFFERS  {finding}")
    click.echo(f"{report.change_sets} change sets ({report.size} in the tree, {report.waiting} waiting), {report.images} images, {report.rows} rows.")
    click.echo(f"Root {report.root}")
    for line in report.proves:
        click.echo(line)
    click.echo("Everything holds." if report.holds else f"{report.differences} differences; the first is {report.first}")


@ledger.command()
def seal() -> None:
    """Append what waits to the tree. Exporting, printing and verifying do this by themselves."""
    with open_database():
        from holdfast.ledger.seals import pending
        from holdfast.ledger.seals import seal as append

        size = append()
        waiting = pending()
    click.echo(f"The tree holds {size} change sets; {waiting} wait for a longer transaction to end.")


@ledger.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=False)
def checkpoint(file: Path | None) -> None:
    """Write a signed checkpoint of the ledger as it stands; without FILE, print it. Keep it where the database's owner cannot reach it."""
    with open_database():
        from django.conf import settings

        from holdfast.ledger.seals import issue_checkpoint

        issued = issue_checkpoint(Path(settings.HOLDFAST_KEYS))
    if file is None:
        click.echo(issued.text, nl=False)
        return
    file.write_text(issued.text, "utf-8")
    click.echo(f"{file}: {issued.size} change sets, root {issued.root.hex()}.")


@ledger.command()
@click.option("--from", "earlier", type=FILE, required=True, help="The earlier checkpoint.")
def prove(earlier: Path) -> None:
    """Print, as JSON, the proof (RFC 6962) that an earlier checkpoint's tree is the beginning of today's."""
    with open_database():
        from django.conf import settings

        from holdfast.ledger.seals import consistency_from, issue_checkpoint

        before = _read(earlier)
        issued = issue_checkpoint(Path(settings.HOLDFAST_KEYS))
        size, proof = consistency_from(before)
    print_json({"from": before.size, "to": size, "checkpoint": issued.text, "consistency": [step.hex() for step in proof]})


@ledger.group()
def review() -> None:
    """Reviews of the audit trail. They are read and signed on the page /ledger/reviews/."""


@review.command("list")
@click.option("--programme", "number", help="Only of this programme.")
@click.option("--as", "email", help="See as this log-in; without it, as the operator of this machine.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_reviews(number: str | None, email: str | None, as_json: bool) -> None:
    """Signed reviews of the audit trail, the latest first, and which are out of date."""
    with open_database():
        from holdfast.quality.audit_trail import outdated, reviews, scope_of

        from .programmes import find_programme, seeing_as

        with seeing_as(email):
            rows = reviews().order_by("-pk")
            found = list(rows.filter(programme=find_programme(number)) if number else rows)
            since = outdated(found)
            shown = [_review(row, scope_of(row).said, since.get(row.pk)) for row in found]
    if as_json:
        print_json({"reviews": shown})
        return
    for one in shown:
        state = f"OUTDATED since change set {one['outdated_since']}" if one["outdated_since"] else "up to date"
        found_there = f"exceptions: {one['exceptions']} of {one['change_sets']} change sets"
        click.echo(f"{one['number']}  {one['scope']:<40} {one['reviewer']}, {one['reviewed_at'][:10]}  {found_there}  {state}")
    if not shown:
        click.echo("No review that you may see.")


def _review(row: Any, said: str, since: int | None) -> dict[str, Any]:
    return {
        "number": row.record.number,
        "programme": row.programme.number,
        "scope": said,
        "reviewer": row.reviewer.printed_name,
        "reviewed_at": row.reviewed_at.isoformat(),
        "change_sets": row.change_sets,
        "exceptions": row.exceptions,
        "conclusion": row.conclusion,
        "outdated_since": since,
    }
