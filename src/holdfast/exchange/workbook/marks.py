"""What the reader of values does not tell of a worksheet: which cells hold an error or a formula, how numbers are shown, and how far it reaches.

It gives an error as an empty cell and a formula as its last value, and makes room for every cell up to the last one before anybody can ask how many there are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .elements import NotXml, walk

Place = tuple[int, int]
#: formats that show a whole number as its digits: General, 0 and Text, by their number and by their code
PLAIN_NUMBERS, PLAIN = {"0", "1", "49"}, {"General", "0", "@", ""}
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass
class Marks:
    """Cells by row and column, both counted from 1. `height` and `width` are of the part that holds anything."""

    height: int = 0
    width: int = 0
    errors: dict[Place, str] = field(default_factory=dict)
    formulas: set[Place] = field(default_factory=set)
    shown: dict[Place, str] = field(default_factory=dict)  # the number format of a cell, where it is not just the digits

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


def number_formats(styles: bytes) -> list[str]:
    """The number format of each style of a workbook, by the style's number; empty where it shows the digits and nothing else. Raises `NotXml`."""
    codes, found, inside = {}, [], False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name in {"cellXfs", "cellStyleXfs"}:
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            number = attributes.get("numFmtId", "0")
            code = codes.get(number, f"format {number}")
            found.append("" if number in PLAIN_NUMBERS or code in PLAIN else code)

    walk(styles, start)
    return found


def marks_of(content: bytes, formats: list[str]) -> Marks:
    """Walk the XML of one worksheet, with the number formats of the workbook's styles. Raises `NotXml`."""
    cells = _Cells(formats)
    walk(content, cells.start, cells.end, cells.text)
    return cells.marks


class _Cells:
    """Follows the cells of a worksheet. A cell or row without a reference stands after the one before it."""

    def __init__(self, formats: list[str]) -> None:
        self.marks, self.formats = Marks(), formats
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
        style = _whole(attributes.get("s"), 0)
        if style < len(self.formats) and self.formats[style]:
            self.marks.shown[self.row, self.column] = self.formats[style]

    def _filled(self) -> Place:
        self.marks.height, self.marks.width = max(self.marks.height, self.row), max(self.marks.width, self.column)
        return self.row, self.column


def _whole(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not text.isascii() or not text.isdigit() or len(text) > 7:
        raise NotXml(f"a row or a style says that its number is {text[:20]!r}")
    return int(text)


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
