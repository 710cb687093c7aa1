"""`docs/reference/records.md`: every regulated table, with its columns, who sees it and the sheet that brings it in."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from itertools import groupby
from typing import Any

PREAMBLE = """\
# Records

Written by `./dev docs` from the models themselves. Each is a table that only a change set may write: every version of every row is kept, with who, when and
why; no row is ever deleted.

**A record** has a number and a version; one version can be signed, and then never changes. **A fact** is a row that belongs to a record (a result to its run).

**Who sees it.** *directory*: everybody who is signed in. *shared*: every organisation with a grant on the programme. *work*: who sees the whole programme, and
the organisation whose site did the work. *whole*: only who sees the whole programme.

A table with a sheet is brought in by an import (folder or workbook); one without is written by what people do in Holdfast, and is never imported.
"""
OF_EVERY_TABLE = {"programme", "record", "scope_site_id", "until_stated", "voided_at", "void_reason", "id", "recorded_by"}


def records() -> str:
    """The page. Needs Django's models, and no database."""
    from .database import set_up_django

    set_up_django()
    from django.apps import apps

    from holdfast.ledger.install import regulated_models

    contexts = [config.label for config in apps.get_app_configs()]
    models = sorted(regulated_models(), key=lambda model: (contexts.index(model._meta.app_label), model.__name__))
    parts = [PREAMBLE]
    for context, members in groupby(models, key=lambda model: model._meta.app_label):
        parts.append(f"## {context}\n")
        parts += [part for model in members for part in _model(model)]
    return "\n".join(parts)


def _model(model: Any) -> Iterator[str]:
    from holdfast.exchange.programme.sheets import all_sheets
    from holdfast.ledger.models import Detail, Fact

    sheet = all_sheets().get(model.sheet or "")
    yield f"### {model.__name__}\n"
    yield purpose_of(model) + "\n"
    nature = f"record of kind `{model.kind}`" if issubclass(model, Detail) else "fact" if issubclass(model, Fact) else "table of its own"
    named = ", ".join(f"`{part.replace('__', '.')}`" for part in model.natural_key) or "its own row"
    yield f"{nature}; access *{model.access.value}*; sheet {f'`{sheet.name}`' if sheet else 'none'}; told apart by {named}\n"
    yield "| column | holds | must be filled | meaning |\n|---|---|---|---|"
    yield from (_sheet_rows(sheet) if sheet else _rows(model))
    yield ""


def purpose_of(model: Any) -> str:
    """What a row is, from the model's docstring; empty when nobody wrote one."""
    text = inspect.cleandoc(model.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
    return "" if text.startswith(f"{model.__name__}(") else text


def _sheet_rows(sheet: Any) -> Iterator[str]:
    from holdfast.exchange.programme.meanings import holds, meaning

    for column in sheet.columns.values():
        yield f"| `{column.name}` | {_cell(holds(column))} | {'yes' if column.required else ''} | {_cell(meaning(sheet, column))} |"


def _rows(model: Any) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if field.name in OF_EVERY_TABLE:
            continue
        words = "One of: " + ", ".join(str(value) for value, _ in field.choices) if field.choices else _type(field)
        yield f"| `{field.name}` | {_cell(words)} | {'' if field.null or field.blank else 'yes'} | |"


def _type(field: Any) -> str:
    if field.is_relation:
        return f"A row of {field.related_model.__name__}"
    kind = field.get_internal_type().removesuffix("Field")
    words = {"Char": "Text", "DateTime": "A moment", "Date": "A date", "Boolean": "yes or no", "Binary": "Bytes", "Text": "Text", "JSON": "JSON"}
    return words.get(kind, "A whole number" if "Integer" in kind else kind)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
