"""`holdfast batch list | show`."""

from __future__ import annotations

from typing import Any

import click

from .database import open_database, print_json


@click.group()
def batch() -> None:
    """Batches and what the rules say of them."""


@batch.command("list")
@click.option("--as", "email", help="See as this log-in; without it, as the operator of this machine.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(email: str | None, as_json: bool) -> None:
    """Every batch by destination: ready, blocked, cannot tell, decided, or not destined."""
    with open_database():
        from holdfast.release.queries import board

        from .programmes import programmes, seeing_as

        with seeing_as(email):
            rows = [row for programme in programmes() for row in board(programme)]
            listed = [row_json(row) for row in rows]
    if as_json:
        print_json(listed)
        return
    for row in listed:
        cells = "  ".join(f"{name}: {cell_text(cell)}" for name, cell in row["verdicts"].items())
        click.echo(f"{row['number']:<14} {row['expires_on'] or 'no expiry':<12} {cells}")
    if not listed:
        click.echo("No batches. Bring some in with `holdfast import`, or try `holdfast demo`.")


def row_json(row: Any) -> dict[str, Any]:
    """One batch as scripts read it."""
    lot = row.lot
    return {
        "number": lot.record.number,
        "programme": lot.programme.number,
        "expires_on": lot.expires_on.isoformat() if lot.expires_on else None,
        "verdicts": {name: cell_json(cell) for name, cell in row.cells.items()},
    }


def cell_json(cell: Any) -> dict[str, Any]:
    decision = cell.decision
    return {
        "state": cell.state,
        "flagged": cell.flag is not None,
        "flags": list(cell.flag.changes) if cell.flag else [],
        "outcome": decision.outcome if decision else None,
        "decided_by": decision.signer.printed_name if decision else None,
        "rules": [{"id": r.id, "answer": r.answer, "severity": r.severity, "says": r.says, "overridden": r.overridden is not None} for r in cell.rules],
    }


def cell_text(cell: dict[str, Any]) -> str:
    """One cell in a line of text."""
    if cell["state"] == "decided":
        return f"{cell['outcome'].replace('_', ' ')} by {cell['decided_by']}" + (" (flagged: evidence changed)" if cell["flagged"] else "")
    if cell["state"] == "blocked":
        return f"blocked by {sum(1 for r in cell['rules'] if r['answer'] == 'not met' and r['severity'] in ('blocker', 'major'))}"
    if cell["state"] == "cannot_tell":
        return f"cannot tell ({sum(1 for r in cell['rules'] if r['answer'] == 'cannot tell')})"
    return str(cell["state"]).replace("_", " ")


@batch.command()
@click.argument("number")
@click.option("--as", "email", help="See as this log-in; without it, as the operator of this machine.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(number: str, email: str | None, as_json: bool) -> None:
    """One batch: its facts, its results, and both verdicts."""
    with open_database():
        from holdfast.release.queries import board

        from .programmes import find_batch, seeing_as

        with seeing_as(email):
            lot = find_batch(number)
            row = board(lot.programme, [lot])[0]
            shown = row_json(row) | {"facts": facts_of(lot), "results": results_of(lot)}
    if as_json:
        print_json(shown)
        return
    for name, value in shown["facts"].items():
        click.echo(f"{name:<24} {value or 'not recorded'}")
    for result in shown["results"]:
        click.echo(f"  {result['attribute']:<24} {result['reported']} {result['unit']}  {result['status']}  ({result['test_run']})")
    for name, cell in shown["verdicts"].items():
        click.echo(f"{name}: {cell_text(cell)}")
        for rule in cell["rules"]:
            if rule["answer"] not in {"met", "not applicable"}:
                click.echo(f"  {rule['id']} {rule['answer']}: {rule['says']}")


def facts_of(lot: Any) -> dict[str, Any]:
    return {
        "number": lot.record.number,
        "product": lot.product.record.title if lot.product else None,
        "made at": lot.made_at.name if lot.made_at else None,
        "manufactured on": lot.manufactured_on.isoformat() if lot.manufactured_on else None,
        "expires on": lot.expires_on.isoformat() if lot.expires_on else None,
        "process": str(lot.process.record) if lot.process else None,
        "identity": lot.identity or None,
        "patient (pseudonym)": lot.patient or None,
    }


def results_of(lot: Any) -> list[dict[str, Any]]:
    from holdfast.batch.queries import results_of_lot

    return [
        {
            "attribute": r.attribute.code, "reported": r.reported, "unit": r.unit, "censoring": r.censoring, "status": r.status,
            "test_run": r.test_run.record.number, "procedure": str(r.test_run.procedure.record) if r.test_run.procedure else None,
        }
        for r in results_of_lot(lot)
    ]  # fmt: skip
