"""References between sheets: a text that names a row, by number, by number@version, or by the parts of its key joined with @."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from holdfast.exchange.table import Table
from holdfast.ledger.models import Detail, Fact, Programme, Record, Regulated
from holdfast.ledger.storing import among

from .parsing import ParsedRow
from .sheets import Sheet

NUMBER = Record._meta.get_field("number")
Index = dict[str, set[int]]


class References:
    """The rows that texts of a folder may name, read from the database after the sheets before were stored."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self._indices: dict[type[Regulated], Index] = {}

    def forget(self, model: type[Regulated]) -> None:
        """Rows of this table were just stored: read it again when it is next asked for."""
        self._indices.pop(model, None)

    def expect(self, sheet: Sheet, rows: list[ParsedRow]) -> None:
        """Read the records that some rows name, and no others: a programme may hold any number of them."""
        wanted: dict[Any, set[str]] = defaultdict(set)
        for parsed in rows:
            for name, text in parsed.references.items():
                wanted[sheet.columns[name].target].add(text)
        for model, texts in wanted.items():
            if issubclass(model, Detail):
                self._indices[model] = self._records(model, texts)

    def named(self, model: type[Regulated], text: str) -> set[int]:
        """Primary keys of the rows that a text names; more than one when it leaves the version open."""
        if model not in self._indices:
            self._indices[model] = self._rows(model)
        return self._indices[model].get(text, set())

    def _records(self, model: type[Detail], texts: set[str]) -> Index:
        index: Index = defaultdict(set)
        numbers = texts | {text.rpartition("@")[0] for text in texts}
        found = model._base_manager.filter(
            record__kind=model.kind, record__number__in=among(numbers, NUMBER), record__programme=self.programme, record__voided_at__isnull=True
        )
        for key, number, version in found.values_list("pk", "record__number", "record__version"):
            index[number].add(key)
            index[f"{number}@{version}"].add(key)
        return index

    def _rows(self, model: type[Regulated]) -> Index:
        index: Index = defaultdict(set)
        rows: Any = model._base_manager.all()
        if issubclass(model, Fact):
            rows = rows.filter(programme=self.programme, voided_at__isnull=True)
        for key, *parts in rows.values_list("pk", *model.natural_key):
            index["@".join(str(part) for part in parts)].add(key)
        return index


def resolve(sheet: Sheet, table: Table, rows: list[ParsedRow], references: References, pending: dict[type[Regulated], set[str] | None]) -> None:
    """Replace reference texts by primary keys. A text that names nothing is a problem, unless it names a row of this folder that is itself wrong, or may:
    `pending` holds the texts of such rows, or None for a sheet that cannot be read."""
    references.expect(sheet, rows)
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
