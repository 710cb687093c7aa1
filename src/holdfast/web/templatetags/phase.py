"""How many rules of a part are open, in a number and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django import template

from holdfast.standards.phase_view import Expectation

register = template.Library()


@register.filter
def open_of(rows: Sequence[Expectation]) -> int:
    return sum(one.is_open for one in rows)


@register.filter
def tally(rows: Sequence[Expectation]) -> str:
    """`2 not met, 1 cannot tell, 4 met`; what there is none of is left out."""
    counts = Counter(one.answer.answer for one in rows)
    return ", ".join(f"{counts[answer]} {answer}" for answer in ("not met", "cannot tell", "met") if counts[answer])
