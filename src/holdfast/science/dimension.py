"""The dimension of a quantity, as powers of the unit of the response (y) and of the explanatory variable (x: time, dose)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dimension:
    """`y` and `x` are exponents: a slope is y per x, a variance y squared, a shelf life x."""

    y: float = 0
    x: float = 0

    def factor(self, y: float, x: float) -> float:
        """By how much the quantity changes when y is expressed in units 1/`y` as large, and x in units 1/`x` as large."""
        return float(y**self.y * x**self.x)

    def unit(self, y: str, x: str) -> str:
        """The quantity's unit in words; `1` for a pure number."""
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
