"""`holdfast backup` and `holdfast restore`."""

from __future__ import annotations

from pathlib import Path

import click

from .database import open_database


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write one file with the database, the kept files, the signing keys and a fresh checkpoint. Holdfast may go on serving.

    Whoever holds the file can read every record and sign as this installation: keep it as you keep the keys.
    """
    from holdfast.project.backup import back_up

    with open_database():
        made = back_up(file.absolute())
    click.echo(f"{file}: {file.stat().st_size} bytes, made {made.made_at}. Checkpoint:\n\n{made.checkpoint}")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Bring a backup back into an empty data folder (HOLDFAST_HOME), then verify the ledger against the backup's checkpoint.

    Exit 0 when everything holds, 1 when the restored record differs from its ledger.
    """
    from holdfast.project.backup import restored

    with restored(file) as found:
        from django.conf import settings

        from holdfast.dossier.package import public_keys
        from holdfast.kernel.checkpoint import read_checkpoint
        from holdfast.ledger.verification import verify_ledger

        report = verify_ledger(read_checkpoint(found.checkpoint), public_keys(Path(settings.HOLDFAST_KEYS)))
    from .ledger import print_report

    print_report(report)
    click.echo(f"The backup of {found.made_at} is restored." if report.holds else "The backup is restored, and its record is not what its ledger says.")
    raise SystemExit(0 if report.holds else 1)
