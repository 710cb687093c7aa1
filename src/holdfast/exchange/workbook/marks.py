"""What the reader of values does not tell of a worksheet: which cells hold an error or a formula, and how far it reaches."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .elements import NotXml, walk

Place = tuple[int, int]
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass
class Marks:
    """Cells by row and column, both counted from 1. `height` and `width` are of the part that holds anything."""

    height: int = 0
    width: int = 0
    errors: dict[Place, str] = field(default_factory=dict)
    formulas: set[Place] = field(default_factory=set)

    @property
    def flagged(self) -> set[Place]:
        """Cells whose value was never entered: errors and formulas."""
        return self.formulas | set(self.errors)


def letter_of(column: int) -> str:
    """The letter that Excel gives a column, counted from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def marks_of(content: bytes) -> Marks:
    """Walk the XML of one worksheet. Raises `NotXml`."""
    cells = _Cells()
    walk(content, cells.start, cells.end, cells.text)
    return cells.marks


class _Cells:
    """Follows the cells of a worksheet. A cell or row without a reference stands after the one before it."""

    def __init__(self) -> None:
        self.marks = Marks()
        self.row = self.column = 0
        self.is_error = False
        self.said: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "row":
                self.row, self.column = _whole(attributes.get("r"), self.row + 1), 0
            case "c":
                self._enter(attributes)
            case "f":
                self.marks.formulas.add(self._filled())
            case "v" | "is":
                self._filled()
                self.said = []

    def end(self, name: str) -> None:
        if name == "v" and self.said is not None:
            if self.is_error:
                self.marks.errors[self.row, self.column] = "".join(self.said)
            self.said = None

    def text(self, data: str) -> None:
        if self.said is not None and self.is_error:
            self.said.append(data)

    def _enter(self, attributes: dict[str, str]) -> None:
        self.column += 1
        self.is_error = attributes.get("t") == "e"
        reference = attributes.get("r")
        if reference is not None:
            found = REFERENCE.fullmatch(reference.upper())
            if found is None:
                raise NotXml(f"a cell says that it stands at {reference[:20]!r}")
            self.row, self.column = int(found[2]), _number_of(found[1])

    def _filled(self) -> Place:
        self.marks.height, self.marks.width = max(self.marks.height, self.row), max(self.marks.width, self.column)
        return self.row, self.column


def _whole(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not text.isascii() or not text.isdigit() or len(text) > 7:
        raise NotXml(f"a row says that its number is {text[:20]!r}")
    return int(text)


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
