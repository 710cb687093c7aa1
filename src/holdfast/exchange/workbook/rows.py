"""A programme as rows of text, sheet by sheet, as the open identity sees it: what a workbook or a folder of it holds.

One query a sheet, whatever the number of rows. A row that names one that may not be seen says so in that cell: an empty cell would say that there is none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from holdfast.exchange.programme.parsing import OPEN_ENDED
from holdfast.exchange.programme.sheets import HEADER, Column, Sheet, all_sheets
from holdfast.ledger.access import scope_now
from holdfast.ledger.models import Detail, Fact, Programme, Regulated
from holdfast.people.models import Person

NOT_VISIBLE = "(not visible)"
ALWAYS = "Written by Holdfast. Decisions and signatures are made in Holdfast: they are never exported or imported."
VOIDED, BELONGS, UNSEEN = "voided", "belongs to a voided row", "told apart by a row that may not be seen"


@dataclass
class Kept:
    """One row of the record, with the reason why it is left out, if it is."""

    key: int
    values: dict[str, Any]
    out: str = ""


@dataclass(frozen=True)
class SheetRows:
    """A sheet with its rows: texts in the order of its columns."""

    sheet: Sheet
    rows: list[list[str]]


@dataclass(frozen=True)
class ProgrammeRows:
    """A programme, ready to be written. `note` says what is not in it."""

    number: str
    name: str
    is_fictional: bool
    note: str
    sheets: list[SheetRows]

    @property
    def count(self) -> int:
        return sum(len(one.rows) for one in self.sheets)


def programme_rows(programme: Programme) -> ProgrammeRows:
    """The programme as the open identity sees it (call it inside `viewing(...)`), in load order, each sheet by its key.

    Of organisations, sites and people those that the programme names. Voided rows, and rows that belong to them, are left out and counted in the note.
    """
    gathering = Gathering(programme)
    sheets = [SheetRows(sheet, gathering.texts(sheet)) for sheet in all_sheets().values() if gathering.kept(sheet.model)]
    return ProgrammeRows(programme.number, programme.name, programme.is_fictional, gathering.note(), sheets)


def _is_of_programme(model: Any) -> bool:
    return issubclass(model, (Detail, Fact))


@dataclass
class Gathering:
    """The rows of one programme, by table and primary key."""

    programme: Programme
    held: dict[type[Regulated], dict[int, Kept]] = field(default_factory=dict)
    left_out: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    cells: Counter[str] = field(default_factory=Counter)  # how many cells name a row that is not in the sheets, by why
    _several: dict[type[Regulated], set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        own = [sheet for sheet in all_sheets().values() if _is_of_programme(sheet.model)]
        # Children first: what they name was there before them, also when somebody writes meanwhile.
        for sheet in reversed(own):
            self.held[sheet.model] = self._read(sheet, programme=self.programme)
        for sheet in own:
            self._leave_out(sheet)
        for sheet in reversed(all_sheets().values()):
            if not _is_of_programme(sheet.model):
                self.held[sheet.model] = self._read(sheet, pk__in=self._named(sheet.model))

    def kept(self, model: type[Regulated]) -> list[Kept]:
        """The rows of a table that are written."""
        return [row for row in self.held[model].values() if not row.out]

    def _read(self, sheet: Sheet, **which: Any) -> dict[int, Kept]:
        names = {"pk": "pk"} | {attribute: attribute for column in sheet.columns.values() for attribute in _attributes(column)}
        if issubclass(sheet.model, Detail):
            names |= {name: f"record__{name}" for name in HEADER} | {"voided": "record__voided_at"}
        elif issubclass(sheet.model, Fact):
            names["voided"] = "voided_at"
        found = {}
        for values in sheet.model._base_manager.filter(**which).values_list(*names.values()):
            row = dict(zip(names, values, strict=True))
            found[row["pk"]] = Kept(row["pk"], row, VOIDED if row.get("voided") else "")
        return found

    def _named(self, model: type[Regulated]) -> set[int]:
        """Primary keys of the rows of a table that the rows held so far name."""
        found: set[int] = set()
        for sheet in all_sheets().values():
            for column in _references(sheet):
                if column.target is model and sheet.model in self.held:
                    found |= {row.values[f"{column.name}_id"] for row in self.kept(sheet.model)}
        return found - {None}  # type: ignore[arg-type]

    def _leave_out(self, sheet: Sheet) -> None:
        """Decide which rows of a sheet are not written: voided ones, their parts, and those whose key says what may not be seen."""
        references = [column for column in _references(sheet) if _is_of_programme(column.target)]
        for row in self.held[sheet.model].values():
            for column in references:
                row.out = row.out or self._why_out(sheet, column, row)
            if row.out:
                self.left_out[row.out][sheet.name] += 1

    def _why_out(self, sheet: Sheet, column: Column, row: Kept) -> str:
        named = self._target(column, row)
        if row.values[f"{column.name}_id"] is None:
            return ""
        if named is None or named.out == UNSEEN:
            return UNSEEN if column.name in sheet.key else ""
        return BELONGS if named.out and (column.required or column.name in sheet.key) else ""

    def _target(self, column: Column, row: Kept) -> Kept | None:
        return self.held[column.target].get(row.values[f"{column.name}_id"]) if column.target else None

    def texts(self, sheet: Sheet) -> list[list[str]]:
        """The rows of a sheet as text, in the order of their keys."""
        made = [{name: self._text(column, row) for name, column in sheet.columns.items()} for row in self.kept(sheet.model)]
        made.sort(key=lambda cells: [_order(sheet.columns[name], cells[name]) for name in sheet.key])
        return [list(cells.values()) for cells in made]

    def _text(self, column: Column, row: Kept) -> str:
        if column.kind == "reference":
            return self._reference(column, row)
        value = row.values[column.name]
        if column.kind == "until" and value is None:
            return OPEN_ENDED if row.values[column.flag] else ""
        return _plain(value)

    def _reference(self, column: Column, row: Kept) -> str:
        """How import finds the row that a cell names; whoever may not see that row is told so."""
        if row.values[f"{column.name}_id"] is None:
            return ""
        named = self._target(column, row)
        if named is None or named.out == UNSEEN:
            self.cells[UNSEEN] += 1
            return NOT_VISIBLE
        if named.out:
            self.cells[VOIDED] += 1
        assert column.target is not None
        return self._name(column.target, named)

    def _name(self, model: type[Regulated], row: Kept) -> str:
        if not issubclass(model, Detail):
            return "@".join(str(self._part(model, row, path)) for path in model.natural_key)
        number = str(row.values["number"])
        is_one_of_several = "version" in model.natural_key or row.out or number in self._numbers_of_several(model)
        return f"{number}@{row.values['version']}" if is_one_of_several else number

    def _part(self, model: type[Regulated], row: Kept, path: str) -> Any:
        """One part of a natural key, followed through the rows that are held."""
        first, _, rest = path.partition("__")
        if not rest or first == "record":
            return row.values[rest or first]
        target: Any = model._meta.get_field(first).related_model
        return self._part(target, self.held[target][row.values[f"{first}_id"]], rest)

    def _numbers_of_several(self, model: type[Regulated]) -> set[str]:
        """Numbers under which a table holds several versions."""
        if model not in self._several:
            counted = Counter(str(row.values["number"]) for row in self.kept(model))
            self._several[model] = {number for number, times in counted.items() if times > 1}
        return self._several[model]

    def note(self) -> str:
        """What a reader must know of the export: who saw it, what was left out, what is marked. Call it when the texts are made."""
        sentences = [ALWAYS, _seen_by(self.programme)]
        sentences += [f"Left out, {why}: {_listed(rows)}." for why, rows in self.left_out.items()]
        if self.cells[UNSEEN]:
            sentences.append(f"{self.cells[UNSEEN]} cells name a row that may not be seen: they say {NOT_VISIBLE}.")
        if self.cells[VOIDED]:
            sentences.append(f"{self.cells[VOIDED]} cells name a voided row, which an import will ask for.")
        return " ".join(filter(None, sentences))


def _listed(counted: Counter[str]) -> str:
    parts = ", ".join(f"{name} {number}" for name, number in sorted(counted.items()))
    return f"{counted.total()} rows ({parts})"


def _seen_by(programme: Programme) -> str:
    """Who sees only a part, in a sentence; nothing when the identity sees the whole programme."""
    viewer, everything, whole, *_ = scope_now()
    if everything == "on" or str(programme.pk) in whole.strip("{}").split(","):
        return ""
    person = Person.objects.select_related("organisation").get(pk=int(viewer.removeprefix("person:")))
    return f"As seen by {person.printed_name} ({person.organisation.name}): part of the programme."


def _references(sheet: Sheet) -> Iterable[Column]:
    return (column for column in sheet.columns.values() if column.kind == "reference")


def _attributes(column: Column) -> list[str]:
    """The attributes of a row that its column shows; a header's are read from the record."""
    if column.field is None:
        return []
    return [column.field.attname, *([column.flag] if column.flag else [])]


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _order(column: Column, text: str) -> tuple[int, str]:
    """Whole numbers by their size, texts by their letters."""
    return (int(text), "") if column.kind == "integer" and text else (-1, text)
