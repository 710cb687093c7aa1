"""What an import did, cell by cell: read = written + unchanged + refused + ignored, with the reasons."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from holdfast.kernel.errors import Problem

STATES = ("written", "unchanged", "refused", "ignored")


@dataclass
class ColumnCount:
    """What became of the cells of one column of one file."""

    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, state: str, number: int = 1, reason: str = "") -> None:
        self.states[state] += number
        if reason:
            self.reasons[reason] += number

    @property
    def read(self) -> int:
        return sum(self.states.values())


@dataclass
class ImportReport:
    """The report of one import. `wrote` says whether anything was written at all."""

    checked_only: bool = False
    supplied_by: str = ""  # number of the organisation whose words the files use; blank: not stated
    files: list[dict[str, Any]] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)
    columns: dict[tuple[str, str], ColumnCount] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    attributes: list[Any] = field(default_factory=list)  # what became of each attribute's name (programme.naming.Named)
    row_states: dict[tuple[str, int], str] = field(default_factory=dict)  # by file and row: written, unchanged
    wrote: bool = False

    def column(self, file: str, name: str) -> ColumnCount:
        return self.columns.setdefault((file, name), ColumnCount())

    @property
    def cells(self) -> Counter[str]:
        total: Counter[str] = Counter()
        for count in self.columns.values():
            total.update(count.states)
        return total

    def refuse_everything(self) -> None:
        """With problems nothing is written: what would have been is refused with the rest."""
        for count in self.columns.values():
            moved = count.states.pop("written", 0) + count.states.pop("changed", 0)
            if moved:
                count.add("refused", moved)
        self.rows["refused"] += self.rows.pop("written", 0)

    def as_dict(self) -> dict[str, Any]:
        """The report for scripts."""
        cells = self.cells
        return {
            "checked_only": self.checked_only,
            "wrote": self.wrote,
            "rows": {"read": sum(self.rows[s] for s in STATES)} | {s: self.rows[s] for s in STATES},
            "cells": {"read": sum(cells[s] for s in STATES)} | {s: cells[s] for s in STATES},
            "problems": [problem.as_dict() for problem in self.problems],
            "notes": self.notes,
            "attributes": [asdict(one) for one in self.attributes],
            "files": self.files,
            "columns": [
                {"file": file, "column": name, "read": count.read, **{s: count.states[s] for s in STATES}, "reasons": dict(count.reasons)}
                for (file, name), count in self.columns.items()
            ],
        }
