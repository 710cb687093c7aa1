"""What can be wrong, said so that a person can act: what failed, the value, what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


class HoldfastError(Exception):
    """Base of every refusal that is meant for a person to read."""


class NotReadable(HoldfastError):
    """A value cannot be read as what it must be."""


class UnknownUnit(HoldfastError):
    """A unit is not in the list of units we know."""


class Incommensurable(HoldfastError):
    """Two units measure different kinds of quantity."""


class Refused(HoldfastError):
    """An act is refused; the message says why and what would be needed."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in what came in, with its place; in a workbook also the sheet, and the letter of the column."""

    file: str
    message: str
    advice: str = ""
    row: int | None = None
    column: str | None = None
    sheet: str | None = None
    letter: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The problem as JSON-ready values."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" + (f" {self.advice}" if self.advice else "")

    @property
    def place(self) -> str:
        """Where it is, for a person: `book.xlsx, sheet results, row 12, column reported (C)`."""
        column = f"{self.column} ({self.letter})" if self.column and self.letter else self.column or self.letter
        parts = [f"sheet {self.sheet}" if self.sheet else "", f"row {self.row}" if self.row is not None else "", f"column {column}" if column else ""]
        return ", ".join([self.file, *filter(None, parts)])


class Problems(HoldfastError):
    """Everything wrong in what came in; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
