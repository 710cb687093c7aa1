"""The dimension of a quantity, as powers of the unit of the response (y) and of the explanatory variable (x: time, dose)."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Dimension:
    """`y` and `x` are exponents: a slope is y per x, a variance y squared, a shelf life x.

    `log_y` and `log_x` count how often the logarithm of a factor is added: a mean of logarithms moves by it.
    """

    y: float = 0
    x: float = 0
    log_y: float = 0
    log_x: float = 0

    def factor(self, y: float, x: float) -> float:
        """What the quantity is multiplied by when y is expressed in units 1/`y` as large, and x in units 1/`x` as large."""
        return float(y**self.y * x**self.x)

    def carried(self, value: float, y: float, x: float) -> float:
        """The quantity in those units."""
        return value * self.factor(y, x) + self.log_y * math.log(y) + self.log_x * math.log(x)

    def unit(self, y: str, x: str) -> str:
        """The quantity's unit in words; `1` for a pure number."""
        if self.log_y or self.log_x:
            return "ln " + Dimension(self.log_y, self.log_x).unit(y, x)
        above = [_power(unit, exponent) for unit, exponent in ((y, self.y), (x, self.x)) if exponent > 0 and unit not in {"", "1"}]
        below = [_power(unit, -exponent) for unit, exponent in ((y, self.y), (x, self.x)) if exponent < 0 and unit not in {"", "1"}]
        return "/".join(["·".join(above) or "1", *below]) if below else "·".join(above) or "1"


def _power(unit: str, exponent: float) -> str:
    marks = {1: "", 2: "²", 3: "³", 4: "⁴", 0.5: "^½"}
    bracketed = f"({unit})" if exponent != 1 and not unit.isalpha() else unit
    return bracketed + marks.get(exponent, f"^{exponent:g}")


NUMBER = Dimension()
Y = Dimension(y=1)
Y_SQUARED = Dimension(y=2)
X = Dimension(x=1)
PER_X = Dimension(x=-1)
Y_PER_X = Dimension(y=1, x=-1)
LOG_Y = Dimension(log_y=1)
