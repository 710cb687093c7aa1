"""A parameter of a method: what it means, what it may be, and how its text is read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .dimension import NUMBER, Dimension
from .refusal import WrongParameter

Kind = Literal["number", "positive", "probability", "count", "flag", "choice", "text", "numbers"]
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}


@dataclass(frozen=True)
class Parameter:
    """`kind`: a finite number, a positive one, a probability strictly between 0 and 1, a whole number of at least `least`, yes or no,
    one of `choices`, text, or several numbers. Without a `default` it must be given, unless it is `optional`."""

    name: str
    meaning: str
    kind: Kind = "number"
    default: Any = None
    dimension: Dimension = NUMBER
    choices: tuple[str, ...] = ()
    least: int = 1
    optional: bool = False

    def read(self, value: Any) -> Any:
        """The value as its kind, from itself or its text. Raises `WrongParameter` saying what is allowed."""
        if value is None:
            if self.default is None and not self.optional:
                raise WrongParameter(f"The parameter {self.name} is missing: {self.meaning}.")
            return self.default
        if self.kind == "text":
            return str(value)
        if self.kind == "choice":
            return self._choice(value)
        if self.kind == "flag":
            return self._flag(value)
        if self.kind == "numbers":
            parts: Sequence[Any] = value.split(",") if isinstance(value, str) else value
            return tuple(self._number(part) for part in parts)
        return self._ranged(self._number(value))

    def _choice(self, value: Any) -> str:
        if str(value) not in self.choices:
            raise WrongParameter(f"{self.name} is {value!r}. It may be: {', '.join(self.choices)}.")
        return str(value)

    def _flag(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        if str(value).lower() in _TRUE | _FALSE:
            return str(value).lower() in _TRUE
        raise WrongParameter(f"{self.name} is {value!r}. It may be: true, false.")

    def _number(self, value: Any) -> float:
        try:
            number = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            raise WrongParameter(f"{self.name} is {value!r}, which is not a finite number. It is: {self.meaning}.")
        return number

    def _ranged(self, number: float) -> float | int:
        if self.kind == "probability" and not 0 < number < 1:
            raise WrongParameter(f"{self.name} is {number:g}. It must lie between 0 and 1: {self.meaning}.")
        if self.kind == "positive" and number <= 0:
            raise WrongParameter(f"{self.name} is {number:g}. It must be above 0: {self.meaning}.")
        if self.kind == "count":
            if number != int(number) or number < self.least:
                raise WrongParameter(f"{self.name} is {number:g}. It must be a whole number of at least {self.least}: {self.meaning}.")
            return int(number)
        return number


ALPHA = Parameter("alpha", "size of each one-sided test; the interval has level 1 - 2 alpha", "probability", 0.05)
CONFIDENCE = Parameter("confidence", "confidence level", "probability", 0.95)
