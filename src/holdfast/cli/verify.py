"""`holdfast verify`: needs neither Django, nor a database, nor a network."""

from __future__ import annotations

import json
from pathlib import Path

import click

from holdfast.dossier.verification import verify_file


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path), help="The installation's public key (PEM), had by another way than the file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(file: Path, key: Path | None, as_json: bool) -> None:
    """Verify an exported decision: recompute every digest, judge the dossier again, and say what holds.

    With --key the conclusion can be "authentic"; without it "consistent, signer unproven", and the fingerprint to compare. Exit 0 when it holds, 1 when it
    does not, 2 when a file cannot be read.
    """
    try:
        report = verify_file(file, key)
    except (OSError, ValueError, TypeError) as error:
        click.echo(f"{file} or the key cannot be read: {error}", err=True)
        raise SystemExit(2) from error
    if as_json:
        click.echo(json.dumps(report.as_dict(), indent=2, ensure_ascii=False))
    else:
        for line in report.lines:
            click.echo(f"{'holds' if line.holds else 'DOES NOT HOLD':<14} {line.what}" + (f" ({line.detail})" if line.detail else ""))
        click.echo(f"Conclusion: {report.conclusion}." + (f" Key fingerprint: {report.key_fingerprint}" if report.key_fingerprint else ""))
    raise SystemExit(0 if report.holds else 1)
