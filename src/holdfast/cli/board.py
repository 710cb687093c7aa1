"""`holdfast board list | refresh`."""

from __future__ import annotations

import gc
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from multiprocessing import get_context
from typing import Any

import click

from .database import open_database, print_json

ALONE = 400  # up to so many batches a second process costs more than it brings


@click.group()
def board() -> None:
    """The release board: batches by destination, as they were last judged."""


@board.command("list")
@click.option("--as", "email", help="See as this log-in; without it, as the operator of this machine.")
@click.option("--state", default="", help="Only batches with a cell in this state.")
@click.option("--destination", default="", help="Only this destination (US, EU).")
@click.option("--text", default="", help="Only numbers or pseudonyms that hold this text.")
@click.option("--blocker", default="", help="Only batches that this rule blocks.")
@click.option("--sort", default="expiry", help="expiry, number, state or blockers.")
@click.option("--after", help="The cursor that the page before printed.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="Batches a page.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(email: str | None, as_json: bool, after: str | None, limit: int, **wanted: Any) -> None:
    """One page of the board, with counts over everything."""
    with open_database():
        from holdfast.release.board import BoardFilter, board_page

        from .programmes import programmes, seeing_as

        with seeing_as(email):
            page = board_page(programmes(), BoardFilter(**wanted), after, limit)
    if as_json:
        print_json(page_json(page))
        return
    for line in page.lines:
        cells = "  ".join(f"{name}: {cell.state.replace('_', ' ')}" + _because(cell) for name, cell in line.cells.items())
        click.echo(f"{line.number:<14} {line.expires_on or 'no expiry':<12} {cells}")
    click.echo(
        f"{len(page.lines)} of {page.total} batches. "
        + ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in page.counts.states.items() if number)
    )
    if page.after:
        click.echo(f"More: --after {page.after}")


def _because(cell: Any) -> str:
    return f" ({', '.join(rule.id for rule in cell.rules)})" if cell.rules else ""


def page_json(page: Any) -> dict[str, Any]:
    """A page as scripts read it."""
    return {
        "total": page.total,
        "counts": page.counts.states,
        "blockers": [{**asdict(one), "title": page.titles.get(one.rule, "")} for one in page.counts.held],
        "after": page.after,
        "batches": [
            {
                "number": line.number,
                "expires_on": line.expires_on.isoformat() if line.expires_on else None,
                "cells": {
                    name: {"state": cell.state, "blockers": [r.id for r in cell.blockers], "unknown": [r.id for r in cell.unknown], "flagged": cell.flag}
                    for name, cell in line.cells.items()
                },
            }
            for line in page.lines
        ],
    }


@board.command()
@click.option("--processes", type=click.IntRange(1, 64), help="So many at once; without it, one a processor.")
def refresh(processes: int | None) -> None:
    """Judge every batch that was touched since it was last judged, or was last judged on another day."""
    with open_database():
        from .programmes import programmes, seeing_as

        with seeing_as(None):
            found = programmes()
        for programme in found:
            began = time.perf_counter()
            judged = refresh_programme(programme, processes or os.cpu_count() or 1)
            click.echo(f"{programme.number}: {judged} batches judged in {time.perf_counter() - began:.1f} s.")


def refresh_programme(programme: Any, processes: int) -> int:
    """Judge what is not current, with several processes when it is much; returns how many batches."""
    from django.db import connections

    from holdfast.ledger.access import Viewer, viewing
    from holdfast.ledger.seals import seal
    from holdfast.release import standing

    seal()
    with viewing(Viewer.evaluator(programme.pk)):
        standing.mark(programme)
        waiting = standing.not_current(programme)
    if len(waiting) <= ALONE or processes == 1:
        return sum(standing.refresh(programme, waiting))
    parts = [waiting[start : start + standing.CHUNK] for start in range(0, len(waiting), standing.CHUNK)]
    connections.close_all()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return sum(done.result() for done in as_completed([pool.submit(_refresh_part, programme.pk, part) for part in parts]))


def _refresh_part(programme_id: int, lots: list[int]) -> int:
    """In a process of its own, which opens the database once and keeps it open."""
    from holdfast.project.opening import opened

    gc.disable()  # rows and dossiers of a chunk live together and die together: looking for cycles among them is a tenth of the time
    with opened():
        from holdfast.ledger.access import Viewer, viewing
        from holdfast.ledger.models import Programme
        from holdfast.release import standing

        with viewing(Viewer.evaluator(programme_id)):
            programme = Programme.objects.get(pk=programme_id)
        judged = sum(standing.refresh(programme, lots))
    gc.collect()
    return judged


__all__ = ["board"]
