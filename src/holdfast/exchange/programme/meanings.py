"""What a sheet is for, what a column means, and what its cells hold: for people who fill one, and for the reference."""

from __future__ import annotations

import inspect
from functools import cache
from importlib import resources

import yaml

from .parsing import OPEN_ENDED
from .sheets import Column, Sheet

HOLDS = {
    "text": "Text",
    "integer": "A whole number",
    "yes_no": "yes or no; empty when nobody recorded it",
    "date": "A date, such as 2026-03-12",
    "until": f"A date, such as 2026-03-12, or {OPEN_ENDED}",
    "moment": "A moment with its offset, such as 2026-03-12T14:05:00+01:00",
}


@cache
def meanings() -> dict[str, str]:
    """Meanings by column name, or by `sheet.column`."""
    text = resources.files(__package__).joinpath("meanings.yaml").read_text("utf-8")
    return {str(name): str(meaning) for name, meaning in yaml.safe_load(text).items()}


def purpose(sheet: Sheet) -> str:
    """What a row of the sheet is."""
    return inspect.cleandoc(sheet.model.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


def meaning(sheet: Sheet, column: Column) -> str:
    """What a column means, where its name alone does not say it; otherwise nothing."""
    known = meanings()
    return known.get(f"{sheet.name}.{column.name}") or known.get(column.name, "")


def holds(column: Column) -> str:
    """What a cell of the column holds, in a phrase."""
    if column.kind == "choice":
        return "One of: " + ", ".join(column.choices)
    if column.kind == "reference" and column.target is not None:
        return f"A row of the sheet {column.target.sheet}"
    return HOLDS[column.kind] + (f", at most {column.max_length} characters" if column.kind == "text" and column.max_length else "")
