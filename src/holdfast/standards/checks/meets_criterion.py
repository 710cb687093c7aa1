"""Does a reported result meet an acceptance criterion?"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from holdfast.kernel.acceptance import Criterion, judge_result

ANSWERS: dict[str, bool | None] = {"conforms": True, "does_not_conform": False, "cannot_tell": None}


def meets_criterion(
    item: dict[str, Any],
    root: dict[str, Any],
    *,
    criterion: dict[str, Any] | None = None,
    kind: str | None = None,
    low: Any = None,
    high: Any = None,
    unit: str | None = None,
) -> bool | None:
    """Judge a result (an item of `results`) against a registered criterion, or against one given by its parts.

    Censoring, units and rounding to the limit's digits are `kernel.acceptance.judge_result`'s (USP General Notices 7.20).
    """
    given = criterion if criterion is not None else {"kind": kind, "low": low, "high": high, "unit": unit}
    if not given.get("kind") or not item.get("reported"):
        return None
    low, high = (None if given.get(end) in (None, "") else str(given[end]) for end in ("low", "high"))
    return _answer(str(given["kind"]), low, high, given.get("unit") or "", tuple(given.get("allowed") or ()), str(item["reported"]), item.get("unit"))


@lru_cache(4096)
def _answer(kind: str, low: str | None, high: str | None, unit: str, allowed: tuple[str, ...], reported: str, reported_unit: str | None) -> bool | None:
    """The same result is held against the same criterion by many rules."""
    return ANSWERS[judge_result(Criterion(kind=kind, low=low, high=high, unit=unit, allowed=allowed), reported, reported_unit).conformity]
