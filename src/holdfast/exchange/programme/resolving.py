"""References between sheets: a text that names a row, by number, by number@version, or by the parts of its key joined with @."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from holdfast.exchange.table import Table
from holdfast.ledger.models import Detail, Fact, Programme, Regulated

from .parsing import ParsedRow
from .sheets import Sheet

Index = dict[str, set[int]]


class References:
    """The rows that texts of a folder may name, read from the database once a table, after the sheets before were stored."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self._indices: dict[type[Regulated], Index] = {}

    def forget(self, model: type[Regulated]) -> None:
        """Rows of this table were just stored: read it again when it is next asked for."""
        self._indices.pop(model, None)

    def named(self, model: type[Regulated], text: str) -> set[int]:
        """Primary keys of the rows that a text names; more than one when it leaves the version open."""
        if model not in self._indices:
            self._indices[model] = self._read(model)
        return self._indices[model].get(text, set())

    def _read(self, model: type[Regulated]) -> Index:
        index: Index = defaultdict(set)
        rows: Any = model._base_manager.all()
        if issubclass(model, Detail):
            rows = rows.filter(programme=self.programme, record__voided_at__isnull=True)
            for key, number, version in rows.values_list("pk", "record__number", "record__version"):
                index[number].add(key)
                index[f"{number}@{version}"].add(key)
            return index
        if issubclass(model, Fact):
            rows = rows.filter(programme=self.programme, voided_at__isnull=True)
        for key, *parts in rows.values_list("pk", *model.natural_key):
            index["@".join(str(part) for part in parts)].add(key)
        return index


def resolve(sheet: Sheet, table: Table, rows: list[ParsedRow], references: References, pending: dict[type[Regulated], set[str] | None]) -> None:
    """Replace reference texts by primary keys. A text that names nothing is a problem, unless it names a row of this folder that is itself wrong, or may:
    `pending` holds the texts of such rows, or None for a sheet that cannot be read."""
    for parsed in rows:
        for name, text in parsed.references.items():
            target: Any = sheet.columns[name].target
            found = references.named(target, text)
            if len(found) == 1:
                parsed.values[name] = next(iter(found))
                continue
            parsed.is_sound = False
            if found:
                table.wrong(f"{text!r} has several versions.", f"Write {text}@version.", parsed.row.number, name)
            elif (waiting := pending.get(target, set())) is not None and text not in waiting:
                what = target._meta.verbose_name
                table.wrong(f"There is no {what} {text!r}.", f"Add it to the sheet {target.sheet}, or correct the cell.", parsed.row.number, name)


def keys_in(sheet: Sheet, table: Table, rows: list[ParsedRow]) -> set[str] | None:
    """The texts by which other sheets may name the rows of a sheet; None when it has problems and no row could be read."""
    if table.problems and not rows:
        return None
    keys = set()
    for parsed in rows:
        parts = [parsed.row.cells.get(name, "").strip() for name in sheet.key]
        if issubclass(sheet.model, Detail):
            keys |= {parts[0], f"{parts[0]}@{parts[1] or 1}"}
        else:
            keys.add("@".join(parts))
    return keys
