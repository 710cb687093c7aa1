"""Attributes that come in are matched to the dictionary: certain ones are filled in, unsure ones are asked about, answers given before are used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from holdfast.exchange.report import ImportReport
from holdfast.exchange.table import Table
from holdfast.kernel.unit import find_unit
from holdfast.ledger.models import Programme
from holdfast.programme.actions.name_attributes import mismatch
from holdfast.programme.models import Attribute, AttributeName
from holdfast.standards.dictionary.loading import dictionary
from holdfast.standards.dictionary.matching import Match, match_name
from holdfast.standards.dictionary.names import key_of

from .parsing import ParsedRow

State = Literal["given", "remembered", "certain", "ask", "unknown"]
COLUMN = "dictionary_entry"


@dataclass(frozen=True)
class Named:
    """What became of one attribute: its name and unit, whether and why its entry is known, and the candidates when a person must be asked."""

    code: str
    name: str
    unit: str
    state: State
    entry: str
    reason: str
    candidates: tuple[str, ...] = ()

    def question(self, programme: str, supplied_by: str) -> str:
        """The question for a person, with the command that answers it."""
        source = f" --organisation {supplied_by}" if supplied_by else ""
        offered = f" Candidates: {', '.join(self.candidates)}." if self.candidates else ""
        answer = f'holdfast attribute match "{self.name}" ENTRY --programme {programme}{source}'
        return f"Which attribute is {self.name!r}? {self.reason}{offered} Answer with: {answer} (or --none)."


class Answers:
    """What persons answered before, for one programme and the organisation whose papers these are."""

    def __init__(self, programme: Programme, supplied_by: str) -> None:
        rows = AttributeName.objects.filter(programme=programme, voided_at__isnull=True).values_list(
            "key", "organisation__number", "quantity_kind", "dictionary_entry"
        )
        self._found = {(key, number or "", kind): entry for key, number, kind, entry in rows if (number or "") in {"", supplied_by}}
        self._supplied_by = supplied_by

    def get(self, name: str, kind: str) -> str | None:
        """The remembered entry (blank: none is meant), the organisation's own answer and the unit's own kind first; None when nobody was asked."""
        for organisation in dict.fromkeys((self._supplied_by, "")):
            for quantity in (kind, ""):
                entry = self._found.get((key_of(name), organisation, quantity))
                if entry is not None:
                    return entry
        return None


def name_attributes(programme: Programme, table: Table, rows: list[ParsedRow], supplied_by: str, report: ImportReport) -> None:
    """Fill in the entry of every sound row that gives none and has none in the record; report what was filled in, and ask about the rest."""
    answers = Answers(programme, supplied_by)
    stored = Attribute.objects.filter(programme=programme, voided_at__isnull=True).values_list("code", "name", COLUMN)
    present = {code: (name, entry) for code, name, entry in stored}
    found: list[Named] = []
    for row in rows:
        if not row.is_sound or "code" not in row.values or "name" not in row.values:
            continue
        if row.values.get(COLUMN):
            _check_given(table, row)
            continue
        row.values.pop(COLUMN, None)  # an empty cell is no answer
        name, entry = present.get(row.values["code"], ("", ""))
        if entry and key_of(name) == key_of(row.values["name"]):
            continue
        named = _name(row.values, answers)
        if named.entry:
            row.values[COLUMN] = named.entry
        found.append(named)
    _report(programme, found, supplied_by, report)


def _check_given(table: Table, row: ParsedRow) -> None:
    why_not = mismatch(row.values[COLUMN], row.values.get("unit", ""))
    if why_not:
        table.wrong(why_not, "Give another entry, or leave the cell empty.", row.row.number, COLUMN)
        row.is_sound = False


def _name(values: dict[str, Any], answers: Answers) -> Named:
    code, name, unit = values["code"], values["name"], values.get("unit", "")
    remembered = answers.get(name, find_unit(unit).kind)
    if remembered is not None:
        why_not = mismatch(remembered, unit)
        if why_not:
            return Named(code, name, unit, "ask", "", why_not, (remembered,))
        return Named(code, name, unit, "remembered", remembered, "A person answered so before.")
    match: Match = match_name(dictionary(), name, unit or None)
    return Named(code, name, unit, match.outcome, match.entry, match.reason, tuple(candidate.entry for candidate in match.candidates))


def _report(programme: Programme, found: Iterable[Named], supplied_by: str, report: ImportReport) -> None:
    found = list(found)
    report.attributes += found
    filled = [f"{one.name} is {one.entry}" for one in found if one.entry]
    if filled:
        report.notes.append(f"Matched to the dictionary: {'; '.join(filled)}.")
    report.notes += [one.question(programme.number, supplied_by) for one in found if one.state in {"ask", "unknown"}]


__all__ = ["Named", "name_attributes"]
