"""Why a method does not compute: what is wrong with the data, the value, and what to do. Nothing is computed then."""

from __future__ import annotations

from holdfast.kernel.errors import HoldfastError


class Unsuitable(HoldfastError):
    """The data or the question do not suit the method."""


class TooFew(Unsuitable):
    """There are fewer values than the method can work with."""


class Degenerate(Unsuitable):
    """The values do not vary where the method needs variation, or cannot be told apart."""


class MixedUnits(Unsuitable):
    """Values that would be compared or combined carry different units."""


class CensoredValues(Unsuitable):
    """A value below or above a limit would have to be used as a number."""


class NotFinite(Unsuitable):
    """A value is NaN or infinite, or a computation would report one."""


class Mismatch(Unsuitable):
    """Columns that belong together row by row have different lengths or levels."""


class WrongParameter(Unsuitable):
    """A parameter is unknown, missing or outside its range."""


class NoConvergence(Unsuitable):
    """An iteration did not settle; no number of it is reported."""
