"""A column of results with manners: values, censoring marks, one unit. A censored value is never a number."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from holdfast.kernel.errors import NotReadable
from holdfast.kernel.reported_value import ReportedValue, parse_reported

from .refusal import CensoredValues, Mismatch, NotFinite, Unsuitable

Mark = Literal["", "<", ">"]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_MARKS: dict[str, Mark] = {"none": "", "less_than": "<", "greater_than": ">"}


@dataclass(frozen=True)
class Series:
    """`values` are finite numbers; where `marks` has `<` or `>` the value is the limit beyond which the result lies, not the result.

    `unit` is the unit of all values, `name` what to call the column in a refusal.
    """

    values: tuple[float, ...]
    marks: tuple[Mark, ...] = field(default=())
    unit: str = ""
    name: str = "values"

    def __post_init__(self) -> None:
        unmarked: Mark = ""
        marks = self.marks or (unmarked,) * len(self.values)
        object.__setattr__(self, "marks", marks)
        if len(marks) != len(self.values):
            raise Mismatch(f"{self.name} has {len(self.values)} values and {len(marks)} censoring marks. Give one mark a value.")
        for position, value in enumerate(self.values, 1):
            if not math.isfinite(value):
                raise NotFinite(f"{self.name}, value {position}, is {value}. Give the number that was reported, or leave the row out and say why.")

    @classmethod
    def of(cls, values: Iterable[Any], unit: str = "", name: str = "values") -> Series:
        """A series from numbers, decimals, reported values or their text (`<0.5` is censored).

        Raises `Unsuitable` naming the position for anything that is not a number as reported.
        """
        pairs = [_pair(value, name, position) for position, value in enumerate(values, 1)]
        return cls(tuple(number for number, _ in pairs), tuple(mark for _, mark in pairs), unit, name)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def censored(self) -> bool:
        """Whether any value is only known to lie beyond a limit."""
        return any(self.marks)

    @property
    def array(self) -> Numbers:
        """The values as numbers, shape (n,). Raises `CensoredValues` if any is not one."""
        for position, (value, mark) in enumerate(zip(self.values, self.marks, strict=True), 1):
            if mark:
                raise CensoredValues(
                    f"{self.name}, value {position}, is {mark}{value:g}: it has no number. Use a method for censored data, or obtain the value."
                )
        return np.array(self.values, dtype=float)

    @property
    def limits(self) -> Numbers:
        """Values and limits together, shape (n,): only for a method that reads `below` and `above` with them."""
        return np.array(self.values, dtype=float)

    @property
    def below(self) -> Flags:
        """Where the result is only known to be below its limit, shape (n,)."""
        return np.array([mark == "<" for mark in self.marks], dtype=bool)

    @property
    def above(self) -> Flags:
        """Where the result is only known to be above its limit, shape (n,)."""
        return np.array([mark == ">" for mark in self.marks], dtype=bool)

    def as_reported(self) -> list[str]:
        """Each value as text with its mark, to the last digit: what a digest is taken of."""
        return [mark + repr(value + 0.0) for mark, value in zip(self.marks, self.values, strict=True)]


def _pair(value: Any, name: str, position: int) -> tuple[float, Mark]:  # Any: a caller may hold numbers, decimals, text or reported values
    if isinstance(value, str):
        try:
            value = parse_reported(value)
        except NotReadable as error:
            raise Unsuitable(f"{name}, value {position}: {error}") from error
    if isinstance(value, ReportedValue):
        if value.value is None:
            raise Unsuitable(f"{name}, value {position}, is {value.text!r}, which is not a number. Leave the row out and say why, or choose another method.")
        return float(value.value), _MARKS[value.censoring]
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, np.integer, np.floating)):
        raise Unsuitable(f"{name}, value {position}, is {value!r}, which is not a number. Give a number, or its text as reported.")
    return float(value), ""
