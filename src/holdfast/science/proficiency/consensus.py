"""What consensus values share: the column, the citation, the uncertainty and the warnings."""

from __future__ import annotations

import math

from ..dimension import Y
from ..method import Column
from ..parameter import Parameter
from ..result import Citation

ISO_13528 = "ISO 13528:2022 Statistical methods for use in proficiency testing by interlaboratory comparison"
VALUES = Column("value", "result of one laboratory", least=3)
SIGMA = Parameter("sigma_pt", "standard deviation for proficiency assessment, to hold the uncertainty against", "positive", dimension=Y, optional=True)


def source(section: str) -> Citation:
    """The standard with its section."""
    return Citation(ISO_13528, section)


def consensus_uncertainty(s: float, p: int) -> float:
    """u(x_pt) = 1.25 s*/sqrt(p) (ISO 13528, 7.7)."""
    return 1.25 * s / math.sqrt(p)


def few(p: int, u: float, sigma: float | None) -> tuple[str, ...]:
    """Warnings of a consensus of few laboratories."""
    found = [f"The consensus rests on {p} laboratories: hold its uncertainty against 0.3 sigma and use z'."] if p < 12 else []
    if sigma is not None and u > 0.3 * sigma:
        found.append("The uncertainty of the assigned value exceeds 0.3 sigma: use z' instead of z.")
    return tuple(found)
